/*
« S'exercer »: a passage in its context, four ingredients, then the guide's reading. The series
follows from the address alone: the same filters and the same seed give the same passages, in the
same order. Nothing is counted, and nothing is kept but the place in the series, with the address in
the tab's own history: whoever follows a link comes back to it.
*/
(() => {
  "use strict";
  const element = UneFois.element;
  const { themes, theories, ingredients, narratives, passages } = UneFois.training;
  const LENGTH = 10;
  const CHOICES = 4;
  const SEED = /^[a-z0-9]{1,16}$/;
  const form = document.getElementById("series");
  const told = document.getElementById("exercise-told");
  const place = document.getElementById("exercise");

  // ------------------------------------------------------------------ the same draw for a seed

  // FNV-1a, to turn the seed into a number; then mulberry32: whole numbers below `limit`.
  const dice = (seed) => {
    let state = 2166136261;
    for (const character of seed) state = Math.imul(state ^ character.codePointAt(0), 16777619);
    return (limit) => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
    };
  };
  const shuffled = (list, roll) => {
    const mixed = [...list];
    for (let end = mixed.length - 1; end > 0; end -= 1) {
      const other = roll(end + 1);
      [mixed[end], mixed[other]] = [mixed[other], mixed[end]];
    }
    return mixed;
  };
  const newSeed = () => crypto.getRandomValues(new Uint32Array(1))[0].toString(36);

  // ------------------------------------------------------------------ a series

  // Other passages first for ingredients and stories that the series does not have yet.
  const draw = (fitting, roll) => {
    const left = shuffled(fitting, roll);
    const series = [];
    const seen = new Map();
    const times = (key) => seen.get(key) || 0;
    while (left.length && series.length < LENGTH) {
      const weight = (it) => 2 * times(it.answer) + times(it.narrative);
      const next = left.reduce((best, it) => (weight(it) < weight(best) ? it : best));
      left.splice(left.indexOf(next), 1);
      for (const key of [next.answer, next.narrative]) seen.set(key, times(key) + 1);
      series.push(next);
    }
    return series;
  };

  const distinction = (one, other) =>
    ingredients[one].contrasts[other] || ingredients[other].contrasts[one];

  // Near ones first: those told apart on the ingredient's page, those that a theory brings together.
  const choices = (it, roll) => {
    const near = (id) =>
      distinction(it.answer, id)
        ? 0
        : ingredients[id].theories.some((theory) =>
              ingredients[it.answer].theories.includes(theory),
            )
          ? 1
          : 2;
    const others = Object.keys(ingredients).filter((id) => !it.ids.includes(id));
    const ordered = shuffled(others, roll).sort((one, other) => near(one) - near(other));
    return shuffled([it.answer, ...ordered.slice(0, CHOICES - 1)], roll);
  };

  const series = ({ theme, theory, seed }) => {
    const roll = dice(seed);
    const fits = (id) => !theory || ingredients[id].theories.includes(theory);
    const fitting = passages.flatMap(([narrative, number, before, words, after, ids]) => {
      if (theme && narratives[narrative].theme !== theme) return [];
      const answers = ids.filter((id) => ingredients[id] && fits(id));
      return answers.length
        ? [{ narrative, number, before, words, after, ids, answer: answers[roll(answers.length)] }]
        : [];
    });
    return draw(fitting, roll).map((it) => ({ ...it, choices: choices(it, roll), chosen: "" }));
  };

  // ------------------------------------------------------------------ one passage

  const status = ([value, label]) =>
    element("span", { className: `status status-${value}` }, label);
  const button = (label, className, act) => {
    const made = element("button", { type: "button", className }, label);
    made.addEventListener("click", act);
    return made;
  };
  const arrive = (heading) => {
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  };

  const context = (it) =>
    element(
      "blockquote",
      { className: "excerpt" },
      it.before,
      element("mark", { className: "passage" }, it.words),
      it.after,
    );

  const storyLink = (it, label) =>
    element("a", { href: `recits/${it.narrative}.html#passage-${it.number}` }, label);

  const reading = (it) => {
    const answer = ingredients[it.answer];
    const others = it.ids.filter((id) => id !== it.answer && ingredients[id]);
    const box = element("section", { className: "answer" });
    const heading = element(
      "h3",
      { tabIndex: -1 },
      it.chosen === it.answer ? "Le guide y voit la même chose" : "Le guide y voit autre chose",
    );
    box.append(
      heading,
      element(
        "p",
        {},
        element("a", { href: `ingredients/${it.answer}.html` }, answer.short),
        " ",
        status(answer.status),
      ),
      element("p", {}, narratives[it.narrative].readings[it.answer]),
    );
    const difference = it.chosen !== it.answer && distinction(it.answer, it.chosen);
    if (it.chosen !== it.answer) {
      const chosen = ingredients[it.chosen];
      box.append(
        element(
          "p",
          { className: "yours" },
          "Vous avez nommé\u00a0: ",
          element("a", { href: `ingredients/${it.chosen}.html` }, chosen.short),
          ". ",
          difference || chosen.summary,
        ),
      );
      if (!difference)
        box.append(element("p", {}, "Qu’est-ce qui, dans ces mots, vous l’a fait voir\u00a0?"));
    }
    for (const id of others) {
      box.append(
        element(
          "p",
          {},
          "Le guide y voit aussi\u00a0: ",
          element("a", { href: `ingredients/${id}.html` }, ingredients[id].short),
          ". ",
          narratives[it.narrative].readings[id],
        ),
      );
    }
    const story = narratives[it.narrative];
    box.append(
      element(
        "p",
        { className: "meta" },
        "Extrait de ",
        storyLink(it, story.title),
        `, ${themes[story.theme]}. `,
        status(story.origin),
      ),
    );
    return { box, heading };
  };

  const showPassage = (asked, list, number) => {
    const it = list[number];
    const heading = element("h2", { tabIndex: -1 }, `Passage ${number + 1} de ${list.length}`);
    const group = element("div", {
      className: "choices",
      role: "group",
      aria: { label: "Quel ingrédient y voyez-vous\u00a0?" },
    });
    const after = element("div", {});
    const choose = (id) => {
      it.chosen = id;
      remember(list, number);
      for (const made of group.children) {
        const own = made.dataset.id;
        made.disabled = true;
        const tags = [own === id && "Votre choix", own === it.answer && "Le guide"].filter(Boolean);
        if (tags.length) made.append(element("span", { className: "tag" }, tags.join(" · ")));
        made.classList.toggle("chosen", own === id);
        made.classList.toggle("guide", own === it.answer);
      }
      const { box, heading: told } = reading(it);
      const last = number === list.length - 1;
      const next = button(last ? "Terminer" : "Passage suivant", "main", () =>
        last ? showEnd(asked, list) : showPassage(asked, list, number + 1),
      );
      after.replaceChildren(box, element("p", { className: "buttons" }, next));
      arrive(told);
    };
    group.append(
      ...it.choices.map((id) => {
        const made = button("", "choice", () => choose(id));
        made.dataset.id = id;
        made.append(
          element("b", {}, ingredients[id].short),
          element("span", {}, ingredients[id].summary),
        );
        return made;
      }),
    );
    place.replaceChildren(
      heading,
      context(it),
      element("p", { className: "ask" }, "Quel ingrédient y voyez-vous\u00a0?"),
      group,
      after,
      other(),
    );
    remember(list, number);
    if (number || started) arrive(heading);
    if (it.chosen) choose(it.chosen);
  };

  // While a series runs, the filters leave the place to it.
  const other = () => {
    const made = button("Choisir un autre thème ou une autre théorie", "link", () => {
      form.hidden = false;
      form.elements.theme.focus();
      form.scrollIntoView({ block: "center" });
    });
    return element("p", { className: "other" }, made);
  };

  const showEnd = (asked, list) => {
    remember(list, list.length);
    const heading = element("h2", { tabIndex: -1 }, "La série est finie");
    const items = list.map((it) =>
      element(
        "li",
        {},
        element("span", { className: "quoted" }, it.words),
        " ",
        ingredients[it.answer].short,
        ", dans ",
        storyLink(it, narratives[it.narrative].title),
      ),
    );
    const again = button("Une autre série", "main", () => begin({ ...asked, seed: newSeed() }));
    const share = element("input", {
      type: "text",
      readOnly: true,
      value: location.href,
      className: "share",
    });
    share.addEventListener("focus", () => share.select());
    place.replaceChildren(
      heading,
      element(
        "p",
        {},
        "Un désaccord avec le guide est une bonne discussion d’équipe\u00a0: lesquels apporteriez-vous\u00a0?",
      ),
      element("ol", { className: "seen" }, ...items),
      element("p", { className: "buttons" }, again),
      other(),
      element("label", {}, "Pour faire la même série en équipe, partagez cette adresse", share),
    );
    arrive(heading);
  };

  // ------------------------------------------------------------------ the address

  let started = false;

  const remember = (list, at) =>
    history.replaceState({ at, chosen: list.map((it) => it.chosen) }, "");

  // The place in a series, its end included; choices that the guide no longer offers are left out.
  const resume = (list, { at, chosen }) => {
    for (const [number, it] of list.entries())
      if (it.choices.includes(chosen[number])) it.chosen = chosen[number];
    return Math.min(at, list.length);
  };

  const begin = (asked, before = { at: 0, chosen: [] }) => {
    for (const name of ["theme", "theory"]) form.elements[name].value = asked[name];
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    try {
      history.replaceState(null, "", `?${query}`);
    } catch {
      // Some browsers keep the address of a local file as it is.
    }
    const list = series(asked);
    form.hidden = list.length > 0;
    if (list.length) {
      const at = resume(list, before);
      if (at < list.length) showPassage(asked, list, at);
      else showEnd(asked, list);
    } else {
      place.replaceChildren();
      told.textContent = "Aucun passage pour ce choix. Élargissez le thème ou la théorie.";
    }
    started = true;
  };

  const fromAddress = () => {
    const query = new URLSearchParams(location.search);
    const unknown = [];
    const one = (name, known) => {
      const value = query.get(name) || "";
      if (!value || known(value)) return value;
      unknown.push(value.slice(0, 40));
      return "";
    };
    const asked = {
      theme: one("theme", (id) => Object.hasOwn(themes, id)),
      theory: one("theory", (id) => Object.hasOwn(theories, id)),
      seed: one("seed", (seed) => SEED.test(seed)),
    };
    if (unknown.length)
      told.textContent = `L’adresse demande ce que le guide ne connaît pas, laissé de côté\u00a0: ${unknown.join(", ")}.`;
    return asked;
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    told.textContent = "";
    started = true;
    begin({
      theme: form.elements.theme.value,
      theory: form.elements.theory.value,
      seed: newSeed(),
    });
  });
  const asked = fromAddress();
  for (const name of ["theme", "theory"]) form.elements[name].value = asked[name];
  // Coming back, or reloading, finds the place again; following the address begins the series, even
  // from the page itself, where a browser keeps the state.
  const [{ type }] = performance.getEntriesByType("navigation");
  if (asked.seed) begin(asked, (type !== "navigate" && history.state) || undefined);
})();
