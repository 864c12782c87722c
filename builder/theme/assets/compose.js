// « Composer un atelier »: fits the steps into the time there is, as builder/agenda.py does.
(() => {
  "use strict";
  const { shortest, longest, unit, team, guides, steps, themes } = globalThis.WORKSHOP;

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  // Spread `duration` minutes over the steps, from `start` minutes after midnight.
  const agenda = (steps, duration, start) => {
    let kept = steps;
    const ranks = [...new Set(steps.map((step) => step.drop).filter(Boolean))];
    for (const rank of ranks.sort((one, other) => one - other)) {
      if (sum(kept.map((step) => step.minimum)) <= duration) break;
      kept = kept.filter((step) => step.drop !== rank);
    }
    const minutes = shares(kept, duration);
    let clock = start;
    const slots = kept.map((step, at) => {
      const slot = { step, start: clock, minutes: minutes[at] };
      clock += minutes[at];
      return slot;
    });
    return { slots, dropped: steps.filter((step) => !kept.includes(step)) };
  };

  const shares = (steps, duration) => {
    const short = duration < sum(steps.map((step) => step.minutes));
    const weights = steps.map((step) => (short ? step.minutes - step.minimum : step.minutes));
    const bases = steps.map((step) => (short ? step.minimum : step.minutes));
    const left = Math.max(0, duration - sum(bases));
    const units = Math.floor(left / unit);
    const total = sum(weights) || 1;
    const found = weights.map((weight) => Math.floor((units * weight) / total));
    const order = [...weights.keys()].sort(
      (one, other) => ((units * weights[other]) % total) - ((units * weights[one]) % total),
    );
    for (const at of order.slice(0, units - sum(found))) found[at] += 1;
    const minutes = bases.map((base, at) => base + unit * found[at]);
    minutes[minutes.indexOf(Math.max(...minutes))] += left % unit;
    return minutes;
  };

  const clock = (minutes) => {
    const [hour, minute] = [Math.floor(minutes / 60) % 24, minutes % 60];
    return minute ? `${hour}\u00a0h\u00a0${String(minute).padStart(2, "0")}` : `${hour}\u00a0h`;
  };

  globalThis.Agenda = { agenda, clock };
  if (typeof document === "undefined") return; // tests compare the agenda alone

  const form = document.getElementById("compose");
  const result = document.getElementById("compose-result");
  if (!form || !steps.length) return;
  const { themes: theme, duree: duration, debut: start, personnes: persons } = form.elements;
  const said = document.getElementById("compose-said");

  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const list = (items) => {
    const found = make("ul");
    found.append(...items.map((item) => make("li", item)));
    return found;
  };
  const plural = (number, noun) => `${number}\u00a0${noun}${number > 1 ? "s" : ""}`;

  // Stories of the theme, to check; all are, unless the address says which (an empty one: none).
  const showStories = (chosen) => {
    const box = document.getElementById("compose-stories");
    const { narratives } = themes.find((one) => one.id === theme.value);
    const wanted = narratives.filter((one) => chosen.includes(one.id));
    box.replaceChildren(make("legend", "Récits"));
    for (const narrative of narratives) {
      const label = make("label");
      const input = make("input", "", { type: "checkbox", name: "recits", value: narrative.id });
      input.checked = wanted.length ? wanted.includes(narrative) : !chosen.includes("");
      label.append(input, ` ${narrative.title}`);
      box.append(label);
    }
  };

  const copies = { person: (n) => n, team: (n) => Math.ceil(n / team), room: () => 1 };

  // As many persons as the method is made for, whatever is being typed.
  const [fewest, most, usual] = [persons.min, persons.max, persons.defaultValue].map(Number);
  const counted = () => Math.min(Math.max(Math.ceil(Number(persons.value)) || usual, fewest), most);

  const show = () => {
    const chosen = [...form.querySelectorAll("[name=recits]:checked")].map((box) => box.value);
    const minutes = Number(duration.value);
    const [hours, rest] = (start.value || "09:00").split(":").map(Number);
    const begin = hours * 60 + rest;
    const people = counted();
    const { name, narratives } = themes.find((one) => one.id === theme.value);
    const titles = narratives.filter((one) => chosen.includes(one.id)).map((one) => one.title);
    const plan = agenda(steps, minutes, begin);

    const address = new URLSearchParams({ themes: theme.value });
    if (chosen.length < narratives.length) {
      for (const id of chosen.length ? chosen : [""]) address.append("recits", id);
    }
    address.set("duree", minutes);
    address.set("debut", start.value);
    address.set("personnes", people);
    try {
      history.replaceState(null, "", `?${address}`);
    } catch {
      // Some browsers refuse on file://; the page works, the address stays.
    }

    const table = make("table", "", { class: "agenda" });
    const head = table.createTHead().insertRow();
    for (const title of ["Heure", "Minutes", "Étape", "Qui", "Fiche"]) {
      head.append(make("th", title, { scope: "col" }));
    }
    const body = table.createTBody();
    for (const slot of plan.slots) {
      const row = body.insertRow();
      row.append(make("td", clock(slot.start)), make("td", String(slot.minutes)));
      row.append(make("th", slot.step.title, { scope: "row" }), make("td", slot.step.who));
      const cell = row.insertCell();
      cell.append(slot.step.sheets.join(", "));
      slot.step.worksheets.forEach((sheet) => {
        if (cell.textContent) cell.append(", ");
        cell.append(make("a", sheet.name, { href: `fiches/${sheet.id}.pdf` }));
      });
    }
    const scroll = make("div", "", {
      class: "table-scroll", role: "region", "aria-label": "Le déroulement", tabindex: "0",
    });
    scroll.append(table);

    const needed = plan.slots.flatMap((slot) => slot.step.worksheets);
    const printing = [
      `Guide d’animation\u00a0: ${guides}`,
      ...titles.map((title) => `Récit «\u00a0${title}\u00a0»\u00a0: ${titles.length > 1 ? 1 : people}`),
      ...(titles.length > 1 ? [`Le récit choisi, pour chaque personne\u00a0: ${people}`] : []),
      ...needed.map((sheet) => `${sheet.name}\u00a0: ${copies[sheet.copies](people)}`),
      `Cartes d’ingrédients\u00a0: ${plural(copies.team(people), "jeu").replace("jeus", "jeux")}`,
    ];
    const kit = make("p");
    kit.append(make("a", "La trousse du thème et chaque feuille", { href: `${theme.value}/index.html` }));
    kit.append(" (son horaire imprimé est celui de l’atelier complet\u00a0; celui-ci le remplace).");

    const details = plan.slots.flatMap((slot) => [
      make("h3", `${clock(slot.start)} – ${slot.step.title} (${plural(slot.minutes, "minute")})`),
      make("p", slot.step.goal),
      make("p", "À dire", { class: "list-title" }), list(slot.step.say),
      make("p", "À surveiller", { class: "list-title" }), list(slot.step.watch),
    ]);
    const dropped = plan.dropped.map((step) => step.title).join("\u202f; ");
    result.replaceChildren(
      make("h2", `Thème ${name}`),
      make("p", `${clock(minutes)}, de ${clock(begin)} à ${clock(begin + minutes)}, ${people} personnes.`),
      ...(dropped ? [make("p", `Faute de temps, cet atelier laisse de côté\u00a0: ${dropped}.`, { class: "note" })] : []),
      ...(titles.length ? [] : [make("p", "Aucun récit n’est choisi\u00a0: cochez-en au moins un.", { class: "note" })]),
      scroll,
      make("h2", "À imprimer"), list(printing), kit,
      make("h2", "Étape par étape"), ...details,
    );
  };

  // What the address asks for; what it asks for that is not here is said, not guessed.
  const read = () => {
    const asked = new URLSearchParams(location.search);
    const missing = [];
    theme.append(...themes.map((one) => new Option(one.name, one.id)));
    const wanted = asked.get("themes");
    if (themes.some((one) => one.id === wanted)) theme.value = wanted;
    else if (wanted) missing.push(`le thème «\u00a0${wanted}\u00a0»`);
    const stories = asked.getAll("recits");
    const known = themes.find((one) => one.id === theme.value).narratives.map((one) => one.id);
    for (const id of stories) if (id && !known.includes(id)) missing.push(`le récit «\u00a0${id}\u00a0»`);
    const minutes = Number(asked.get("duree"));
    if (Number.isInteger(minutes) && minutes >= shortest && minutes <= longest) {
      if (![...duration.options].some((option) => Number(option.value) === minutes)) {
        duration.append(new Option(clock(minutes), minutes));
      }
      duration.value = minutes;
    } else if (asked.has("duree")) {
      missing.push(`une durée entre ${clock(shortest)} et ${clock(longest)}`);
    }
    if (/^([01]\d|2[0-3]):[0-5]\d$/.test(asked.get("debut"))) start.value = asked.get("debut");
    const people = Number(asked.get("personnes"));
    if (Number.isInteger(people) && people >= fewest && people <= most) persons.value = people;
    if (missing.length) said.textContent = `L’adresse demandait ${missing.join(", ")}\u00a0: ce n’est pas dans le guide.`;
    return stories;
  };

  showStories(read());
  show();
  form.hidden = false;
  form.addEventListener("input", (event) => {
    if (event.target === theme) showStories([]);
    said.textContent = "";
    show();
  });
  persons.addEventListener("change", () => {
    if (persons.value === String(counted())) return;
    persons.value = counted();
    said.textContent = `Personnes\u00a0: un nombre entier, de ${fewest} à ${most}.`;
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("compose-print").addEventListener("click", () => print());
  document.getElementById("compose-share").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "Adresse copiée.";
    } catch {
      said.textContent = "La copie est refusée ici\u00a0: copiez l’adresse de la page.";
    }
  });
})();
