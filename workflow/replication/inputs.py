"""What every method takes and gives: tables by name, of the years that the published analysis had, and values by id."""

from collections.abc import Callable, Mapping

import pandas as pd

from countback.io.errors import DataError
from countback.periods import parse_period
from countback.text import words

Tables = Mapping[str, pd.DataFrame]
# None: the quantity can't be had from what is disclosed
Value = int | float | str | None
Values = dict[str, Value]
Method = Callable[[Tables], Values]

# the published analysis ends here; what is disclosed later is no part of what it found
LAST_YEAR = 2023
LAST_PERIOD = "2024 Q2"
COMPILED = "data/organizations/published_values.csv"
# what the compilation has had since its first version begins so, in the table of releases
SINCE = "diaphanous-2025-"
# whom the published analysis surveyed; who was chosen since is no part of what it found, whatever years they disclose
SURVEYED = {
    "alphabet", "amazon", "apple", "automattic", "aylo", "discord", "facebook", "github", "google", "instagram",
    "linkedin", "meta", "microsoft", "omegle", "pinterest", "pornhub", "quora", "reddit", "snap", "telegram", "tiktok",
    "tumblr", "twitch", "twitter", "whatsapp", "wikimedia", "wordpress", "x", "youtube",
}  # fmt: skip


def published_span(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return tables as the published analysis had them: without later years, halves and quarters.

    Values that the compilation has had only since its first version are left out too. Organizations that were chosen
    only since then are not surveyed, and what they disclose is left out.
    """
    last = parse_period(LAST_PERIOD).end
    spanned: dict[str, pd.DataFrame] = {}
    for name, frame in tables.items():
        rows = _is_of_surveyed(name, frame)
        if "year" in frame:
            rows &= (frame["year"] <= LAST_YEAR).fillna(True).astype(bool)
        if "first_report" in frame:  # a later report prints past years again, with rows and numbers of its own
            rows &= frame["first_report"].str[-4:].astype(int) <= LAST_YEAR
        if name.startswith("disclosures"):
            rows &= frame["period"].map(lambda label: parse_period(label).end <= last).astype(bool)
        if name.startswith("disclosures") and "place" in frame:
            rows &= ~frame["place"].fillna("").str.contains(SINCE, regex=False).astype(bool)
        spanned[name] = frame[rows]
        if "is_surveyed" in frame:
            is_surveyed = frame["is_surveyed"] & frame["organization"].isin(SURVEYED)
            spanned[name] = frame.assign(is_surveyed=is_surveyed)[rows]
    # who has disclosed only since then had no table
    return {name: frame for name, frame in spanned.items() if len(frame) or not name.startswith("disclosures/")}


def _is_of_surveyed(name: str, frame: pd.DataFrame) -> pd.Series:
    """Tell for each row whether it may stay: all but what organizations disclose that were chosen later."""
    folder, _, organization = name.rpartition("/")
    if folder == "disclosures":
        return pd.Series(organization in SURVEYED, index=frame.index)
    if name == "disclosures":
        return frame["organization"].isin(SURVEYED)
    if name == "provider_years":
        return frame["provider"].isin(SURVEYED)
    if name == "provider_pairs":
        return frame["provider"].isin(SURVEYED) | frame["own_periods"].isna()
    return pd.Series(True, index=frame.index)


def published_releases(releases: list[str]) -> list[str]:
    """Return those of a publisher's releases, by id and in order, that are not about later quarters than the last.

    Examples
    --------
    >>> published_releases(["meta-2023-q4", "meta-2024-q2", "meta-2024-q3"])
    ['meta-2023-q4', 'meta-2024-q2']
    """
    last = LAST_PERIOD.replace(" ", "-").lower()
    return [release for release in releases if release.split("-", 1)[1] <= last]


def as_compiled(tables: Tables, compiled: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return tables of disclosures with the numbers that the published analysis had.

    Parameters
    ----------
    tables
        Tables by their path in `data/`, without suffix.
    compiled
        `data/organizations/published_values.csv`.

    Raises
    ------
    DataError
        If a cell is not that of one row.
    """
    held = dict(tables)
    for index, cell in enumerate(compiled.to_dict("records")):
        frame = held[cell["table"]].copy()
        chosen = (frame["metric"] == cell["metric"]) & (frame["period"] == cell["period"])
        part = frame["component"].isna() if pd.isna(cell["component"]) else frame["component"] == cell["component"]
        chosen &= part & ~frame["is_redundant"]
        if chosen.sum() != 1:
            found = f"{chosen.sum()} rows of data/{cell['table']}.csv"
            raise DataError(COMPILED, index + 2, found=found, expected="one", fix="Correct the row or drop it.")
        frame.loc[chosen, "value"] = cell["value"]
        held[cell["table"]] = frame
    return held


def slug(text: str) -> str:
    """Return a label as the published ids spell it."""
    return words.slug(text, "-")


def by_year(family: str, series: pd.Series, suffix: str = "") -> Values:
    """Return a series of years as values by id: `family.year` and a suffix; what is missing is None."""
    return {f"{family}.{key}{suffix}": None if pd.isna(value) else value for key, value in series.items()}
