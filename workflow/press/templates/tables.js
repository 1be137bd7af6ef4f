// Long tables: sorted by a column, filtered by words. Groups and notes keep their places.
"use strict";
window.arrangeTable = (table, { all, on, make, say }) => {
  const isGroup = (row) => row.querySelector("th[scope=colgroup]");
  const bodies = [...table.tBodies].map((body) => ({ body, rows: [...body.rows].filter((row) => !isGroup(row)) }));
  const rows = bodies.flatMap((one) => one.rows);
  const text = (cell) => (cell?.textContent ?? "").trim();
  const name = (head) => text(head).replace(/\s+/g, " ");

  // A number as printed: separators, true minus signs, percent signs. What is none sorts as a word, what is empty last.
  const number = (printed) => {
    const plain = printed.replace(/[,\s%×]/g, "").replace("−", "-");
    return /^[-+<>]*(\d+(\.\d*)?|\.\d+)$/.test(plain) ? parseFloat(plain.replace(/^[<>+]+/, "")) : NaN;
  };
  // Words that hold numbers, such as 2024 Q1, sort by these.
  const words = new Intl.Collator("en", { numeric: true }).compare;
  const compare = (one, other) => {
    const numbers = [one, other].map(number);
    return numbers.some(Number.isNaN) ? words(one, other) : numbers[0] - numbers[1];
  };
  const isEmpty = (printed) => printed === "" || printed === "–" || printed === "—";
  const sorted = (list, at, sign) => [...list].sort((one, other) => {
    const pair = [one, other].map((row) => text(row.cells[at]));
    const empty = pair.map(isEmpty);
    if (empty[0] || empty[1]) return empty[0] - empty[1];
    return sign * compare(...pair);
  });

  // The heads that stand over one column each, by column: a head may span rows, one above may span columns.
  const heads = new Map();
  const taken = [];
  [...table.tHead.rows].forEach((row, line) => {
    let at = 0;
    for (const cell of row.cells) {
      while (taken[at] > line) at += 1;
      if (cell.colSpan === 1) heads.set(at, cell);
      for (let column = at; column < at + cell.colSpan; column += 1) taken[column] = line + cell.rowSpan;
      at += cell.colSpan;
    }
  });

  const ways = { none: ["ascending", 1], ascending: ["descending", -1], descending: ["none", 0] };
  const sort = (at) => {
    const [way, sign] = ways[heads.get(at).ariaSort ?? "none"];
    heads.forEach((head) => { head.ariaSort = null; });
    if (sign) heads.get(at).ariaSort = way;
    bodies.forEach((one) => one.body.append(...(sign ? sorted(one.rows, at, sign) : one.rows)));
    say(sign ? `Sorted by ${name(heads.get(at))}, ${way}` : "In the order of the report");
  };
  heads.forEach((head, at) => {
    if (!text(head)) return;
    const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
    on(button, "click", () => sort(at));
    head.replaceChildren(button);
  });

  if (rows.length < 20) return;
  // Without accents and capitals, which few readers type.
  const plain = (written) => written.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const input = make("input", { type: "text", autocomplete: "off" });
  const shown = make("span", {});
  on(input, "input", () => {
    const sought = plain(input.value).split(/\s+/).filter(Boolean);
    const group = (body) => plain(text(all("tr", body).find(isGroup)));
    bodies.forEach(({ body, rows: list }) => {
      list.forEach((row) => {
        const within = `${group(body)} ${plain(row.textContent)}`;
        row.hidden = !sought.every((word) => within.includes(word));
      });
      body.hidden = list.length > 0 && list.every((row) => row.hidden);
    });
    const n = rows.filter((row) => !row.hidden).length;
    shown.textContent = sought.length ? `${n} of ${rows.length} rows` : "";
    say(shown.textContent);
  });
  const box = table.closest(".scroll") ?? table;
  box.before(make("p", { className: "filter" }, make("label", {}, "Filter rows ", input), shown));
};
