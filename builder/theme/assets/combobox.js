/* A field that searches a list, after the ARIA pattern: the words stay the person's, arrows go
   through what is found, Enter takes it. The page has the input and, right after it, the list.

   UneFois.combobox(input, list, status, {items, pick, rank, told}): `items()` gives
   [{id, name, full, more}], which may come late; `rank(name, typed)` puts the highest first;
   `told(number)` says how many were found. */
window.UneFois = window.UneFois || {};
UneFois.combobox = (input, list, status, settings) => {
  "use strict";
  const {
    items,
    pick: onPick,
    rank = (name, typed) => typed.filter((word) => name.includes(word)).length,
    told = (number) =>
      number ? `${number} choix. Flèches pour parcourir.` : "Rien de ce nom dans le guide.",
  } = settings;
  const SHOWN = 8;
  const element = UneFois.element;
  const fold = (text) =>
    text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/œ/gi, "oe")
      .replace(/[’'\u00a0\u202f]/g, " ")
      .toLowerCase()
      .trim();
  let known = [];
  let from;
  const index = () => {
    if (items() !== from) {
      from = items();
      known = from.map((item) => ({
        item,
        name: fold(item.name),
        all: fold(`${item.name} ${item.full || ""} ${item.more}`),
      }));
    }
    return known;
  };
  let active = -1;

  const point = (place) => {
    active = place;
    for (const [number, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(number === place));
    }
    const option = list.children[place];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    point(-1);
  };
  const pick = (item) => {
    close();
    status.textContent = "";
    onPick(item);
  };
  const option = (item, number) => {
    const made = element(
      "li",
      { id: `${list.id}-${number}`, role: "option", aria: { selected: "false" } },
      element("b", {}, item.name),
      " ",
      element("span", { className: "meta" }, item.more),
    );
    made.addEventListener("pointerdown", (event) => event.preventDefault());
    made.addEventListener("click", () => pick(item));
    made.item = item;
    return made;
  };
  const search = () => {
    const typed = fold(input.value).split(/\s+/).filter(Boolean);
    const found = index()
      .filter((one) => typed.every((word) => one.all.includes(word)))
      .sort((one, other) => rank(other.name, typed) - rank(one.name, typed))
      .slice(0, SHOWN)
      .map((one) => one.item);
    list.replaceChildren(...found.map(option));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    point(-1);
    status.textContent = told(found.length);
  };

  input.addEventListener("input", search);
  input.addEventListener("click", () => list.hidden && search());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const total = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) search();
      else {
        const step = event.key === "ArrowDown" ? 1 : -1;
        point(active < 0 && step < 0 ? total - 1 : (active + step + total) % total);
      }
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      pick(list.children[active].item);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  return { named: (name) => items().find((item) => fold(item.name) === fold(name)) };
};
