"""Set each provider's own count of reports against the clearinghouse's, with a verdict on whether they compare.

- A pair compares when both sides cover the same brands, the same full year, and reports to the clearinghouse.
- Which of a provider's disclosures and which brands belong together is data: `data/organizations/comparisons.csv`.
  A brand belongs to a provider's year if it did so on the last day of that year.
- A printed row of the clearinghouse belongs to a provider if it names one of its brands. If it also names another,
  the row covers more than the provider's count does, and the year cannot be compared.
- A brand that the clearinghouse does not list in a year adds nothing: providers without reports have no row.
- Of some years only selected rows of the clearinghouse's table are known. A row that is not among them is unknown, not
  absent, so that nothing is said of what the clearinghouse lists.
- A count that the provider rounds lies between bounds; whether these hold the clearinghouse's count is part of the
  reason. The pair stays comparable, and the rounded count is compared as disclosed.
- What puts a provider's count in doubt is part of the reason of a comparable pair; the pair stays comparable.
- A provider's count is as good as its source: primary only if every number in it was read from the publisher's file.
- That the data hold no count of a provider does not mean that there is none anywhere, and no reason says so.
- Every provider and year with a count on either side is listed, comparable or not.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.rounding import with_bounds
from countback.row_warnings import add_warnings

METRIC = "reports"
FULL, SELECTED = "full", "selected"


def scope(comparisons: pd.DataFrame, provider: str, year: int) -> pd.DataFrame:
    """Return the rows of a provider's unit of comparison that hold on the last day of a year."""
    day = f"{year}-12-31"
    return comparisons[
        (comparisons["provider"] == provider)
        & (comparisons["valid_from"].fillna("0001-01-01") <= day)
        & (comparisons["valid_to"].fillna("9999-12-31") >= day)
    ]


def worst(provenances: pd.Series) -> str:
    """Return the provenance of a sum: that of its least certain part."""
    return "primary" if (provenances == "primary").all() else "secondary"


def own_side(series: Iterable[str], year: int, own: pd.DataFrame) -> dict[str, object]:
    """Return a provider's own reports of a year: the sum if every series is complete, and what there is of it.

    Parameters
    ----------
    series
        Organizations whose disclosures are summed.
    own
        Rows of `provider_years` for reports, with the `periods` and the `provenance` of what each year was summed from,
        and with the bounds `low` and `high` of the sum.
    """
    disclosing = own[own["provider"].isin(list(series))]
    rows = disclosing[disclosing["year"] == year]
    complete = len(rows) > 0 and rows["value"].notna().all() and set(rows["provider"]) == set(disclosing["provider"])
    return {
        "provider_reports": rows["value"].sum() if complete else pd.NA,
        "provider_low": rows["low"].sum() if complete else pd.NA,
        "provider_high": rows["high"].sum() if complete else pd.NA,
        "discloses": len(disclosing) > 0,
        "own_periods": "|".join(sorted({label for text in rows["periods"] for label in text.split("|")})) or None,
        "own_provenance": worst(rows["provenance"]) if complete else None,
        "warnings": add_warnings(None, [word for text in rows["warnings"].dropna() for word in text.split("|")]),
    }


def clearinghouse_side(brands: Iterable[str], year: int, esp: pd.DataFrame) -> dict[str, object]:
    """Return the clearinghouse's reports of a year for a set of brands, and which others its rows cover.

    Parameters
    ----------
    brands
        The provider's brands of the year.
    esp
        Printed rows with a column `brands`, the frozenset that each covers, and the column `table`.
    """
    wanted = set(brands)
    rows = esp[(esp["year"] == year) & esp["brands"].map(lambda covered: bool(covered & wanted)).astype(bool)]
    covered = set().union(*rows["brands"])
    return {
        "ncmec_reports": rows["reports"].sum() if len(rows) else pd.NA,
        "ncmec_rows": "|".join(rows["esp_printed"]) or None,
        "ncmec_table": next(iter(esp.loc[esp["year"] == year, "table"]), None),
        "ncmec_other_brands": "|".join(sorted(covered - wanted)) or None,
        "without_row": sorted(wanted - covered),
    }


