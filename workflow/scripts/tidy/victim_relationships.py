"""How offenders are related to victims, after the clearinghouse and after two statistical services.

- The three count different things: files, victims, victims in a thousand. The measure says what, and a share makes
  them readable side by side. Relationships keep the words of their source: no two sources draw the same lines.
- The clearinghouse's shares are of all files whose relationship it was told. A file can show several relationships,
  so they exceed one together.
- Those of the Bureau of Justice Statistics are of the victims of an age group, whose relationships are exhaustive.
"""

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.ojjdp_labels import with_labels

TABLE = "relationships"
WHOLE = ("series_relationships", "relationship_provided")
KEY = ["study", "year", "victim_age", "relationship", "offender_age", "measure"]
COLUMNS = [*KEY, "value", "unit", "share", "provenance", "source"]


def of_clearinghouse(facts: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return the clearinghouse's files by relationship, with their share of all whose relationship is known."""
    whole = facts[(facts["table"] == WHOLE[0]) & (facts["item"] == WHOLE[1])]
    frame = with_labels(facts[facts["table"] == TABLE], labels)
    frame = frame.merge(
        whole[["measure", "year", "value"]].rename(columns={"value": "whole"}), on=["measure", "year"], how="left"
    )
    share = frame["value"].astype("Float64") / frame["whole"].astype("Float64")
    frame = frame.assign(study="ncmec", victim_age=None, offender_age=None, provenance="primary", share=share)
    return frame.rename(columns={"label": "relationship"})[COLUMNS]


def of_services(printed: pd.DataFrame) -> pd.DataFrame:
    """Return the statistical services' victims by relationship, with their share of each age group."""
    group = printed.groupby(["study", "year", "victim_age"])["value"].transform("sum").astype("Float64")
    whole = group.mask(printed["unit"] == "per_1000", 1_000)
    share = printed["value"].astype("Float64") / whole.where(whole > 0)
    return printed.assign(measure="victims", share=share)[COLUMNS]


def victim_relationships(facts: pd.DataFrame, labels: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Return one row per study, year, ages, relationship and measure.

    Parameters
    ----------
    facts
        The tidy table of the reports to OJJDP.
    labels
        `data/reference/ojjdp_labels.csv`.
    printed
        `data/reference/victim_relationships.csv`.
    """
    return pd.concat([of_clearinghouse(facts, labels), of_services(printed)], ignore_index=True)


if __name__ == "__main__":
    run(
        lambda: write_table(victim_relationships(*map(read_table, snakemake.input.tables)), *snakemake.output),
        snakemake.log[0],
    )
