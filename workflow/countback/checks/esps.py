"""Checks of the names of service providers: each printed name has one provider, in step with the brands.

- They belong to the gate as those of `countback.checks.disclosures` do, and have the same form.
- `esp_brands.csv` says which brands of the surveyed organizations a printed name covers, `esp_aliases.csv` which
  provider it is. A provider is a brand, or a part of one: a name covers the brand of its provider.
- A service that goes under its owner's name, as Twitter does under X, stays one provider.
"""

from collections.abc import Iterator

from countback.checks.disclosures import Check, Tables, line
from countback.io.errors import DataError

ALIASES = "data/cybertipline/esp_aliases.csv"


def esp_names_have_a_provider(tables: Tables) -> Iterator[DataError]:
    """Every printed name has a provider, and every name that has one is printed."""
    printed, decided = (tables[name]["esp_printed"] for name in ("esp_reports", "esp_aliases"))
    for index, name in printed[~printed.isin(set(decided))].drop_duplicates().items():
        yield DataError(
            "data/cybertipline/esp_reports.csv",
            line(index),
            "esp_printed",
            found=name,
            expected=f"a name that {ALIASES} knows",
            fix="Add it there with its provider; a new provider goes into data/cybertipline/esps.csv.",
        )
    for index, name in decided[~decided.isin(set(printed))].items():
        yield DataError(
            ALIASES,
            line(index),
            "esp_printed",
            found=name,
            expected="a name that data/cybertipline/esp_reports.csv prints",
            fix="Copy the name as printed, spaces and star included.",
        )


def esps_have_a_name(tables: Tables) -> Iterator[DataError]:
    """Every provider is behind some printed name."""
    providers = tables["esps"]["esp"]
    for index, esp in providers[~providers.isin(set(tables["esp_aliases"]["esp"]))].items():
        yield DataError(
            "data/cybertipline/esps.csv",
            line(index),
            "esp",
            found=esp,
            expected=f"a provider that {ALIASES} gives a printed name",
            fix="Correct the id, or drop the row.",
        )


def combined_rows_are_marked(tables: Tables) -> Iterator[DataError]:
    """A starred row is combined, and so is one that covers several of the surveyed brands."""
    reports, brands = tables["esp_reports"], tables["esp_brands"]
    starred = set(reports.loc[reports["combined_mark"].notna(), "esp_printed"])
    several = set(brands.loc[brands["is_combined"], "esp_printed"])
    surveyed = set(brands.loc[brands["brand"].notna(), "esp_printed"])
    for index, row in tables["esp_aliases"].iterrows():
        name, is_combined = row["esp_printed"], row["row_scope"] == "combined"
        if (name in starred | several and not is_combined) or (name in surveyed - several and is_combined):
            yield DataError(
                ALIASES,
                line(index),
                "row_scope",
                found=row["row_scope"],
                expected=f"{'single' if is_combined else 'combined'}, by the star or by esp_brands.csv",
                fix="Correct the scope, or is_combined in data/cybertipline/esp_brands.csv.",
            )


def names_cover_the_brand_of_their_provider(tables: Tables) -> Iterator[DataError]:
    """A printed name covers the brand of its provider, and a provider without a brand has no name that covers one."""
    brands = tables["esp_brands"].dropna(subset="brand")
    covered = {name: set(rows) for name, rows in brands.groupby("esp_printed")["brand"]}
    brand_of = tables["esps"].dropna(subset="brand").set_index("esp")["brand"].to_dict()
    owners = {name: set(rows) for name, rows in tables["ownership"].groupby("organization")["parent"]}
    taken = set(brand_of.values())
    for index, row in tables["esp_aliases"].iterrows():
        found, brand = covered.get(row["esp_printed"], set()), brand_of.get(row["esp"])
        allowed = {brand} | (owners.get(brand, set()) - taken) if brand else set()
        if bool(found) != bool(brand) or (found and not found & allowed):
            yield DataError(
                ALIASES,
                line(index),
                "esp",
                found=f"{row['esp']}, whose brand is {brand or 'none'}",
                expected=f"a provider of the brand that esp_brands.csv gives: {' or '.join(sorted(found)) or 'none'}",
                fix="Correct the provider, its brand in data/cybertipline/esps.csv, or the brand of the name.",
            )


ESP_CHECKS: list[Check] = [
    esp_names_have_a_provider,
    esps_have_a_name,
    combined_rows_are_marked,
    names_cover_the_brand_of_their_provider,
]
