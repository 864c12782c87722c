/* « Proposer un récit »: reads the page's fields, says what is wrong beside each and in a summary,
   shows the story as the guide will, keeps a draft if asked, and makes the file. Sends nothing. */
(() => {
  "use strict";
  const { draft, element, storage } = UneFois;
  const model = globalThis.FormModel;
  const byId = (id) => document.getElementById(id);
  const form = byId("propose");
  const story = byId("f-story");
  const quote = (words) => `«\u00a0${words}\u00a0»`;
  const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0");

  // Beyond this, a text is not looked into: it is too long anyway, and the page must not freeze.
  const LONGEST = 20000;
  const DRAFT = "brouillon";

  const state = { marks: [], names: {}, readings: {}, situations: [], allowed: [] };
  let before = ""; // the story that the marks stand in
  let asked = false; // whether the person asked to verify: only then is what is missing said

  // ---------------------------------------------------------------- fields

  // A part for another origin does not count.
  const counts = (node) => !node.closest("[data-origin][hidden]");
  const texts = () => [...form.querySelectorAll("[data-key]")].filter(counts);
  const fieldOf = (control) => model.fields[control.dataset.key];
  const isHuge = (control) => control.value.length > LONGEST;
  const read = (control) =>
    isHuge(control) ? "" : draft.read(control.value, fieldOf(control).paragraphs).text;
  const isBlank = (control) => !isHuge(control) && !control.value.trim();
  // The title of a field, with the number of its item where there are several.
  const titleOf = (control) => {
    const { title } = fieldOf(control);
    const item = control.closest(".form-item");
    if (item) {
      const place = [...item.parentNode.children].indexOf(item) + 1;
      return `${title} ${place}`;
    }
    const reading = control.closest("[data-ingredient]");
    return reading
      ? `${control.labels[0].textContent}, ${reading.querySelector(".form-name").textContent}`
      : title;
  };

  const unprintable = new RegExp(model.unprintable, "gu");

  // What is wrong with one text, whether or not it may stay empty.
  const faultOf = (control) => {
    const { longest, paragraphs } = fieldOf(control);
    if (isHuge(control)) {
      return `ce texte a ${count(control.value.length)} caractères, ${count(longest)} au plus. Gardez le passage qui compte.`;
    }
    const value = control === story ? marked() : control.value;
    const length = draft.length(value, paragraphs);
    if (longest && length > longest) {
      return `${count(length)} caractères${control === story && state.marks.length ? ", marques comprises" : ""}, ${count(longest)} au plus. Raccourcissez.`;
    }
    const text = read(control);
    const [strange] = text.match(unprintable) || [];
    const odd = strange && (strange.trim() ? quote(strange) : "un espace spécial");
    if (odd) return `${odd} n’est pas dans les polices d’impression. Écrivez un mot à la place.`;
    if (control === story && /[[\]]/.test(text)) {
      return "les crochets servent à marquer les ingrédients. Mettez des parenthèses à la place.";
    }
    if (text.includes(model.placeholder))
      return `il reste ${quote(model.placeholder)} à remplacer.`;
    if (control.id === "f-title" && text && !draft.slug(text)) {
      return "il faut au moins une lettre ou un chiffre, pour nommer le fichier.";
    }
    return "";
  };

  const missing = (control) => {
    if (!isBlank(control)) return "";
    const item = control.closest(".form-item");
    if (item) {
      const needless = isEmptyItem(item) || !fieldOf(control).required;
      return needless ? "" : "à remplir, ou retirez cette ligne.";
    }
    const required = fieldOf(control).required || control.dataset.key === "readings";
    return required ? "à remplir." : "";
  };

  // ---------------------------------------------------------------- identifiers

  const known = new WeakMap(); // control → {text, allowed, found}

  const findings = (control) => {
    if (isHuge(control)) return [];
    const allowed = state.allowed.map((name) => name.text);
    const last = known.get(control);
    const key = JSON.stringify(allowed);
    if (last && last.text === control.value && last.key === key) return last.found;
    const found = draft.findings(control.value, fieldOf(control).paragraphs, allowed);
    known.set(control, { text: control.value, key, found });
    return found;
  };

  const sentence = (text) => draft.french(text.charAt(0).toUpperCase() + text.slice(1));
  // On the page, the button beside says how to keep a word.
  const advice = (text) => sentence(text.replace(/(?: ;|,) [^;,]*« allowed_names »/, ""));

  const showFindings = (control) => {
    const list = byId(`${control.id}-findings`);
    const found = findings(control);
    const shown = JSON.stringify(found.map(({ rule, words }) => [rule, words]));
    if (list.dataset.shown !== shown) {
      list.dataset.shown = shown;
      list.replaceChildren(...found.map((it, place) => drawFinding(control, it, place)));
      list.hidden = !found.length;
      if (found.length) {
        say(
          `${titleOf(control)}\u00a0: ${found.map((it) => `${quote(it.words)}, ${it.label}`).join("\u00a0; ")}.`,
        );
      }
    }
    return found;
  };

  const drawFinding = (control, it, place) => {
    const blocks = it.severity === "error";
    const button = (label, act) => {
      const made = element(
        "button",
        { type: "button", className: "form-remove" },
        label,
        element("span", { className: "visually-hidden" }, `\u00a0: ${it.words}`),
      );
      made.addEventListener("click", act);
      return made;
    };
    const select = button("Choisir ces mots dans le texte", () => {
      const now =
        findings(control).filter(
          (other) => other.words === it.words && other.rule === it.rule,
        )[0] || it;
      control.focus();
      control.setSelectionRange(now.start, now.end);
    });
    const id = `${control.id}-why-${place}`;
    const why = element("input", {
      id,
      type: "text",
      autocomplete: "off",
      aria: { describedby: `${id}-error` },
    });
    const error = element("p", { id: `${id}-error`, className: "form-error" });
    const keep = () => {
      const fault = whyFault(why.value, it.words);
      error.textContent = fault;
      why.setAttribute("aria-invalid", String(Boolean(fault)));
      if (fault) return why.focus();
      state.allowed.push({ text: it.words, why: draft.clean(why.value).trim() });
      refresh();
      control.focus();
      say(`${quote(it.words)} est gardé, avec sa raison.`);
    };
    why.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      keep();
    });
    const reason = element(
      "div",
      { className: "form-why", hidden: true },
      element("label", { htmlFor: id }, `Pourquoi ${quote(it.words)} ne désigne personne`),
      why,
      error,
      button("Garder", keep),
    );
    const open = button("Garder ces mots", () => {
      reason.hidden = false;
      open.hidden = true;
      why.focus();
    });
    return element(
      "li",
      { className: blocks ? "finding finding-error" : "finding" },
      element(
        "p",
        {},
        element("b", {}, blocks ? "À retirer" : "À décider"),
        `\u00a0: ${quote(it.words)}, ${draft.french(it.label)}. ${sentence(it.why)}.`,
      ),
      element("p", {}, `${advice(it.instead)}.`),
      element("p", { className: "form-buttons" }, select, ...(blocks ? [] : [open])),
      ...(blocks ? [] : [reason]),
    );
  };

  const whyFault = (why, words) => {
    const { longest } = model.fields["allowed_names.why"];
    if (words.length > model.fields["allowed_names.text"].longest)
      return "Ces mots sont trop longs pour être gardés ainsi\u00a0: changez-les dans le texte.";
    if (!why.trim())
      return "Dites pourquoi\u00a0: un prénom inventé, un compositeur, une marque de céréales…";
    if (draft.length(why) > longest) return `${longest} caractères au plus.`;
    if (why.match(unprintable)) return "Écrivez cette raison avec des lettres ordinaires.";
    const [found] = draft.findings(why, false, [...state.allowed.map((it) => it.text), words]);
    return found
      ? `Cette raison est publiée avec le récit\u00a0: retirez-en ${quote(found.words)} (${found.label}).`
      : "";
  };

  // What is written of a new ingredient is a comment of the file.
  const isAside = (control) => draft.isNew(control.closest("[data-ingredient]")?.dataset.ingredient ?? "");

  // Names that still need to be allowed.
  const allowedInUse = () =>
    state.allowed.filter((name) =>
      texts().some((control) => {
        if (isHuge(control) || isAside(control)) return false;
        const { paragraphs } = fieldOf(control);
        const all = draft.findings(control.value, paragraphs, []);
        return all.length > draft.findings(control.value, paragraphs, [name.text]).length;
      }),
    );

  const drawAllowed = () => {
    byId("allowed").hidden = !state.allowed.length;
    byId("allowed")
      .querySelector("ul")
      .replaceChildren(
        ...state.allowed.map((name) => {
          const remove = element(
            "button",
            { type: "button", className: "form-remove" },
            "Ne plus garder",
            element("span", { className: "visually-hidden" }, ` ${name.text}`),
          );
          remove.addEventListener("click", () => {
            state.allowed = state.allowed.filter((it) => it !== name);
            refresh();
            byId("form-verify").focus();
          });
          return element("li", {}, element("b", {}, name.text), `\u00a0: ${name.why} `, remove);
        }),
      );
  };

  // ---------------------------------------------------------------- lists

  let made = 0;
  const lists = [...form.querySelectorAll("[data-list]")];
  const itemsOf = (list) => [...list.querySelector(".form-items").children];
  const isEmptyItem = (item) =>
    [...item.querySelectorAll("input, textarea, select")].every((control) => !control.value.trim());

  const addItem = (list) => {
    made += 1;
    const item = list.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const node of [item, ...item.querySelectorAll("*")]) {
      for (const name of ["id", "for", "aria-describedby"]) {
        if (node.hasAttribute(name))
          node.setAttribute(name, node.getAttribute(name).replaceAll("__n__", String(made)));
      }
    }
    item.querySelector(".form-remove").addEventListener("click", () => {
      const place = itemsOf(list).indexOf(item);
      item.remove();
      number(list);
      const next = itemsOf(list)[place] || itemsOf(list).at(-1);
      (next
        ? next.querySelector("input, textarea, select")
        : list.querySelector(".form-add")
      ).focus();
      refresh();
    });
    list.querySelector(".form-items").append(item);
    number(list);
    return item;
  };
  const number = (list) => {
    const items = itemsOf(list);
    const { most } = model.fields[list.dataset.list];
    list.querySelector(".form-add").disabled = Boolean(most) && items.length >= most;
    items.forEach((item, place) => {
      item.querySelector(".form-number").textContent = String(place + 1);
      item.querySelector(".form-remove").hidden = items.length === 1;
      item.setAttribute("aria-label", `${item.dataset.noun} ${place + 1}`);
    });
  };

  // ---------------------------------------------------------------- choices

  const situations = new Map(model.situations.map((one) => [one.id, one]));
  const drawSituations = () => {
    byId("f-situations-chosen").replaceChildren(
      ...state.situations.map((id) => {
        const { name } = situations.get(id);
        const remove = element(
          "button",
          { type: "button", className: "form-chip" },
          name,
          element("span", { className: "visually-hidden" }, ", retirer"),
          element("span", { aria: { hidden: "true" } }, " ×"),
        );
        remove.addEventListener("click", () => {
          state.situations = state.situations.filter((it) => it !== id);
          drawSituations();
          byId("f-situations").focus();
          refresh();
        });
        return element("li", {}, remove);
      }),
    );
  };
  const origin = () => form.elements.origin.value;
  const showOrigin = () => {
    for (const part of form.querySelectorAll("[data-origin]"))
      part.hidden = part.dataset.origin !== origin();
  };

  // ---------------------------------------------------------------- what is wrong

  const date = byId("f-origin-consent-date");
  // In the person's own time. The check has no clock: one file always gets the same answer from it.
  const today = () => {
    const now = new Date();
    now.setMinutes(now.getMinutes() - now.getTimezoneOffset());
    return now.toISOString().slice(0, 10);
  };
  date.max = today();
  const dateFault = () => {
    if (!/^[1-9]\d{3}-\d\d-\d\d$/.test(date.value)) return "donnez une date complète.";
    return date.value > today() ? "cette date n’est pas encore venue." : "";
  };

  // Yield [control, message] for all that `guide check` would refuse.
  function* faults() {
    for (const control of texts()) {
      const fault = faultOf(control) || (asked && missing(control)) || "";
      if (fault) yield [control, fault, titleOf(control)];
    }
    if (!asked) return;
    if (!byId("f-theme").value) yield [byId("f-theme"), "à choisir.", model.fields.theme.title];
    if (!state.situations.length)
      yield [byId("f-situations"), "choisissez-en au moins une.", model.fields.situations.title];
    if (!origin()) yield [byId("f-origin"), "à choisir.", model.fields.origin.title];
    for (const list of lists) yield* listFaults(list);
    if (origin() !== "field") return;
    if (dateFault()) yield [date, dateFault(), model.fields["origin.consent.date"].title];
    for (const box of form.querySelectorAll("[data-confirm]")) {
      if (!box.checked)
        yield [
          box,
          "à confirmer, sans quoi le récit ne peut pas être publié.",
          model.fields[box.dataset.confirm].title,
        ];
    }
  }
  function* listFaults(list) {
    const key = list.dataset.list;
    const { title, least } = model.fields[key];
    if (!counts(list)) return;
    const filled = itemsOf(list).filter((item) => !isEmptyItem(item));
    const atLeast = key === "origin.sources" ? 1 : least;
    if (filled.length < atLeast) yield [list, "il en faut au moins une.", title];
    for (const item of filled) {
      const part = item.querySelector("[data-part]");
      if (part && !part.value)
        yield [part, "à choisir.", model.fields[`${key}.${part.dataset.part}`].title];
    }
  }

  const showFaults = (found) => {
    const said = new Map(found.map(([control, message]) => [control.id, message]));
    for (const place of form.querySelectorAll(".form-error[id]")) {
      const id = place.id.replace(/-error$/, "");
      const control = byId(id);
      if (!control || id === "mark-name" || place.closest(".form-why")) continue;
      place.textContent = said.has(id) ? sentence(said.get(id)) : "";
      if (control.tagName === "FIELDSET") continue;
      if (said.has(id) || isBlocked(control)) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  };
  const isBlocked = (control) =>
    control.dataset.key && findings(control).some((it) => it.severity === "error");

  // Order by place in the page.
  const inOrder = (found) =>
    found.sort(([one], [other]) =>
      one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
    );

  function* undecided() {
    for (const control of texts()) {
      for (const it of findings(control)) {
        const what =
          it.severity === "error" ? "à retirer" : "à changer, ou à garder en disant pourquoi";
        yield [
          control,
          `${quote(it.words)}, ${draft.french(it.label)}, ${what}.`,
          titleOf(control),
          it,
        ];
      }
    }
  }

  const summarise = (found) => {
    const summary = byId("form-summary");
    const shown = JSON.stringify(found.map(([control, ...said]) => [control.id, said]));
    if (summary.dataset.shown === shown) return; // an alert is said once
    summary.dataset.shown = shown;
    summary.hidden = !found.length;
    byId("form-summary-title").textContent =
      found.length === 1
        ? "Il reste une chose à régler"
        : `Il reste ${found.length} choses à régler`;
    summary.querySelector("ul").replaceChildren(
      ...found.map(([control, message, title, it]) => {
        const link = element("a", { href: `#${control.id}` }, `${title}\u00a0: ${message}`);
        link.addEventListener("click", (event) => {
          event.preventDefault();
          control.focus();
          if (it) control.setSelectionRange(it.start, it.end);
          control.scrollIntoView({ block: "center" });
        });
        return element("li", {}, link);
      }),
    );
  };

  // ---------------------------------------------------------------- the story as data

  const typed = () => (isHuge(story) ? "" : story.value);
  const marked = () => draft.marked(typed(), state.marks);
  const value = (id) => byId(id).value;

  const collect = () => {
    const kind = origin();
    const consent = kind === "field" && {
      given: true,
      reviewed_by: value("f-origin-consent-reviewed-by"),
      date: date.value,
      individualisation: true,
      correlation: true,
      inference: true,
    };
    return {
      allowed_names: allowedInUse(),
      title: value("f-title"),
      theme: value("f-theme"),
      origin: {
        kind,
        sources: kind === "retold" ? records("origin.sources") : [],
        note: value("f-origin-note"),
        consent: consent || null,
      },
      teller: value("f-teller"),
      summary: value("f-summary"),
      situations: state.situations,
      discussion: {
        clarifications: records("discussion.clarifications"),
        interventions: records("discussion.interventions"),
      },
      outcome: value("f-outcome"),
      questions: records("questions"),
      facilitation: value("f-facilitation"),
    };
  };
  // The filled items of a list, as the model has them: a text each, or a group.
  const records = (key) => {
    const list = lists.find((it) => it.dataset.list === key);
    return itemsOf(list)
      .filter((item) => !isEmptyItem(item))
      .map((item) => {
        const parts = itemValues(item);
        return key in parts
          ? parts[key]
          : Object.fromEntries(
              Object.entries(parts).map(([name, text]) => [name.slice(key.length + 1), text]),
            );
      });
  };
  const itemValues = (item) => {
    const key = item.closest("[data-list]").dataset.list;
    return Object.fromEntries(
      [...item.querySelectorAll("[data-key], [data-part]")].map((control) => [
        control.dataset.key || `${key}.${control.dataset.part}`,
        control.value,
      ]),
    );
  };
  const whole = () => ({
    story: typed(),
    marks: state.marks,
    names: state.names,
    readings: state.readings,
    values: collect(),
  });

  // ---------------------------------------------------------------- the draft on this device

  const snapshot = () => ({
    fields: Object.fromEntries(
      [...form.querySelectorAll("[id^='f-']:is(input:not([type=radio]), textarea, select)")]
        .filter((control) => !control.closest(".form-item, .form-combobox, [data-ingredient]"))
        .map((control) => [
          control.id,
          control.type === "checkbox" ? control.checked : control.value,
        ]),
    ),
    origin: origin(),
    lists: Object.fromEntries(
      lists.map((list) => [list.dataset.list, itemsOf(list).map(itemValues)]),
    ),
    ...state,
  });

  const restore = (kept) => {
    const given = (from, name) => (from && typeof from === "object" ? from[name] : undefined);
    const several = (it) => (Array.isArray(it) ? it : []);
    const texted = (it) => (typeof it === "string" ? it : "");
    for (const [id, it] of Object.entries(given(kept, "fields") || {})) {
      const control = id.startsWith("f-") && byId(id);
      if (control && control.type === "checkbox") control.checked = it === true;
      else if (control && "value" in control) control.value = texted(it);
    }
    for (const radio of form.elements.origin) radio.checked = radio.value === given(kept, "origin");
    for (const list of lists) {
      for (const item of itemsOf(list)) item.remove();
      for (const parts of several(given(given(kept, "lists"), list.dataset.list))) {
        const item = addItem(list);
        for (const control of item.querySelectorAll("[data-key], [data-part]")) {
          control.value = texted(
            given(parts, control.dataset.key || `${list.dataset.list}.${control.dataset.part}`),
          );
        }
      }
    }
    before = typed();
    const pairs = (it) =>
      Object.fromEntries(Object.entries(it || {}).filter(([, text]) => typeof text === "string"));
    state.names = pairs(given(kept, "names"));
    state.readings = pairs(given(kept, "readings"));
    state.situations = several(given(kept, "situations")).filter((id) => situations.has(id));
    state.allowed = several(given(kept, "allowed")).filter(
      (it) => typeof given(it, "text") === "string" && typeof given(it, "why") === "string",
    );
    const ingredients = new Set(model.ingredients.map((one) => one.id));
    const exists = (key) =>
      typeof key === "string" && (draft.isNew(key) ? key in state.names : ingredients.has(key));
    const stands = ({ start, end, keys }) => {
      const words =
        Number.isInteger(start) && Number.isInteger(end) ? before.slice(start, end) : "";
      return keys.length && words.trim() && !words.includes("\n");
    };
    state.marks = draft.apart(
      several(given(kept, "marks"))
        .map((mark) => ({
          start: given(mark, "start"),
          end: given(mark, "end"),
          keys: several(given(mark, "keys")).filter(exists),
        }))
        .filter(stands),
    );
  };

  // Why the draft is no longer kept.
  const STOPPED = {
    refused:
      "Ce navigateur refuse de garder le brouillon, ou n’a plus de place. Le récit reste sur cette page tant qu’elle est ouverte.",
    erased:
      "Le brouillon a été effacé de cet appareil dans un autre onglet. Le texte reste sur cette page tant qu’elle est ouverte.",
    written:
      "Un brouillon s’écrit aussi dans un autre onglet. Pour ne rien y effacer, le texte de cette page n’est plus gardé\u00a0: cochez de nouveau pour le garder à la place de l’autre, ou remplacez-le ici par l’autre.",
  };
  const keep = byId("form-keep");
  const kept = (message, why = "") => {
    byId("form-kept").textContent = message;
    byId("form-erase").hidden = !keep.checked;
    byId("form-other").hidden = why !== "written";
  };
  const own = storage.shared(DRAFT, keep, (why) => kept(STOPPED[why], why));
  const save = () => own.keep(snapshot);
  const erase = (message) => {
    own.remove();
    keep.checked = false;
    kept(message);
  };
  keep.addEventListener("change", () => {
    if (!keep.checked) erase("Le brouillon est effacé de cet appareil.");
    else if (save()) kept("Le brouillon est gardé sur cet appareil.");
  });
  // The browser asks first: the text of this page is kept nowhere.
  byId("form-other").addEventListener("click", () => location.reload());
  // What was typed last is kept too.
  const leave = () => waiting && save();
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  byId("form-erase").addEventListener("click", () => {
    erase(
      "Le brouillon est effacé de cet appareil. Le texte reste sur cette page tant qu’elle est ouverte.",
    );
    keep.focus();
  });

  // ---------------------------------------------------------------- the file

  let file = null; // the file that was made: {name, text, url}
  let taken = false; // whether it was downloaded, copied or sent
  const drop = () => {
    if (file) URL.revokeObjectURL(file.url);
    file = null;
    taken = false;
    byId("form-result").hidden = true;
  };

  const prepare = () => {
    const data = whole();
    const text = draft.yaml(data);
    const name = draft.fileName(data.values.title);
    drop();
    file = { name, text, url: URL.createObjectURL(new Blob([text], { type: "application/yaml" })) };
    const proposed = draft.proposals(data);
    byId("result-about").textContent =
      `${name}${model.repository ? "" : "\u00a0: le fichier à remettre à l’équipe"}. Il passe les vérifications que ce formulaire peut faire\u202f; quelqu’un d’autre que vous relira en cherchant qui l’on pourrait reconnaître.`;
    byId("result-yaml").value = text;
    Object.assign(byId("result-download"), { href: file.url, download: name });
    byId("result-mail").href = mail(name, data.values.title, proposed);
    offerHost(name, text);
    byId("result-said").textContent = "";
    byId("form-result").hidden = false;
    byId("form-result").focus();
  };

  const mail = (name, title, proposed) => {
    const body = [
      "Bonjour,",
      "",
      `Voici un récit pour le guide « Une fois où… » : ${draft.read(title).text}.`,
      `Le fichier ${name} est à joindre à ce courriel avant de l’envoyer.`,
      ...(proposed.length
        ? [
            "",
            "Ingrédients proposés, pas encore dans le guide :",
            ...proposed.map((it) => `- ${it}`),
          ]
        : []),
      "",
    ].join("\r\n");
    return `mailto:${encodeURIComponent(model.contact)}?subject=${encodeURIComponent(`Un récit pour le guide : ${draft.read(title).text}`)}&body=${encodeURIComponent(body)}`;
  };

  const offerHost = (name, text) => {
    const address = `${model.repository}/new/main/narratives?filename=${encodeURIComponent(name)}&value=${encodeURIComponent(text)}`;
    const fits = address.length < model.longestAddress;
    const open = byId("result-open");
    open.hidden = byId("result-public").hidden = !model.repository || !fits;
    byId("result-long").hidden = !model.repository || fits;
    if (!open.hidden) open.href = address;
  };

  byId("result-copy").addEventListener("click", async () => {
    const said = byId("result-said");
    try {
      await navigator.clipboard.writeText(file.text);
      taken = true;
      said.textContent = "Le texte du fichier est copié.";
    } catch {
      byId("result-yaml").closest("details").open = true;
      byId("result-yaml").select();
      said.textContent =
        "La copie est refusée ici. Le texte est choisi plus bas\u00a0: copiez-le au clavier.";
    }
  });
  byId("result-download").addEventListener("click", () => {
    taken = true;
    byId("result-said").textContent = `${file.name} est dans vos téléchargements.`;
  });

  // ---------------------------------------------------------------- as things change

  const say = (message) => {
    byId("form-said").textContent = message;
  };

  const showCount = (control) => {
    const place = byId(`${control.id}-count`);
    const { longest, paragraphs } = fieldOf(control);
    if (!place || !longest) return;
    const length = isHuge(control)
      ? control.value.length
      : draft.length(control === story ? marked() : control.value, paragraphs);
    place.hidden = control !== story && length < 0.8 * longest;
    place.textContent = `${count(length)} / ${count(longest)}`;
  };

  const drawPreview = () => {
    if (byId("preview-fold").open) UneFois.preview.narrative(byId("preview"), whole());
  };

  // Everything that shows what is typed.
  const show = () => {
    drop();
    texts().forEach(showFindings);
    texts().forEach(showCount);
    showFaults([...faults()]);
    drawAllowed();
    UneFois.preview.theory(byId("theory"), state);
    drawPreview();
    if (asked) summarise(inOrder([...faults(), ...undecided()]));
  };

  let waiting = 0; // for the person to stop typing
  const refresh = () => {
    clearTimeout(waiting);
    waiting = 0;
    show();
    save();
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 300);
  };

  const marking = UneFois.marking(
    state,
    () => before,
    () => {
      marking.render();
      refresh();
    },
  );

  const followStory = () => {
    const now = story.value;
    if (now === before || isHuge(story)) return; // marks wait for a story that can be one
    const kept = draft.moved(state.marks, before, now);
    if (kept.length < state.marks.length) say("Un passage marqué a disparu avec ses mots.");
    state.marks = kept;
    before = now;
    marking.forgetChoice();
    marking.render();
  };

  form.addEventListener("input", ({ target }) => {
    if (target.matches("[role=combobox]") || target.closest("#mark-keys, .form-why, .form-keep"))
      return;
    drop();
    if (target.matches("textarea, input[type=text]")) {
      const tidy = draft.clean(target.value);
      if (tidy !== target.value) {
        const place = draft.clean(target.value.slice(0, target.selectionStart)).length;
        target.value = tidy;
        target.setSelectionRange(place, place);
      }
    }
    if (target === story) followStory();
    if (target.name === "origin") showOrigin();
    later();
  });
  // Enter in a field ends no form: there is a button for that.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });
  byId("preview-fold").addEventListener("toggle", drawPreview);
  for (const list of lists) {
    list
      .querySelector(".form-add")
      .addEventListener("click", () =>
        addItem(list).querySelector("input, textarea, select").focus(),
      );
  }

  UneFois.combobox(
    byId("f-situations"),
    byId("f-situations-options"),
    byId("f-situations-status"),
    {
      items: () => model.situations,
      pick: ({ id }) => {
        if (!state.situations.includes(id)) state.situations.push(id);
        byId("f-situations").value = "";
        drawSituations();
        refresh();
      },
    },
  );
  // Enter in a field that searches takes what is found: it never sends the form.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[role=combobox]")) event.preventDefault();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    asked = true;
    refresh();
    const found = inOrder([...faults(), ...undecided()]);
    summarise(found);
    if (!found.length) return prepare();
    byId("form-summary").focus();
    byId("form-summary").scrollIntoView();
  });

  // Leaving loses what is nowhere else.
  addEventListener("beforeunload", (event) => {
    if (story.value.trim() && !keep.checked && !taken) event.preventDefault();
  });

  const START = {
    "discussion.clarifications": 3,
    "discussion.interventions": 2,
    questions: 2,
    "origin.sources": 1,
  };
  const last = own.get();
  keep.checked = Boolean(last); // whatever the browser remembers of the box
  if (last) {
    restore(last);
    kept("Votre brouillon est repris de cet appareil.");
  }
  for (const list of lists) {
    while (itemsOf(list).length < (last ? 1 : START[list.dataset.list])) addItem(list);
  }
  showOrigin();
  drawSituations();
  marking.render();
  form.hidden = false;
  show();
})();
