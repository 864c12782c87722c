/*
What the tools of a team share: kept on this device only if asked, erased at will, printed alone,
and a warning where a field seems to name someone. Nothing is sent.
*/
UneFois.tools = (() => {
  "use strict";
  const { element, storage } = UneFois;

  const field = (kind, label, properties) => {
    const control = element(kind, properties);
    const help = element("p", { className: "tool-warning", role: "status" });
    const whole = element(
      "div",
      { className: "tool-field" },
      element("label", {}, element("span", {}, label), control),
      help,
    );
    const warn = () => {
      const [found] = Privacy.find(control.value);
      help.textContent = found
        ? `«\u00a0${found.words.slice(0, 40)}\u00a0» pourrait désigner quelqu’un. Écrivez plutôt un rôle.`
        : "";
    };
    control.addEventListener("change", warn);
    return { whole, control, warn };
  };

  const choice = (label, options) => {
    const control = element(
      "select",
      {},
      ...options.map(([value, text]) => element("option", { value }, text)),
    );
    const whole = element("label", { className: "tool-field" }, element("span", {}, label), control);
    return { whole, control };
  };

  const button = (label, className, act) => {
    const made = element("button", { type: "button", className }, label);
    made.addEventListener("click", act);
    return made;
  };

  // Printed alone: the rest of the page is left out, the page's own button prints it all.
  const print = () => {
    document.documentElement.dataset.prints = "tool";
    window.print();
  };
  addEventListener("afterprint", () => delete document.documentElement.dataset.prints);

  // Why the sheet is no longer kept.
  const STOPPED = {
    refused: "Ce navigateur refuse de garder la feuille. Imprimez-la avant de quitter la page.",
    erased:
      "La feuille a été effacée de cet appareil dans un autre onglet. Elle reste sur cette page tant qu’elle est ouverte.",
    written:
      "Cette feuille est aussi remplie dans un autre onglet. Pour ne rien y effacer, cette page ne la garde plus\u00a0: rechargez-la pour voir l’autre, ou cochez de nouveau pour garder plutôt celle-ci.",
  };

  // The foot of a tool. `value()` gives what to keep; `clear()` empties the tool.
  const foot = (name, { value, clear }) => {
    const told = element("p", { className: "tool-told", role: "status" });
    const box = element("input", { type: "checkbox" });
    const own = storage.shared(name, box, (why) => {
      told.textContent = STOPPED[why];
    });
    const keep = () => own.keep(value);
    box.addEventListener("change", () => {
      told.textContent = "";
      if (box.checked) keep();
      else own.remove();
    });
    const erase = () => {
      own.remove();
      box.checked = false;
      clear();
      told.textContent = "Tout est effacé, ici et sur cet appareil.";
    };
    const whole = element(
      "div",
      { className: "tool-foot" },
      element("label", { className: "tool-keep" }, box, "Garder sur cet appareil seulement"),
      element(
        "p",
        { className: "buttons" },
        button("Imprimer la feuille", "main", print),
        button("Tout effacer", "quiet", erase),
      ),
      told,
    );
    const kept = own.get();
    box.checked = kept !== null;
    return { whole, keep, kept };
  };

  // What was kept may have been written by anything: a text is a short text, or nothing.
  const text = (kept) => (typeof kept === "string" ? kept.slice(0, 300) : "");

  return { field, choice, button, foot, text };
})();
