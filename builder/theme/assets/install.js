// On every page read from a server: the manifest, the copy kept for reading without a connection,
// and a word when a newer guide is ready. A page opened from a USB key needs none of it.
(() => {
  "use strict";
  if (!location.protocol.startsWith("http")) return;
  const root = new URL("../", document.currentScript.src).href;
  // A browser complains of a manifest beside a file; hence a link made here.
  document.head.append(
    Object.assign(document.createElement("link"), {
      rel: "manifest",
      href: `${root}manifest.webmanifest`,
    }),
  );
  const workers = navigator.serviceWorker; // none without HTTPS
  if (!workers) return;

  const LATER = "une-fois-ou.plus-tard";
  const toldLater = () => {
    try {
      return sessionStorage.getItem(LATER) !== null;
    } catch {
      return false;
    }
  };
  const tellLater = () => {
    try {
      sessionStorage.setItem(LATER, "1");
    } catch {
      // Storage refused: the next page says it again.
    }
  };

  const button = (label, className, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className });
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  };

  // Nothing is reloaded unless the reader asks: a workshop may be under way.
  const offer = (fresh) => {
    if (toldLater()) return;
    const bar = Object.assign(document.createElement("div"), { className: "newer" });
    const text = document.createElement("p");
    const buttons = document.createElement("p");
    let asked = false;
    const update = () => {
      asked = true;
      fresh.postMessage("mettre-a-jour");
    };
    // Asked in another tab, this one keeps what it shows.
    const changed = () => (asked ? location.reload() : bar.remove());
    workers.addEventListener("controllerchange", changed, { once: true });
    const later = () => {
      tellLater();
      bar.remove();
    };
    text.setAttribute("role", "status");
    buttons.append(
      button("Mettre à jour", "button", update),
      button("Plus tard", "button button-quiet", later),
    );
    bar.append(text, buttons);
    document.body.append(bar);
    text.textContent = "Une version plus récente du guide est prête.";
  };

  const watch = (registration) => {
    if (!workers.controller) return; // a first copy is no news
    if (registration.waiting) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh.addEventListener("statechange", () => {
        if (fresh.state === "installed") offer(fresh);
      });
    });
  };

  window.UneFois = window.UneFois || {};
  UneFois.keepGuide = () => workers.register(`${root}sw.js`, { updateViaCache: "none" });

  // Whoever only passes by, or asks to spare data, does not pay for the whole guide.
  addEventListener("load", () => {
    const copy = () => UneFois.keepGuide().then(watch, () => {}); // refused: the guide is read online
    if (workers.controller) copy();
    else if (!navigator.connection?.saveData) setTimeout(copy, 4000);
  });
})();
