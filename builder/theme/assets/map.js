// The map: a name's links stand out while it is pointed at, in focus or touched once.
(() => {
  "use strict";
  const map = document.querySelector(".map");
  const nodes = new Map();
  for (const node of map.querySelectorAll(".node")) nodes.set(node.dataset.key, node);
  const curves = Array.from(map.querySelectorAll("[data-ends]"), (curve) => ({
    curve,
    ends: curve.dataset.ends.split(" "),
  }));
  let picked = null;

  const pick = (node) => {
    if (node === picked) return;
    picked = node;
    map.classList.toggle("picking", Boolean(node));
    for (const lit of map.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!node) return;
    node.classList.add("lit");
    for (const { curve, ends } of curves) {
      if (!ends.includes(node.dataset.key)) continue;
      for (const end of ends) nodes.get(end).classList.add("lit");
      curve.classList.add("lit");
      curve.parentNode.append(curve); // above the others
    }
  };

  let touched = false;
  map.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch"), true);
  map.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") pick(event.target.closest(".node") || within());
  });
  map.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") pick(within());
  });
  map.addEventListener("focusin", (event) => {
    if (!touched) pick(event.target.closest(".node"));
  });
  map.addEventListener("focusout", () => touched || pick(null));
  map.addEventListener("click", (event) => {
    const node = event.target.closest(".node");
    if (touched && node !== picked) {
      event.preventDefault(); // the first touch shows, the second opens
      pick(node);
    }
    touched = false;
  });

  // The name that has the focus, if one has.
  function within() {
    return map.contains(document.activeElement) ? document.activeElement.closest(".node") : null;
  }
})();
