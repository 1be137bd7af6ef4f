"""Describe what each surveyed organization discloses: topic, periods, and which of the three quantities.

- A quantity counts as disclosed if the organization discloses its total for child sexual exploitation; counts of
  distinct items or of another topic are other quantities.
- The first period is that of the earliest disclosure of any quantity; a last one is given only where the series ended.
"""

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table

QUANTITIES = ["reports", "pieces", "accounts"]
WORDS = {
    "counts": "Counts",
    "shares": "Mostly shares",
    "through_brands": "Through its brands",
    "other_topics": "Transparency reports without this subject",
    "none_found": "No transparency report recorded",
}


def survey(organizations: pd.DataFrame, features: pd.DataFrame, disclosures: pd.DataFrame) -> pd.DataFrame:
    """Return one row per surveyed organization, grouped by what it discloses.

    Parameters
    ----------
    organizations, features
        Tables of `data/organizations/`.
    disclosures
        The tidy table of disclosures.
    """
    surveyed = organizations[organizations["is_surveyed"]].merge(features, on="organization", how="left")
    disclosed = set(zip(disclosures["organization"], disclosures["metric"], strict=True))
    for metric in QUANTITIES:
        surveyed[f"discloses_{metric}"] = [(name, metric) in disclosed for name in surveyed["organization"]]
    first = disclosures.sort_values(["start", "end"]).groupby("organization")["period"].first()
    surveyed["coverage_start"] = surveyed["organization"].map(first)
    surveyed["what_is_disclosed"] = surveyed["transparency"].map(WORDS)
    order = surveyed["transparency"].map(list(WORDS).index)
    columns = ["organization", "name", "what_is_disclosed", "granularity", "coverage_start", "coverage_end"]
    rows = surveyed.assign(order=order).sort_values(["order", "organization"], ignore_index=True)
    return rows[columns + [f"discloses_{metric}" for metric in QUANTITIES]]


if __name__ == "__main__":
    run(
        lambda: write_table(survey(*map(read_table, snakemake.input.tables)), *snakemake.output),
        snakemake.log[0],
    )
