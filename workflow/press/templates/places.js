// A place is looked up: a box to type its name into, its address in the bar, and a card with all that is known of it.
"use strict";
window.lookUpPlace = (box, cards, { on, make, watch }) => {
  // Without accents, capitals and marks, which few readers type.
  const plain = (written) => written.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const print = (number, digits = 0) => number === null ? "–"
    : number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const isCode = (name) => /^[A-Z]{2,5}$/.test(name);
  const known = cards.places.map((place) => ({ place, names: [place.name, ...place.also].map((name) => [name, plain(name)]) }));

  // How well a name answers what was typed: it begins with it, or has words that do. A code must be typed in full.
  const fit = (name, folded, sought) => {
    if (isCode(name)) return folded === sought ? 1 : 9;
    if (folded.startsWith(sought)) return folded === sought ? 0 : 2;
    const words = folded.split(" ");
    return sought.split(" ").every((part) => words.some((word) => word.startsWith(part))) ? 3 : 9;
  };
  const answers = (typed) => {
    const sought = plain(typed).replace(/^the (?=.)/, ""); // no name begins with it, but many type it
    if (!sought) return [];
    return known.map(({ place, names }) => {
      const fits = names.map(([name, folded]) => fit(name, folded, sought));
      const best = Math.min(...fits);
      return { place, best, by: fits[0] === best ? "" : names[fits.indexOf(best)][0] };
    }).filter(({ best }) => best < 9).sort((one, other) => one.best - other.best).slice(0, 10);
  };

  // The box: a combobox with a list, as WAI-ARIA describes it. The first answer is the one that Enter takes.
  const list = make("ul", { id: "place-answers", role: "listbox", hidden: true });
  list.setAttribute("aria-label", "Places");
  const input = make("input", { id: "place-name", type: "text", role: "combobox", autocomplete: "off", spellcheck: false });
  const set = (name, value) => input.setAttribute(name, value);
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  const status = make("p", { className: "unseen", role: "status" });
  let [found, at] = [[], 0];

  const mark = (to) => {
    at = to;
    [...list.children].forEach((option, i) => { option.ariaSelected = String(i === at); });
    const option = list.children[at];
    if (option) { set("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  };
  const close = () => { list.hidden = true; set("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const open = () => {
    found = answers(input.value);
    list.replaceChildren(...found.map(({ place, by }, i) => {
      const option = make("li", { id: `place-answer-${i}`, role: "option" }, place.name, ...(by ? [make("span", {}, ` ${by}`)] : []));
      on(option, "pointerdown", (event) => event.preventDefault()); // the box keeps the focus
      on(option, "click", () => choose(place));
      return option;
    }));
    list.hidden = !found.length;
    set("aria-expanded", String(found.length > 0));
    mark(0);
    const n = found.length;
    status.textContent = !plain(input.value) ? "" : n ? `${n} ${n === 1 ? "place" : "places"}` : "No place has this name.";
    nothing.textContent = plain(input.value) && !n ? "No place has this name." : "";
    if (nothing.textContent) card.hidden = true; // another place's numbers are no answer
  };
  const nothing = make("p", { className: "nothing" });
  close();
  on(input, "input", open);
  on(input, "blur", close);
  on(input, "keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) open();
      else mark((at + step + found.length) % found.length);
    } else if (event.key === "Enter" && !list.hidden && found[at]) {
      event.preventDefault();
      choose(found[at].place);
    } else if (event.key === "Escape") {
      if (list.hidden) input.value = "";
      close();
    }
  });

  // The card.
  const card = make("section", { className: "place-card", hidden: true });
  card.setAttribute("aria-labelledby", "place-title");
  const table = (label, heads, rows) => {
    const cell = (tag, values) => (text, i) => {
      const one = make(tag, { ...values, className: i ? "gt_right" : "" }, text);
      if (tag === "th") one.setAttribute("scope", "col");
      return one;
    };
    const body = rows.map((row) => make("tr", {}, ...row.map(cell("td", {}))));
    const whole = make("table", {}, make("thead", {}, make("tr", {}, ...heads.map(cell("th", {})))), make("tbody", {}, ...body));
    const scroll = make("div", { className: "scroll", tabIndex: 0, role: "group", ariaLabel: label }, whole);
    watch(scroll);
    return scroll;
  };
  const head = (text) => make("h3", {}, text);
  const paragraph = (text) => make("p", {}, text);
  const link = (href, text) => make("a", { href }, text);
  const span = (rows) => (rows.length > 1 ? `${rows[0][0]} to ${rows.at(-1)[0]}` : `${rows[0][0]}`);

  const level = ([year, low, high]) => "The level is what the years scatter around, by reports per person over all years that "
    + `count each report once. Among the places of ${year}, the level of this place ranks between ${print(low)} and ${print(high)}, `
    + "with 95 percent confidence. The rank of one year says little about the next.";
  const once = (rows, levels) => rows.length ? [
    head(`Each report counted once, ${span(rows)}`),
    table("Reports", ["Year", "Reports", "Per 100,000 people", "Rank that year"], rows.map(
      ([year, reports, rate, rank]) => [`${year}`, print(reports), print(rate, 1), print(rank)],
    )),
    paragraph("Ranks are by reports per person, the first being 1."), ...(levels ? [paragraph(level(levels))] : []),
  ] : [];
  const each = (rows) => rows.length ? [
    head(`Each recipient counted, ${span(rows)}`),
    table("Received reports", ["Year", "Referrals", "Informational", "Together", "Per 100,000 people", "Rank that year"], rows.map(
      ([year, referrals, informational, received, rate, rank]) => [`${year}`, ...[referrals, informational, received].map((one) => print(one)), print(rate, 1), print(rank)],
    )),
    paragraph("These are reports that the place received. One report can count for several recipients, so these numbers "
      + "cannot be compared with those of the years in which each report counts once."),
  ] : [];
  const rounded = (printed) => (printed.startsWith("<") ? `fewer than ${print(Number(printed.slice(1)))}` : print(Number(printed)));
  const platform = (rows) => [head("NCMEC’s other number"), ...rows.map(([year, referrals, printed, low, high, verdict]) => {
    const stands = printed.startsWith("<") ? "" : `, a rounded number that can stand for ${print(low)} to ${print(high)}`;
    const agree = ["equal", "agrees_within_rounding"].includes(verdict);
    const finding = agree ? "The two agree within rounding." : verdict ? `They differ by more than rounding allows: ${cards.verdicts[verdict]}.` : "";
    const table = referrals === null ? "" : ` Its table by country has ${print(referrals)}. ${verdict === "not_comparable" ? "" : finding}`;
    return paragraph(`For ${year}, NCMEC’s Global Platform has ${rounded(printed)} referrals${stands}.${table}`);
  }), ...(rows.length ? [] : [paragraph("NCMEC’s Global Platform has no number for this place.")])];
  const helper = (at) => {
    const { name, kind, address, telephone, serves, reference_year: year } = cards.help[at];
    const kinds = { hotline: "hotline", removal: "to have images of oneself removed", helpline: "helpline for children and young people", prevention: "for people worried about their own behavior" };
    const dial = telephone ? [", telephone ", make("a", { href: `tel:${telephone.replace(/[^\d+]/g, "")}` }, telephone)] : [];
    return make("li", {}, address ? link(address, name) : name, ` (${kinds[kind] ?? kind}`, ...dial, `${year ? `, as of ${year}` : ", by a page without a date"})${serves ? `. ${serves}.` : ""}`);
  };
  // What this report has no service for is said: a list without a line for children must not look like all there is.
  const lacking = (place) => {
    if (!place.help.length) return `This report has no hotline or helpline of ${place.name}; these lead to one or serve everywhere.`;
    const lines = (list) => list.map((at) => cards.help[at]).filter(({ kind }) => kind === "helpline");
    const [anywhere] = lines(cards.everywhere);
    return lines(place.help).length ? "" : `This report has no helpline for children in this place.${
      anywhere ? ` ${anywhere.name}: ${anywhere.serves}.` : ""}`;
  };
  const help = (place) => [
    head("Where to get help"),
    paragraph(`If a child is in danger now, call the local emergency number. ${lacking(place)}`.trim()),
    make("ul", {}, ...[...place.help, ...cards.everywhere].map(helper)),
  ];
  const newer = () => [head("Newer numbers"), paragraph("NCMEC publishes newer numbers on these pages:"),
    make("ul", {}, ...cards.newer.map(({ title, url }) => make("li", {}, link(url, title))))];

  const title = make("h2", { id: "place-title", tabIndex: -1 });
  const show = (place) => {
    title.textContent = place.name;
    card.replaceChildren(
      title,
      make("p", { className: "caution" }, "These numbers say where services placed the uploads that they reported. NCMEC "
        + "says that they are not indicative of the level of child sexual abuse in a particular country."),
      ...place.remarks.map((text) => make("p", { className: "remark" }, text)),
      ...once(place.report, place.level), ...each(place.recipient), ...platform(place.platform), ...help(place), ...newer(),
      make("p", { className: "source" }, "Sources: NCMEC’s reports by country, later years after a compilation; populations by the United Nations."),
    );
    card.hidden = false;
    input.value = place.name;
    nothing.textContent = "";
    close();
    status.textContent = `${place.name}: numbers below`;
  };

  // The address: the row of the table has it too, so that it leads somewhere without a script.
  const addressed = () => cards.places.find((place) => `#place-${place.id}` === location.hash);
  const arrive = () => {
    const place = addressed();
    if (!place) return;
    show(place);
    box.scrollIntoView({ behavior: "instant", block: "start" });
    title.focus({ preventScroll: true });
  };
  const choose = (place) => {
    if (place === addressed()) arrive();
    else location.hash = `place-${place.id}`;
  };
  on(window, "hashchange", arrive);

  box.replaceChildren(make("div", { className: "choices" }, make("label", { htmlFor: input.id }, "Type a place"),
    make("div", { className: "combobox" }, input, list)), nothing, status, card);
  arrive();
  if (document.readyState !== "complete") on(window, "load", arrive); // what loads late moves what is below it
};
