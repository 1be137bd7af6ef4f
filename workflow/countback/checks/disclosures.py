"""Checks that no schema can state: sums, overlaps, and references between tables and files.

- Each check takes the tables by name and yields the faults that it finds; none stops at the first.
- Parts that a source says are exhaustive must add up; what a source gets wrong is a correction, not an exception here.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd

from countback.corrections import KEYS, Correction, match_correction
from countback.io.errors import DataError
from countback.periods import Coverage, coverage, parse_period

Tables = dict[str, pd.DataFrame]
Check = Callable[[Tables], Iterator[DataError]]
SERIES = ["metric", "component"]


def line(index: object) -> int:
    """Return the line in the file of a row of a freshly read table: the header is line 1."""
    return int(str(index)) + 2


def disclosure_tables(tables: Tables) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield organization, file and rows of each table of disclosures."""
    for name, frame in tables.items():
        if name.startswith("disclosures_"):
            organization = name.removeprefix("disclosures_")
            yield organization, f"data/disclosures/{organization}.csv", frame


def organizations_are_known(tables: Tables) -> Iterator[DataError]:
    """Every file of disclosures is named after an organization."""
    known = set(tables["organizations"]["organization"])
    for organization, file, _ in disclosure_tables(tables):
        if organization not in known:
            yield DataError(
                file,
                found=organization,
                expected="an organization of data/organizations/organizations.csv",
                fix="Rename the file or add the organization.",
            )


def units_fit_metrics(tables: Tables) -> Iterator[DataError]:
    """A value has the unit of its metric; counts are whole and not negative, shares lie between 0 and 1."""
    units = tables["metrics"].set_index("metric")["unit"]
    for _, file, frame in disclosure_tables(tables):
        for index, row in frame.iterrows():
            unit = units.get(row["metric"])
            if unit is not None and row["unit"] != unit:
                yield DataError(
                    file, line(index), "unit", row["unit"], f"{unit}, the unit of {row['metric']}", "Correct it."
                )
            yield from _value_fits_unit(row, file, line(index))


def _value_fits_unit(row: pd.Series, file: str, number: int) -> Iterator[DataError]:
    value, limits = float(row["value"]), {"share": 1.0, "percent": 100.0}
    if not 0 <= value <= limits.get(row["unit"], float("inf")):
        yield DataError(file, number, "value", value, f"a {row['unit']} in its range", "Correct the value or the unit.")
    if row["unit"] == "count" and value % 1 and pd.isna(row["expression"]):
        yield DataError(file, number, "value", value, "a whole number", "Correct the value or the unit.")


def periods_do_not_overlap(tables: Tables) -> Iterator[DataError]:
    """Within a series, rows that count do not overlap in time; a repeat is marked redundant."""
    for _, file, frame in disclosure_tables(tables):
        counted = frame[~frame["is_redundant"]]
        for _, series in counted.groupby(SERIES, dropna=False, sort=False):
            yield from _overlaps(series, file)


def _overlaps(series: pd.DataFrame, file: str) -> Iterator[DataError]:
    dated = sorted((parse_period(row["period"]), line(index)) for index, row in series.iterrows())
    for (earlier, _), (later, number) in pairwise(dated):
        if earlier.overlaps(later):
            yield DataError(
                file,
                number,
                "period",
                found=later.label,
                expected=f"a period that does not overlap {earlier.label}",
                fix="Correct the period, or mark the row that repeats another as redundant.",
            )


def redundant_parts_add_up(tables: Tables) -> Iterator[DataError]:
    """Redundant components of a period add up to the whole that they repeat."""
    for _, file, frame in disclosure_tables(tables):
        parts = frame[frame["is_redundant"] & frame["component"].notna() & frame["expression"].isna()]
        for (metric, period), rows in parts.groupby(["metric", "period"]):
            whole = counted_whole(frame, metric)
            whole = whole[whole["period"] == period]
            yield from _sum_differs(rows["value"].sum(), whole["value"], file, rows, f"{metric} of {period}")


