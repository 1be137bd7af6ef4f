"""What a place is also found by, beside its name, by the look-up and by the search of the pages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from countback.text.typography import typographic
from countback.text.words import in_order


def initials(name: str) -> str:
    """Return the first letters of the words that have a capital, where there are two or more of these.

    Examples
    --------
    >>> initials("United States"), initials("Isle of Man"), initials("Kenya")
    ('US', 'IM', '')
    """
    letters = "".join(word[0] for word in re.findall(r"[^\W\d_]\w*", name) if word[0].isupper())
    return letters if len(letters) > 1 else ""


def other_names(place: Mapping[str, Any], printed: Sequence[str]) -> list[str]:
    """Return what a place is also found by, beside its name: each once, however it is accented or marked."""
    given = [*printed, place["iso3"], place["iso2"], initials(place["name"])]
    found = [typographic(str(name)).strip("*") for name in given if not pd.isna(name) and name]
    kept = {in_order(name): name for name in reversed(found)}
    kept.pop(in_order(typographic(place["name"])), None)
    return list(kept.values())[::-1]


def names_given(aliases: pd.DataFrame, names: pd.DataFrame) -> dict[str, list[str]]:
    """Return by place the names that readers type, then those that the clearinghouse prints.

    Parameters
    ----------
    aliases, names
        Tables `country_aliases` and `place_names`.
    """
    printed = aliases.rename(columns={"country_printed": "name"})
    rows = pd.concat([names, printed])[["iso3", "name"]]
    given: dict[str, list[str]] = rows.groupby("iso3")["name"].agg(list).to_dict()
    return given


def names_to_search(countries: pd.DataFrame, aliases: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    """Return by place, in one text, all that it is also found by but its code of two letters, which is often a word.

    Examples
    --------
    >>> utopia = pd.DataFrame({"iso3": ["UTO"], "iso2": ["IN"], "name": ["Utopia"]})
    >>> nothing = pd.DataFrame(columns=["iso3", "name"])
    >>> names_to_search(utopia, nothing, nothing)
    iso3
    UTO    UTO
    dtype: object
    """
    given = names_given(aliases, names)
    found = {
        place["iso3"]: "; ".join(other_names({**place, "iso2": None}, given.get(place["iso3"], [])))
        for place in countries.to_dict("records")
    }
    return pd.Series(found, dtype=object).rename_axis("iso3")
