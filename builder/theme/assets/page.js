// On every page. Light or dark: the device's choice, unless the reader made one; and printing.
// Loaded in the head, before anything is drawn.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.scheme || (dark.matches ? "dark" : "light")) === "dark";

  try {
    const kept = localStorage.getItem("une-fois-ou.affichage");
    if (kept === "dark" || kept === "light") root.dataset.scheme = kept;
  } catch {
    // Storage refused: the device's choice stands.
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const print of document.querySelectorAll("button.print")) {
      print.hidden = false;
      print.addEventListener("click", () => window.print());
    }
    const button = document.querySelector(".scheme");
    if (!button) return;
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.scheme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("une-fois-ou.affichage", root.dataset.scheme);
      } catch {
        // The choice holds for this page.
      }
      show();
    });
    dark.addEventListener("change", show);
    show();
  });
})();
