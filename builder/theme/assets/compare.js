// The table of programmes: sort by a heading, filter by words and place, keep both in the address.
// Without this script the whole table is there to read. Rates are not sorted: they do not compare.
(() => {
  "use strict";
  const form = document.querySelector(".compare-tools");
  const table = document.querySelector("table.compare");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const count = document.getElementById("compare-count");
  const words = new Intl.Collator("fr", { sensitivity: "base", numeric: true });
  const headings = [...table.querySelectorAll("th[data-sort]")];
  let sorted = { by: "", down: false };

  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/’/g, "'").toLowerCase();
  const texts = new Map(rows.map((row) => [row, fold(row.textContent)]));

  const order = (one, other) => {
    const [a, b] = [one.dataset[sorted.by], other.dataset[sorted.by]];
    if (!a || !b) return Number(!a) - Number(!b); // what is not known comes last, both ways
    return sorted.down ? words.compare(b, a) : words.compare(a, b);
  };

  const show = () => {
    const asked = fold(form.q.value).split(/\s+/).filter(Boolean);
    const region = form.region.value;
    let shown = 0;
    for (const row of rows) {
      const fits =
        (!region || row.dataset.region === region) &&
        asked.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    body.append(...(sorted.by ? [...rows].sort(order) : rows));
    for (const heading of headings) {
      if (heading.dataset.sort === sorted.by) {
        heading.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      } else {
        heading.removeAttribute("aria-sort");
      }
    }
    count.textContent = shown
      ? `${shown} programme${shown > 1 ? "s" : ""} sur ${rows.length}`
      : "Aucun programme : essayez un autre mot.";
  };

  const keep = () => {
    const query = new URLSearchParams();
    if (form.q.value) query.set("q", form.q.value);
    if (form.region.value) query.set("region", form.region.value);
    if (sorted.by) query.set("tri", (sorted.down ? "-" : "") + sorted.by);
    const text = query.toString();
    try {
      history.replaceState(null, "", (text ? `?${text}` : location.pathname) + location.hash);
    } catch {
      // Some browsers refuse under file://: the address stays as it is.
    }
  };

  for (const heading of headings) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const by = heading.dataset.sort;
      sorted = { by, down: sorted.by === by && !sorted.down };
      show();
      keep();
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    show();
    keep();
  });

  const given = new URLSearchParams(location.search);
  form.q.value = given.get("q") || "";
  form.region.value = given.get("region") || "";
  if (form.region.selectedIndex < 0) form.region.value = "";
  const by = (given.get("tri") || "").replace(/^-/, "");
  if (headings.some((heading) => heading.dataset.sort === by)) {
    sorted = { by, down: given.get("tri").startsWith("-") };
  }
  form.hidden = false;
  show();
})();
