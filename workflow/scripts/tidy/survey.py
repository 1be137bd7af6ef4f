"""Describe what each surveyed organization discloses: topic, periods, and which of the three quantities.

- A quantity counts as disclosed if the organization discloses its total for child sexual exploitation; counts of
  distinct items or of another topic are other quantities. Where it discloses no total, a count of a part of it, such
  as what human moderators found, counts as disclosed in part; an owner discloses through its brands what one of these
  does.
- The first period is that of the earliest disclosure of any quantity; a last one is given only where the series ended.
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, count_codes, counts, numbers_table

QUANTITIES = ["reports", "pieces", "accounts"]
TOPIC = "child_sexual_exploitation"
WORDS = {
    "counts": "Counts",
    "shares": "Mostly shares",
    "through_brands": "Through its brands",
    "other_topics": "Transparency reports without this subject",
    "not_read": "Transparency reports that this study has not read",
    "none_found": "The survey recorded no transparency report",
}


def parts_of(quantity: str, metrics: pd.DataFrame) -> set[str]:
    """Return the metrics that count a part of a quantity: on the same topic, by names that begin with its own."""
    is_part = metrics["metric"].str.startswith(f"{quantity}_") & (metrics["unit"] == "count")
    return set(metrics.loc[is_part & (metrics["topic"] == TOPIC), "metric"])


def how_disclosed(
    organization: str, quantity: str, disclosed: set[tuple[str, str]], parts: set[str], brands: list[str]
) -> str:
    """Return whether an organization discloses a quantity: itself, in part, through its brands, or not."""
    if (organization, quantity) in disclosed:
        return "yes"
    if any((organization, part) in disclosed for part in parts):
        return "partly"
    return "through brands" if any((brand, quantity) in disclosed for brand in brands) else "no"


def survey(
    organizations: pd.DataFrame,
    features: pd.DataFrame,
    disclosures: pd.DataFrame,
    metrics: pd.DataFrame,
    ownership: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per surveyed organization, grouped by what it discloses.

    Parameters
    ----------
    organizations, features, metrics, ownership
        Tables of `data/organizations/`.
    disclosures
        The tidy table of disclosures.
    """
    brands = ownership.groupby("parent")["organization"].agg(list).to_dict()
    surveyed = organizations[organizations["is_surveyed"]].merge(features, on="organization", how="left")
    disclosed = set(zip(disclosures["organization"], disclosures["metric"], strict=True))
    for quantity in QUANTITIES:
        parts = parts_of(quantity, metrics)
        surveyed[f"discloses_{quantity}"] = [
            how_disclosed(name, quantity, disclosed, parts, brands.get(name, [])) for name in surveyed["organization"]
        ]
    first = disclosures.sort_values(["start", "end"]).groupby("organization")["period"].first()
    surveyed["coverage_start"] = surveyed["organization"].map(first)
    surveyed["what_is_disclosed"] = surveyed["transparency"].map(WORDS)
    order = surveyed["transparency"].map(list(WORDS).index)
    columns = ["organization", "name", "what_is_disclosed", "granularity", "coverage_start", "coverage_end"]
    rows = surveyed.assign(order=order).sort_values(["order", "organization"], ignore_index=True)
    return rows[columns + [f"discloses_{metric}" for metric in QUANTITIES]]


def numbers(organizations: pd.DataFrame, disclosures: pd.DataFrame) -> Iterator[Number]:
    """Yield how many organizations were surveyed, how many of them disclose what, and how many values that makes."""
    surveyed = organizations[organizations["is_surveyed"]]
    n_primary = int((disclosures["provenance"] == "primary").sum())
    yield from counts("all", "organizations", {"n_organizations": (len(surveyed), "surveyed")})
    yield from count_codes("transparency", "organizations", surveyed["transparency"], ", surveyed", WORDS)
    yield from counts("all", "disclosures", {"n_values": (len(disclosures), "all")})
    yield from counts("all", "disclosures", {"n_primary": (n_primary, "provenance is primary")})
    for name, day, rows in [
        ("first_year", disclosures["start"].min(), "earliest start"),
        ("last_year", disclosures["end"].max(), "latest end"),
    ]:
        yield Number("all", name, float(day[:4]), "year", "disclosures", rows)
    for metric, rows in disclosures.groupby("metric"):
        n_disclosing = rows["organization"].nunique()
        yield from counts("metric", "disclosures", {metric: (n_disclosing, f"organizations, metric is {metric}")})


def main(files: Sequence[str], outputs: Mapping[str, str]) -> None:
    """Read, describe, write."""
    organizations, features, disclosures, metrics, ownership = map(read_table, files)
    described = survey(organizations, features, disclosures, metrics, ownership)
    write_table(described, outputs["csv"], outputs["parquet"])
    write_table(numbers_table(numbers(organizations, disclosures)), outputs["numbers"])


if __name__ == "__main__":
    run(lambda: main(snakemake.input.tables, dict(snakemake.output.items())), snakemake.log[0])
