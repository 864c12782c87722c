/*
« Ma sélection »: what was kept, as one document to print, and as an address to share. A selection
that comes by the address is shown without touching what this device keeps. Each entry's text is a
script of its own, loaded only if it is wanted.
*/
(() => {
  "use strict";
  const { element, selection, storage } = UneFois;
  const { titles, former } = UneFois.titles;
  const NOUNS = { recits: ["récit", "récits"], ingredients: ["ingrédient", "ingrédients"] };
  const MOST = 100;
  const told = document.getElementById("selection-told");
  const tools = document.getElementById("selection-tools");
  const sheet = document.getElementById("selection-document");
  const query = new URLSearchParams(location.search);
  const shared = selection.KINDS.some((kind) => query.has(kind));
  const options = { marks: true, cards: false };

  // ------------------------------------------------------------------ which entries

  const asked = () => {
    if (!shared) return selection.all();
    return Object.fromEntries(
      selection.KINDS.map((kind) => [
        kind,
        (query.get(kind) || "")
          .split(",")
          .map((id) => id.trim())
          .filter(Boolean),
      ]),
    );
  };
  // A former name leads to the entry of today.
  const today = (kind, id) => (Object.hasOwn(former[kind], id) ? former[kind][id] : id);
  // What no longer exists is named, never dropped in silence.
  const sorted = (wanted) => {
    const found = { recits: [], ingredients: [] };
    const missing = [];
    for (const kind of selection.KINDS) {
      for (const id of wanted[kind]) {
        const now = today(kind, id);
        if (!Object.hasOwn(titles[kind], now)) missing.push(id);
        else if (!found[kind].includes(now)) found[kind].push(now);
      }
      missing.push(...found[kind].splice(MOST));
    }
    return { found, missing };
  };
  const { found, missing } = sorted(asked());
  let current = found;

  const counted = () =>
    selection.KINDS.filter((kind) => current[kind].length)
      .map((kind) => `${current[kind].length} ${NOUNS[kind][current[kind].length > 1 ? 1 : 0]}`)
      .join(" et ");

  const address = () => new URL(selection.address(current), location.href).href;

  const say = (...parts) => told.replaceChildren(...parts);

  const remove = (kind, id) => {
    const without = (all) => ({ ...all, [kind]: all[kind].filter((it) => today(kind, it) !== id) });
    if (shared) {
      current = without(current);
      keepInAddress();
      render();
    } else {
      keep(without(selection.all()));
      follow();
    }
    sheet.focus({ preventScroll: true });
  };
  // What is kept now, by this tab or by another.
  const follow = () => {
    const now = sorted(selection.all()).found;
    if (JSON.stringify(now) === JSON.stringify(current)) return; // the focus stays where it is
    current = now;
    render();
  };
  if (!shared) {
    addEventListener("storage", follow);
    addEventListener("pageshow", follow);
  }
  const keepInAddress = () => {
    try {
      history.replaceState(null, "", address());
    } catch {
      // Some browsers keep the address of a local file as it is.
    }
  };
  const keep = (value) => {
    const fine = selection.save(value);
    if (!fine)
      say(
        "Ce navigateur refuse de garder la sélection. Copiez l’adresse ci-dessous pour la retrouver.",
      );
    return fine;
  };

  // ------------------------------------------------------------------ the texts of the entries

  const load = (key) =>
    new Promise((done) => {
      const read = () => (UneFois.entries || {})[key] || null;
      if (read()) return done(read());
      const script = element("script", { src: `assets/entries/${key}.js` });
      script.addEventListener("load", () => done(read()));
      script.addEventListener("error", () => done(null));
      document.head.append(script);
    });

  const letter = (place) =>
    place < 26
      ? String.fromCharCode(65 + place)
      : letter(Math.floor(place / 26) - 1) + letter(place % 26);
  const status = ([value, label]) =>
    element("span", { className: `status status-${value}` }, label);
  const bullets = (items) => element("ul", {}, ...items.map((item) => element("li", {}, item)));
  const part = (title, ...content) => [element("h3", {}, title), ...content];

  const words = ([text, places]) => {
    if (!options.marks || !places.length) return [text];
    return [
      element("mark", { className: "passage" }, text),
      ...places.map((place) => element("sup", { className: "letter" }, letter(place))),
    ];
  };

  const story = (it) => {
    const body = element(
      "div",
      { className: "story" },
      ...it.story.map((paragraph) => element("p", {}, ...paragraph.flatMap(words))),
    );
    const readings = it.ingredients.map((ingredient, place) =>
      element(
        "div",
        { className: "reading" },
        element(
          "h4",
          {},
          element("span", { className: "letter" }, letter(place)),
          " ",
          ingredient.name,
          " ",
          status(ingredient.status),
        ),
        element("p", {}, ingredient.reading),
      ),
    );
    return [
      element("p", { className: "eyebrow" }, it.theme),
      element("h2", {}, it.title),
      element(
        "p",
        { className: "meta" },
        `${it.teller}. `,
        status(it.origin),
        it.sources ? ` ${it.sources}` : "",
      ),
      body,
      ...(options.marks && readings.length ? part("Les ingrédients à l’œuvre", ...readings) : []),
      ...part("Questions pour le groupe", bullets(it.questions)),
    ];
  };

  const whole = (it) => [
    element("p", { className: "eyebrow" }, "Ingrédient actif"),
    element("h2", {}, it.name),
    element("p", { className: "meta" }, status(it.status), it.sources ? ` ${it.sources}` : ""),
    element("p", { className: "lead" }, it.summary),
    ...it.description.map((block) => element("p", {}, block)),
    ...part("Demain matin", bullets(it.practice)),
    ...part("Quand s’abstenir, ce qui dérape", bullets(it.pitfalls)),
    ...part("Questions à se poser", bullets(it.questions)),
    ...(it.theories.length
      ? part(
          "Ce qui l’éclaire",
          ...it.theories.map((theory) =>
            element(
              "p",
              {},
              element("b", {}, theory.name),
              `. ${theory.why} `,
              status(theory.status),
              theory.sources ? ` ${theory.sources}` : "",
            ),
          ),
        )
      : []),
  ];

  const card = (it) => [
    element("h2", {}, it.title),
    element("p", {}, it.summary),
    element("p", { className: "card-question" }, it.questions[0]),
    element("p", { className: "meta" }, status(it.status), it.sources ? ` ${it.sources}` : ""),
    ...(it.theories.length
      ? [
          element(
            "p",
            { className: "meta" },
            it.theories
              .map((theory) => `${theory.name} (lien ${theory.status[1].toLowerCase()})`)
              .join(", "),
          ),
        ]
      : []),
  ];

  const drawn = (kind, id, it) => {
    const title = titles[kind][id];
    const content = !it
      ? [
          element("h2", {}, title),
          element("p", {}, "Cette fiche n’a pas pu être lue. Le guide est-il complet\u00a0?"),
        ]
      : kind === "recits"
        ? story(it)
        : options.cards
          ? card(it)
          : whole(it);
    const made = element(
      "article",
      {
        className:
          kind === "recits" ? "kept-story" : options.cards ? "kept-card" : "kept-ingredient",
      },
      ...content,
    );
    const removal = element(
      "button",
      { type: "button", className: "quiet" },
      "Retirer",
      element("span", { className: "visually-hidden" }, `\u00a0: ${title}`),
    );
    removal.addEventListener("click", () => remove(kind, id));
    const open = element(
      "a",
      { href: `${kind}/${id}.html` },
      "Ouvrir la fiche",
      element("span", { className: "visually-hidden" }, `\u00a0: ${title}`),
    );
    made.append(element("p", { className: "buttons" }, open, removal));
    return made;
  };

  // ------------------------------------------------------------------ the page

  const button = (label, className, act) => {
    const made = element("button", { type: "button", className }, label);
    made.addEventListener("click", act);
    return made;
  };
  const check = (name, label) => {
    const box = element("input", { type: "checkbox", checked: options[name] });
    box.addEventListener("change", () => {
      options[name] = box.checked;
      render();
    });
    return element("label", { className: "check" }, box, ` ${label}`);
  };

  const keepShared = () => {
    const own = selection.all();
    const both = Object.fromEntries(
      selection.KINDS.map((kind) => [kind, [...own[kind], ...current[kind]]]),
    );
    if (keep(both))
      say(
        "Ajouté à votre sélection sur cet appareil. ",
        element("a", { href: "selection.html" }, "Voir ma sélection"),
      );
  };
  const erase = () => {
    storage.remove("localStorage", "selection");
    selection.save({});
    follow();
    say("Votre sélection est effacée de cet appareil.");
  };
  const copy = (field) => async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      say("Adresse copiée.");
    } catch {
      say("L’adresse est sélectionnée\u00a0: copiez-la avec Ctrl+C.");
    }
  };

  const share = element("input", { type: "text", readOnly: true, className: "share" });

  const prepare = () => {
    tools.append(
      check("marks", "Les récits avec leurs ingrédients"),
      check("cards", "Les ingrédients en cartes à découper"),
      element(
        "p",
        { className: "buttons" },
        button("Imprimer", "main", () => print()),
        shared
          ? button("Garder sur cet appareil", "quiet", keepShared)
          : button("Tout effacer", "quiet", erase),
      ),
      element("label", { className: "share-label" }, "Partager par cette adresse", share),
      element("p", { className: "buttons" }, button("Copier l’adresse", "quiet", copy(share))),
    );
  };

  let drawing = 0;
  const render = async () => {
    const turn = (drawing += 1);
    const wanted = selection.KINDS.flatMap((kind) => current[kind].map((id) => [kind, id]));
    tools.hidden = !wanted.length;
    share.value = address();
    const texts = await Promise.all(wanted.map(([kind, id]) => load(`${kind}/${id}`)));
    if (turn !== drawing) return;
    const made = wanted.map(([kind, id], place) => drawn(kind, id, texts[place]));
    const stories = made.filter((it) => it.className === "kept-story");
    const others = made.filter((it) => it.className !== "kept-story");
    const none = element(
      "div",
      { className: "nothing" },
      element(
        "p",
        {},
        "Rien pour l’instant. Le bouton «\u00a0Garder\u00a0» se trouve sur chaque récit et chaque ingrédient.",
      ),
      element(
        "p",
        {},
        element("a", { href: "recits/index.html" }, "Parcourir les récits"),
        " · ",
        element("a", { href: "ingredients/index.html" }, "Parcourir les ingrédients"),
      ),
    );
    sheet.replaceChildren(
      ...(made.length
        ? [
            ...stories,
            element(
              "div",
              { className: options.cards ? "kept-cards" : "kept-ingredients" },
              ...others,
            ),
          ]
        : [none]),
    );
    sheet.dataset.ready = "";
  };

  sheet.tabIndex = -1;
  prepare();
  const messages = [];
  if (shared)
    messages.push(
      counted()
        ? `Sélection reçue par l’adresse\u00a0: ${counted()}. `
        : "L’adresse ne désigne aucune fiche de ce guide. ",
    );
  if (missing.length) {
    const names = missing
      .slice(0, 10)
      .map((id) => id.slice(0, 60))
      .join(", ");
    messages.push(
      `Introuvable dans ce guide, laissé de côté\u00a0: ${names}${missing.length > 10 ? "…" : ""}.`,
    );
  }
  if (messages.length) say(...messages);
  render();
})();
