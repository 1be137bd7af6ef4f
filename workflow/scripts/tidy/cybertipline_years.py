"""Reports to the CyberTipline per year and submitter, with yearly changes.

- The public's reports are all reports less those of service providers: derived, and marked so.
  Where the clearinghouse prints them too, validation has already compared the two.
- A change is given only where the year before is in the data, and means the same: not across a break of the series.
- The factor is that of the longest run of years that mean the same, from its first to its last; rounded to hundreds.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from countback.breaks import breaks_of, segments
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, numbers_table

SERIES = "cybertipline_reports"


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


def cybertipline_years(printed: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per year and submitter; years of one `segment` mean the same.

    Parameters
    ----------
    printed
        `data/cybertipline/reports.csv`.
    breaks
        `data/reference/breaks.csv`.
    """
    frame = with_public(printed).sort_values(["submitter", "year"], ignore_index=True)
    frame["segment"] = segments(frame["year"], breaks_of(SERIES, breaks))
    rows = frame.groupby(["submitter", "segment"])
    before, follows = rows["reports"].shift(), rows["year"].diff() == 1
    frame["change"] = (frame["reports"] - before).where(follows)
    frame["change_share"] = frame["change"].astype("Float64") / before.astype("Float64")
    return frame


def numbers(years: pd.DataFrame) -> Iterator[Number]:
    """Yield reports of years that prose names, the factor between two of them, and how often reports fell."""
    table = "cybertipline_years"
    of_all = years[years["submitter"] == "all"].sort_values("year")
    run = of_all[of_all["segment"] == of_all["segment"].mode().iloc[0]]
    named = {
        "first": (of_all.iloc[0], "first year of all reports"),
        "last": (of_all.iloc[-1], "last year of all reports"),
        "run_first": (run.iloc[0], "first year of the longest run of years that mean the same"),
        "run_last": (run.iloc[-1], "last year of the longest run of years that mean the same"),
    }
    for name, (row, which) in named.items():
        yield Number(name, "year", row["year"], "year", table, which)
        yield Number(name, "reports", row["reports"], "count", table, f"all reports, {which}")
    factor = round(run.iloc[-1]["reports"] / run.iloc[0]["reports"], -2)
    rows = "last over first year of the longest run of years that mean the same, to the nearest hundred"
    yield Number("all", "factor", factor, "count", table, rows)
    falls = int((of_all["change"] < 0).sum())
    yield Number("all", "n_falls", falls, "count", table, "years with fewer reports than the year before")


def main(reports: str, breaks: str, outputs: Mapping[str, str]) -> None:
    """Read, derive, write."""
    years = cybertipline_years(read_table(reports), read_table(breaks))
    write_table(years, outputs["csv"], outputs["parquet"])
    write_table(numbers_table(numbers(years)), outputs["numbers"])


if __name__ == "__main__":
    run(lambda: main(snakemake.input.reports, snakemake.input.breaks, dict(snakemake.output.items())), snakemake.log[0])
