"""Whose reports fell and whose rose in the last year, and what each did to the change of all.

- Two years are compared only if they mean the same: no break of the reports or of the rows lies between them. Else the
  change is missing. The last year before the newest break stands beside, and no change is computed across.
- The change of all others is that of all without the row: what would be left of a rise or a fall.
- A contribution is a change as a share of all reports of the year before: contributions add up to the change of all.
- Rows of surveyed organizations are known in every year, others only where the full table is at hand: what is not
  listed is one row, the rest, whose change is that of all less that of the listed.
- Rows are brands of printed rows, each printed row once; corporations are their owners of the year.
- A brand's counts in rows of it alone stand by year, so that its last one is known when a later year has no row of it.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from countback.breaks import breaks_of, segments
from countback.esp_rows import branded_rows, rows_of_one_brand
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, numbers_table

SERIES = ["cybertipline_reports", "esp_reports"]  # tables whose breaks nothing is computed across
ALL, REST = "service_providers", "not_listed"


def compared_years(years: pd.Series, breaks: pd.DataFrame) -> dict[str, int | None]:
    """Return the last year, the year before it if it means the same, and the last year before the newest break.

    Examples
    --------
    >>> found = pd.DataFrame({"year": [2031]})
    >>> compared_years(pd.Series([2029, 2030, 2031, 2032]), found)
    {'year': 2032, 'year_before': 2031, 'year_before_break': 2030}
    >>> compared_years(pd.Series([2030, 2031]), found)
    {'year': 2031, 'year_before': None, 'year_before_break': 2030}
    """
    segment = dict(zip(years, segments(years, breaks), strict=True))
    last = max(segment)
    earlier = [year for year in segment if segment[year] < segment[last]]
    is_alike = segment.get(last - 1) == segment[last]
    return {
        "year": last,
        "year_before": last - 1 if is_alike else None,
        "year_before_break": max(earlier, default=None),
    }


def counted(shares: pd.DataFrame, rows: pd.DataFrame, totals: "pd.Series[int]") -> pd.DataFrame:
    """Return reports by what is counted, provider and year: corporations, brands, and all with what is not listed."""
    once = rows.drop_duplicates(["year", "esp_printed"])
    brands = once.groupby(["brand", "year"], as_index=False)["reports"].sum().rename(columns={"brand": "provider"})
    whole = totals.rename("reports").rename_axis("year").reset_index()
    listed = whole["year"].map(shares.groupby("year")["reports"].sum()).fillna(0).astype("int64")
    parts = {
        "corporation": shares[["provider", "year", "reports"]],
        "row": brands,
        "total": pd.concat(
            [whole.assign(provider=ALL), whole.assign(provider=REST, reports=whole["reports"] - listed)]
        ),
    }
    return pd.concat([part.assign(counted_as=level) for level, part in parts.items()], ignore_index=True)


def provider_changes(
    shares: pd.DataFrame, rows: pd.DataFrame, reports: pd.DataFrame, breaks: pd.DataFrame, names: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per corporation, brand and total that has reports in the last year or the one before it.

    Parameters
    ----------
    shares
        The table `provider_shares`.
    rows
        What `branded_rows` returns.
    reports
        The table `cybertipline_years`.
    breaks
        `data/reference/breaks.csv`.
    names
        `data/organizations/organizations.csv`.
    """
    totals = reports[reports["submitter"] == ALL].set_index("year")["reports"]
    totals = totals[totals.index.isin(set(shares["year"]))].sort_index()
    years = compared_years(pd.Series(totals.index), breaks_of(SERIES, breaks))
    wide = counted(shares, rows, totals).pivot(index=["counted_as", "provider"], columns="year", values="reports")
    frame = pd.DataFrame(index=wide.index)
    for column, year in years.items():
        suffix = column.removeprefix("year")
        own = wide[year] if year is not None else pd.Series(pd.NA, index=wide.index)
        frame[column] = pd.array([year] * len(wide), dtype="Int64")
        frame[f"reports{suffix}"] = own.astype("Int64")
        frame[f"share{suffix}"] = own.astype("Float64") / (totals[year] if year is not None else 1)
    frame["change"] = (frame["reports"] - frame["reports_before"]).astype("Int64")
    had = frame["reports_before"].astype("Float64")
    frame["change_share"] = frame["change"].astype("Float64") / had.where(had > 0)
    # where there is no year before, there is no change either
    frame["contribution"] = frame["change"].astype("Float64") / totals.get(years["year_before"], 1)
    others, others_before = (
        totals.get(years[name], 0) - frame[column].astype("Float64").fillna(0)
        for name, column in (("year", "reports"), ("year_before", "reports_before"))
    )
    frame["others_change_share"] = (others / others_before.where(others_before > 0) - 1).where(frame["change"].notna())
    frame = frame[frame["reports"].notna() | frame["reports_before"].notna()].reset_index()
    known = names.set_index("organization")["name"].to_dict() | {ALL: "All service providers", REST: "All others"}
    frame.insert(2, "provider_name", frame["provider"].map(known))
    order = frame["counted_as"].map({"total": 0, "corporation": 1, "row": 2})
    ranked = frame.assign(order=order).sort_values(["order", "change", "provider"], na_position="last")
    return ranked.drop(columns="order").reset_index(drop=True)


