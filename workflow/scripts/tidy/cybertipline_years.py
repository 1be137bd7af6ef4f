"""Reports to the CyberTipline per year and submitter, with yearly changes.

- The public's reports are all reports less those of service providers: derived, and marked so.
  Where the clearinghouse prints them too, validation has already compared the two.
- A change is given only where the year before is in the data.
"""

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table


def with_public(printed: pd.DataFrame) -> pd.DataFrame:
    """Return year, submitter, reports and is_derived, the public's reports being computed."""
    disclosed = printed[printed["submitter"] != "public"]
    wide = disclosed.pivot(index="year", columns="submitter", values="reports")
    public = (wide["all"] - wide["service_providers"]).dropna().rename("reports").reset_index()
    rows = [
        disclosed[["year", "submitter", "reports"]].assign(is_derived=False),
        public.assign(submitter="public", is_derived=True),
    ]
    return pd.concat(rows, ignore_index=True)


def cybertipline_years(printed: pd.DataFrame) -> pd.DataFrame:
    """Return one row per year and submitter.

    Parameters
    ----------
    printed
        `data/cybertipline/reports.csv`.
    """
    frame = with_public(printed).sort_values(["submitter", "year"], ignore_index=True)
    before = frame.groupby("submitter")["reports"].shift()
    follows = frame.groupby("submitter")["year"].diff() == 1
    frame["change"] = (frame["reports"] - before).where(follows)
    frame["change_share"] = frame["change"].astype("Float64") / before.astype("Float64")
    return frame


if __name__ == "__main__":
    run(
        lambda: write_table(cybertipline_years(read_table(snakemake.input.reports)), *snakemake.output),
        snakemake.log[0],
    )
