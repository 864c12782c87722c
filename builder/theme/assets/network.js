/*
The map of a network: roles, never persons, and what each link is worth, said in a word and drawn
as a line of its own. Roles stand on two sides of the team, in the order given: the same entries
make the same drawing. The list says all that the map shows.
*/
(() => {
  "use strict";
  const { element, tools } = UneFois;
  const place = document.getElementById("network");
  const MOST = 16;
  const LINKS = [
    ["unsaid", "à préciser"],
    ["solid", "solide"],
    ["fragile", "fragile"],
    ["tense", "tendu"],
    ["missing", "à bâtir"],
  ];
  const wordOf = Object.fromEntries(LINKS);
  const SIZE = { width: 520, box: 168, height: 62, gap: 14, radius: 44 };

  // ------------------------------------------------------------------ the roles

  const rows = [];
  const list = element("div", { className: "tool-form" });

  const row = ([role, link, gives, needs] = []) => {
    const own = {
      role: tools.field("input", "Rôle", { maxLength: 60, autocomplete: "off" }),
      link: tools.choice("Lien avec nous", LINKS),
      gives: tools.field("input", "Ce qu’il apporte", { maxLength: 120, autocomplete: "off" }),
      needs: tools.field("input", "Ce dont il a besoin", { maxLength: 120, autocomplete: "off" }),
    };
    own.role.control.value = tools.text(role);
    own.gives.control.value = tools.text(gives);
    own.needs.control.value = tools.text(needs);
    if (Object.hasOwn(wordOf, link)) own.link.control.value = link;
    const legend = element("legend", {});
    own.name = () => {
      legend.textContent = `Partenaire ${rows.indexOf(own) + 1}`;
      removal.setAttribute("aria-label", `Retirer le partenaire ${rows.indexOf(own) + 1}`);
    };
    const removal = tools.button("Retirer", "quiet", () => {
      rows.splice(rows.indexOf(own), 1);
      own.whole.remove();
      if (!rows.length) add();
      change();
      rows[0].role.control.focus();
    });
    own.whole = element(
      "fieldset",
      { className: "tool-row tool-partner" },
      legend,
      ...[own.role, own.link, own.gives, own.needs].map((it) => it.whole),
      removal,
    );
    for (const it of [own.role, own.gives, own.needs]) it.warn();
    return own;
  };
  const add = (values) => {
    const made = row(values);
    rows.push(made);
    list.append(made.whole);
    return made;
  };
  const more = tools.button("Ajouter un rôle", "quiet", () => {
    add().role.control.focus();
    change();
  });

  const value = () =>
    rows.map((it) => [it.role, it.link, it.gives, it.needs].map((one) => one.control.value.trim()));
  const fill = (values) => {
    rows.splice(0);
    list.replaceChildren();
    for (const one of values.slice(0, MOST)) add(Array.isArray(one) ? one : []);
    while (rows.length < 2) add();
    draw();
  };

  // ------------------------------------------------------------------ the map

  const svg = (name, attributes, ...children) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, one] of Object.entries(attributes)) made.setAttribute(key, one);
    made.append(...children);
    return made;
  };
  const points = (pairs) => pairs.map((pair) => pair.map((it) => it.toFixed(1)).join(",")).join(" ");
  const polyline = (pairs, more) =>
    svg("polyline", { points: points(pairs), class: "map-line", ...more });

  // A line from one point to another, drawn as its quality is; none while nobody has said it.
  const line = (link, [x1, y1], [x2, y2]) => {
    if (link === "unsaid") return [];
    const length = Math.hypot(x2 - x1, y2 - y1);
    const [along, across] = [
      [(x2 - x1) / length, (y2 - y1) / length],
      [-(y2 - y1) / length, (x2 - x1) / length],
    ];
    const at = (far, aside) => [
      x1 + along[0] * far + across[0] * aside,
      y1 + along[1] * far + across[1] * aside,
    ];
    if (link === "solid")
      return [3, -3].map((aside) => polyline([at(0, aside), at(length, aside)], {}));
    if (link === "tense") {
      const turns = Math.max(4, Math.round(length / 9));
      const middle = Array.from({ length: turns - 1 }, (_, rank) =>
        at(((rank + 1) * length) / turns, rank % 2 ? 5 : -5),
      );
      return [polyline([at(0, 0), ...middle, at(length, 0)], {})];
    }
    const dash = link === "missing" ? { "stroke-dasharray": "3 6" } : {};
    return [polyline([at(0, 0), at(length, 0)], dash)];
  };

  // Words in at most two lines; the list below gives them whole.
  const lines = (words) => {
    const [most, made] = [20, [""]];
    for (const word of words.split(/\s+/u)) {
      const last = `${made.at(-1)} ${word}`.trim();
      if (last.length <= most || !made.at(-1)) made[made.length - 1] = last;
      else made.push(word);
    }
    const kept = made.slice(0, 2);
    if (made.length > 2) kept[1] += "…";
    return kept.map((it) => (it.length > most ? `${it.slice(0, most - 1)}…` : it));
  };

  const box = (role, link, x, y) => {
    const middle = x + SIZE.box / 2;
    const words = lines(role);
    const first = y + (words.length === 2 ? 20 : 27);
    return [
      svg("rect", { x, y, width: SIZE.box, height: SIZE.height, rx: 6, class: "map-box" }),
      ...words.map((it, rank) => svg("text", { x: middle, y: first + 17 * rank, class: "map-role" }, it)),
      svg("text", { x: middle, y: y + 54, class: "map-link" }, `lien ${wordOf[link]}`),
    ];
  };

  const map = (found) => {
    const sides = Math.ceil(found.length / 2);
    const height = Math.max(2, sides) * (SIZE.height + SIZE.gap) + SIZE.gap;
    const centre = [SIZE.width / 2, height / 2];
    const drawn = found.map(([role, link], rank) => {
      const right = rank % 2 === 1;
      const count = right ? found.length - sides : sides;
      const top = (height - count * (SIZE.height + SIZE.gap) + SIZE.gap) / 2;
      const y = top + Math.floor(rank / 2) * (SIZE.height + SIZE.gap);
      const x = right ? SIZE.width - SIZE.box - 2 : 2;
      const edge = [right ? x : x + SIZE.box, y + SIZE.height / 2];
      return [line(link, centre, edge), box(role, link, x, y)];
    });
    return svg(
      "svg",
      {
        viewBox: `0 0 ${SIZE.width} ${height}`,
        role: "img",
        "aria-label": "Carte de notre réseau. La liste qui suit dit la même chose.",
      },
      ...drawn.flatMap(([strokes]) => strokes),
      svg("circle", { cx: centre[0], cy: centre[1], r: SIZE.radius, class: "map-centre" }),
      svg("text", { x: centre[0], y: centre[1] - 3, class: "map-team" }, "Notre"),
      svg("text", { x: centre[0], y: centre[1] + 15, class: "map-team" }, "équipe"),
      ...drawn.flatMap(([, boxes]) => boxes),
    );
  };

  // ------------------------------------------------------------------ the list

  const item = ([role, link, gives, needs]) =>
    element(
      "li",
      {},
      element("b", {}, role),
      `\u00a0: lien ${wordOf[link]}.`,
      ...(gives ? [` Apporte\u00a0: ${gives}.`] : []),
      ...(needs ? [` A besoin de\u00a0: ${needs}.`] : []),
    );

  const drawing = element("div", { className: "map" });
  const said = element("ul", {});

  const draw = () => {
    for (const it of rows) it.name();
    more.disabled = rows.length >= MOST;
    const found = value().filter(([role]) => role);
    drawing.replaceChildren(
      ...(found.length
        ? [map(found)]
        : [element("p", { className: "meta" }, "La carte se dessine dès le premier rôle.")]),
    );
    said.replaceChildren(...found.map(item));
  };
  const change = () => {
    draw();
    foot.keep();
  };

  const foot = tools.foot("reseau", { value, clear: () => fill([]) });
  list.addEventListener("input", change);
  place.append(
    list,
    element("p", { className: "buttons" }, more),
    element("h3", {}, "Notre carte"),
    drawing,
    said,
    foot.whole,
  );
  fill(Array.isArray(foot.kept) ? foot.kept : []);
})();
