"""Where to get help, as Markdown: one entry per country, services for people anywhere first.

- Each service is a link with its telephone number, the page that says so, and the year of that page if it has one.
- Text from the data is escaped: nothing in it is read as markup.
"""

import re
from collections.abc import Iterator

import pandas as pd

from countback.text.words import prose

ANYWHERE = "Anywhere"
KINDS = {
    "hotline": "To report content",
    "removal": "To have images of oneself removed",
    "helpline": "For children and young people",
    "prevention": "For people worried about their own thoughts or behavior, and those close to them",
}


def service(row: pd.Series) -> str:
    """Return a service as a link, with its number where it has one, its reference, and the year of that.

    Examples
    --------
    >>> line = {"name": "Line", "address": "https://a.org", "telephone": "116", "reference": "one"}
    >>> service(pd.Series(line | {"reference_year": 2031}))
    '[Line](https://a.org), telephone [116](tel:116), as of 2031 [@one]'
    """
    number = ""
    if pd.notna(row["telephone"]):
        number = f", telephone [{prose(row['telephone'])}](tel:{re.sub(r'[^0-9+]', '', row['telephone'])})"
    dated = "" if pd.isna(row["reference_year"]) else f", as of {row['reference_year']}"
    return f"[{prose(row['name'])}]({row['address']}){number}{dated} [@{row['reference']}]"


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