def verdict(row: dict[str, object], names: dict[str, str]) -> tuple[str, str]:
    """Return the code of the verdict on a pair, and its reason in words."""
    name = names[str(row["provider"])]
    if not row["discloses"]:
        return "no_own_reports", " ".join([f"This study found no count of reports by {name}.", *combined(row, names)])
    if pd.isna(row["provider_reports"]):
        periods = str(row["own_periods"] or "").replace("|", ", ")
        found = f"This study found no count of {name}'s reports for the year that could be compared."
        if periods:
            found = f"This study found counts of {name}'s reports for a part of the year alone: {periods}."
        return "own_year_incomplete", " ".join([found, *combined(row, names)])
    if row["ncmec_table"] is None:
        return "ncmec_year_missing", "NCMEC's table of the year is not in the data."
    if row["ncmec_other_brands"]:
        return "ncmec_covers_other_brands", " ".join(combined(row, names))
    if pd.isna(row["ncmec_reports"]):
        if row["ncmec_table"] == SELECTED:
            reason = f"Of NCMEC's table of the year, only selected rows are known, none of them for {name}."
            return "ncmec_row_unknown", reason
        return "not_listed_by_ncmec", f"NCMEC lists no row for {name}."
    return "comparable", "Both sides cover the same brands and the full year." + caveats(row, names)


def combined(row: dict[str, object], names: dict[str, str]) -> Iterator[str]:
    """Yield a sentence where the clearinghouse's row holds others too: its number is not one of the provider."""
    if row["ncmec_other_brands"]:
        others = ", ".join(names[brand] for brand in str(row["ncmec_other_brands"]).split("|"))
        yield f"NCMEC's row combines {names[str(row['provider'])]} with others, probably {others}."


def caveats(row: dict[str, object], names: dict[str, str]) -> str:
    """Return what limits a comparable pair, in sentences: rows of the clearinghouse that are not known, rounding."""
    said = ""
    if row["ncmec_table"] == SELECTED and row["without_row"]:
        brands = ", ".join(names[brand] for brand in row["without_row"])  # type: ignore[attr-defined]
        said += f" Of NCMEC's table of the year, only selected rows are known, none of them for {brands}."
    low, high, ncmec = (float(str(row[side])) for side in ("provider_low", "provider_high", "ncmec_reports"))
    if low < high:
        where = "between these" if low <= ncmec <= high else "above these" if ncmec > high else "below these"
        said += f" The provider's count is rounded and stands for {low:,.0f} to {high:,.0f}: NCMEC's lies {where}."
    return said


def doubts(series: Iterable[str], year: int, disclosures: pd.DataFrame) -> str:
    """Return what puts a provider's reports of a year in doubt, by period, in sentences; empty if nothing does."""
    rows = disclosures[
        (disclosures["metric"] == METRIC)
        & ~disclosures["is_redundant"]
        & disclosures["organization"].isin(list(series))
        & (disclosures["period"].str[:4] == str(year))
        & disclosures["warnings"].fillna("").str.split("|").map(lambda words: "doubtful" in words).astype(bool)
    ].dropna(subset="note")
    notes = rows.drop_duplicates(["period", "note"]).sort_values("period", kind="stable")
    return "".join(f" In doubt, {period}: {note}" for period, note in zip(notes["period"], notes["note"], strict=True))


