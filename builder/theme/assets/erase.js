// « Vie privée »: forget all that this guide keeps on the device. Other sites' things stay.
(() => {
  "use strict";
  const PREFIX = "une-fois-ou.";
  const button = document.getElementById("erase");
  const said = document.getElementById("erase-told");

  const eraseStorage = (area) => {
    const kept = Object.keys(window[area]).filter((key) => key.startsWith(PREFIX));
    for (const key of kept) window[area].removeItem(key);
  };
  const root = new URL("./", location.href).href;
  const eraseCopy = async () => {
    const registration = await navigator.serviceWorker?.getRegistration();
    if (registration?.scope === root) await registration.unregister();
    if (!window.caches) return;
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    await Promise.all(names.map((name) => caches.delete(name)));
  };

  button.addEventListener("click", async () => {
    said.textContent = "";
    for (const area of ["localStorage", "sessionStorage"]) {
      try {
        eraseStorage(area);
      } catch {
        // Storage refused: nothing could be kept there.
      }
    }
    try {
      await eraseCopy();
      said.textContent = "C’est fait\u00a0: ce guide ne garde plus rien sur cet appareil.";
    } catch {
      said.textContent =
        "Les notes et les choix sont effacés, mais la copie du guide n’a pas pu l’être\u00a0: effacez les données de ce site dans les réglages du navigateur.";
    }
  });
  button.hidden = false;
})();
