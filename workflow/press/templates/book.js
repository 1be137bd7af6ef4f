// Light and dark, where the reader is, search, notes beside their marks, tabs, copying. Pages can be read without it.
"use strict";
(() => {
  const root = document.documentElement;
  const assets = document.currentScript.src.replace(/[^/]*$/, "");
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (target, types, act) => types.split(" ").forEach((type) => target.addEventListener(type, act));
  const make = (tag, values, ...content) => { // content is text or elements, never markup
    const element = Object.assign(document.createElement(tag), values);
    element.append(...content);
    return element;
  };
  const loading = {};
  const load = (name, from = assets) => (loading[name] ??= new Promise((onload, onerror) => {
    document.head.append(make("script", { src: from + name, onload, onerror }));
  }));
  const name = (link) => decodeURIComponent(link.hash.slice(1));
  const goal = (link) => document.getElementById(name(link));

  // Storage may be closed, as for files opened from a disk in some browsers: a choice lasts for the page then.
  const guarded = (act) => { try { act(); } catch { /* closed */ } };
  const recall = () => guarded(() => { root.dataset.theme = localStorage.theme ?? "system"; });
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.dataset.theme === "dark" || (root.dataset.theme !== "light" && system.matches);
  recall(); // before the first paint
  root.classList.add("has-script");

  function theme(button) {
    const show = () => { recall(); button.textContent = isDark() ? "Light" : "Dark"; };
    on(button, "click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      guarded(() => { localStorage.theme = root.dataset.theme; });
      show();
    });
    on(system, "change", show);
    on(window, "pageshow", show); // as when a page comes back from the browser's history
    show();
  }

  function contents(nav) {
    const links = all(".sections a", nav);
    const mark = () => {
      const at = links.findLastIndex((link) => goal(link)?.getBoundingClientRect().top < 120);
      links.forEach((link, i) => { link.ariaCurrent = i === at ? "location" : null; });
    };
    on(document, "scroll", mark);
    mark();
    find("[aria-current=page]", nav).scrollIntoView({ block: "nearest" });
    on(nav, "click", (event) => event.target.closest("a") && nav.hidePopover());
    on(nav, "focusout", ({ relatedTarget: to }) => to && !nav.contains(to) && nav.hidePopover());
  }

  function search(dialog) {
    const [input, status, list] = ["input", "p", "ol"].map((tag) => find(tag, dialog));
    const fuzzy = (term) => (/\d/.test(term) || term.length < 4 ? false : 0.2);
    const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const boost = { title: 3, also: 5 };
    const prefix = (term) => term.length > 2; // two letters begin too many words
    const searchOptions = { prefix, fuzzy, combineWith: "AND", boost, processTerm: folded };
    // Few readers type a name as it is written here: what was typed is also sought without endings, and with two words
    // as one; of the address of a site, its name.
    const stem = (word) => word.replace(/(?<=.{4})(?:ings?|ies|ed|es|[sey])$/, "").replace(/([bdgmnprt])\1$/, "$1");
    const readings = (typed) => {
      const words = folded(typed.replace(/\.(com|org|net)\b/gi, "")).split(/[\s\p{P}]+/u).filter(Boolean);
      const joined = words.slice(1).map((word, i) => words.toSpliced(i, 2, words[i] + word));
      const reading = (queries, options = { fuzzy: false }) => ({ combineWith: "AND", queries, ...options });
      const queries = [reading(words, {}), reading(words.map(stem)), ...joined.map((some) => reading(some))];
      return { combineWith: "OR", queries };
    };
    let index;
    const prepare = async () => {
      await Promise.all([load("minisearch.js"), load("search.js")]);
      const [fields, storeFields] = [["title", "text", "also"], ["title", "text", "also", "page"]];
      // A title of a few words is also found when they are typed as one.
      const extractField = (section, field) => (field === "also"
        ? `${section.also ?? ""} ${section.title.length < 30 ? section.title.replace(/[^\p{L}\p{N}]+/gu, "") : ""}`
        : section[field]);
      index = new MiniSearch({ idField: "href", fields, storeFields, extractField, processTerm: folded, searchOptions });
      index.addAll(bookSections);
    };
    const marked = (text, words) => text.split(words).map((part, i) => (i % 2 ? make("mark", {}, part) : part));
    const hit = ({ id, title, text: shown, also, page, terms }) => {
      const longest = [...terms].sort((a, b) => b.length - a.length).map((term) => term.replace(/[$+^|]/g, "\\$&"));
      const pattern = (words) => new RegExp(`(?<![\\p{L}\\p{N}])(${words})`, "iu");
      const isSeen = pattern(longest.join("|")).test(`${title} ${shown}`);
      const text = isSeen ? shown : [also.trim(), shown].filter(Boolean).join("; "); // else no word says why it is here
      const at = longest.map((word) => text.search(pattern(word))).find((place) => place >= 0) ?? 0;
      const [words, from] = [pattern(longest.join("|")), text.lastIndexOf(" ", Math.max(at - 50, 0)) + 1];
      const excerpt = `${from ? "… " : ""}${text.slice(from, from + 160)}${text[from + 160] ? " …" : ""}`;
      const head = make("strong", {}, ...marked(title, words));
      const parts = [head, make("span", {}, page), make("p", {}, ...marked(excerpt, words))];
      return make("li", {}, make("a", { href: `${assets}../${id}` }, ...parts));
    };
    const show = () => {
      const found = input.value.trim() ? index.search(readings(input.value)) : [];
      list.replaceChildren(...found.slice(0, 20).map(hit));
      const n = `${found.length || "No"} ${found.length === 1 ? "section" : "sections"} found`;
      status.textContent = input.value.trim() ? n : "";
    };
    const open = () => {
      if (!dialog.open) dialog.showModal();
      input.select();
      if (!index) prepare().then(show, () => { status.textContent = "The search can't be loaded."; });
    };
    on(input, "input", () => index && show());
    on(find(".find"), "click", open);
    for (const part of [find("button", dialog), list]) on(part, "click", () => dialog.close());
    on(dialog, "keydown", (event) => {
      const stops = [input, ...all("a", list)];
      const to = stops[stops.indexOf(document.activeElement) + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
      if (to) { event.preventDefault(); to.focus(); }
      if (event.key === "Enter" && document.activeElement === input) stops[1]?.click();
    });
    on(document, "keydown", (event) => {
      if (event.key !== "/" || event.target === input) return;
      event.preventDefault();
      open();
    });
  }

  // A footnote, reference or caption beside its mark, under the pointer or at the focus; it stays while it is in use.
  function notes() {
    const marks = "main :is(.footnote-ref, .xref, a[href*='#ref-'])";
    let [mark, box, timer] = [];
    const close = () => { box?.remove(); mark?.removeAttribute("aria-describedby"); mark = box = null; };
    const inUse = () => [mark, box].some((one) => one?.matches(":hover, :focus-visible, :has(:focus-visible)"));
    const later = (wait, act) => { clearTimeout(timer); timer = setTimeout(act, wait); };
    const text = async (link) => {
      if (!link.matches(".footnote-ref")) return load("notes.js").then(() => bookNotes[name(link)]);
      const note = goal(link).cloneNode(true);
      find(".footnote-back", note)?.remove();
      return note.innerHTML;
    };
    const open = async (link) => {
      if (link === mark) return;
      close();
      mark = link;
      const innerHTML = await text(link);
      if (!innerHTML || mark !== link) return;
      box = make("div", { id: "note", className: "note", popover: "manual", innerHTML });
      (link.closest("sup") ?? link).after(box);
      link.setAttribute("aria-describedby", "note");
      box.showPopover();
      const [line, high] = [[...link.getClientRects()].at(-1), box.offsetHeight + 8];
      const isAbove = line.bottom + high > innerHeight && line.top > high + 60;
      const left = Math.max(16, Math.min(line.left - 16, root.clientWidth - box.offsetWidth - 16));
      const top = scrollY + (isAbove ? line.top - high : line.bottom + 4);
      Object.assign(box.style, { top: `${top}px`, left: `${left}px` });
    };
    on(document, "pointerover", (event) => {
      const link = event.pointerType === "mouse" && event.target.closest(marks);
      if (link) later(120, () => open(link));
    });
    on(document, "focusin", ({ target }) => target.matches(marks) && target.matches(":focus-visible") && open(target));
    on(document, "pointerout focusout", () => later(250, () => inUse() || close()));
    on(document, "click", (event) => event.target.closest(marks) && close());
    on(document, "keydown", (event) => event.key === "Escape" && close());
  }

  function tabs(set, n) {
    const panels = all(":scope > .tab", set);
    const select = (at) => panels.forEach((panel, i) => {
      Object.assign(buttons[i], { ariaSelected: String(i === at), tabIndex: i === at ? 0 : -1 });
      panel.hidden = i === at ? false : "until-found";
    });
    const buttons = panels.map((panel, i) => {
      const button = make("button", { type: "button", role: "tab", id: `tab-${n}-${i}` });
      button.textContent = find(".tab-title", panel).textContent;
      on(button, "click", () => select(i));
      on(panel, "beforematch", () => select(i));
      Object.assign(panel, { role: "tabpanel", tabIndex: 0, id: panel.id || `panel-${n}-${i}` });
      panel.setAttribute("aria-labelledby", button.id);
      button.setAttribute("aria-controls", panel.id);
      return button;
    });
    set.prepend(make("div", { className: "tabs", role: "tablist" }, ...buttons));
    set.classList.add("tabbed");
    on(set.firstChild, "keydown", (event) => {
      const [at, many] = [buttons.indexOf(document.activeElement), buttons.length];
      const to = { ArrowRight: (at + 1) % many, ArrowLeft: (at + many - 1) % many, Home: 0, End: many - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      select(to);
      buttons[to].focus();
    });
    select(0);
  }

  const say = (words) => { find("header [role=status]").textContent = words; };

  // Without a secure context there is no clipboard but the selection's.
  const copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = make("textarea", { value: text, className: "unseen" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    return area.remove();
  };
  const copyButton = (words, text) => {
    const button = make("button", { type: "button" }, words);
    on(button, "click", async () => {
      await copy(text());
      button.textContent = "Copied";
      say("Copied");
      setTimeout(() => { button.textContent = words; say(""); }, 1500);
    });
    return button;
  };

  function copying(pre) {
    const box = make("div", { className: "copyable" });
    pre.replaceWith(box);
    box.append(pre, copyButton("Copy", () => pre.textContent.trimEnd()));
  }

  // The code that shows a figure on another page: by its address, where the report has one, else by the file's name.
  const embedCode = (box) => {
    // A picture without a caption stands before its links; its address is that of its section.
    const [figure, page] = [box.closest("figure") ?? box.previousElementSibling, root.dataset.site];
    const sections = all(":is(h1, h2, h3, h4)[id]").filter((head) => head.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING);
    const id = figure.id || sections.at(-1)?.id || "";
    const file = find("a[href$='.png']", box) ?? find("a[href$='.svg']", box);
    const path = file.getAttribute("href");
    const src = page ? new URL(path, page).href : path.replace(/^.*\//, "");
    const inert = document.implementation.createHTMLDocument(""); // where no picture is loaded
    const build = (tag, values, ...content) => {
      const element = Object.assign(inert.createElement(tag), values);
      element.append(...content);
      return element;
    };
    const image = build("img", { alt: find("img", figure).alt, style: "max-width: 100%; height: auto" });
    image.setAttribute("src", src); // as an attribute, so that a name is no address of this disk
    const caption = (find("figcaption", figure)?.textContent ?? "").replace(/\s+/g, " ").trim();
    const source = page ? build("a", { href: `${page}#${id}` }, find(".home").textContent) : find(".home").textContent;
    const code = build("figure", {}, image, build("figcaption", {}, `${caption} From: `.trimStart(), source));
    return `${page ? "" : `<!-- Put ${src} beside your page. -->\n`}${code.outerHTML}`;
  };

  // One switch for all code of a page that has more than one piece of it.
  function codes() {
    const pieces = all("details.code");
    if (pieces.length < 2) return;
    const button = make("button", { type: "button", className: "codes" });
    const areShown = () => pieces.every((piece) => piece.open);
    const show = () => { button.textContent = areShown() ? "Hide all code" : "Show all code"; };
    on(button, "click", () => {
      const open = !areShown();
      pieces.forEach((piece) => { piece.open = open; });
      say(open ? "All code is shown" : "All code is hidden");
    });
    pieces.forEach((piece) => on(piece, "toggle", show));
    find("h1").after(button);
    show();
  }

  // The text of a report of an error names the section that is read.
  function errorReport(link) {
    const [href, section] = [link.href, encodeURIComponent("Section:")];
    on(link, "click", () => {
      const at = find(".sections [aria-current=location]")?.textContent.trim().replace(/\s+/g, " ");
      link.href = at ? href.replace(section, `${section}%20${encodeURIComponent(at)}`) : href;
    });
  }

  on(document, "DOMContentLoaded", () => {
    const head = find(".top");
    new ResizeObserver(() => root.style.setProperty("--top", `${head.offsetHeight}px`)).observe(head);
    theme(find(".theme"));
    contents(find(".contents"));
    search(find(".search"));
    notes();
    all(".panel-tabset").forEach(tabs);
    all("pre.sourceCode, footer pre").forEach(copying);
    all(".figure-links").forEach((box) => box.append(copyButton("Copy embed code", () => embedCode(box))));
    all(".error-report > a").forEach(errorReport);
    codes();
    load("parts.js");
  });
})();
