// Long tables: sorted by a column, filtered by words. Sorted rows leave their groups, and each says which was its own;
// in the order of the report they are back. Notes keep their place.
"use strict";
window.arrangeTable = (table, { all, on, make, say }) => {
  const isGroup = (row) => row.querySelector("th[scope=colgroup]");
  const text = (cell) => (cell?.textContent ?? "").trim();
  const bodies = [...table.tBodies].map((body) => {
    const head = [...body.rows].find(isGroup);
    return { body, head, group: text(head), rows: [...body.rows].filter((row) => !isGroup(row)) };
  });
  const rows = bodies.flatMap((one) => one.rows);
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

  let isFlat = false;
  const hide = () => bodies.forEach(({ body, head, rows: list }, at) => {
    if (head) head.hidden = isFlat;
    body.hidden = isFlat ? at > 0 : list.length > 0 && list.every((row) => row.hidden);
  });
  const ways = { none: ["ascending", 1], ascending: ["descending", -1], descending: ["none", 0] };
  const sort = (at) => {
    const [way, sign] = ways[heads.get(at).ariaSort ?? "none"];
    heads.forEach((head) => { head.ariaSort = null; });
    if (sign) heads.get(at).ariaSort = way;
    all(".of", table).forEach((name) => name.remove());
    isFlat = sign !== 0 && bodies.length > 1;
    if (isFlat) {
      bodies[0].body.append(...sorted(rows, at, sign));
      for (const one of bodies.filter(({ group }) => group)) {
        one.rows.forEach((row) => row.cells[0].prepend(make("span", { className: "of" }, `${one.group}: `)));
      }
    } else bodies.forEach((one) => one.body.append(...(sign ? sorted(one.rows, at, sign) : one.rows)));
    hide();
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
    bodies.forEach(({ group, rows: list }) => list.forEach((row) => {
      const within = plain(`${group} ${row.textContent}`);
      row.hidden = !sought.every((word) => within.includes(word));
    }));
    hide();
    const n = rows.filter((row) => !row.hidden).length;
    shown.textContent = sought.length ? `${n} of ${rows.length} rows` : "";
    say(shown.textContent);
  });
  const box = table.closest(".scroll") ?? table;
  box.before(make("p", { className: "filter" }, make("label", {}, "Filter rows ", input), shown));
};
