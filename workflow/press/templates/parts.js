// What pages of both renderers do with what lies in them: long tables, the map, the look-up of places, and boxes that scroll.
"use strict";
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (target, types, act) => types.split(" ").forEach((type) => target.addEventListener(type, act));
  const make = (tag, values, ...content) => { // content is text or elements, never markup
    const element = Object.assign(document.createElement(tag), values);
    element.append(...content);
    return element;
  };
  const loading = {};
  const load = (name, from = here) => (loading[name] ??= new Promise((onload, onerror) => {
    document.head.append(make("script", { src: from + name, onload, onerror }));
  }));
  const say = (words) => { find("header [role=status]").textContent = words; };

  // Columns of words, and of sentences, as the press marks them: beside others they would get as narrow as a word.
  function columns(table) {
    const [LONG, MIDDLE] = [30, 12]; // characters, as in tohtml.lua
    const cells = all("tbody td", table).filter((cell) => cell.colSpan === 1);
    const longest = [];
    cells.forEach(({ cellIndex: i, textContent }) => { longest[i] = Math.max(longest[i] ?? 0, textContent.trim().length); });
    cells.filter(({ cellIndex: i }) => longest[i] > MIDDLE).forEach((cell) => cell.classList.add(longest[cell.cellIndex] > LONG ? "sentences" : "words"));
  }

  // Long tables can be sorted and filtered; short ones need no buttons in their heads, nor the script for it.
  function tables() {
    const isPlain = (row) => find("th[scope=colgroup]", row) || ![...row.cells].some((cell) => cell.colSpan > 1);
    const rows = (table) => [...table.tBodies].flatMap((body) => [...body.rows]);
    const long = all("main .scroll > table").filter((table) => table.tHead && rows(table).length >= 8 && rows(table).every(isPlain));
    if (long.length) load("tables.js").then(() => long.forEach((table) => arrangeTable(table, tools)));
  }

  // A box names the script of its data, which lies beside the book.
  function explorer(box) {
    Promise.all([load(box.dataset.map, ""), load("map.js")]).then(() => exploreMap(box, worldMap, tools));
  }

  function lookUp(box) {
    Promise.all([load(box.dataset.cards, ""), load("places.js")]).then(() => lookUpPlace(box, placeCards, tools));
  }

  // Of numbers, those that the data know: a name or a phrase that they pick is no number.
  function numbers() {
    const origins = find("meta[name=origins]")?.content;
    const asked = origins ? all("main .value").filter((value) => /\d/.test(value.textContent)) : [];
    const loaded = () => load(origins, "").then(() => bookOrigins);
    if (!asked.length) return;
    document.documentElement.classList.add("has-origins");
    load("ask.js").then(() => askNumbers(asked, loaded, origins.replace(/results\/[^/]*$/, ""), tools));
  }

  // What scrolls inside itself can be reached by keyboard, and says that it scrolls.
  const scrolls = ".scroll, pre, .equation, math[display=block], figure.fig, figure.quarto-float-fig";
  const scrolling = new ResizeObserver((changes) => changes.forEach(({ target }) => {
    const box = target.closest(scrolls);
    const overflows = box.scrollWidth > box.clientWidth + 1;
    // a table of more than a window's height gets a window of its own
    if (target.matches(".scroll > table")) {
      const wasLong = box.classList.contains("long");
      const isLong = box.classList.toggle("long", target.offsetHeight > 1.1 * innerHeight);
      // the address of a place leads to its card
      if (isLong && !wasLong) find(":target:not([id^=place-])", box)?.scrollIntoView({ block: "center", behavior: "instant" });
    }
    box.classList.toggle("overflows", overflows);
    box.tabIndex = overflows || box.scrollHeight > box.clientHeight + 1 ? 0 : -1;
  }));
  const watch = (box) => [box, ...box.children].forEach((part) => scrolling.observe(part));
  const tools = { find, all, on, make, say, watch };

  function start() {
    document.documentElement.classList.add("has-script");
    const head = find("header") ?? document.body.appendChild(make("header", {}));
    if (!find("[role=status]", head)) head.append(make("p", { className: "unseen", role: "status" }));
    all(".lookup").forEach(lookUp); // what an address may lead to comes first
    all(".explorer").forEach(explorer);
    all("main .scroll > table:not(:has(.words, .sentences))").forEach(columns);
    tables();
    numbers();
    // What is loaded late moves what an address led to: it is sought again, unless the reader has moved on.
    const seeking = new ResizeObserver(() => {
      const goal = find(":target:not([id^=place-])");
      if (goal && !goal.closest(".scroll.long")) goal.scrollIntoView({ behavior: "instant" });
    });
    const stop = () => seeking.disconnect();
    on(window, "wheel touchmove keydown pointerdown", stop);
    setTimeout(stop, 3000);
    if (location.hash) seeking.observe(find("main"));
    all(scrolls).forEach(watch);
  }
  if (document.readyState === "loading") on(document, "DOMContentLoaded", start);
  else start();
})();
