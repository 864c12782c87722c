/* Step 3 of « Proposer un récit »: choose words of the story, by mouse, finger or keyboard, name the
   ingredient seen there, and say why.

   UneFois.marking(state, story, changed) → {render, quote}: `state` holds {marks, names, readings};
   `story()` gives the text as typed; `changed()` is called after each mark or reading. */
window.UneFois = window.UneFois || {};
UneFois.marking = (state, story, changed) => {
  "use strict";
  const { draft, element } = UneFois;
  const model = globalThis.FormModel;
  const byId = (id) => document.getElementById(id);
  const ingredients = new Map(model.ingredients.map((one) => [one.id, one]));
  const surface = byId("mark-story");
  const dock = byId("mark-dock");
  const input = byId("mark-name");
  const said = byId("mark-said");
  const quote = (words) => `«\u00a0${words}\u00a0»`;
  const nameOf = (key) =>
    draft.isNew(key) ? state.names[key].trim() || "sans nom" : ingredients.get(key).name;

  let words = []; // {start, end, node}, in order
  let sentences = []; // {from, to}: places in `words`
  let chosen = null; // {start, end}: offsets in the story

  // ---------------------------------------------------------------- the words

  const drawSegment = (segment, order) => {
    const pieces = [];
    let place = segment.start;
    for (const piece of segment.text.split(/(\s+)/)) {
      if (piece.trim()) {
        const node = element("span", { className: "word" }, piece);
        words.push({ start: place, end: place + piece.length, node });
        pieces.push(node);
      } else pieces.push(piece);
      place += piece.length;
    }
    if (!segment.keys.length) return pieces;
    const letters = segment.keys.map((key) =>
      element("span", { className: "passage-letter" }, draft.letter(order.indexOf(key))),
    );
    return [element("mark", { className: "passage" }, ...pieces), ...letters];
  };

  const drawStory = () => {
    const order = draft.keys(state.marks);
    words = [];
    sentences = [];
    const paragraphs = draft.lines(story(), state.marks).map((segments) => {
      const first = words.length;
      const made = element("p", {}, ...segments.flatMap((one) => drawSegment(one, order)));
      cutSentences(first);
      return made;
    });
    surface.replaceChildren(...paragraphs);
    byId("mark-empty").hidden = paragraphs.length > 0;
    byId("mark-keys").hidden = !paragraphs.length;
    fillSentences();
  };

  // What closes a sentence may stand apart from its last word: after a space, or after a mark.
  const cutSentences = (first) => {
    let from = first;
    let ended = false;
    for (let place = first; place < words.length; place += 1) {
      const own = words[place].node.textContent;
      const next = words[place + 1];
      ended = /[.!?…][»”)]*$/.test(own) || (ended && /^[»”)]+$/.test(own));
      if (!next || (ended && !/^[»”).,;:!?]/.test(next.node.textContent))) {
        sentences.push({ from, to: place });
        from = place + 1;
      }
    }
  };

  // The words that a selection touches, or null.
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(surface)) return null;
    const own = document.createRange();
    const touched = words.filter(({ node }) => {
      own.selectNodeContents(node);
      return (
        range.compareBoundaryPoints(Range.START_TO_END, own) > 0 &&
        range.compareBoundaryPoints(Range.END_TO_START, own) < 0
      );
    });
    return touched.length ? { start: touched[0].start, end: touched.at(-1).end } : null;
  };

  // A mark stops before what closes a sentence.
  const trimmed = ({ start, end }) => {
    const shorter = story()
      .slice(start, end)
      .replace(/[\s.,;:]+$/, "");
    return { start, end: shorter ? start + shorter.length : end };
  };

  const choose = (found) => {
    chosen = found && trimmed(found);
    const within = (word) => chosen && word.start < chosen.end && word.end > chosen.start;
    for (const word of words) word.node.classList.toggle("chosen", Boolean(within(word)));
    dock.hidden = !chosen;
    if (chosen) byId("mark-quote").textContent = quote(story().slice(chosen.start, chosen.end));
    tell("");
  };

  // The dock waits until the selection is made: it must not come under the pointer.
  let pressed = false;
  let waiting = 0;
  const settle = () => {
    const found = selected();
    if (found) choose(found);
  };
  surface.addEventListener("pointerdown", ({ pointerType }) => {
    pressed = pointerType === "mouse";
  });
  document.addEventListener("pointerup", () => {
    if (pressed) settle();
    pressed = false;
  });
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    if (!pressed) waiting = setTimeout(settle, 250);
  });

  // ---------------------------------------------------------------- by keyboard

  const sentence = byId("mark-sentence");
  const from = byId("mark-from");
  const to = byId("mark-to");
  const option = (value, label) => element("option", { value: String(value) }, label);
  const text = (first, last) => story().slice(words[first].start, words[last].end);

  const fillSentences = () => {
    const short = (it) => (it.length > 70 ? `${it.slice(0, 68)}…` : it);
    sentence.replaceChildren(
      option("", "Choisir une phrase"),
      ...sentences.map((it, place) =>
        option(place, `${place + 1}. ${short(text(it.from, it.to))}`),
      ),
    );
    byId("mark-range").hidden = true;
  };
  // A guillemet or a stop that stands apart is no word to begin or to end with.
  const fill = (target, first, last) => {
    const places = Array.from({ length: last - first + 1 }, (_, place) => first + place);
    const offered = places.filter((place) => /[\p{L}\p{N}]/u.test(text(place, place)));
    target.replaceChildren(...offered.map((place) => option(place, text(place, place))));
  };
  sentence.addEventListener("change", () => {
    const it = sentences[sentence.value];
    const [first, last] = it ? [it.from, it.to] : [0, -1];
    fill(from, first, last);
    fill(to, first, last);
    byId("mark-range").hidden = !to.length;
    to.selectedIndex = to.length - 1;
    choose(it ? { start: words[first].start, end: words[last].end } : null);
  });
  const chooseRange = () =>
    choose({ start: words[Number(from.value)].start, end: words[Number(to.value)].end });
  from.addEventListener("change", () => {
    const last = Math.max(Number(from.value), Number(to.value));
    fill(to, Number(from.value), sentences[sentence.value].to);
    to.value = String(last);
    chooseRange();
  });
  to.addEventListener("change", chooseRange);

  // ---------------------------------------------------------------- naming

  const tell = (message) => {
    byId("mark-name-error").textContent = message;
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const box = UneFois.combobox(
    input,
    byId("mark-name-options"),
    byId("mark-name-status"),
    {
      items: () => model.ingredients,
      pick: (ingredient) => {
        input.value = ingredient.name;
        input.focus();
        tell("");
      },
    },
  );

  const refused = () => {
    const { start, end } = chosen;
    if (story().slice(start, end).includes("\n"))
      return "Choisissez des mots d’un même paragraphe.";
    const touching = state.marks.filter((mark) => mark.start < end && mark.end > start);
    const same = touching.every((mark) => mark.start === start && mark.end === end);
    return same
      ? ""
      : "Ces mots touchent un passage déjà marqué\u00a0: choisissez exactement les mêmes mots, ou retirez-le d’abord.";
  };

  const add = (key) => {
    const fault = refused();
    if (fault) return tell(fault);
    const { start, end } = chosen;
    const there = state.marks.find((mark) => mark.start === start && mark.end === end);
    if (!there) state.marks.push({ start, end, keys: [key] });
    else if (!there.keys.includes(key)) there.keys.push(key);
    input.value = "";
    getSelection().removeAllRanges();
    choose(null);
    changed();
    said.textContent = `Marqué\u00a0: ${nameOf(key)}. Dites maintenant pourquoi.`;
    byId(readingId(key)).focus();
  };
  byId("mark-add").addEventListener("click", () => {
    const found = box.named(input.value);
    if (found) return add(found.id);
    tell("Choisissez un ingrédient de la liste, ou proposez-en un nouveau.");
    input.focus();
  });
  byId("mark-propose").addEventListener("click", () => {
    const name = draft.clean(input.value).replace(/\s+/g, " ").trim();
    const found = box.named(name);
    if (found) return add(found.id);
    if (!name || name.length > 160) {
      tell(
        "Nommez l’ingrédient en quelques mots, comme un acte\u00a0: « laisser la porte ouverte ».",
      );
      return input.focus();
    }
    const proposed = Object.keys(state.names);
    const same = proposed.find((key) => draft.read(state.names[key]).text === name);
    if (same) return add(same);
    let key = `+${name}`; // which one renamed since may have
    while (proposed.includes(key)) key += "+";
    state.names[key] = name;
    add(key);
  });
  const cancel = () => {
    getSelection().removeAllRanges();
    choose(null);
    surface.focus();
  };
  byId("mark-cancel").addEventListener("click", cancel);
  dock.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
  });

  // ---------------------------------------------------------------- the readings

  const readingId = (key) =>
    `f-readings-${draft.isNew(key) ? `new-${Object.keys(state.names).indexOf(key)}` : key}`;
  const items = new Map(); // key → its <li>, kept so that typing is never lost

  const makeReading = (key) => {
    const id = readingId(key);
    const area = element("textarea", { id, rows: 3, data: { key: "readings" } });
    area.value = state.readings[key] || "";
    area.addEventListener("input", () => {
      state.readings[key] = draft.clean(area.value);
    });
    const ingredient = ingredients.get(key);
    const about = ingredient ? ingredient.label : "Nouveau, à discuter";
    const status = ingredient ? ingredient.status : "proposed";
    const label = element("label", { htmlFor: id }, model.fields.readings.title.replace(/s$/, ""));
    return element(
      "li",
      { data: { ingredient: key } },
      element(
        "h3",
        {},
        element("span", { className: "letter" }),
        " ",
        element("span", { className: "form-name" }, nameOf(key)),
        " ",
        element("span", { className: `status status-${status}` }, about),
      ),
      element("ul", { className: "form-quotes" }),
      ...(ingredient ? [] : [field(makeName(key, `${id}-name`), model.fields.proposal)]),
      field(area, { ...model.fields.readings, title: "Lecture" }),
    );
  };

  // The name of a new ingredient may still change.
  const makeName = (key, id) => {
    const name = element("input", {
      id,
      type: "text",
      autocomplete: "off",
      value: state.names[key],
      data: { key: "proposal" },
    });
    name.addEventListener("input", () => {
      state.names[key] = draft.clean(name.value);
      items.get(key).querySelector(".form-name").textContent = nameOf(key);
    });
    return name;
  };

  // A control with its label, its help and what is said of it, as the template writes them.
  const field = (control, { title, help }) => {
    const { id } = control;
    control.setAttribute("aria-describedby", `${id}-help ${id}-error`);
    return element(
      "div",
      { className: "form-field" },
      element("label", { htmlFor: id }, title),
      element("p", { id: `${id}-help`, className: "form-help" }, help),
      control,
      element("p", { id: `${id}-count`, className: "form-count", hidden: true }),
      element("p", { id: `${id}-error`, className: "form-error" }),
      element("ul", { id: `${id}-findings`, className: "form-findings", hidden: true }),
    );
  };

  const quoteOf = (mark, key) => {
    const shown = quote(story().slice(mark.start, mark.end));
    const remove = element(
      "button",
      { type: "button", className: "form-remove" },
      "Retirer",
      element("span", { className: "visually-hidden" }, ` ${shown} de ${nameOf(key)}`),
    );
    remove.addEventListener("click", () => {
      mark.keys = mark.keys.filter((it) => it !== key);
      state.marks = state.marks.filter((it) => it.keys.length);
      changed();
      said.textContent = "Marque retirée.";
      surface.focus();
    });
    return element(
      "li",
      {},
      element("span", { className: "quoted" }, draft.french(shown)),
      " ",
      remove,
    );
  };

  const drawReadings = () => {
    const list = byId("mark-readings");
    const keys = draft.keys(state.marks);
    for (const key of keys) if (!items.has(key)) items.set(key, makeReading(key));
    const wanted = keys.map((key) => items.get(key));
    for (const item of [...list.children]) if (!wanted.includes(item)) item.remove();
    wanted.forEach((item, place) => {
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] || null);
    });
    keys.forEach((key, place) => {
      const item = items.get(key);
      item.querySelector(".letter").textContent = draft.letter(place);
      const marks = state.marks.filter((mark) => mark.keys.includes(key));
      item
        .querySelector(".form-quotes")
        .replaceChildren(...marks.map((mark) => quoteOf(mark, key)));
    });
    byId("mark-new").hidden = !keys.some(draft.isNew);
  };

  surface.tabIndex = -1;
  return {
    render: () => {
      drawStory();
      drawReadings();
    },
    forgetChoice: () => chosen && choose(null),
  };
};
