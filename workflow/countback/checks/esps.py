"""Checks of the names of service providers: each printed name has one provider, in step with the brands.

- `esp_brands.csv` says which brands of the surveyed organizations a printed name covers, `esp_aliases.csv` which
  provider it is. A provider is a brand, or a part of one: a name covers the brand of its provider.
- A service that goes under its owner's name, as Twitter does under X, stays one provider.
"""

from collections.abc import Iterator

import pandas as pd

from countback.checks.registry import check, faults, marked, sets, unknown
from countback.io.errors import DataError, row_text

REPORTS = "data/cybertipline/esp_reports.csv"
ALIASES = "data/cybertipline/esp_aliases.csv"
BRANDS = "data/cybertipline/esp_brands.csv"
ESPS = "data/cybertipline/esps.csv"


def decided(names: pd.DataFrame, decisions: pd.DataFrame, file: str, rest: str) -> Iterator[DataError]:
    """Yield printed names that a table of decisions does not know, and decisions on names that are not printed.

    The rest is what follows a name in the row to write.
    """
    printed = names["esp_printed"]
    fix = f"Add the row {{row}},{rest}"
    known = names.assign(row=printed.map(row_text))
    yield from unknown(REPORTS, known, "esp_printed", decisions["esp_printed"], f"a name that {file} knows", fix)
    copy = "Copy the name as printed, spaces and star included."
    yield from unknown(file, decisions, "esp_printed", printed, f"a name that {REPORTS} prints", copy)


@check("esp_reports", "esp_brands")
def esp_names_are_known(reports: pd.DataFrame, brands: pd.DataFrame) -> Iterator[DataError]:
    """Every printed name has a decision on its brand, and every decision is about a printed name."""
    rest = "<brand>,<is_combined>, there, without a brand if it belongs to no surveyed organization."
    yield from decided(reports, brands, BRANDS, rest)


@check("esp_reports", "esp_aliases")
def esp_names_have_a_provider(reports: pd.DataFrame, aliases: pd.DataFrame) -> Iterator[DataError]:
    """Every printed name has a provider, and every name that has one is printed."""
    rest = f"<esp>,<row_scope>,manual, there; a new provider goes into {ESPS}."
    yield from decided(reports, aliases, ALIASES, rest)


@check("esps", "esp_aliases")
def esps_have_a_name(esps: pd.DataFrame, aliases: pd.DataFrame) -> Iterator[DataError]:
    """Every provider is behind some printed name."""
    wanted = f"a provider that {ALIASES} gives a printed name"
    yield from unknown(ESPS, esps, "esp", aliases["esp"], wanted, "Correct the id, or drop the row.")


@check("esp_aliases", "esp_reports", "esp_brands")
def combined_rows_are_marked(aliases: pd.DataFrame, reports: pd.DataFrame, brands: pd.DataFrame) -> Iterator[DataError]:
    """A starred row is combined, and so is one that covers several of the surveyed brands."""
    names, is_combined = aliases["esp_printed"], aliases["row_scope"] == "combined"
    starred = names.isin(reports.loc[reports["combined_mark"].notna(), "esp_printed"])
    several = names.isin(brands.loc[brands["is_combined"], "esp_printed"])
    surveyed = names.isin(brands.loc[brands["brand"].notna(), "esp_printed"])
    fix = f"Correct the scope, or is_combined in {BRANDS}."
    unlike = {"combined": (starred | several) & ~is_combined, "single": surveyed & ~several & is_combined}
    for scope, rows in unlike.items():
        yield from faults(ALIASES, aliases[rows], "row_scope", f"{scope}, by the star or by esp_brands.csv", fix)


@check("esp_aliases", "esps", "esp_brands", "ownership")
def names_cover_the_brand_of_their_provider(
    aliases: pd.DataFrame, esps: pd.DataFrame, brands: pd.DataFrame, ownership: pd.DataFrame
) -> Iterator[DataError]:
    """A printed name covers the brand of its provider, and a provider without a brand has no name that covers one."""
    covered = sets(brands.dropna(subset="brand"), "esp_printed", "brand")
    brand_of = esps.dropna(subset="brand").set_index("esp")["brand"].to_dict()
    owners = sets(ownership, "organization", "parent")
    wrong = {}
    for index, row in aliases.iterrows():
        found, brand = covered.get(row["esp_printed"], set()), brand_of.get(row["esp"])
        allowed = {brand} | (owners.get(brand, set()) - set(brand_of.values())) if brand else set()
        if bool(found) != bool(brand) or (found and not found & allowed):
            wrong[index] = " or ".join(sorted(found)) or "none"
    rows = marked(aliases, wrong).assign(brand=lambda rows: rows["esp"].map(brand_of).fillna("none"))
    wanted = "a provider of the brand that esp_brands.csv gives: {other}"
    fix = f"Correct the provider, its brand in {ESPS}, or the brand of the name."
    yield from faults(ALIASES, rows, "esp", wanted, fix, "{esp}, whose brand is {brand}")
