"""All years of each place, each on its side of the break.

- A year in which each report counts once and a year in which each recipient counts have columns of their own for their
  numbers, and `counts_once` says which it is: no series goes from one to the other. `rank` is within the row's year.
- The interval of a rank is of the place's level over all years that count each report once.
- What the Global Platform prints of a place stands beside the table's referrals, with the verdict on the two.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from countback.io.package import fields_of
from countback.io.script import run
from countback.io.tables import read_table, write_table

KEY = ["iso3", "year"]
REPORT, RECIPIENT = "report", "recipient"  # what counts once


def place_years(
    years: pd.DataFrame, ranks: pd.DataFrame, recipients: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per code and year.

    Parameters
    ----------
    years, ranks, recipients
        `jurisdiction_years`, `jurisdiction_ranks` and `recipient_jurisdictions` of the results.
    pairs
        `clearinghouse_pairs` of the results, for the verdict on referrals of a place.
    """
    once = years[[*KEY, "name", "reports", "reports_per_100k", "warnings"]].assign(counts_once=REPORT)
    once = once.merge(ranks[[*KEY, "rank", "rank_low", "rank_high"]], on=KEY, how="left", validate="one_to_one")
    judged = pairs.loc[pairs["comparison"] == "platform_referrals", ["subject", "year", "verdict"]]
    judged = judged.set_axis([*KEY, "platform_verdict"], axis=1)
    each = recipients.assign(counts_once=RECIPIENT).merge(judged, on=KEY, how="left", validate="one_to_one")
    return pd.concat([once, each]).sort_values([*KEY, "counts_once"], ignore_index=True)


def main(tables: Sequence[str], outputs: Sequence[str]) -> None:
    """Read, set one below the other, write."""
    frame = place_years(*map(read_table, tables))
    files = [Path(file) for file in outputs]
    write_table(frame[list(fields_of(files[0]))], *files)


if __name__ == "__main__":
    run(lambda: main(snakemake.input.tables, list(snakemake.output)), snakemake.log[0])
