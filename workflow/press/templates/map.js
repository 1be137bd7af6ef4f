// A map of the world to explore: a year and a place are chosen, and a line says what is known of the place in that year.
"use strict";
window.exploreMap = (box, map, { on, make }) => {
  const drawn = (tag, values) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };
  const print = (number, digits = 0) => number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const state = { year: map.years.at(-1), place: null };
  const rank = (place) => place.values[state.year]?.[2] ?? -1;
  const color = (place) => map.colors[rank(place)] ?? map.gray;

  const tell = (place) => {
    const [reports, rate] = place.values[state.year] ?? [null, null];
    if (reports === null) return `${place.name}, ${state.year}: no count.`;
    const per = rate === null ? "no population known" : `${print(rate, 1)} per 100,000 people`;
    return `${place.name}, ${state.year}: ${print(reports)} ${reports === 1 ? "report" : "reports"}, ${per}.`;
  };

  const svg = drawn("svg", { viewBox: `-12 -12 ${map.size[0] + 24} ${map.size[1] + 24}`, role: "img" });
  const marks = new Map(map.places.map((place) => [place, place.dot
    ? drawn("circle", { cx: place.dot[0], cy: place.dot[1], r: 9 })
    : drawn("path", { d: place.path })]));
  // Hidden from readers of screens, who have the choice of places, the line and the table: they would hear the places one by one.
  const ring = drawn("g", { class: "chosen" });
  const line = make("p", { className: "told" });
  line.setAttribute("role", "status");

  const year = (of) => {
    const input = make("input", { type: "radio", name: "map-year", value: of, checked: of === state.year });
    on(input, "change", () => { state.year = of; show(); });
    return make("label", {}, input, ` ${of}`);
  };
  const years = make("fieldset", {}, make("legend", {}, "Year"), ...map.years.map(year));
  const select = make("select", {}, make("option", { value: "" }, "none chosen"),
    ...map.places.map((place) => make("option", { value: place.id }, place.name)));
  on(select, "change", () => choose(map.places.find((place) => place.id === select.value) ?? null));

  const choose = (place) => {
    state.place = place;
    select.value = place?.id ?? "";
    show();
  };
  const show = () => {
    const byClass = [...map.places].sort((one, other) => rank(one) - rank(other));
    byClass.filter((place) => place.dot).forEach((place) => svg.append(marks.get(place))); // the higher over the lower
    marks.forEach((mark, place) => { mark.style.fill = color(place); });
    ring.replaceChildren(...(state.place ? [marks.get(state.place).cloneNode()] : []));
    svg.append(ring);
    hint.textContent = "";
    svg.setAttribute("aria-label", `Map of ${state.year}; the table below holds its numbers.`);
    line.textContent = state.place ? tell(state.place) : `Reports per 100,000 people, ${state.year}. Choose a place in the map or in the list.`;
  };

  const hint = make("p", { className: "hint", ariaHidden: "true" });
  marks.forEach((mark, place) => {
    on(mark, "click", () => choose(place));
    on(mark, "pointerenter", () => { hint.textContent = tell(place); });
    on(mark, "pointerleave", () => { hint.textContent = ""; });
  });
  const classes = [...map.classes.map((label, at) => [map.colors[at], label]), [map.gray, "no count, or no population known"]];
  const legend = make("ul", { className: "legend" }, ...classes.map(([fill, label]) => {
    const swatch = make("span", { className: "swatch" });
    swatch.style.background = fill;
    return make("li", {}, swatch, label);
  }));

  svg.append(...marks.values());
  box.replaceChildren(make("div", { className: "choices" }, years, make("label", {}, "Place ", select)),
    make("div", { className: "sheet" }, svg, hint), line, legend);
  show();
};