def extremes(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the corporations and rows that rose most and fell most; none where no change is known."""
    known = changes[changes["change"].notna() & (changes["counted_as"] != "total")]
    rows = []
    for level, own in known.groupby("counted_as"):
        for role, row in {"rose_most": own["change"].idxmax(), "fell_most": own["change"].idxmin()}.items():
            rows.append(own.loc[row].to_dict() | {"extreme": role, "counted_as": level})
    found = pd.DataFrame(rows, columns=["counted_as", "extreme", *changes.columns.drop("counted_as")])
    return found.astype({name: kind for name, kind in changes.dtypes.items() if name in found})


def brand_years(rows: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Return each brand's count in the years with rows of it alone.

    Parameters
    ----------
    rows
        What `branded_rows` returns.
    names
        Names of organizations, by their ids.
    """
    known = rows_of_one_brand(rows).dropna(subset="reports").rename(columns={"brand": "provider"})
    found = known.groupby(["provider", "year"], as_index=False)["reports"].sum()
    found.insert(1, "provider_name", found["provider"].map(names))
    return found


def numbers(changes: pd.DataFrame) -> Iterator[Number]:
    """Yield how many rose and fell, and the change of all without the row that rose most."""
    table = "provider_changes"
    known = changes[changes["change"].notna()]
    for level, own in known[known["counted_as"] != "total"].groupby("counted_as"):
        for parameter, n in {"n_rose": (own["change"] > 0).sum(), "n_fell": (own["change"] < 0).sum()}.items():
            yield Number(str(level), parameter, float(n), "count", table, f"counted as {level}, {parameter[2:]}")
    totals, rows = known[known["provider"] == ALL], known[known["counted_as"] == "row"]
    if len(totals) and len(rows):
        total, most = totals.iloc[0], rows.loc[rows["change"].idxmax()]
        rest = {name: float(total[name] - most[name]) for name in ("reports", "reports_before")}
        which = f"all less {most['provider']}, the row that rose most"
        yield Number("without_rise", "reports", rest["reports"], "count", table, which)
        yield Number("without_rise", "reports_before", rest["reports_before"], "count", table, f"{which}, year before")
        change = rest["reports"] / rest["reports_before"] - 1
        yield Number("without_rise", "change_share", change, "share", table, f"change of {which}")


def main(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Read, compare, write."""
    tables = {name: read_table(file) for name, file in inputs.items()}
    rows = branded_rows(*(tables[name] for name in ("esp_reports", "esp_brands", "selected", "selected_brands")))
    changes = provider_changes(tables["shares"], rows, tables["years"], tables["breaks"], tables["organizations"])
    write_table(changes, outputs["csv"], outputs["parquet"])
    write_table(extremes(changes), outputs["extremes"])
    names = tables["organizations"].set_index("organization")["name"]
    write_table(brand_years(rows, names), outputs["brands"])
    write_table(numbers_table(numbers(changes)), outputs["numbers"])


NEEDED = ("shares", "esp_reports", "esp_brands", "selected", "selected_brands", "years", "breaks", "organizations")

if __name__ == "__main__":
    run(
        lambda: main({name: snakemake.input[name] for name in NEEDED}, dict(snakemake.output.items())),
        snakemake.log[0],
    )
