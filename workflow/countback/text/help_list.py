"""Where to get help, as Markdown: one entry per country, services for people anywhere first.

- Each service is a link with its telephone number and the page that says so.
- Text from the data is escaped: nothing in it is read as markup.
"""

import re
from collections.abc import Iterator

import pandas as pd

from countback.text.words import prose

ANYWHERE = "Anywhere"
KINDS = {
    "hotline": "To report content, or to have it removed",
    "helpline": "For children and young people",
    "prevention": "For people worried about their own thoughts or behavior, and those close to them",
}


def service(row: pd.Series) -> str:
    """Return a service as a link, with its number where it has one, and its reference.

    Examples
    --------
    >>> service(pd.Series({"name": "Line", "address": "https://a.org", "telephone": "116", "reference": "one"}))
    '[Line](https://a.org), telephone [116](tel:116) [@one]'
    """
    number = ""
    if pd.notna(row["telephone"]):
        number = f", telephone [{prose(row['telephone'])}](tel:{re.sub(r'[^0-9+]', '', row['telephone'])})"
    return f"[{prose(row['name'])}]({row['address']}){number} [@{row['reference']}]"


def entry(place: str, services: pd.DataFrame) -> Iterator[str]:
    """Yield the lines of a place: its name, then a line per kind of service."""
    yield f"{prose(place)}\n"
    for kind, words in KINDS.items():
        found = [service(row) for _, row in services[services["kind"] == kind].iterrows()]
        if found:
            yield f":   *{words}:* {'; '.join(found)}.\n"


def help_list(services: pd.DataFrame, countries: pd.DataFrame) -> str:
    """Return a definition list of all services: those for people anywhere, then by the name of the country.

    Parameters
    ----------
    services
        Table `help`.
    countries
        Table `countries`: `iso3`, `name`.
    """
    names = countries.set_index("iso3")["name"]
    placed = services.assign(place=services["iso3"].map(names).fillna(ANYWHERE))
    order = sorted(placed["place"].unique(), key=lambda place: (place != ANYWHERE, place))
    return "\n".join(line for place in order for line in entry(place, placed[placed["place"] == place]))
