"""Every provider that the clearinghouse's tables list, one row each: for readers who look for a name.

- A row of a year without the full table belongs to the provider whose brand it names; where none has it, the row is of
  a provider of its own.
- Former names and others that the tables print are listed where they are not the name with another ending.
- What a row combines is said by its name, or by the mark of a combined count.
"""

import re
from collections.abc import Mapping

import pandas as pd

from countback.ownership import owner_of
from countback.text.claims import number_word, year_spans
from countback.text.words import slug

COMBINED = "*"
CHAPTER = "platforms.qmd"
KINDS = {
    "clearinghouse": "a clearinghouse",
    "hotline_network": "a network of hotlines",
    "monitoring": "a monitoring service",
    "ngo": "a charity",
    "registry": "a registry",
    "research": "a research body",
    "vendor": "a vendor of software",
}
# endings that make no other name
FORMS = re.compile(
    r"\b(inc|incorporated|llc|ltd|limited|lp|corp|corporation|co|company|gmbh|bv|b v|sa|sas|pty|plc|com|net|the)\b"
)


def core(name: str) -> str:
    """Return a name without legal form, signs and case, to tell another name from another spelling.

    Examples
    --------
    >>> core("Discord, Inc."), core("Discord"), core("Alpha Exploration Co (Clubhouse)")
    ('discord', 'discord', 'alphaexplorationclubhouse')
    """
    words = re.sub(r"[^a-z0-9]+", " ", name.lower())
    return re.sub(r"\s+", "", FORMS.sub(" ", words))


def brand_providers(esps: pd.DataFrame, aliases: pd.DataFrame, brands: pd.DataFrame) -> dict[str, list[str]]:
    """Return the providers of each brand: those whose brand it is, else those whose rows hold it with others."""
    own = esps.dropna(subset="brand").groupby("brand")["esp"].agg(list).to_dict()
    printed = aliases.merge(brands.dropna(subset="brand"), on="esp_printed")
    shared = printed.groupby("brand")["esp"].agg(lambda found: sorted(set(found))).to_dict()
    return {**shared, **own}


def provider_of(printed: str, brand: str, providers: Mapping[str, list[str]], known: set[str]) -> str:
    """Return the provider that a row of a selected year belongs to; one that no full table lists has its brand's id."""
    if slug(printed) in known:
        return slug(printed)
    candidates = providers.get(brand, [])
    if brand in candidates or not candidates:
        return brand
    return candidates[0]


def selected_years(
    selected: pd.DataFrame, selected_brands: pd.DataFrame, providers: Mapping[str, list[str]], known: set[str]
) -> pd.DataFrame:
    """Return reports by provider and year in years of which only selected rows are known."""
    rows = selected.merge(selected_brands[["esp_printed", "brand"]].drop_duplicates("esp_printed"), on="esp_printed")
    rows["esp"] = [
        provider_of(printed, brand, providers, known)
        for printed, brand in zip(rows["esp_printed"], rows["brand"], strict=True)
    ]
    return rows.groupby(["esp", "year"], as_index=False).agg(
        reports=("reports", "sum"), printed=("esp_printed", "first"), brand=("brand", "first")
    )


def other_names(name: str, printed: list[str]) -> str | None:
    """Return other names of a provider, each spelling of one once; None if there is no other.

    Examples
    --------
    >>> other_names("Momentive", ["Momentive Inc.", "SurveyMonkey", "Momentive"])
    'SurveyMonkey'
    """
    seen, found = {core(name)}, []
    for other in sorted(printed, key=lambda one: (len(one), one)):
        other = other.rstrip(COMBINED + ", ")
        if core(other) not in seen:
            seen.add(core(other))
            found.append(other)
    return "; ".join(found) or None


def all_years(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[int], list[int]]:
    """Return reports by provider and year, the years of full tables, and those of selected rows."""
    full, esps = tables["esp_years"], tables["esps"]
    providers = brand_providers(esps, tables["aliases"], tables["esp_brands"])
    selected = tables["selected"][~tables["selected"]["year"].isin(set(full["year"]))]
    rest = selected_years(selected, tables["selected_brands"], providers, set(esps["esp"]))
    rows = pd.concat([full[["esp", "year", "reports"]], rest], ignore_index=True)
    return rows, sorted(full["year"].unique()), sorted(rest["year"].unique())