def redundant_periods_add_up(tables: Tables) -> Iterator[DataError]:
    """Redundant halves or quarters that cover a counted longer period add up to it."""
    for _, file, frame in disclosure_tables(tables):
        parts = frame[frame["is_redundant"] & frame["component"].isna() & frame["expression"].isna()]
        for metric, rows in parts.groupby("metric"):
            for period, value in counted_whole(frame, metric)[["period", "value"]].itertuples(index=False):
                inside = rows[[parse_period(label).overlaps(parse_period(period)) for label in rows["period"]]]
                if coverage(map(parse_period, inside["period"]), parse_period(period)) is Coverage.COMPLETE:
                    whole = pd.Series([value])
                    yield from _sum_differs(inside["value"].sum(), whole, file, inside, f"{metric} of {period}")


def counted_whole(frame: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return the rows of a metric that count and are no parts."""
    return frame[(frame["metric"] == metric) & frame["component"].isna() & ~frame["is_redundant"]]


def a_whole_excludes_its_parts(tables: Tables) -> Iterator[DataError]:
    """A period has its total or its components among the rows that count, or both would be added."""
    for _, file, frame in disclosure_tables(tables):
        counted = frame[~frame["is_redundant"]]
        both = counted.groupby(["metric", "period"])["component"].transform(
            lambda part: part.isna().any() and part.notna().any()
        )
        for index, row in counted[both.astype(bool) & counted["component"].isna()].iterrows():
            yield DataError(
                file,
                line(index),
                "component",
                found=f"a total of {row['metric']} in {row['period']} beside its components",
                expected="either of them",
                fix="Mark the total or the components as redundant.",
            )


def expressions_give_their_values(tables: Tables) -> Iterator[DataError]:
    """A value that is a share of a total is the product that its expression states."""
    for _, file, frame in disclosure_tables(tables):
        for index, row in frame[frame["expression"].notna()].iterrows():
            percent, total = row["expression"].split(" / 100 * ")
            product = float(percent) / 100 * int(total)
            if abs(product - row["value"]) > 1e-9 * product:
                yield DataError(
                    file,
                    line(index),
                    "value",
                    row["value"],
                    f"{product:.10g}, which the expression gives",
                    "Correct one.",
                )


def years_follow_each_other(tables: Tables) -> Iterator[DataError]:
    """No year is missing between the first and the last of a submitter's reports."""
    frame = tables["cybertipline_reports"]
    for submitter, rows in frame.groupby("submitter"):
        missing = set(range(rows["year"].min(), rows["year"].max())) - set(rows["year"])
        for year in sorted(missing):
            yield DataError(
                "data/cybertipline/reports.csv",
                f"year {year}",
                found=f"no row of submitter {submitter}",
                expected="a row for each year between the first and the last",
                fix="Restore the row.",
            )


def _sum_differs(found: float, whole: pd.Series, file: str, rows: pd.DataFrame, what: str) -> Iterator[DataError]:
    if len(whole) and found != whole.iloc[0]:
        yield DataError(
            file,
            line(rows.index[0]),
            "value",
            found=f"{found:,.0f} in all",
            expected=f"{whole.iloc[0]:,.0f}, the {what}",
            fix="Compare the rows with their source and correct the one that differs.",
        )


def submitters_add_up(tables: Tables) -> Iterator[DataError]:
    """Reports by service providers and by the public add up to all reports, where all three are printed."""
    file = "data/cybertipline/reports.csv"
    frame = tables["cybertipline_reports"]
    wide = frame.pivot_table(index="year", columns="submitter", values="reports", aggfunc="sum").dropna()
    for year, row in wide.iterrows() if {"all", "service_providers", "public"} <= set(wide.columns) else ():
        total = row["service_providers"] + row["public"]
        if total != row["all"]:
            at = frame.index[(frame["year"] == year) & (frame["submitter"] == "all")][0]
            yield DataError(
                file,
                line(at),
                "reports",
                found=f"{row['all']:,.0f}",
                expected=f"{total:,.0f}, service providers and public of {year} added up",
                fix="Compare the three numbers with their sources.",
            )


def printed_numbers_agree(tables: Tables) -> Iterator[DataError]:
    """A parsed number is the printed one without its separators."""
    for name, file in {
        "cybertipline_reports": "data/cybertipline/reports.csv",
        "esp_reports": "data/cybertipline/esp_reports.csv",
        "esp_totals": "data/cybertipline/esp_totals.csv",
    }.items():
        frame = tables[name]
        for index, row in frame[frame["reports_printed"].notna()].iterrows():
            if row["reports_printed"].replace(",", "") != str(row["reports"]):
                yield DataError(
                    file,
                    line(index),
                    "reports",
                    row["reports"],
                    f"{row['reports_printed']}, as printed",
                    "Correct one.",
                )


def esp_rows_add_up(tables: Tables) -> Iterator[DataError]:
    """The rows of a table by provider add up to its printed total, and that is what providers submitted in all."""
    sums = tables["esp_reports"].groupby("year")["reports"].sum()
    years = tables["cybertipline_reports"].query("submitter == 'service_providers'").set_index("year")["reports"]
    for index, row in tables["esp_totals"].iterrows():
        for found, where in (
            (sums.get(row["year"]), "data/cybertipline/esp_reports.csv"),
            (years.get(row["year"]), "data/cybertipline/reports.csv"),
        ):
            if found != row["reports"]:
                yield DataError(
                    where,
                    f"year {row['year']}",
                    "reports",
                    found=found,
                    expected=f"{row['reports']}, the total printed in row {line(index)} of esp_totals.csv",
                    fix="Compare the rows with the source.",
                )


def esp_names_are_known(tables: Tables) -> Iterator[DataError]:
    """Every printed name has a decision on its brand, and every decision is about a printed name."""
    names, decided = (tables[name]["esp_printed"] for name in ("esp_reports", "esp_brands"))
    unknown = ~names.isin(set(decided))
    for index, name in names[unknown].items():
        yield DataError(
            "data/cybertipline/esp_reports.csv",
            line(index),
            "esp_printed",
            found=name,
            expected="a name that data/cybertipline/esp_brands.csv knows",
            fix="Add it there: with its brand, or without one if it belongs to no surveyed organization.",
        )
    for index, name in decided[~decided.isin(set(names))].items():
        yield DataError(
            "data/cybertipline/esp_brands.csv",
            line(index),
            "esp_printed",
            found=name,
            expected="a name that data/cybertipline/esp_reports.csv prints",
            fix="Copy the name as printed, star included.",
        )


def spans_run_forward(tables: Tables) -> Iterator[DataError]:
    """What holds from a day to a day does not end before it begins."""
    for name in ("ownership", "organization_names", "comparisons"):
        frame = tables[name]
        dated = frame[frame["valid_from"].notna() & frame["valid_to"].notna()]
        for index, row in dated[dated["valid_from"] > dated["valid_to"]].iterrows():
            yield DataError(
                f"data/organizations/{name}.csv",
                line(index),
                "valid_to",
                found=row["valid_to"],
                expected=f"a day from {row['valid_from']} on",
                fix="Correct one of the days.",
            )


def nobody_owns_itself(tables: Tables) -> Iterator[DataError]:
    """Going from owner to owner never leads back."""
    frame = tables["ownership"]
    parents: dict[str, set[str]] = {}
    for organization, parent in zip(frame["organization"], frame["parent"], strict=True):
        parents.setdefault(organization, set()).add(parent)
    for index, row in frame.iterrows():
        above, seen = {row["parent"]}, set[str]()
        while above:
            seen |= above
            above = set().union(*(parents.get(name, set()) for name in above)) - seen
        if row["organization"] in seen:
            yield DataError(
                "data/organizations/ownership.csv",
                line(index),
                "parent",
                found=f"{row['organization']} among its own owners",
                expected="owners that it does not own",
                fix="Correct the parent.",
            )


def overlapping_spans(frame: pd.DataFrame, by: str) -> Iterator[tuple[pd.Series, pd.Series]]:
    """Yield neighbors in time, of rows that share a value of `by`, that hold on the same day."""
    dated = frame.fillna({"valid_from": "0001-01-01", "valid_to": "9999-12-31"}).sort_values("valid_from")
    for _, rows in dated.groupby(by):
        for (_, earlier), (_, later) in pairwise(rows.iterrows()):
            if later["valid_from"] <= earlier["valid_to"]:
                yield earlier, later


def brands_belong_to_one_provider(tables: Tables) -> Iterator[DataError]:
    """A brand is compared for one provider at a time, or its reports would count twice."""
    for earlier, later in overlapping_spans(tables["comparisons"], "brand"):
        yield DataError(
            "data/organizations/comparisons.csv",
            line(later.name),
            "brand",
            found=f"{later['brand']} for {earlier['provider']} and {later['provider']} at a time",
            expected="one provider at a time",
            fix="Date the rows, or drop one.",
        )


def owners_do_not_overlap(tables: Tables) -> Iterator[DataError]:
    """A brand has one owner at a time."""
    for earlier, later in overlapping_spans(tables["ownership"], "organization"):
        owned = f"when {earlier['parent']} owned {later['organization']}"
        yield DataError(
            "data/organizations/ownership.csv",
            line(later.name),
            "valid_from",
            found=later["valid_from"],
            expected=f"a day after {earlier['valid_to']}, {owned}",
            fix="Date the owners so that they follow each other.",
        )


def series_have_disclosures(tables: Tables) -> Iterator[DataError]:
    """Every series named in the units of comparison is a table of disclosures."""
    known = {organization for organization, _, _ in disclosure_tables(tables)}
    frame = tables["comparisons"]
    for index, row in frame[frame["series"].notna()].iterrows():
        if row["series"] not in known:
            yield DataError(
                "data/organizations/comparisons.csv",
                line(index),
                "series",
                found=row["series"],
                expected="an organization with a file in data/disclosures/",
                fix="Leave the cell empty for a brand that discloses nothing itself.",
            )


def corrections_match(tables: Tables, corrections: list[Correction]) -> Iterator[DataError]:
    """Every correction finds its row, the faulty value that it expects there, and a known source; none is repeated."""
    releases = set(tables["releases"]["id"])
    places = [(correction.table, correction.column, tuple(correction.key.items())) for correction in corrections]
    frames = {f"disclosures/{organization}": frame for organization, _, frame in disclosure_tables(tables)}
    frames |= {table: tables[Path(table).name] for table in KEYS if Path(table).name in tables}
    for number, correction in enumerate(corrections):
        where = "data/corrections.yml", correction.where
        if correction.source not in releases:
            yield DataError(*where, "source", correction.source, "a release of data/releases.csv", "Add it there.")
        if places[number] in places[:number]:
            yield DataError(*where, "key", correction.key, "one correction per row", "Drop one of them.")
        try:
            match_correction(frames, correction)
        except DataError as error:
            yield error


CHECKS: list[Check] = [
    organizations_are_known,
    units_fit_metrics,
    periods_do_not_overlap,
    redundant_parts_add_up,
    redundant_periods_add_up,
    a_whole_excludes_its_parts,
    expressions_give_their_values,
    years_follow_each_other,
    submitters_add_up,
    printed_numbers_agree,
    esp_rows_add_up,
    esp_names_are_known,
    owners_do_not_overlap,
    nobody_owns_itself,
    spans_run_forward,
    brands_belong_to_one_provider,
    series_have_disclosures,
]
