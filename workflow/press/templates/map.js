// A map of the world to explore: a year, a place and a part of the world are chosen, and a line says what is known of the
// place in that year. The address of the page says what is chosen, so that a view can be shared.
"use strict";
window.exploreMap = (box, map, { on, make }) => {
  const drawn = (tag, values, ...content) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...content);
    return element;
  };
  const print = (number, digits = 0) => number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const whole = [-12, -12, map.size[0] + 24, map.size[1] + 24];
  const state = { year: map.years.at(-1), place: null, view: whole };
  const rank = (place) => place.values[state.year]?.[2] ?? -1;
  // A place without a rate is striped: a gray would look like a class in the dark and in print.
  const stripes = "url(#no-rate)";
  const color = (place) => map.colors[rank(place)] ?? stripes;
  const cards = box.querySelector("a")?.href.replace(/#.*/, ""); // the page of places, where the text without a script leads

  const tell = (place) => {
    const [reports, rate] = place.values[state.year] ?? [null, null];
    if (reports === null) return `${place.name}, ${state.year}: no count.`;
    const per = rate === null ? "no population known" : `${print(rate, 1)} per 100,000 people`;
    return `${place.name}, ${state.year}: ${print(reports)} ${reports === 1 ? "report" : "reports"}, ${per}.`;
  };

  const pattern = (id) => drawn("pattern", { id, width: 14, height: 14, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    drawn("rect", { width: 14, height: 14, fill: "white" }), drawn("rect", { width: 5, height: 14, fill: "#9a9ca3" }));
  const svg = drawn("svg", { role: "img", style: `aspect-ratio: ${whole[2]} / ${whole[3]}` }, drawn("defs", {}, pattern("no-rate"), pattern("no-rate-key")));
  const marks = new Map(map.places.map((place) => [place, place.dot
    ? drawn("circle", { cx: place.dot[0], cy: place.dot[1] })
    : drawn("path", { d: place.path })]));
  // Hidden from readers of screens, who have the choice of places, the line and the table: they would hear the places one by one.
  const ring = drawn("g", { class: "chosen" });
  const line = make("p", { className: "told" });
  line.setAttribute("role", "status");
  const more = make("p", { className: "more" });

  const year = (of) => {
    const input = make("input", { type: "radio", name: "map-year", value: of, checked: of === state.year });
    on(input, "change", () => { state.year = of; show(); share(); });
    return make("label", {}, input, ` ${of}`);
  };
  const years = make("fieldset", {}, make("legend", {}, "Year"), ...map.years.map(year));
  const select = make("select", {}, make("option", { value: "" }, "none chosen"),
    ...map.places.map((place) => make("option", { value: place.id }, place.name)));
  on(select, "change", () => choose(map.places.find((place) => place.id === select.value) ?? null));

  // Parts of the world, and steps toward the chosen place or the middle.
  const parts = make("select", {}, make("option", { value: "" }, "the whole world"),
    ...map.views.map((view, at) => make("option", { value: at }, view.name)));
  on(parts, "change", () => look(map.views[parts.value]?.box ?? whole));
  const middle = () => {
    if (!state.place) return [state.view[0] + state.view[2] / 2, state.view[1] + state.view[3] / 2];
    const { x, y, width, height } = marks.get(state.place).getBBox();
    return [x + width / 2, y + height / 2];
  };
  const step = (factor) => {
    const [x, y] = middle();
    const [width, height] = [state.view[2] * factor, state.view[3] * factor];
    look(width >= whole[2] ? whole : [x - width / 2, y - height / 2, width, height]);
  };
  const button = (text, ariaLabel, factor) => {
    const one = make("button", { type: "button", ariaLabel }, text);
    on(one, "click", () => step(factor));
    return one;
  };
  const buttons = [button("+", "Zoom in", 0.5), button("−", "Zoom out", 2)];
  const look = (view) => {
    state.view = view;
    const part = view[2] / whole[2];
    if (view === whole) parts.value = "";
    buttons[0].disabled = part < 0.05;
    buttons[1].disabled = view === whole;
    svg.setAttribute("viewBox", view.join(" "));
    svg.style.cursor = view === whole ? "" : "grab";
    svg.style.touchAction = view === whole ? "" : "pinch-zoom";
    svg.querySelector("pattern").setAttribute("patternTransform", `rotate(45) scale(${part})`);
    size();
  };
  // Dots keep their size on the screen; one without a rate is small, since it says nothing.
  const size = () => marks.forEach((mark, place) => {
    if (place.dot) mark.setAttribute("r", (rank(place) < 0 ? 4 : 9) * Math.sqrt(state.view[2] / whole[2]));
  });
  // A part of the world is moved by mouse, pen or finger; the whole of it leaves a finger to scroll the page. What
  // moved less than a few pixels was a tap or a click.
  let [grip, wasMoved] = [null, false];
  const within = (at, least, extent) => Math.max(least, Math.min(at, least + extent));
  on(svg, "pointerdown", (event) => {
    wasMoved = false;
    if (event.isPrimary && state.view !== whole) grip = { x: event.clientX, y: event.clientY, view: state.view };
  });
  on(window, "pointerup pointercancel", () => { grip = null; });
  on(svg, "pointermove", (event) => {
    if (!grip) return;
    const moved = [event.clientX - grip.x, event.clientY - grip.y];
    wasMoved ||= Math.hypot(...moved) > 4;
    if (!wasMoved) return;
    hint.textContent = "";
    const [x, y, width, height] = grip.view;
    const scale = Math.max(width / svg.clientWidth, height / svg.clientHeight); // a part as high as the map is shown narrower
    // the middle of what is shown stays on the map
    look([within(x - moved[0] * scale, whole[0] - width / 2, whole[2]), within(y - moved[1] * scale, whole[1] - height / 2, whole[3]), width, height]);
  });

  const choose = (place, quiet) => {
    state.place = place;
    select.value = place?.id ?? "";
    show();
    if (!quiet) share();
  };
  const show = () => {
    const byClass = [...map.places].sort((one, other) => rank(one) - rank(other));
    byClass.filter((place) => place.dot).forEach((place) => svg.append(marks.get(place))); // the higher over the lower
    marks.forEach((mark, place) => { mark.style.fill = color(place); });
    size();
    ring.replaceChildren(...(state.place ? [marks.get(state.place).cloneNode()] : []));
    svg.append(ring);
    hint.textContent = "";
    svg.setAttribute("aria-label", `Map of ${state.year}; the list of all countries has its numbers.`);
    line.textContent = state.place ? tell(state.place) : `Reports per 100,000 people, ${state.year}. Choose a place in the map or in the list.`;
    more.replaceChildren(...(state.place && cards ? [make("a", { href: `${cards}#place-${state.place.id}` }, `All years of ${state.place.name}`)] : []));
  };

  // `#map-2022-KEN`: no part of the page has this address, so that the page stays where it is.
  const share = () => location.replace(`#map-${state.year}${state.place ? `-${state.place.id}` : ""}`);
  const arrive = () => {
    const [, of, id] = location.hash.match(/^#map-(\d+)(?:-([A-Z]{3}))?$/) ?? [];
    if (!map.years.includes(Number(of))) return false;
    state.year = Number(of);
    years.querySelector(`[value="${of}"]`).checked = true;
    choose(map.places.find((place) => place.id === id) ?? null, true);
    return true;
  };
  on(window, "hashchange", arrive);

  // What a place is, at the pointer.
  const hint = make("p", { className: "hint", ariaHidden: "true" });
  marks.forEach((mark, place) => {
    on(mark, "click", () => { if (!wasMoved) choose(place); });
    on(mark, "pointerenter pointermove", (event) => {
      const sheet = svg.getBoundingClientRect();
      const [x, y] = [event.clientX - sheet.left, event.clientY - sheet.top];
      hint.textContent = grip && wasMoved ? "" : tell(place);
      hint.style.cssText = `top: ${y + 16}px; ${x < sheet.width / 2 ? `left: ${x + 8}px` : `right: ${sheet.width - x + 8}px`}`;
    });
    on(mark, "pointerleave", () => { hint.textContent = ""; });
  });

  // Swatches are drawn: a background would be lost in forced colors and in print.
  const classes = [...map.classes.map((label, at) => [map.colors[at], label]), ["url(#no-rate-key)", "no count, or no population known"]];
  const legend = make("ul", { className: "legend" }, ...classes.map(([fill, label]) => {
    const swatch = drawn("svg", { class: "swatch", viewBox: "0 0 28 28", "aria-hidden": "true" }, drawn("rect", { width: 28, height: 28, fill }));
    return make("li", {}, swatch, label);
  }));

  svg.append(...marks.values());
  box.replaceChildren(make("div", { className: "choices" }, years, make("label", {}, "Place ", select),
    make("label", {}, "Show ", parts), make("span", { className: "zoom" }, ...buttons)), make("div", { className: "sheet" }, svg, hint), line, more, legend);
  look(whole);
  show();
  if (arrive()) box.scrollIntoView({ behavior: "instant" });
};
