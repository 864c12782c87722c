// « Garder »: stories and ingredients set aside while browsing, on this device only.
// The selection: {recits: [ids], ingredients: [ids]}, in the order in which they were kept.
UneFois.selection = (() => {
  "use strict";
  const KINDS = ["recits", "ingredients"];
  const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
  const element = UneFois.element;

  const ids = (value) =>
    Array.isArray(value)
      ? [...new Set(value)].filter((id) => typeof id === "string" && id.length < 200 && ID.test(id))
      : [];
  const clean = (value) =>
    Object.fromEntries(KINDS.map((kind) => [kind, ids(value && value[kind])]));
  let kept = clean(null);
  let refused = false; // by the device: the selection is then this page's alone
  // Kept or let go on another page since: neither forgets what the other did.
  const reread = () => {
    if (!refused) kept = clean(UneFois.storage.get("localStorage", "selection"));
  };
  reread();

  const count = () => KINDS.reduce((sum, kind) => sum + kept[kind].length, 0);
  const has = (kind, id) => kept[kind].includes(id);
  // False when the device refuses: the selection then holds for this page only.
  const save = (value) => {
    kept = clean(value);
    refused = !UneFois.storage.set("localStorage", "selection", kept);
    return !refused;
  };
  // What the button said when it was pressed is what is done.
  const toggle = (kind, id) => {
    const wanted = !has(kind, id);
    reread();
    const others = kept[kind].filter((it) => it !== id);
    return save({ ...kept, [kind]: wanted ? [...kept[kind], id] : others });
  };
  // The address of a page that shows a selection, wherever it is opened.
  const address = (value) => {
    const parts = KINDS.filter((kind) => value[kind].length);
    return `selection.html?${parts.map((kind) => `${kind}=${value[kind].join(",")}`).join("&")}`;
  };

  const show = (button) => {
    const { folder, entry, title } = button.dataset;
    button.textContent = has(folder, entry) ? "Ne plus garder" : "Garder";
    button.classList.toggle("is-kept", has(folder, entry));
    if (title) button.append(element("span", { className: "visually-hidden" }, `\u00a0: ${title}`));
  };

  // `button` stands in its place, with data-folder and data-entry; data-root leads to the guide's root.
  const connect = (button) => {
    const told = element("span", { className: "kept-note", role: "status" });
    button.addEventListener("click", () => {
      const fine = toggle(button.dataset.folder, button.dataset.entry);
      show(button);
      const root = button.dataset.root ?? "../";
      told.replaceChildren();
      if (!fine) {
        const link = element("a", { href: root + address(kept) }, "ouvrez-la par son adresse");
        told.append("Ce navigateur refuse de garder votre sélection\u00a0: ", link, ".");
      } else if (count()) {
        const link = element("a", { href: `${root}selection.html` }, "Ma sélection");
        told.append(link, ` (${count()})`);
      }
    });
    button.after(told);
    button.hidden = false;
    show(button);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("button.keep[hidden]").forEach(connect);
  });
  const follow = () => {
    reread();
    document.querySelectorAll("button.keep:not([hidden])").forEach(show);
  };
  addEventListener("storage", follow);
  addEventListener("pageshow", follow);
  const all = () => {
    reread();
    return clean(kept);
  };
  return { KINDS, ids, has, save, connect, address, all };
})();