def owners(provider: str, brand: object, last: int, ownership: pd.DataFrame, names: Mapping[str, str]) -> str | None:
    """Return who owned a provider in the last year of the tables, if that is another organization."""
    if pd.isna(brand):
        return None
    owner = owner_of(str(brand), last, ownership)
    return None if owner in (brand, provider) else names[owner]


def lookup(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[int], list[int]]:
    """Return one row per provider of the clearinghouse's tables, by name, and the years of its columns.

    Parameters
    ----------
    tables
        `esp_years`, `esps`, `aliases`, `esp_brands`, `selected`, `selected_brands`, `organizations`, `ownership`.

    Returns
    -------
    tuple
        The rows, with `esp`, `name`, `remarks`, `brand`, `section`, and a column for each year, named by it; the
        years of full tables; those of which only selected rows are known.
    """
    rows, full, selected = all_years(tables)
    combined = tables["esp_years"][tables["esp_years"]["is_combined"]].groupby("esp")["year"].agg(list).to_dict()
    names = tables["organizations"].set_index("organization")["name"].to_dict()
    esps = tables["esps"].set_index("esp")
    printed = tables["aliases"].groupby("esp")["esp_printed"].agg(list).to_dict()
    wide = rows.pivot(index="esp", columns="year", values="reports").astype("Int64")
    firsts = rows.dropna(subset="brand").groupby("esp")["brand"].first() if "brand" in rows else {}
    last = max([*full, *selected])
    found = []
    for esp in wide.index:
        is_known = esp in esps.index
        brand = esps.loc[esp, "brand"] if is_known else firsts[esp]
        name = esps.loc[esp, "name"] if is_known else names[brand]
        owner = owners(esp, brand, last, tables["ownership"], names)
        kind = KINDS.get(str(esps.loc[esp, "reporter_kind"])) if is_known else None
        others = other_names(name, printed.get(esp, []))
        said = [kind, f"owned by {owner}" if owner else None, f"also {others}" if others else None]
        said.append(combined_years(combined.get(esp, [])))
        found.append((esp, name, ", ".join(filter(None, said)) or None, brand))
    listed = pd.DataFrame(found, columns=["esp", "name", "remarks", "brand"], dtype="string")
    listed["section"] = sections_of(listed["brand"], tables["organizations"])
    listed = listed.join(wide.rename(columns=str), on="esp")
    return listed.sort_values("name", key=lambda one: one.str.lower(), ignore_index=True), full, selected


def beyond_full(rows: pd.DataFrame, full: list[int], selected: list[int]) -> str:
    """Return how many rows are of providers that no full table lists, as a sentence; nothing if all are in one.

    Parameters
    ----------
    rows, full, selected
        What `lookup` returns.

    Examples
    --------
    >>> beyond_full(pd.DataFrame({"2031": [1, None], "2032": [2, 3]}), [2031], [2032])
    'No full table lists one of these rows: the rows at hand of 2032 alone have it.'
    """
    n = int(rows[[str(year) for year in full]].isna().all(axis=1).sum())
    if not n:
        return ""
    which = f"No full table lists {number_word(n)} of these rows"
    return f"{which}: the rows at hand of {year_spans(selected)} alone have {'it' if n == 1 else 'them'}."


def combined_years(years: list[int]) -> str | None:
    """Return in which years a provider's row holds others too.

    Examples
    --------
    >>> combined_years([2019, 2020])
    'combined with others in 2019 and 2020'
    """
    return f"combined with others in {year_spans(years)}" if years else None


def sections_of(brands: pd.Series, organizations: pd.DataFrame) -> pd.Series:
    """Return the organization whose section tells of each brand: itself, where it is surveyed."""
    surveyed = set(organizations.loc[organizations["is_surveyed"], "organization"])
    return brands.where(brands.isin(surveyed))


def addresses(rows: pd.DataFrame) -> pd.Series:
    """Return the address of each row; none where a section of the same name has it.

    Parameters
    ----------
    rows
        What `lookup` returns.
    """
    taken = rows["esp"].isin(set(rows["section"].dropna()))
    return ("provider-" + rows["esp"]).where(~taken)


def links(rows: pd.DataFrame) -> pd.Series:
    """Return where the name of each row leads to: the section of its organization, if it has one."""
    return CHAPTER + "#provider-" + rows["section"]
