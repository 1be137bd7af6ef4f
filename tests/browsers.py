"""What tests in a browser share: how it is started, sizes of screens, and what axe-core finds."""

import contextlib
import functools
import http.server
import threading
import time

from axe_playwright_python.sync_playwright import Axe

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
WIDE, PHONE = 1300, 390
HOME = ("file:", "data:", "http://127.0.0.1:")
EXCESS = "document.scrollingElement.scrollWidth - window.innerWidth"
BLANK = '<!doctype html><html lang="en"><title>Blank</title><link rel="icon" href="data:,"></html>'
FORGET = "() => { try { localStorage.clear(); sessionStorage.clear(); } catch { /* closed to this page */ } }"

# Rows, items and paragraphs that are alike: they hold the same kinds of elements, which differ in their words and
# addresses only. The first four of them stay, both of stripes.
THIN = """() => {
  const words = new Set(["id", "href", "src", "alt", "title", "aria-label", "data-of", "download"]);
  const named = (one) => [...one.attributes]
    .map(({ name, value }) => `${name}=${words.has(name) ? Boolean(value) : value}`).sort().join(" ");
  const kind = (one) => `<${one.localName} ${named(one)}>${Boolean(one.textContent.trim())}`;
  const around = (one) => one ? `${one.localName}.${one.className} ${around(one.parentElement)}` : "";
  const seen = new Map();
  const more = [...document.querySelectorAll(":is(article, nav) :is(tr, li, p)")].filter((one) => {
    if (one.closest("table")?.querySelector("tbody [rowspan]")) return false;
    const within = new Set([...one.querySelectorAll(":not(wbr)")].map(kind));
    const key = around(one.parentElement) + kind(one) + [...within].sort().join("");
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return seen.get(key) > 4;
  });
  more.forEach((one) => one.remove());
  return more.length;
}"""


@contextlib.contextmanager
def serving(folder):
    """Serve a folder, and yield its address."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


class Tabs:
    """Pages of a browser by width, scheme and options: each test leaves its own as it was, as a new one takes a second.

    Attributes
    ----------
    troubles
        What pages have said on their console, and what they have asked for elsewhere.
    """

    def __init__(self, browser, blank):
        self.browser, self.blank, self.kept, self.troubles = browser, blank.as_uri(), {}, []

    def new(self, width, scheme, **options):
        """Open a page that shares nothing with others."""
        size = {"width": width, "height": 900}
        page = self.browser.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", **options
        ).new_page()
        page.on("console", lambda message: self.troubles.append(message.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(HOME) or self.troubles.append(asked.url))
        return page

    def get(self, width, scheme, **options):
        """Return the page of a width, a scheme and options, empty."""
        key = (width, scheme, *options.items())
        return self.kept[key] if key in self.kept else self.kept.setdefault(key, self.new(width, scheme, **options))

    def clear(self, page):
        """Empty a page, and take back what a test has set."""
        width, scheme = next(key[:2] for key, one in self.kept.items() if one is page)
        page.evaluate(FORGET)
        page.goto(self.blank)  # what comes next is loaded, even where it differs by what follows #
        page.mouse.move(0, 0)
        page.emulate_media(media="null", color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.context.clear_permissions()


def violations(page):
    # what passes is not listed node by node: on pages with long tables that takes longer than all checks
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]


def thin_violations(page):
    """Return what axe-core finds where rows and items that are alike are left out: it takes long for each word."""
    page.evaluate(THIN)
    return violations(page)


def wait_for(page, expression, argument=None):
    """Wait until something is so in a page.

    Playwright's own way evaluates a text in the page, which the pages' security policy forbids where it has to wait.
    """
    until = time.monotonic() + 5
    while not page.evaluate(expression, argument):
        assert time.monotonic() < until, expression
        page.wait_for_timeout(50)
