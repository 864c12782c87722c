// The page « Trouver »: answers while typing, keeps the question and the filters in the address,
// and in the history how many results are shown and which was opened, for whoever comes back.
(() => {
  "use strict";
  const PAGE = 20;
  const form = document.querySelector(".find");
  const query = document.getElementById("situation-query");
  const list = document.getElementById("find-results");
  const count = document.getElementById("find-count");
  const none = document.getElementById("find-none");
  const more = document.getElementById("find-more");
  const browse = document.getElementById("find-browse");
  const filters = ["kind", "about", "stage", "theme", "theory", "status"];
  const kinds = {
    situation: "Situation",
    ingredient: "Ingrédient actif",
    narrative: "Récit",
    theme: "Thème",
    theory: "Théorie",
    challenge: "Défi",
    program: "Programme",
    chapter: "Page du cadre",
  };
  const statuses = Object.fromEntries(
    Array.from(form.elements.status.options, (option) => [option.value, option.text]),
  );
  let hits = [];
  let told = ""; // of the hits: how many, and what of the question the guide does not know

  const fromAddress = () => {
    const address = new URLSearchParams(location.search);
    query.value = address.get("q") || "";
    for (const name of filters) {
      // A value that the filter does not offer is as good as none.
      form.elements[name].value = address.get(name) || "";
      if (!form.elements[name].value) form.elements[name].value = "";
    }
    form.querySelector(".refine").open = filters.slice(1).some((name) => form.elements[name].value);
  };

  const toAddress = () => {
    const address = new URLSearchParams();
    if (query.value.trim()) address.set("q", query.value.trim());
    for (const name of filters) {
      if (form.elements[name].value) address.set(name, form.elements[name].value);
    }
    const text = address.toString();
    try {
      const shown = list.children.length;
      history.replaceState({ shown }, "", text ? `?${text}` : location.pathname);
    } catch {
      // Some browsers keep the address of a local file as it is: the answers do not need it.
    }
  };

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const KEPT = { narrative: "recits", ingredient: "ingredients" };
  const keepButton = (hit) => {
    const button = element("button", { type: "button", className: "keep" });
    Object.assign(button.dataset, { folder: KEPT[hit.kind], entry: hit.id, title: hit.title, root: "" });
    return button;
  };

  // The text with its marked places; only ever text, whatever it holds.
  const marked = (text, places) => {
    const parts = [];
    let end = 0;
    for (const [from, to] of places) {
      parts.push(text.slice(end, from), element("mark", {}, text.slice(from, to)));
      end = to;
    }
    return [...parts, text.slice(end)];
  };

  const result = (hit) => {
    const spoken = hit.situation || hit.kind === "situation";
    const text = hit.why.normalize("NFC");
    const why = element("p", { className: spoken ? "why spoken" : "why" });
    why.append(...(spoken ? [element("q", {}, ...marked(text, hit.marks))] : marked(text, hit.marks)));
    const about = element("p", { className: "meta" }, kinds[hit.kind]);
    for (const status of UneFois.index.cards[hit.number][5].status || []) {
      about.append(" ", element("span", { className: `status status-${status}` }, statuses[status]));
    }
    const link = element("a", { href: hit.url }, hit.title);
    const item = element("li", {}, about, element("h2", {}, link), why);
    if (KEPT[hit.kind]) {
      const button = keepButton(hit);
      item.append(element("p", { className: "actions" }, button));
      UneFois.selection.connect(button);
    }
    item.dataset.kind = hit.kind;
    item.dataset.id = hit.id;
    return item;
  };

  const showMore = (number) => {
    const shown = list.children.length;
    list.append(...hits.slice(shown, shown + number).map(result));
    more.hidden = list.children.length >= hits.length;
    toAddress();
    return list.children[shown];
  };

  // In a big guide, what is shown of the next results may have to be loaded first.
  const withShown = (number, then) => {
    const shown = list.children.length;
    const lacking = UneFois.search.lacking(hits.slice(shown, shown + number));
    if (!lacking.length) return then();
    const asked = hits;
    const loaded = lacking.map((number) => new Promise((resolve) => {
      const properties = { src: `assets/search-cards-${number}.js`, onload: resolve, onerror: resolve };
      document.head.append(element("script", properties));
    }));
    Promise.all(loaded).then(() => {
      if (hits !== asked) return; // another question has been asked meanwhile
      hits = answer().hits;
      const missing = UneFois.search.lacking(hits.slice(shown, shown + number)).length > 0;
      count.textContent = missing
        ? "La suite n’a pas pu être chargée\u00a0: la connexion manque. Le bouton réessaie."
        : told;
      if (missing) more.hidden = false;
      else then();
    });
  };

  const answer = () => {
    const wanted = {};
    for (const name of filters) {
      if (form.elements[name].value) wanted[name] = form.elements[name].value;
    }
    return UneFois.search(query.value, wanted);
  };

  const saidOfFilters = (number) => {
    if (!number) return "Aucune fiche ne répond à tous ces filtres\u00a0: retirez-en un.";
    const counted = number > 1 ? `${number} fiches répondent` : "Une fiche répond";
    return `${counted} aux filtres. Dites aussi ce qui se passe\u00a0: les plus proches viendront d’abord.`;
  };

  const listed = (what, words) =>
    words.length ? ` ${what}\u00a0: ${words.slice(0, 5).join(", ")}.` : "";

  const said = (found) => {
    const unknown =
      listed("Mots que le guide ne connaît pas", found.unknown) +
      listed("Mots que le guide ne connaît pas, lus comme des mots voisins", found.guessed);
    if (!found.hits.length) return `Aucun résultat.${unknown}`;
    const number = found.hits.length;
    return number > 1
      ? `${number} résultats, les plus proches d’abord.${unknown}`
      : `Un résultat.${unknown}`;
  };

  const run = (number = PAGE) => {
    const text = query.value.trim();
    const filtered = filters.some((name) => form.elements[name].value);
    const found = text || filtered ? answer() : { hits: [], unknown: [] };
    hits = found.hits;
    list.replaceChildren();
    withShown(number, () => showMore(number));
    none.hidden = !text || hits.length > 0;
    browse.hidden = hits.length > 0;
    told = text ? said(found) : filtered ? saidOfFilters(hits.length) : "";
    count.textContent = told;
  };
  // As many results as there were, so that the one which was opened is found again.
  const runAgain = () => run(Math.max(PAGE, history.state?.shown || 0));

  // The browser brings back a height of the page, where another result now stands if the fonts came
  // too late the first time. What counts is where the opened result was on the screen.
  const remember = (event) => {
    const link = event.target.closest("h2 a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // stays on the page
    const opened = { link: link.href, top: link.getBoundingClientRect().top };
    history.replaceState({ ...history.state, opened }, "");
  };
  const comeBack = (opened) => {
    const link = Array.from(list.querySelectorAll("h2 a")).find(({ href }) => href === opened.link);
    if (link) scrollBy(0, link.getBoundingClientRect().top - opened.top);
  };

  // Arrow keys go from the field through the results and back.
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && list.contains(event.target)) query.focus();
    if (!step || !(event.target === query || list.contains(event.target))) return;
    const stops = [query, ...list.querySelectorAll("h2 a")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  };

  form.querySelector(".kinds").hidden = false;
  form.querySelector(".refine").hidden = false;
  form.addEventListener("input", () => run());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  more.addEventListener("click", () => withShown(PAGE, () => {
    const first = showMore(PAGE);
    if (first) first.querySelector("a").focus();
  }));
  list.addEventListener("click", remember);
  document.addEventListener("keydown", move);
  const { opened } = history.state || {};
  if (opened) addEventListener("pageshow", async () => {
    await document.fonts.ready;
    comeBack(opened);
  }, { once: true });
  addEventListener("popstate", () => {
    fromAddress();
    runAgain();
  });
  fromAddress();
  runAgain();
})();