def printed_rows(reports: pd.DataFrame, brands: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return rows of the clearinghouse with the brands that each covers; `table` says how much is known of theirs.

    Parameters
    ----------
    reports
        Rows of its tables by provider.
    brands
        Brands of the printed names: `esp_brands` or `selected_esp_brands`.
    table
        `full` or `selected`.
    """
    covered = brands.dropna(subset="brand").groupby("esp_printed")["brand"].agg(frozenset).rename("brands")
    rows = reports.dropna(subset="reports").merge(covered, left_on="esp_printed", right_index=True)
    return rows[["year", "esp_printed", "reports", "brands"]].assign(table=table)


def all_printed_rows(
    esp_reports: pd.DataFrame, esp_brands: pd.DataFrame, selected: pd.DataFrame, selected_brands: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows of full tables, and selected rows of the years whose table is not known."""
    full = printed_rows(esp_reports, esp_brands, FULL)
    rest = printed_rows(selected[~selected["year"].isin(esp_reports["year"])], selected_brands, SELECTED)
    return pd.concat([full, rest], ignore_index=True) if len(rest) else full


def _own_years(
    provider_years: pd.DataFrame, disclosures: pd.DataFrame, rounding_directions: pd.DataFrame
) -> pd.DataFrame:
    counted = disclosures[(disclosures["metric"] == METRIC) & ~disclosures["is_redundant"]]
    counted = with_bounds(counted, rounding_directions)
    counted = counted.assign(provider=counted["organization"], year=counted["period"].str[:4].astype("Int64"))
    summed = counted.groupby(["provider", "year"], as_index=False).agg(
        periods=("period", lambda labels: "|".join(sorted(set(labels)))),
        provenance=("provenance", worst),
        low=("low", "sum"),
        high=("high", "sum"),
    )
    return provider_years[provider_years["metric"] == METRIC].merge(summed, on=["provider", "year"])


def _scope_changed(rows: pd.DataFrame, year: int) -> list[str]:
    """Return a warning where a brand joined or left the provider within the year."""
    joined = rows["valid_from"].fillna("0001-01-01").str[:4] == str(year)
    left = rows["valid_to"].fillna("9999-12-31").str[:4] == str(year)
    return ["scope-changed"] if (joined | left).any() else []


def provider_pairs(
    provider_years: pd.DataFrame,
    disclosures: pd.DataFrame,
    comparisons: pd.DataFrame,
    esp_reports: pd.DataFrame,
    esp_brands: pd.DataFrame,
    selected_esp_reports: pd.DataFrame,
    selected_esp_brands: pd.DataFrame,
    rounding_directions: pd.DataFrame,
    organizations: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per provider and year with a count on either side, with the verdict and its reason."""
    names = organizations.set_index("organization")["name"].to_dict()
    own = _own_years(provider_years, disclosures, rounding_directions)
    esp = all_printed_rows(esp_reports, esp_brands, selected_esp_reports, selected_esp_brands)
    rows = []
    for provider in sorted(set(comparisons["provider"])):
        for year in sorted(set(esp["year"]) | set(own["year"])):
            held = scope(comparisons, provider, year)
            row = {"provider": provider, "year": year, **own_side(held["series"].dropna(), year, own)}
            row |= clearinghouse_side(held["brand"], year, esp)
            if row["own_periods"] is None and pd.isna(row["ncmec_reports"]):
                continue
            code, reason = verdict(row, names)
            if code == "comparable":
                reason += doubts(held["series"].dropna(), year, disclosures)
            row |= {"verdict": code, "reason": reason, "is_comparable": code == "comparable"}
            unit = comparisons[comparisons["provider"] == provider]
            row["warnings"] = add_warnings(row["warnings"], _scope_changed(unit, year))
            rows.append(row)
    return pd.DataFrame(rows).drop(columns=["discloses", "without_row"])


def main(files: dict[str, str], outputs: list[str]) -> None:
    """Read, compare, write."""
    write_table(provider_pairs(**{name: read_table(file) for name, file in files.items()}), *outputs)


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in provider_pairs.__annotations__ if name != "return"},
            list(snakemake.output),
        ),
        snakemake.log[0],
    )
