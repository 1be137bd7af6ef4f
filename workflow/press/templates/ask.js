// Where a number comes from: numbers of the text can be asked, by a click or, after the switch, by keyboard.
"use strict";
window.askNumbers = (values, load, up, { find, on, make, say }) => {
  // A short value is asked as a whole; of a sentence that the data pick, only its figures are: a reader may click on words.
  const figuresOf = (value) => {
    if (value.textContent.length <= 20) return [value];
    const walker = document.createTreeWalker(value, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    return texts.flatMap((text) => {
      const parts = text.data.split(/((?<![\p{L}\d])\d(?:[\d,.]*\d)?%?)/u);
      const made = parts.map((part, i) => (i % 2 ? make("span", { className: "value" }, part) : part));
      const figures = made.filter((part, i) => i % 2);
      figures.forEach((figure) => { figure.dataset.of = value.dataset.of; });
      text.replaceWith(...made);
      return figures;
    });
  };
  const numbers = values.flatMap(figuresOf);
  const spaced = (name) => name.replaceAll("_", " ");
  const pairs = (row) => Object.entries(row).map(([name, cell]) => `${spaced(name)} ${cell}`).join(", ");
  const rowsOf = (n) => `${n.toLocaleString("en-US")} ${n === 1 ? "row" : "rows"}`;

  const link = ({ title, url }) => (/^https?:/.test(url) ? make("a", { href: url }, title) : title);
  const item = (...content) => make("li", {}, ...content);
  // A row as its cells, then where it was read: the page or the place in a document.
  const row = ({ source, page, place, ...cells }, sources) => {
    const at = [page && `page ${page}`, place].filter(Boolean).join(", ");
    return item(pairs(cells), ...(at ? [` (${at})`] : []), ...(sources[source] ? [": ", link(sources[source])] : []));
  };
  const read = ({ table, n, rows = [] }, sources) => item(make("code", {}, table), `, ${rowsOf(n)}`,
    ...(rows.length ? [make("ul", {}, ...rows.map((one) => row(one, sources)))] : []));
  const documents = (one, sources) => {
    const shown = new Set(one.from?.flatMap(({ rows = [] }) => rows.map(({ source }) => source)));
    const named = one.sources.slice(0, 8).filter((id) => !shown.has(id)).map((id) => item(link(sources[id])));
    if (one.n_sources > 8) named.push(item(`and ${one.n_sources - 8} more`));
    return named.length ? make("ul", {}, ...named) : null;
  };
  const correction = ({ table, expect, value, reason }) => item(make("code", {}, table), `: ${expect} to ${value}. ${reason}`);

  // What is said of a number, as terms with their descriptions.
  const told = (id, one, { sources, tables }) => {
    const parts = [
      ["Means", one.means],
      ["Row", [make("a", { href: up + one.table, download: "" }, one.table), `: ${pairs(one.row)}`]],
      ["Read in", one.from && make("ul", {}, ...one.from.map((part) => read(part, sources)))],
      ["Documents", one.sources && documents(one, sources)],
      ["Corrected", one.corrections && make("ul", {}, ...one.corrections.map(correction))],
      ["Made by", one.rule && [`the rule ${one.rule}`, ...(one.also ? [`, by way of ${one.also.map((at) => tables[at]).join(", ")}`] : [])]],
      ["Id", make("code", {}, id)],
    ];
    return parts.filter(([, said]) => said).map(([term, said]) => make("div", {}, make("dt", {}, term), make("dd", {}, ...[said].flat())));
  };

  let box, asked;
  const close = () => {
    box?.remove();
    if (asked?.tabIndex === 0) asked.focus();
    box = asked = null;
  };
  const place = (number) => {
    const [line, high, root] = [[...number.getClientRects()].at(-1), box.offsetHeight + 8, document.documentElement];
    const isAbove = line.bottom + high > innerHeight && line.top > high + 60;
    const left = Math.max(16, Math.min(line.left - 16, root.clientWidth - box.offsetWidth - 16));
    Object.assign(box.style, { left: `${left}px`, top: `${scrollY + (isAbove ? line.top - high : line.bottom + 4)}px` });
  };
  const ask = async (number) => {
    close();
    const id = number.dataset.of;
    const origins = await load();
    const one = origins.numbers[id];
    if (!one) return;
    asked = number;
    const button = make("button", { type: "button", className: "close" }, "Close");
    const title = make("h2", { id: "asked" }, `Where ${one.text.length > 40 ? "this" : one.text} comes from`);
    box = make("div", { className: "note origin", role: "dialog", tabIndex: -1 }, button, title, make("dl", {}, ...told(id, one, origins)));
    box.setAttribute("aria-labelledby", "asked");
    document.body.append(box);
    place(number);
    on(button, "click", close);
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };

  numbers.forEach((number) => number.classList.add("known"));
  numbers.forEach((number) => on(number, "click", (event) => {
    if (event.target.closest("a") || String(getSelection())) return;
    ask(number);
  }));
  on(document, "pointerdown", ({ target }) => box && !box.contains(target) && close());
  on(document, "keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && numbers.includes(event.target)) ask(event.target);
  });

  // Numbers are many: they are stops of the keyboard only where a reader wants them to be.
  const show = (areStops) => {
    document.documentElement.classList.toggle("asks", areStops);
    numbers.forEach((number) => {
      number.role = areStops ? "button" : null;
      if (areStops) number.tabIndex = 0; else number.removeAttribute("tabindex");
    });
  };
  const turn = make("button", { type: "button", className: "skip ask", ariaPressed: "false" }, "Ask where numbers come from");
  on(turn, "click", () => {
    const areStops = turn.ariaPressed !== "true";
    turn.ariaPressed = String(areStops);
    show(areStops);
    say(areStops ? `${numbers.length} numbers of this page are buttons now` : "Numbers are text again");
    if (areStops) numbers[0].focus();
  });
  const skip = find(".skip");
  if (skip) skip.after(turn);
  else document.body.prepend(turn);
};
