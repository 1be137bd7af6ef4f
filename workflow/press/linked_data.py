"""Linked data in the head of a page: what the entry `dataset` of `_quarto.yml` names, for search engines.

- It is data, not a script that runs: the pages' policy, which lets no script run that stands in them, leaves it be.
"""

import json
from typing import Any
from urllib.parse import urlsplit

FILE = "contentUrl"


def _from_page(value: Any, up: str) -> Any:
    """Return a part of linked data whose files, given from the root of the pages, are found from a page."""
    if isinstance(value, list):
        return [_from_page(one, up) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _from_page(one, up) for key, one in value.items()}
    if FILE in found and not urlsplit(found[FILE]).scheme:
        found[FILE] = up + found[FILE]
    return found


def embedded(text: str, page: str) -> str:
    """Return linked data as it stands in a page: in one line, without a sign that could end its element.

    Parameters
    ----------
    text
        JSON-LD, in which the addresses of files begin at the root of the pages or are whole.
    page
        The name of the page, such as chapters/downloads.html.

    Examples
    --------
    >>> embedded('{"name": "a </script>", "distribution": [{"contentUrl": "b.zip"}]}', "chapters/one.html")
    '{"name": "a \\\\u003c/script>", "distribution": [{"contentUrl": "../b.zip"}]}'
    """
    told = _from_page(json.loads(text), "../" * page.count("/"))
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
