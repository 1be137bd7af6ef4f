// Light or dark, the contents on a phone, copying code, and where in the chapter the reader is. Pages work without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const KEY = "countback-theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // Storage may be closed, as for files opened from a disk in some browsers.
  const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const store = (value) => { try { localStorage.setItem(KEY, value); } catch { /* the choice lasts for this page */ } };

  const choice = stored();
  if (choice === "dark" || choice === "light") root.dataset.theme = choice;
  root.classList.add("has-script");

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

  function switchTheme() {
    const button = document.querySelector(".theme");
    const show = () => { button.textContent = isDark() ? "Light" : "Dark"; };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      store(root.dataset.theme);
      show();
    });
    dark.addEventListener("change", show);
    show();
  }

  function openContents() {
    const button = document.querySelector(".menu");
    const contents = document.getElementById("contents");
    const set = (open) => {
      contents.classList.toggle("open", open);
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", () => set(!contents.classList.contains("open")));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && contents.classList.contains("open")) { set(false); button.focus(); }
    });
  }

  async function copy(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  function copyButtons() {
    for (const pre of document.querySelectorAll("details.code pre")) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
      button.setAttribute("aria-label", "Copy the code");
      button.addEventListener("click", async () => {
        await copy(pre.textContent.trimEnd());
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
      pre.parentElement.classList.add("copyable");
      pre.parentElement.append(button);
    }
  }

  function followSections() {
    const links = [...document.querySelectorAll(".sections a")];
    const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const mark = () => {
      let at = headings.findLastIndex((heading) => heading && heading.getBoundingClientRect().top < 120);
      links.forEach((link, i) => (i === at ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    };
    if (links.length) { document.addEventListener("scroll", mark, { passive: true }); mark(); }
  }

  document.addEventListener("DOMContentLoaded", () => {
    switchTheme();
    openContents();
    copyButtons();
    followSections();
    document.querySelector('.contents [aria-current="page"]')?.scrollIntoView({ block: "nearest" });
  });
})();
