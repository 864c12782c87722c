/*
In *atelier*, at « Quels ingrédients voyez-vous ? »: readers in turn choose words of the story and
name what they see; at the reveal theirs and the guide's stand side by side, without a score.

What they find lasts as long as the tab, and on this device if they ask. A find: {reader, from, to,
words, id, name}, `from` and `to` being numbers of words; `id` is empty for a name of their own.
*/
(() => {
  "use strict";
  const element = UneFois.element;
  const READERS = 12;
  const LONGEST = { name: 120, words: 600, action: 1000 };
  const readerName = (number) => `Lectrice ou lecteur ${number}`;
  const quoted = (words) => `«\u00a0${words}\u00a0»`;

  let story, key, own, record, words, sentences, chosen, parts;
  let names = []; // of the guide's ingredients, once they have come
  const finds = () => record.finds;

  // ------------------------------------------------------------------ what is kept

  const text = (value, longest) => (typeof value === "string" ? value.slice(0, longest) : "");
  const cleanFind = (it) => ({
    reader: it.reader,
    from: it.from,
    to: it.to,
    words: text(it.words, LONGEST.words),
    id: text(it.id, 200),
    name: text(it.name, LONGEST.name),
  });
  const isFind = (it) =>
    it &&
    [it.reader, it.from, it.to].every(Number.isInteger) &&
    it.reader >= 1 &&
    it.reader <= READERS &&
    it.from >= 0 &&
    it.from <= it.to &&
    typeof it.words === "string" &&
    typeof it.name === "string" &&
    it.name.trim();
  const clean = (value) => ({
    finds:
      value && Array.isArray(value.finds)
        ? value.finds.filter(isFind).slice(0, 300).map(cleanFind)
        : [],
    action: text(value && value.action, LONGEST.action),
  });

  const say = (message) => {
    parts.told.textContent = message;
  };
  // Why the notes are no longer kept on the device.
  const STOPPED = {
    refused:
      "Ce navigateur refuse de garder vos notes. Elles restent sur cette page tant qu’elle est ouverte\u00a0: imprimez la feuille pour ne rien perdre.",
    erased:
      "Ces notes ont été effacées de cet appareil dans un autre onglet. Elles restent dans celui-ci jusqu’à ce que vous le fermiez.",
    written:
      "Un autre onglet garde d’autres notes sur ce récit. Pour ne rien y effacer, celles-ci ne restent que dans cet onglet\u00a0: cochez de nouveau pour les garder à la place des autres.",
  };
  const save = () => {
    if (UneFois.storage.set("sessionStorage", key, record))
      return !parts.keep.checked || own.keep(() => record);
    parts.keep.checked = false;
    say(STOPPED.refused);
    return false;
  };

  // ------------------------------------------------------------------ the words of the story

  // A word keeps the punctuation and the spaces around it, so that chosen words make one line.
  const WORD =
    /[^\p{L}\p{N}]*[\p{L}\p{N}][^ \n]*?(?=[ \n\u00a0\u202f]|$)(?:[\u00a0\u202f][^\p{L}\p{N} \n]*)*[ \n]*/gu;

  const CLOSING = /^[^\p{L}\p{N}«“(—]+/u;

  const cutText = (node, first) => {
    const word = (piece) => {
      const span = element("span", { className: "word" }, piece);
      words.push({ text: piece, spans: [span] });
      return span;
    };
    // What closes a sentence after a marked word goes with that word.
    const closing = words.length > first ? (node.data.match(CLOSING) || [""])[0] : "";
    const made = [];
    if (closing) {
      const span = element("span", { className: "word" }, closing);
      words.at(-1).text += closing;
      words.at(-1).spans.push(span);
      made.push(span);
    }
    const others = node.data.slice(closing.length);
    const pieces = others.match(WORD) || [];
    node.replaceWith(...made, ...pieces.map(word), others.slice(pieces.join("").length));
  };

  const cut = () => {
    words = [];
    sentences = [];
    for (const paragraph of story.querySelectorAll("p")) {
      const first = words.length;
      const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest(".passage-letter"))
          nodes.push(walker.currentNode);
      }
      nodes.forEach((node) => cutText(node, first));
      if (words.length > first) words.at(-1).text += " "; // the next paragraph's words stay apart
      let from = first;
      for (let place = first; place < words.length; place += 1) {
        if (place === words.length - 1 || /[.!?…][\s»”)]*$/.test(words[place].text)) {
          sentences.push({ from, to: place });
          from = place + 1;
        }
      }
    }
  };
  const wordsOf = (from, to) =>
    words
      .slice(from, to + 1)
      .map((word) => word.text)
      .join("")
      .trim();

  // The words that a selection touches, or null.
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(story)) return null;
    const own = document.createRange();
    const touched = words.flatMap((word, place) => {
      own.setStart(word.spans[0], 0);
      own.setEndAfter(word.spans.at(-1));
      const begins = range.compareBoundaryPoints(Range.START_TO_END, own) > 0;
      return begins && range.compareBoundaryPoints(Range.END_TO_START, own) < 0 ? [place] : [];
    });
    return touched.length ? { from: touched[0], to: touched.at(-1) } : null;
  };

  const paint = (name, wanted) => {
    for (const [place, word] of words.entries()) {
      for (const span of word.spans) span.classList.toggle(name, wanted(place));
    }
  };

  const choose = (found, docked) => {
    chosen = found;
    paint("chosen", (place) => Boolean(found) && place >= found.from && place <= found.to);
    parts.form.hidden = !found;
    parts.form.classList.toggle("docked", Boolean(found && docked));
    document.documentElement.classList.toggle("has-dock", Boolean(found && docked));
    if (!found) {
      parts.sentence.value = "";
      parts.range.hidden = true;
      return;
    }
    parts.who.textContent = readerName(parts.reader.value);
    parts.quote.textContent = quoted(wordsOf(found.from, found.to));
  };

  const underlineFinds = () => {
    const standing = finds().filter(stands);
    paint("found", (place) => standing.some((find) => place >= find.from && place <= find.to));
  };
  // False once the story has changed under a find that was kept.
  const stands = (find) => find.to < words.length && wordsOf(find.from, find.to) === find.words;

  // ------------------------------------------------------------------ naming: a combobox

  const loadNames = () => {
    const here = document.querySelector('script[src$="workshop.js"]').src;
    const script = element("script", { src: here.replace(/workshop\.js$/, "ingredients.js") });
    script.addEventListener("load", () => {
      names = UneFois.ingredients.map(([id, short, name, summary]) => ({
        id,
        name: short,
        full: name,
        more: summary,
      }));
      const input = document.getElementById("name-input");
      if (input.value) input.dispatchEvent(new Event("input")); // typed before they came
    });
    document.head.append(script);
  };

  const combobox = () => {
    const list = element("ul", {
      id: "name-options",
      className: "options",
      role: "listbox",
      hidden: true,
      aria: { label: "Ingrédients" },
    });
    const input = element("input", {
      id: "name-input",
      type: "text",
      autocomplete: "off",
      maxLength: LONGEST.name,
      role: "combobox",
      aria: {
        expanded: "false",
        controls: "name-options",
        autocomplete: "list",
        describedby: "name-help",
      },
    });
    const count = element("span", { className: "visually-hidden", role: "status" });
    const { named } = UneFois.combobox(input, list, count, {
      items: () => names,
      pick: (ingredient) => {
        input.value = ingredient.name;
        input.focus();
      },
      rank: (name, typed) => Number(name.includes(typed.join(" "))),
      told: (number) =>
        number
          ? `${number} ingrédient${number > 1 ? "s" : ""}`
          : "Aucun ingrédient de ce nom\u00a0: vos mots seront gardés tels quels.",
    });
    const help = element(
      "p",
      { id: "name-help", className: "meta" },
      "Tapez pour chercher parmi les ingrédients du guide, ou écrivez vos propres mots.",
    );
    const label = element("label", { htmlFor: "name-input" }, "Ce que j’y vois");
    return {
      input,
      named,
      nodes: [label, element("div", { className: "combobox" }, input, list), help, count],
    };
  };

  // ------------------------------------------------------------------ the step

  const button = (label, className, act) => {
    const made = element("button", { type: "button", className }, label);
    made.addEventListener("click", act);
    return made;
  };

  const select = (label, options) => {
    const made = element("select", {}, ...options);
    return { made, labelled: element("label", {}, `${label} `, made) };
  };
  const option = (value, label) => element("option", { value: String(value) }, label);

  // Without a mouse or a finger: a sentence, then its first and last words.
  const byKeys = () => {
    const short = (it) => (it.length > 90 ? `${it.slice(0, 88)}…` : it);
    const sentence = select("Phrase", [
      option("", "Choisir une phrase"),
      ...sentences.map((it, place) =>
        option(place, `${place + 1}. ${short(wordsOf(it.from, it.to))}`),
      ),
    ]);
    const from = select("Du mot", []);
    const to = select("au mot", []);
    const range = element(
      "div",
      { className: "word-range", hidden: true },
      from.labelled,
      to.labelled,
    );
    const fill = (target, first, last, value) => {
      const places = Array.from({ length: last - first + 1 }, (_, place) => first + place);
      target.made.replaceChildren(
        ...places.map((place) => option(place, words[place].text.trim())),
      );
      target.made.value = String(value);
    };
    sentence.made.addEventListener("change", () => {
      const it = sentences[sentence.made.value];
      range.hidden = !it;
      if (!it) return choose(null);
      fill(from, it.from, it.to, it.from);
      fill(to, it.from, it.to, it.to);
      choose(it, false);
    });
    from.made.addEventListener("change", () => {
      const last = Number(to.made.lastElementChild.value);
      const first = Number(from.made.value);
      fill(to, first, last, Math.max(first, Number(to.made.value)));
      choose({ from: first, to: Number(to.made.value) }, false);
    });
    to.made.addEventListener("change", () =>
      choose({ from: Number(from.made.value), to: Number(to.made.value) }, false),
    );
    const box = element(
      "details",
      { className: "refine" },
      element("summary", {}, "Choisir les mots au clavier"),
      sentence.labelled,
      range,
    );
    return { box, sentence: sentence.made, range };
  };

  const findForm = () => {
    const box = combobox();
    const cancel = () => {
      getSelection().removeAllRanges();
      choose(null);
    };
    const form = element("form", {
      className: "find-form",
      hidden: true,
      aria: { label: "Nommer ce que je vois" },
    });
    const who = element("p", { className: "reader-name" });
    const quote = element("p", { className: "quoted" });
    form.append(
      who,
      quote,
      ...box.nodes,
      element(
        "div",
        { className: "buttons" },
        element("button", { type: "submit", className: "main" }, "Ajouter"),
        button("Annuler", "quiet", cancel),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const named = box.input.value.trim();
      if (!named) {
        say("Nommez d’abord ce que vous voyez.");
        return box.input.focus();
      }
      const known = box.named(named);
      finds().push(
        cleanFind({
          reader: Number(parts.reader.value),
          ...chosen,
          words: wordsOf(chosen.from, chosen.to),
          id: known ? known.id : "",
          name: known ? known.name : named,
        }),
      );
      box.input.value = "";
      say(`Ajouté\u00a0: ${named}.`);
      save();
      cancel();
      render();
      parts.heading.focus({ preventScroll: true });
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") cancel();
    });
    return { form, who, quote };
  };

  const readers = () => {
    const made = select("Qui ajoute\u00a0?", []);
    const number = Math.max(1, ...finds().map((find) => find.reader));
    made.made.append(
      ...Array.from({ length: number }, (_, place) => option(place + 1, readerName(place + 1))),
    );
    const next = button("Personne suivante", "quiet", () => {
      const count = made.made.length;
      if (count < READERS) made.made.append(option(count + 1, readerName(count + 1)));
      made.made.value = String(made.made.length);
      say(`À ${readerName(made.made.length).toLowerCase()}.`);
    });
    return {
      reader: made.made,
      row: element("div", { className: "reader-row" }, made.labelled, next),
    };
  };

  const build = (step, keep) => {
    const { form, who, quote } = findForm();
    const { reader, row } = readers();
    const told = element("p", { className: "meta told", role: "status" });
    const list = element("div", { className: "finds" });
    const heading = element("h3", { tabIndex: -1 }, "Ce que nous avons vu");
    const keys = byKeys();
    parts = {
      form,
      who,
      sentence: keys.sentence,
      range: keys.range,
      quote,
      reader,
      keep,
      told,
      list,
      heading,
    };
    keep.addEventListener("change", () => {
      if (!keep.checked) own.remove();
      if (save())
        say(
          keep.checked
            ? "Gardé sur cet appareil, et nulle part ailleurs."
            : "Rien n’est gardé une fois l’onglet fermé.",
        );
    });
    const tools = element(
      "div",
      { className: "buttons" },
      button("Imprimer la feuille", "quiet", printSheet),
      button("Tout effacer", "quiet", erase),
    );
    const how = element(
      "p",
      {},
      "Sélectionnez des mots du récit, plus haut, puis nommez ce que vous y voyez. À plusieurs, passez l’appareil.",
    );
    const work = element(
      "div",
      { className: "workshop" },
      how,
      row,
      keys.box,
      form,
      heading,
      list,
      told,
      element("label", { className: "check" }, keep, " Garder ces notes sur cet appareil"),
      tools,
    );
    step.querySelector(".step-next").before(work);
  };

  const item = (find, remove) => {
    const line = element(
      "li",
      {},
      element("span", { className: "quoted" }, find.words),
      element("b", {}, find.name),
    );
    if (!stands(find))
      line.append(element("span", { className: "meta" }, " Le récit a changé depuis."));
    if (remove) {
      const label = element("span", { className: "visually-hidden" }, `\u00a0: ${find.name}`);
      const made = button("Retirer", "quiet", () => {
        record.finds = finds().filter((it) => it !== find);
        render();
        say(`Retiré\u00a0: ${find.name}.`);
        save();
        parts.heading.focus({ preventScroll: true });
      });
      made.append(label);
      line.append(made);
    }
    return line;
  };

  const byReader = (some, remove) => {
    const numbers = [...new Set(some.map((find) => find.reader))].sort((one, other) => one - other);
    return numbers.flatMap((number) => [
      element("p", { className: "reader-name" }, readerName(number)),
      element(
        "ul",
        {},
        ...some.filter((find) => find.reader === number).map((find) => item(find, remove)),
      ),
    ]);
  };

  const render = () => {
    const none = element("p", { className: "meta" }, "Rien encore.");
    parts.list.replaceChildren(...(finds().length ? byReader(finds(), true) : [none]));
    underlineFinds();
    compare();
  };

  const erase = () => {
    record.finds = [];
    record.action = "";
    parts.action.value = "";
    parts.keep.checked = false;
    UneFois.storage.remove("sessionStorage", key);
    own.remove();
    choose(null);
    render();
    say("Tout est effacé de cet appareil.");
  };

  // ------------------------------------------------------------------ the reveal: side by side

  const places = (reading) =>
    [...reading.querySelectorAll(".quoted a[href^='#passage-']")].flatMap((link) => {
      const mark = document.getElementById(link.hash.slice(1));
      return words.flatMap((word, place) => (mark.contains(word.spans[0]) ? [place] : []));
    });

  const compare = () => {
    document.querySelectorAll(".theirs").forEach((it) => it.remove());
    document.querySelectorAll(".readings > li").forEach((it) => it.classList.remove("compared"));
    if (!finds().length) return;
    const elsewhere = new Set(finds());
    for (const reading of document.querySelectorAll(".readings > li")) {
      const own = places(reading);
      const here = finds().filter(
        (find) => stands(find) && own.some((place) => place >= find.from && place <= find.to),
      );
      here.forEach((find) => elsewhere.delete(find));
      const seen = here.length
        ? byReader(here)
        : [element("p", { className: "meta" }, "Rien sur ces mots.")];
      reading.append(
        element(
          "div",
          { className: "theirs" },
          element("p", { className: "theirs-title" }, "Ce que nous avons vu"),
          ...seen,
        ),
      );
      reading.classList.add("compared");
    }
    if (elsewhere.size) {
      const about =
        "Le guide n’a rien marqué sur ces mots. Cela ne veut pas dire qu’il n’y a rien\u00a0: qu’y voyez-vous\u00a0?";
      document
        .querySelector(".readings")
        .after(
          element(
            "div",
            { className: "theirs" },
            element("h3", {}, "Ailleurs dans le récit"),
            element("p", {}, about),
            ...byReader([...elsewhere]),
          ),
        );
    }
  };

  // ------------------------------------------------------------------ the action, the sheet

  const buildAction = () => {
    const prompt = document.getElementById("action-prompt");
    const field = element("textarea", {
      rows: 3,
      maxLength: LONGEST.action,
      value: record.action,
      aria: { labelledby: "action-prompt" },
    });
    field.addEventListener("input", () => {
      record.action = field.value;
      save();
    });
    parts.action = field;
    prompt.after(
      element(
        "div",
        { className: "action" },
        field,
        button("Imprimer la feuille", "quiet", printSheet),
      ),
    );
  };

  const printSheet = () => {
    document.querySelectorAll(".sheet").forEach((it) => it.remove());
    const revealed = document.documentElement.hasAttribute("data-revealed");
    const sheet = element(
      "section",
      { className: "sheet" },
      element("h1", {}, document.querySelector("h1").textContent),
      element("p", {}, "Feuille d’atelier. N’y écrivez ni nom, ni lieu, ni date."),
      element("h2", {}, "Ce que nous avons vu"),
    );
    sheet.append(...(finds().length ? byReader(finds()) : [element("p", {}, "Rien encore.")]));
    if (revealed) {
      sheet.append(element("h2", {}, "Ce que le guide y voit"));
      for (const reading of document.querySelectorAll(".readings > li")) {
        const copies = [...reading.children]
          .filter((it) => !it.matches(".theirs"))
          .map((it) => it.cloneNode(true));
        sheet.append(element("div", { className: "sheet-reading" }, ...copies));
      }
    } else {
      sheet.append(element("p", {}, "Les ingrédients du guide n’étaient pas encore dévoilés."));
    }
    sheet.append(element("h2", {}, "Une action chez moi"));
    const lines = () =>
      Array.from({ length: 4 }, () => element("div", { className: "sheet-line" }));
    sheet.append(
      ...(record.action ? [element("p", { className: "sheet-action" }, record.action)] : lines()),
    );
    document.querySelector(".page").append(sheet);
    document.documentElement.dataset.print = "sheet";
    print();
  };
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset.print;
    document.querySelectorAll(".sheet").forEach((it) => it.remove());
  });

  // ------------------------------------------------------------------ when the step opens

  const begin = (step) => {
    story = document.querySelector(".story");
    key = `atelier.${story.dataset.narrative}`;
    const keep = element("input", { type: "checkbox" });
    own = UneFois.storage.shared(key, keep, (why) => say(STOPPED[why]));
    const [here, device] = [UneFois.storage.get("sessionStorage", key), own.get()];
    const apart = here && device && JSON.stringify(here) !== JSON.stringify(device);
    keep.checked = device !== null && !apart;
    record = clean(here || device);
    cut();
    build(step, keep);
    if (apart) say(STOPPED.written);
    buildAction();
    loadNames();
    render();
    let wait;
    document.addEventListener("selectionchange", () => {
      clearTimeout(wait);
      wait = setTimeout(() => {
        const found = searching() && selected();
        if (found) choose(found, true);
      }, 200);
    });
  };
  const searching = () => UneFois.reading.mode() === "atelier" && UneFois.reading.opened() >= rank;

  let rank = 0;
  document.addEventListener("UneFois:step", () => {
    const steps = [...document.querySelectorAll(".step")];
    rank = steps.findIndex((step) => step.dataset.step === "recherche") + 1;
    if (!words && searching()) begin(steps[rank - 1]);
    else if (words && !searching()) choose(null);
  });
})();
