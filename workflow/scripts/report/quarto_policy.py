"""The content security policy of Quarto's pages: what a browser may load and run, of whatever stands in a page.

- As in the press's pages, nothing comes from elsewhere, nothing is sent, and there are no frames and no plugins.
- Quarto writes scripts into its pages, and calls of them at its buttons: each is named by its digest, no other runs.
- What a chapter says stands between `<main>` and its end: no script there is named, whatever a table brought in.
- Styles may stand in the page: pandoc writes the widths of columns so, and Quarto's scripts add some.
- Its search fetches a file beside the pages.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from html import unescape

POLICY = (
    "default-src 'none'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src {}; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'"
)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL | re.IGNORECASE)
IS_FILE = re.compile(r"\bsrc\s*=", re.IGNORECASE)
IS_DATA = re.compile(r"""\btype\s*=\s*["']?application/(?:ld\+)?json\b""", re.IGNORECASE)
CALL = re.compile(r'<[a-z][^>]*?\son[a-z]+="(?P<text>[^"]*)"')
TOP = re.compile(r'<head\b[^>]*>(?:\s*<meta charset="[^"]*">)?')


def outside_text(html: str) -> list[str]:
    """Return what stands before a page's text and after it, all of which Quarto writes.

    Examples
    --------
    >>> outside_text("<head></head><main>a</main><main>b</main><footer></footer>")
    ['<head></head>', '<footer></footer>']
    """
    before, _, rest = html.partition("<main")
    return [before, rest.rpartition("</main>")[2]]


def digests(texts: Iterable[str]) -> list[str]:
    """Return the digests of scripts as a policy names them, each once."""
    found = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return [f"'sha256-{digest}'" for digest in dict.fromkeys(found)]


def scripts(html: str) -> list[str]:
    """Return the scripts that stand in a page outside its text; data and files are none."""
    found = [script for part in outside_text(html) for script in SCRIPT.finditer(part)]
    return [script["text"] for script in found if not (IS_FILE.search(script[1]) or IS_DATA.search(script[1]))]


def calls(html: str) -> list[str]:
    """Return the calls of scripts at the buttons of a page outside its text."""
    plain = (SCRIPT.sub("", part) for part in outside_text(html))
    return [unescape(call["text"]) for part in plain for call in CALL.finditer(part)]


def with_policy(html: str) -> str:
    """Return a page that tells its policy before anything that the policy is about."""
    at_buttons = digests(calls(html))
    sources = ["'self'", *digests(scripts(html)), *(["'unsafe-hashes'", *at_buttons] if at_buttons else [])]
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(" ".join(sources))}">'
    return TOP.sub(lambda top: f"{top[0]}\n{meta}", html, count=1)
