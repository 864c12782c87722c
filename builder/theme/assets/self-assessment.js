/*
A team sees where its collaboration stands: a level, a recent fact and a next step for each
indicator of the grid above, which gives the names. The profile says it in words first.
*/
(() => {
  "use strict";
  const { element, tools } = UneFois;
  const place = document.getElementById("self-assessment");
  const grid = document.querySelector("table.grid");
  const levels = [...grid.querySelectorAll("thead th")].slice(1).map((it) => it.textContent);
  const letters = levels.map((_, rank) => String.fromCharCode(65 + rank));
  const UNKNOWN = "?";

  const rows = [...grid.querySelectorAll("tbody th")].map((head, rank) => {
    const radio = (value, label) => {
      const input = element("input", { type: "radio", name: `level-${rank}`, value });
      return [input, element("label", { className: "tool-level" }, input, label)];
    };
    const radios = [
      ...levels.map((level, at) => radio(letters[at], `${letters[at]}. ${level}`)),
      radio(UNKNOWN, "Je ne sais pas"),
    ];
    const fact = tools.field("textarea", "Un fait récent qui le montre", {
      rows: 2,
      maxLength: 300,
    });
    const step = tools.field("textarea", "Le prochain pas\u00a0: qui, quoi, quand", {
      rows: 2,
      maxLength: 300,
    });
    const whole = element(
      "fieldset",
      { className: "tool-row" },
      element("legend", {}, `${rank + 1}. ${head.dataset.name}`),
      element("p", { className: "meta" }, head.querySelector(".grid-question").textContent),
      element("div", { className: "tool-levels" }, ...radios.map(([, label]) => label)),
      fact.whole,
      step.whole,
    );
    const inputs = radios.map(([input]) => input);
    return { name: head.dataset.name, whole, inputs, fact, step };
  });

  const levelOf = (row) => row.inputs.find((it) => it.checked)?.value || "";
  const value = () => rows.map((row) => [levelOf(row), row.fact.control.value, row.step.control.value]);
  const fill = (values) => {
    for (const [rank, row] of rows.entries()) {
      const [level, fact, step] = Array.isArray(values[rank]) ? values[rank] : [];
      for (const input of row.inputs) input.checked = input.value === level;
      row.fact.control.value = tools.text(fact);
      row.step.control.value = tools.text(step);
      row.fact.warn();
      row.step.warn();
    }
    draw();
  };

  // ------------------------------------------------------------------ the profile

  const summary = element("p", {});
  const profile = element("ul", { className: "profile" });

  const said = (level) => {
    if (level === UNKNOWN) return "Nous ne savons pas";
    return level ? `${level}. ${levels[letters.indexOf(level)]}` : "Pas encore situé";
  };
  const noted = (label, words) =>
    words.trim() ? [element("p", {}, element("b", {}, `${label}\u00a0: `), words)] : [];

  const draw = () => {
    const found = rows.map(levelOf);
    const counts = letters
      .map((letter, at) => [found.filter((it) => it === letter).length, levels[at].toLowerCase()])
      .filter(([number]) => number)
      .map(([number, level]) => `${number} en ${level}`);
    const situated = found.filter((it) => letters.includes(it)).length;
    summary.textContent = `${situated} sur ${rows.length}${situated ? `\u00a0: ${counts.join(", ")}` : ""}.`;
    profile.replaceChildren(
      ...rows.map((row, rank) =>
        element(
          "li",
          {},
          element(
            "p",
            { className: "profile-line" },
            element("b", {}, row.name),
            element(
              "span",
              { className: "profile-scale", aria: { hidden: "true" } },
              ...letters.map((letter) =>
                element("span", { className: letter === found[rank] ? "here-now" : "" }, letter),
              ),
            ),
            element("span", { className: "profile-said" }, said(found[rank])),
          ),
          ...noted("Un fait", row.fact.control.value),
          ...noted("Prochain pas", row.step.control.value),
        ),
      ),
    );
  };

  const foot = tools.foot("collaboration", { value, clear: () => fill([]) });
  const form = element("div", { className: "tool-form" }, ...rows.map((row) => row.whole));
  const change = () => {
    draw();
    foot.keep();
  };
  form.addEventListener("input", change);
  place.append(form, element("h3", {}, "Notre profil"), summary, profile, foot.whole);
  fill(Array.isArray(foot.kept) ? foot.kept : []);
})();
