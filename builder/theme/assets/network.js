/*
The map of a network: roles, never persons, and what each link is worth, said in a word and drawn
as a line of its own. Roles stand on two sides of the team, in the order given; links between two
of them are curves, outside for those of one side, around the team for the others. The same entries
make the same drawing. The lists say all that the map shows.

What is kept: {roles: [[role, link, gives, needs]…], between: [[place, other place, link]…]}; a map
kept before partners could be linked is its roles alone.
*/
(() => {
  "use strict";
  const { element, tools } = UneFois;
  const place = document.getElementById("network");
  const MOST = 16;
  const MOST_BETWEEN = 24;
  const LINKS = [
    ["unsaid", "à préciser"],
    ["solid", "solide"],
    ["fragile", "fragile"],
    ["tense", "tendu"],
    ["missing", "à bâtir"],
  ];
  const wordOf = Object.fromEntries(LINKS);
  const SIZE = { width: 520, box: 168, height: 62, gap: 14, radius: 44, lane: 24 };

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
      between = between.filter((it) => it.one !== own && it.other !== own);
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

  // ------------------------------------------------------------------ between two partners

  // {one, other, link}: two rows, and what the link is worth.
  let between = [];
  const pair = {
    one: tools.choice("Un partenaire", []),
    other: tools.choice("Un autre", []),
    link: tools.choice("Lien entre eux", LINKS.slice(1)),
  };
  const told = element("p", { className: "tool-told", role: "status" });
  const links = element("ul", { className: "tool-links" });

  const roleOf = (row) => row.role.control.value.trim();
  const namesOf = ({ one, other }) => `${roleOf(one)} – ${roleOf(other)}`;
  const shown = () => between.filter((it) => roleOf(it.one) && roleOf(it.other));

  const relate = () => {
    const [one, other] = [pair.one, pair.other].map((it) => rows[Number(it.control.value)]);
    if (one === other) {
      told.textContent = "Choisissez deux partenaires différents.";
      pair.other.control.focus();
      return;
    }
    const made = { one, other, link: pair.link.control.value };
    const place = between.findIndex((it) => [one, other].every((end) => end === it.one || end === it.other));
    if (place >= 0) between[place] = made;
    else between.push(made);
    change();
    told.textContent = `${place >= 0 ? "Lien changé" : "Lien ajouté"}\u00a0: ${namesOf(made)}, ${wordOf[made.link]}.`;
  };
  const relating = tools.button("Relier ces partenaires", "quiet", relate);

  const part = (gone) => {
    const place = shown().indexOf(gone);
    between = between.filter((it) => it !== gone);
    change();
    told.textContent = `Lien retiré\u00a0: ${namesOf(gone)}.`;
    const buttons = links.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] || pair.one.control).focus();
  };
  const linkItem = (it) => {
    const removal = tools.button("Retirer", "quiet", () => part(it));
    removal.setAttribute("aria-label", `Retirer le lien ${namesOf(it)}`);
    return element("li", {}, `${namesOf(it)}\u00a0: lien ${wordOf[it.link]} `, removal);
  };

  const few = element("p", { className: "meta" }, "Nommez d’abord deux rôles, ci-dessus.");
  const fields = element(
    "div",
    { className: "tool-pair" },
    ...[pair.one, pair.other, pair.link].map((it) => it.whole),
    relating,
  );
  const pairing = element(
    "fieldset",
    { className: "tool-row tool-between" },
    element("legend", {}, "Entre partenaires"),
    few,
    fields,
    told,
    links,
  );

  // Roles that have a name, as the two lists offer them; what was chosen stays chosen, but for a
  // partner that both lists would show.
  const offer = () => {
    const named = rows.filter(roleOf);
    const alike = (row) => named.filter((it) => roleOf(it) === roleOf(row)).length > 1;
    let taken = -1;
    for (const { control } of [pair.one, pair.other]) {
      const chosen = control.selectedOptions[0]?.row;
      control.replaceChildren(
        ...named.map((row) => {
          const number = rows.indexOf(row);
          const text = alike(row) ? `${roleOf(row)} (${number + 1})` : roleOf(row);
          return Object.assign(element("option", { value: number }, text), { row });
        }),
      );
      const kept = named.indexOf(chosen);
      control.selectedIndex =
        kept >= 0 && kept !== taken ? kept : named.findIndex((_, rank) => rank !== taken);
      taken = control.selectedIndex;
    }
    few.hidden = named.length > 1;
    fields.hidden = named.length < 2;
    relating.disabled = between.length >= MOST_BETWEEN;
    links.replaceChildren(...shown().map(linkItem));
  };

  // ------------------------------------------------------------------ what is kept

  const value = () => ({
    roles: rows.map((it) => [it.role, it.link, it.gives, it.needs].map((one) => one.control.value.trim())),
    between: between.map((it) => [rows.indexOf(it.one), rows.indexOf(it.other), it.link]),
  });
  const listOf = (kept) => (Array.isArray(kept) ? kept : []);
  const fill = (kept) => {
    rows.splice(0);
    list.replaceChildren();
    told.textContent = "";
    for (const one of listOf(kept?.roles || kept).slice(0, MOST)) add(listOf(one));
    while (rows.length < 2) add();
    between = listOf(kept?.between)
      .slice(0, MOST_BETWEEN)
      .map((it) => ({ one: rows[listOf(it)[0]], other: rows[listOf(it)[1]], link: listOf(it)[2] }))
      .filter((it) => it.one && it.other && it.one !== it.other)
      .filter((it) => it.link !== "unsaid" && Object.hasOwn(wordOf, it.link));
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

  // The point of a path at some distance from its beginning, put aside to the left of its course.
  const along = (path, far, aside) => {
    for (let place = 1; ; place += 1) {
      const [[x1, y1], [x2, y2]] = [path[place - 1], path[place]];
      const length = Math.hypot(x2 - x1, y2 - y1);
      if (far <= length || place === path.length - 1) {
        const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
        return [x1 + dx * far - dy * aside, y1 + dy * far + dx * aside];
      }
      far -= length;
    }
  };
  const lengthOf = (path) =>
    path.slice(1).reduce((sum, [x, y], rank) => sum + Math.hypot(x - path[rank][0], y - path[rank][1]), 0);

  // A path (points in order) drawn as the quality of its link; nothing while nobody has said it.
  const line = (link, path) => {
    if (link === "unsaid") return [];
    const length = lengthOf(path);
    const steps = (count, asideAt) =>
      Array.from({ length: count + 1 }, (_, rank) => along(path, (rank * length) / count, asideAt(rank)));
    if (link === "solid") return [3, -3].map((aside) => polyline(steps(path.length - 1, () => aside), {}));
    if (link === "tense") {
      const turns = Math.max(4, Math.round(length / 9));
      return [polyline(steps(turns, (rank) => (rank % turns ? (rank % 2 ? -5 : 5) : 0)), {})];
    }
    return [polyline(path, link === "missing" ? { "stroke-dasharray": "3 6" } : {})];
  };

  // A curve that leaves and arrives level: through `x` at mid-way when both ends are on one side,
  // through `y` when they are on two.
  const BENDS = 20;
  const bezier = (...ends) =>
    Array.from({ length: BENDS + 1 }, (_, rank) => {
      const t = rank / BENDS;
      const shares = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
      return [0, 1].map((axis) => ends.reduce((sum, end, it) => sum + shares[it] * end[axis], 0));
    });
  const outside = ([x1, y1], [x2, y2], x) => {
    const control = x1 + (x - x1) / 0.75;
    return bezier([x1, y1], [control, y1], [control, y2], [x2, y2]);
  };
  const around = ([x1, y1], [x2, y2], y) => {
    const middle = (x1 + x2) / 2;
    const half = (x2 - x1) / 4;
    const left = bezier([x1, y1], [x1 + half, y1], [middle - half, y], [middle, y]);
    return [...left, ...bezier([middle, y], [middle + half, y], [x2 - half, y2], [x2, y2]).slice(1)];
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

  // Where each end of a link meets its box: level with nothing else, and not where the team's does.
  const meet = (ties) => {
    for (const end of new Set(ties.flatMap((it) => it.ends))) {
      const here = ties.filter((it) => it.ends.includes(end));
      const far = (it) => it.ends.find((one) => one !== end).y;
      here.sort((a, b) => far(a) - far(b));
      here.forEach((it, rank) => {
        const aside = ((rank + 0.5) / here.length - 0.5) * (SIZE.height - 14);
        const clear = Math.abs(aside) < 7 && it.across ? Math.sign(far(it) - end.y || -1) * 9 : aside;
        it.meets.set(end, end.y + SIZE.height / 2 + clear);
      });
    }
  };

  // Curves of one side: each in the first lane that is free along it, the shortest the nearest.
  const lanesOf = (ties) => {
    const lanes = [];
    const span = (it) => it.ends.map((end) => it.meets.get(end)).sort((a, b) => a - b);
    const length = (it) => span(it)[1] - span(it)[0];
    for (const it of [...ties].sort((a, b) => length(a) - length(b))) {
      const [from, to] = span(it);
      const free = lanes.findIndex((taken) => taken.every(([start, end]) => to < start || from > end));
      it.lane = free >= 0 ? free : lanes.push([]) - 1;
      lanes[it.lane].push([from, to]);
    }
    return lanes.length;
  };

  // Heights at which curves cross the middle: as near as can be to level, clear of the team.
  const ROUND = 24;
  const cross = (ties, centre) => {
    const level = (it) => it.ends.reduce((sum, end) => sum + it.meets.get(end), 0) / 2;
    const sorted = [...ties].sort((a, b) => level(a) - level(b));
    const half = Math.ceil(sorted.length / 2);
    const room = SIZE.radius + ROUND;
    sorted.forEach((it, rank) => {
      const nearest = rank < half ? half - rank - 1 : rank - half;
      it.y = centre + (rank < half ? -1 : 1) * (room - 6 + nearest * ROUND);
    });
  };

  const tieWord = (link, x, y, turned) =>
    svg(
      "text",
      { x, y: y + 4, class: "map-between", ...(turned ? { transform: `rotate(-90 ${x} ${y})` } : {}) },
      wordOf[link],
    );

  const map = (found, ties) => {
    const sides = Math.ceil(found.length / 2);
    const spots = new Map(found.map((row, rank) => [row, { right: rank % 2 === 1, rank }]));
    const tied = ties.map(({ one, other, link }) => {
      const ends = [spots.get(one), spots.get(other)].sort((a, b) => a.right - b.right || a.rank - b.rank);
      return { ends, link, across: ends[0].right !== ends[1].right, meets: new Map() };
    });
    const across = tied.filter((it) => it.across);
    const height = Math.max(
      Math.max(2, sides) * (SIZE.height + SIZE.gap) + SIZE.gap,
      2 * (SIZE.radius + ROUND + Math.ceil(across.length / 2) * ROUND) * Math.sign(across.length),
    );
    const centre = [SIZE.width / 2, height / 2];
    for (const spot of spots.values()) {
      const count = spot.right ? found.length - sides : sides;
      const top = (height - count * (SIZE.height + SIZE.gap) + SIZE.gap) / 2;
      spot.y = top + Math.floor(spot.rank / 2) * (SIZE.height + SIZE.gap);
      spot.x = spot.right ? SIZE.width - SIZE.box - 2 : 2;
    }
    const inner = (spot) => (spot.right ? spot.x : spot.x + SIZE.box);
    meet(across);
    cross(across, centre[1]);
    const gutters = [false, true].map((right) => {
      const here = tied.filter((it) => !it.across && it.ends[0].right === right);
      meet(here);
      const lanes = lanesOf(here);
      for (const it of here) {
        const depth = (it.lane + 1) * SIZE.lane;
        it.x = right ? SIZE.width - 2 + depth : 2 - depth;
      }
      return lanes ? lanes * SIZE.lane + 12 : 0;
    });
    const curveOf = (it) => {
      const ends = it.ends.map((end) => [it.across ? inner(end) : SIZE.width - inner(end), it.meets.get(end)]);
      if (it.across) return around(...ends, it.y);
      const edge = it.ends[0].right ? SIZE.width - 2 : 2;
      return outside([edge, ends[0][1]], [edge, ends[1][1]], it.x);
    };
    return svg(
      "svg",
      {
        viewBox: `${-gutters[0]} 0 ${SIZE.width + gutters[0] + gutters[1]} ${height}`,
        role: "img",
        "aria-label": "Carte de notre réseau. Les listes qui suivent disent la même chose.",
      },
      ...found.flatMap((row) => {
        const spot = spots.get(row);
        return line(row.link.control.value, [centre, [inner(spot), spot.y + SIZE.height / 2]]);
      }),
      ...tied.flatMap((it) => {
        const strokes = line(it.link, curveOf(it));
        for (const stroke of strokes) stroke.classList.add("map-tie");
        return strokes;
      }),
      svg("circle", { cx: centre[0], cy: centre[1], r: SIZE.radius, class: "map-centre" }),
      svg("text", { x: centre[0], y: centre[1] - 3, class: "map-team" }, "Notre"),
      svg("text", { x: centre[0], y: centre[1] + 15, class: "map-team" }, "équipe"),
      ...found.flatMap((row) => {
        const spot = spots.get(row);
        return box(roleOf(row), row.link.control.value, spot.x, spot.y);
      }),
      ...tied.map((it) =>
        it.across
          ? tieWord(it.link, centre[0], it.y, false)
          : tieWord(it.link, it.x, (it.meets.get(it.ends[0]) + it.meets.get(it.ends[1])) / 2, true),
      ),
    );
  };

  // ------------------------------------------------------------------ the list

  const item = (row) => {
    const [role, link, gives, needs] = [row.role, row.link, row.gives, row.needs].map((it) =>
      it.control.value.trim(),
    );
    return element(
      "li",
      {},
      element("b", {}, role),
      `\u00a0: lien ${wordOf[link]}.`,
      ...(gives ? [` Apporte\u00a0: ${gives}.`] : []),
      ...(needs ? [` A besoin de\u00a0: ${needs}.`] : []),
    );
  };
  const tieItem = (it) =>
    element("li", {}, element("b", {}, namesOf(it)), `\u00a0: lien ${wordOf[it.link]}.`);

  const drawing = element("div", { className: "map" });
  const said = element("ul", {});
  const saidBetween = element("ul", { "aria": { label: "Entre partenaires" } });

  const draw = () => {
    for (const it of rows) it.name();
    more.disabled = rows.length >= MOST;
    offer();
    const found = rows.filter(roleOf);
    drawing.replaceChildren(
      ...(found.length
        ? [map(found, shown())]
        : [element("p", { className: "meta" }, "La carte se dessine dès le premier rôle.")]),
    );
    said.replaceChildren(...found.map(item));
    saidBetween.replaceChildren(...shown().map(tieItem));
    saidBetween.hidden = !saidBetween.children.length;
  };
  const change = () => {
    draw();
    foot.keep();
  };

  const foot = tools.foot("reseau", { value, clear: () => fill([]) });
  list.addEventListener("input", () => {
    told.textContent = "";
    change();
  });
  place.append(
    list,
    element("p", { className: "buttons" }, more),
    element("div", { className: "tool-form" }, pairing),
    element("h3", {}, "Notre carte"),
    drawing,
    said,
    saidBetween,
    foot.whole,
  );
  fill(foot.kept);
})();
