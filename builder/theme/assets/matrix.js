// The matrix: sift its rows, choose a stage of the path, sort by any column. What is sifted
// stands in the address. A page without a form only sorts. Without this script all is there, in order.
(() => {
  "use strict";
  const form = document.querySelector(".sift");
  const tables = Array.from(document.querySelectorAll(".matrix"), (table) => ({
    table,
    body: table.tBodies[0],
    heads: Array.from(table.querySelectorAll(".heads th")),
    staged: Array.from(table.querySelectorAll("[data-stage]")),
    rows: Array.from(table.tBodies[0].rows, (row) => ({
      row,
      cells: Array.from(row.cells),
      name: fold(row.cells[0].textContent),
      status: row.dataset.status,
      stages: (row.dataset.stages || "").split(" "),
    })),
  }));
  const byLetters = new Intl.Collator("fr", { numeric: true }).compare;

  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
  }

  const fromAddress = () => {
    const address = new URLSearchParams(location.search);
    for (const field of ["q", "status", "stage"]) {
      form.elements[field].value = address.get(field) || "";
      // A value that the list does not offer is as good as none.
      if (!form.elements[field].value) form.elements[field].value = "";
    }
  };

  const toAddress = () => {
    const kept = Array.from(new FormData(form)).filter(([, value]) => value.trim());
    const text = new URLSearchParams(kept).toString();
    try {
      history.replaceState(null, "", (text ? `?${text}` : location.pathname) + location.hash);
    } catch {
      // Some browsers keep the address of a local file as it is: sifting does not need it.
    }
  };

  const sift = () => {
    const words = fold(form.elements.q.value.replaceAll("'", "’")).split(/\s+/);
    const status = form.elements.status.value;
    const stage = form.elements.stage.value;
    const wanted = (it) =>
      words.every((word) => it.name.includes(word)) &&
      (!status || it.status === status) &&
      (!stage || it.stages.includes(stage));
    for (const { heads, staged, rows } of tables) {
      const away = heads.map((head) => Boolean(stage && head.dataset.stage) && head.dataset.stage !== stage);
      for (const head of staged) head.hidden = Boolean(stage) && head.dataset.stage !== stage;
      for (const it of rows) {
        it.row.hidden = !wanted(it);
        it.cells.forEach((cell, index) => (cell.hidden = away[index]));
      }
    }
    const { rows } = tables[0];
    const shown = rows.filter((it) => !it.row.hidden).length;
    form.querySelector("[role=status]").textContent =
      shown === rows.length ? "" : `${shown} ${shown > 1 ? "ingrédients" : "ingrédient"} sur ${rows.length}.`;
  };

  const value = (cell) => (cell.querySelector("b") || cell).textContent.trim();

  // Numbers from the largest, words from A; again, the other way round. Empty cells stay last.
  const sort = ({ table, body, heads, rows }, index) => {
    const values = new Map(rows.map((it) => [it, value(it.cells[index])]));
    const numbers = rows.some((it) => /^\d+$/.test(values.get(it)));
    const natural = numbers ? "descending" : "ascending";
    const other = numbers ? "ascending" : "descending";
    const way = heads[index].getAttribute("aria-sort") === natural ? other : natural;
    const sign = way === "ascending" ? 1 : -1;
    const compare = (one, two) => {
      const [a, b] = [values.get(one), values.get(two)];
      if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
      return sign * (numbers ? a - b : byLetters(a, b));
    };
    for (const head of table.querySelectorAll("[aria-sort]")) head.removeAttribute("aria-sort");
    heads[index].setAttribute("aria-sort", way);
    body.append(...[...rows].sort(compare).map((it) => it.row));
  };

  for (const shown of tables) {
    shown.heads.forEach((head, index) => {
      const text = head.querySelector(".sort");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = text.textContent;
      if (text.dataset.by) button.setAttribute("aria-label", `${button.textContent} – ${text.dataset.by}`);
      button.addEventListener("click", () => sort(shown, index));
      text.replaceWith(button);
    });
  }
  if (!form) return;
  form.hidden = false;
  form.addEventListener("input", () => {
    sift();
    toAddress();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", () => {
    fromAddress();
    sift();
  });
  fromAddress();
  sift();
})();
