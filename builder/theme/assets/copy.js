// « Télécharger »: what this device keeps, and what else it can keep.
(() => {
  "use strict";
  const workers = navigator.serviceWorker;
  const place = document.getElementById("copy");
  const said = document.getElementById("copy-told");
  if (!workers || !window.UneFois?.keepGuide) return;

  const say = (text) => {
    said.textContent = text;
  };
  const offer = (label, act) => {
    const made = Object.assign(document.createElement("button"), {
      type: "button",
      className: "button button-quiet",
    });
    made.textContent = label;
    made.addEventListener("click", () => {
      made.disabled = true;
      act();
    });
    place.replaceChildren(made);
  };
  const millions = (size) =>
    `${(size / 1e6).toLocaleString("fr-CA", { maximumFractionDigits: 0 })}\u00a0Mo`;

  let stopped = false;
  const show = ({ data }) => {
    if (data.stopped) {
      stopped = true;
      say("La copie des feuilles s’est arrêtée. Ce qui est déjà gardé le reste.");
    } else if (data.done) {
      say(`Copie des feuilles\u00a0: ${data.done} sur ${data.of}.`);
    } else if (data.kept >= data.of) {
      say("Le guide et ses feuilles à imprimer sont gardés sur cet appareil.");
      place.replaceChildren();
    } else {
      if (!stopped) say("Le guide est gardé sur cet appareil, sans les feuilles à imprimer.");
      stopped = false;
      offer(`Garder aussi les feuilles à imprimer (${millions(data.size)})`, keepSheets);
    }
  };
  const ask = async (message) => (await workers.ready).active.postMessage(message);
  const keepSheets = () => ask("garder-les-feuilles");
  const refused = () => {
    say("La copie n’a pas pu se faire\u00a0: la connexion manque, ou ce navigateur la refuse.");
    offer("Garder le guide sur cet appareil", keep);
  };
  const keep = async () => {
    say("Copie du guide sur cet appareil…");
    try {
      const copying = (await UneFois.keepGuide()).installing;
      copying?.addEventListener("statechange", () => {
        if (copying.state === "redundant") refused();
      });
    } catch {
      refused();
    }
  };

  workers.addEventListener("message", show);
  workers.startMessages();
  offer("Garder le guide sur cet appareil", keep);
  ask("feuilles"); // answers once there is a copy
})();
