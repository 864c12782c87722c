/* Shows a story as the guide will, and the theories of its ingredients. */
window.UneFois = window.UneFois || {};
UneFois.preview = (() => {
  "use strict";
  const { draft, element } = UneFois;
  const model = globalThis.FormModel;
  const ingredients = new Map(model.ingredients.map((one) => [one.id, one]));
  const status = (kind, label) => element("span", { className: `status status-${kind}` }, label);
  const french = (text) => draft.french(draft.read(text).text);

  const theory = (place, state) => {
    const keys = draft.keys(state.marks).filter((key) => !draft.isNew(key));
    const lit = new Map();
    for (const key of keys) {
      for (const link of ingredients.get(key).theories) {
        lit.set(link.id, [
          ...(lit.get(link.id) || []),
          { ...link, ingredient: ingredients.get(key) },
        ]);
      }
    }
    const none = keys.length
      ? "Aucune théorie n’est encore rattachée à ces ingrédients."
      : "Marquez d’abord un ingrédient, à l’étape 3.";
    place.replaceChildren(
      ...(lit.size ? [] : [element("p", { className: "form-empty" }, none)]),
      ...[...lit].map(([id, links]) =>
        element(
          "div",
          { className: "form-theory" },
          element(
            "h3",
            {},
            element(
              "a",
              { href: `theories/${id}.html`, target: "_blank", rel: "noopener" },
              model.theories[id],
            ),
          ),
          element(
            "ul",
            {},
            ...links.map((link) =>
              element(
                "li",
                {},
                element("b", {}, link.ingredient.name),
                `\u00a0: ${link.why} `,
                status(link.status, link.label),
              ),
            ),
          ),
        ),
      ),
    );
  };

  // `whole` is {story, marks, names, readings, values}, as draft.yaml takes it.
  const narrative = (place, whole) => {
    const order = draft.keys(whole.marks);
    const { origin: source, teller, title, summary, theme } = whole.values;
    const { discussion, outcome, questions, situations, facilitation } = whole.values;
    const called = (id) => model.situations.find((one) => one.id === id).name;
    const name = (key) => (draft.isNew(key) ? whole.names[key] : ingredients.get(key).full);
    const lines = (text) =>
      text
        .split("\n")
        .filter((line) => line.trim())
        .map((line) => element("p", {}, french(line)));
    const passages = draft
      .lines(whole.story, whole.marks)
      .map((segments) =>
        element(
          "p",
          {},
          ...segments.flatMap(({ text, keys }) =>
            keys.length
              ? [
                  element("mark", { className: "passage" }, draft.french(text)),
                  ...keys.map((key) =>
                    element(
                      "span",
                      { className: "passage-letter" },
                      draft.letter(order.indexOf(key)),
                    ),
                  ),
                ]
              : [draft.french(text)],
          ),
        ),
      );
    const readings = order.map((key, place) =>
      element(
        "li",
        {},
        element(
          "h4",
          {},
          element("span", { className: "letter" }, draft.letter(place)),
          " ",
          name(key),
        ),
        ...whole.marks
          .filter((mark) => mark.keys.includes(key))
          .map((mark) =>
            element(
              "p",
              { className: "quoted" },
              draft.french(whole.story.slice(mark.start, mark.end)),
            ),
          ),
        element("p", {}, french(whole.readings[key] || "")),
      ),
    );
    const heading = (text) => element("h3", {}, text);
    const bullets = (items) =>
      element("ul", {}, ...items.map((item) => element("li", {}, french(item))));
    place.replaceChildren(
      element("p", { className: "eyebrow" }, model.themes[theme] || ""),
      element("p", { className: "form-preview-title" }, french(title) || "Sans titre"),
      element("p", { className: "lead" }, french(summary)),
      element(
        "p",
        { className: "provenance-line" },
        teller && `${french(teller)}. `,
        ...(source.kind ? [status(source.kind, model.origins[source.kind])] : []),
        ...source.sources
          .filter((it) => it.ref)
          .map((it) => ` ${model.references[it.ref]}${it.detail ? ` (${french(it.detail)})` : ""}`),
      ),
      element("div", { className: "story" }, ...passages),
      ...(readings.length
        ? [
            heading("Les ingrédients à l’œuvre"),
            element("ol", { className: "readings" }, ...readings),
          ]
        : []),
      heading("En discussion"),
      element(
        "dl",
        { className: "clarifications" },
        ...discussion.clarifications.map((it) =>
          element(
            "div",
            {},
            element("dt", {}, french(it.question)),
            element("dd", {}, french(it.answer) || "La source ne donne pas la réponse."),
          ),
        ),
      ),
      heading("Interventions nommées"),
      bullets(discussion.interventions),
      heading("Et après"),
      element("p", {}, french(outcome)),
      heading("Questions pour le groupe"),
      bullets(questions),
      ...(source.note.trim()
        ? [
            heading("Ce qui vient de la source, ce qui est de nous"),
            element("p", {}, french(source.note)),
          ]
        : []),
      ...(situations.length
        ? [heading("Dans des situations proches"), bullets(situations.map(called))]
        : []),
      heading("Notes pour l’animation"),
      ...lines(facilitation),
    );
  };

  return { theory, narrative };
})();
