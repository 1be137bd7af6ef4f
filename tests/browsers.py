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


@contextlib.contextmanager
def serving(folder):
    """Serve a folder, and yield its address."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


def violations(page):
    # what passes is not listed node by node: on pages with long tables that takes longer than all checks
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]


def wait_for(page, expression, argument=None):
    """Wait until something is so in a page.

    Playwright's own way evaluates a text in the page, which the pages' security policy forbids where it has to wait.
    """
    until = time.monotonic() + 5
    while not page.evaluate(expression, argument):
        assert time.monotonic() < until, expression
        page.wait_for_timeout(50)
