"""Reports to the CyberTipline per year and submitter, with yearly changes.

- The public's reports are all reports less those of service providers: derived, and marked so.
  Where the clearinghouse prints them too, validation has already compared the two.
- A change is given only where the year before is in the data.
- The factor from the first year to the last is rounded to hundreds.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, numbers_table


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


def numbers(years: pd.DataFrame) -> Iterator[Number]:
    """Yield first and last year of all reports, the factor between them, and how often there were fewer reports."""
    table = "cybertipline_years"
    of_all = years[years["submitter"] == "all"].sort_values("year")
    first, last = of_all.iloc[0], of_all.iloc[-1]
    for name, row in {"first": first, "last": last}.items():
        yield Number(name, "year", row["year"], "year", table, f"{name} year of all reports")
        yield Number(name, "reports", row["reports"], "count", table, f"all reports of the {name} year")
    factor = round(last["reports"] / first["reports"], -2)
    yield Number("all", "factor", factor, "count", table, "last year over first, to the nearest hundred")
    falls = int((of_all["change"] < 0).sum())
    yield Number("all", "n_falls", falls, "count", table, "years with fewer reports than the year before")


def main(reports: str, outputs: Mapping[str, str]) -> None:
    """Read, derive, write."""
    years = cybertipline_years(read_table(reports))
    write_table(years, outputs["csv"], outputs["parquet"])
    write_table(numbers_table(numbers(years)), outputs["numbers"])


if __name__ == "__main__":
    run(lambda: main(snakemake.input.reports, dict(snakemake.output.items())), snakemake.log[0])
