"""Checks of the clearinghouse's tables: sums, years, marks of what is printed, and codes of printed names."""

from collections.abc import Iterator

import pandas as pd

from countback.checks.registry import check, differ, faults, line, unknown
from countback.ingest.platform import read_rounded
from countback.io.errors import DataError, row_text
from countback.ojjdp_labels import with_labels

REPORTS = "data/cybertipline/reports.csv"
ESP_REPORTS = "data/cybertipline/esp_reports.csv"
COUNTRY_REPORTS = "data/cybertipline/country_reports.csv"
COUNTRY_TOTALS = "data/cybertipline/country_totals.csv"
COUNTRY_ALIASES = "data/reference/country_aliases.csv"
RECIPIENT_REPORTS = "data/cybertipline/recipient_reports.csv"
SELECTED_ESP_REPORTS = "data/cybertipline/selected_esp_reports.csv"
INCIDENTS = "data/cybertipline/incident_counts.csv"
PLATFORM = "data/cybertipline/platform_jurisdictions.parquet"
REFERRED, KIND = "cybertipline_reports_referred", "incident_type_"
OJJDP_FACTS = "data/cybertipline/ojjdp_facts.csv"
GROUPS = "data/reference/relationship_groups.csv"
COMPARE = "Compare both numbers with their sources."


@check("cybertipline_reports")
def years_follow_each_other(reports: pd.DataFrame) -> Iterator[DataError]:
    """No year is missing between the first and the last of a submitter's reports."""
    gaps = [
        (submitter, year)
        for submitter, years in reports.groupby("submitter")["year"]
        for year in sorted(set(range(years.min(), years.max())) - set(years))
    ]
    rows = pd.DataFrame(gaps, columns=["submitter", "year"])
    wanted, found = "a row for each year between the first and the last", "no row of submitter {submitter}"
    yield from faults(REPORTS, rows, None, wanted, "Restore the row.", found, "year {year:.0f}")


@check("cybertipline_reports")
def submitters_add_up(reports: pd.DataFrame) -> Iterator[DataError]:
    """Reports by service providers and by the public add up to all reports, where all three are printed."""
    by_year = reports.pivot(index="year", columns="submitter", values="reports")
    parts = by_year.reindex(columns=["service_providers", "public"]).sum(axis=1, skipna=False)
    rows = reports.assign(total=reports["year"].map(parts))
    rows = rows[(rows["submitter"] == "all") & rows["total"].notna() & rows["reports"].notna()]
    wanted = "{total:,.0f}, service providers and public of {year} added up"
    fix = "Compare the three numbers with their sources."
    yield from faults(REPORTS, rows[rows["reports"] != rows["total"]], "reports", wanted, fix)


@check("cybertipline_reports", "report_remarks")
def remarks_are_in_place(reports: pd.DataFrame, remarks: pd.DataFrame) -> Iterator[DataError]:
    """Warnings and notes on reports by year are those of the table of remarks."""
    key = ["year", "submitter"]
    rows = reports.reset_index().merge(remarks, on=key, how="left", suffixes=("", "_wanted")).set_index("index")
    unlike = differ(rows["warnings"], rows["warnings_wanted"]) | differ(rows["note"], rows["note_wanted"])
    fix = "Edit report_remarks.csv, then run snakemake ingest."
    yield from faults(REPORTS, rows[unlike], "warnings", "{warnings_wanted}, as in report_remarks.csv", fix)


@check("esp_totals", "esp_reports", "cybertipline_reports")
def esp_rows_add_up(totals: pd.DataFrame, rows: pd.DataFrame, reports: pd.DataFrame) -> Iterator[DataError]:
    """The rows of a table by provider add up to its printed total, and that is what providers submitted in all."""
    submitted = reports[reports["submitter"] == "service_providers"]
    for file, frame in ((ESP_REPORTS, rows), (REPORTS, submitted)):
        sums = totals["year"].map(frame.groupby("year")["reports"].sum())
        unlike = totals.assign(total=totals["reports"], reports=sums, row=[line(at) for at in totals.index])
        unlike = unlike[differ(unlike["reports"], unlike["total"])]
        wanted = "{total}, the total printed in row {row} of esp_totals.csv"
        yield from faults(file, unlike, "reports", wanted, "Compare the rows with the source.", place="year {year}")


@check("country_reports", "country_totals")
def country_rows_add_up(rows: pd.DataFrame, totals: pd.DataFrame) -> Iterator[DataError]:
    """The rows of a table by country add up to its printed total."""
    sums = rows.groupby("year")["reports"].sum()
    years = pd.concat([sums, totals.set_index("year")["reports"].rename("total")], axis=1).sort_index().reset_index()
    unlike = years[differ(years["reports"], years["total"])]
    wanted, fix = "{total}, the total in country_totals.csv", "Compare the rows with the source."
    yield from faults(COUNTRY_REPORTS, unlike, "reports", wanted, fix, place="year {year}")


@check("country_totals", "cybertipline_reports")
def country_totals_are_all_reports(totals: pd.DataFrame, reports: pd.DataFrame) -> Iterator[DataError]:
    """The total of a table by country is the number of all reports of its year."""
    every = reports[reports["submitter"] == "all"].set_index("year")["reports"]
    rows = totals.assign(every=totals["year"].map(every))
    wanted = f"{{every}}, all reports of {{year}} in {REPORTS}"
    yield from faults(COUNTRY_TOTALS, rows[differ(rows["reports"], rows["every"])], "reports", wanted, COMPARE)


@check("country_reports")
def dashes_are_marked(rows: pd.DataFrame) -> Iterator[DataError]:
    """A count by country is marked where a dash is printed, and only there: a dash is not zero."""
    unlike = rows[rows["printed_as_dash"] != (rows["reports_printed"] == "-")]
    wanted = "a mark where a dash is printed: here, {reports_printed} is"
    yield from faults(COUNTRY_REPORTS, unlike, "printed_as_dash", wanted, "Correct the row, or run snakemake ingest.")


@check("country_reports", "recipient_reports", "country_aliases")
def country_codes_are_decided(rows: pd.DataFrame, received: pd.DataFrame, aliases: pd.DataFrame) -> Iterator[DataError]:
    """Each printed name has the code of the table of names, and each name there is printed somewhere."""
    codes = aliases.set_index("country_printed")["iso3"]
    wanted = f"{{code}}, that of {{country_printed!r}} in {COUNTRY_ALIASES}"
    for file, frame in ((COUNTRY_REPORTS, rows), (RECIPIENT_REPORTS, received)):
        decided = frame.assign(code=frame["country_printed"].map(codes))
        unlike = decided[differ(decided["iso3"], decided["code"])].fillna({"code": "a code"})
        yield from faults(file, unlike, "iso3", wanted, "Correct the table of names, then run snakemake ingest.")
    wanted, fix = f"a name that {COUNTRY_REPORTS} prints", "Copy the name as printed, star included."
    printed = pd.concat([rows["country_printed"], received["country_printed"]])
    yield from unknown(COUNTRY_ALIASES, aliases, "country_printed", printed, wanted, fix)


@check("country_reports", "recipient_reports")
def no_year_counts_both_ways(rows: pd.DataFrame, received: pd.DataFrame) -> Iterator[DataError]:
    """A year whose table counts each recipient has no rows among those that count each report once."""
    unlike = rows[rows["year"].isin(set(received["year"]))].drop_duplicates("year")
    wanted = f"a year before each recipient is counted: {{year}} is in {RECIPIENT_REPORTS}"
    yield from faults(COUNTRY_REPORTS, unlike, "year", wanted, "Keep the rows in the table of what they count.")


@check("recipient_reports", "compiled_facts")
def recipients_add_up(rows: pd.DataFrame, facts: pd.DataFrame) -> Iterator[DataError]:
    """Reports that countries received add up to those of the table of recipients, referrals and informational ones."""
    recipients = facts[facts["table"] == "recipients"]
    for column, measure in {"referrals": "actionable", "informational": "informational"}.items():
        sums = recipients[recipients["measure"] == measure].groupby("year")["value"].sum()
        years = rows.groupby("year")[column].sum().rename("sum").reset_index()
        years["total"] = years["year"].map(sums)
        unlike = years[years["total"].notna() & (years["sum"] != years["total"])]
        wanted, found = f"{{total:,.0f}}, {measure} reports of all recipients", "rows that sum to {sum:,.0f}"
        yield from faults(RECIPIENT_REPORTS, unlike, column, wanted, COMPARE, found, "year {year:.0f}")


@check("selected_esp_reports", "cybertipline_reports")
def selected_rows_are_parts(rows: pd.DataFrame, reports: pd.DataFrame) -> Iterator[DataError]:
    """The rows of surveyed organizations do not exceed what all service providers reported."""
    totals = reports[reports["submitter"] == "service_providers"].set_index("year")["reports"]
    years = rows.groupby("year")["reports"].sum().rename("sum").reset_index()
    years["total"] = years["year"].map(totals)
    unlike = years[~(years["sum"] <= years["total"]).fillna(False)].fillna({"total": 0})
    wanted, found = "at most {total:,.0f}, all of service providers", "rows that sum to {sum:,.0f}"
    yield from faults(SELECTED_ESP_REPORTS, unlike, "reports", wanted, COMPARE, found, "year {year:.0f}")


@check("incident_counts", "cybertipline_reports")
def incidents_fit_their_reports(rows: pd.DataFrame, reports: pd.DataFrame) -> Iterator[DataError]:
    """Incidents lie within their bounds, which differ only where they are rounded; each report holds one at least."""
    is_exact = rows["low"] == rows["high"]
    is_rounded = rows["warnings"].fillna("").str.contains("rounded")
    is_sound = (rows["low"] <= rows["incidents"]) & (rows["incidents"] <= rows["high"]) & (is_exact != is_rounded)
    wanted = "a number from {low:,.0f} to {high:,.0f}, ends that differ if and only if it is rounded"
    yield from faults(INCIDENTS, rows[~is_sound], "incidents", wanted, COMPARE)
    totals = reports[reports["submitter"] == "all"].set_index("year")["reports"]
    few = rows.assign(total=rows["year"].map(totals))
    few = few[few["total"].notna() & (few["high"] < few["total"])]
    yield from faults(INCIDENTS, few, "incidents", "at least the {total:,.0f} reports that hold them", COMPARE)


@check("platform_jurisdictions")
def kinds_can_add_up(rows: pd.DataFrame) -> Iterator[DataError]:
    """Kinds of incidents of a jurisdiction can add up to its referrals, within what rounding allows."""
    kinds = rows[rows["measure"].str.startswith(KIND)].groupby(["year", "iso3"])[["low", "high"]].sum()
    referred = rows[rows["measure"] == REFERRED].join(kinds, on=["year", "iso3"], rsuffix="_of_kinds")
    is_possible = (referred["low_of_kinds"] <= referred["high"]) & (referred["high_of_kinds"] >= referred["low"])
    wanted = "a number that kinds between {low_of_kinds:,.0f} and {high_of_kinds:,.0f} can add up to"
    yield from faults(PLATFORM, referred[~is_possible.fillna(True)], "value_printed", wanted, COMPARE)


@check("platform_*")
def bounds_are_those_of_what_is_printed(file: str, rows: pd.DataFrame) -> Iterator[DataError]:
    """Bounds of a rounded number are the least and the largest number that is printed as it is."""
    if not {"low", "high", "value_printed"} <= set(rows):
        return
    # a service provider is listed from one report on, a jurisdiction without any
    floor = 1 if "esp_printed" in rows else 0
    bounds = {printed: bounds_of(printed, floor) for printed in rows["value_printed"].dropna().unique()}
    for at, end in enumerate(("low", "high")):
        wanted = rows["value_printed"].map({printed: pair[at] for printed, pair in bounds.items()}).astype("Float64")
        unlike = rows.assign(wanted=wanted)[wanted.notna() & differ(rows[end].astype("Float64"), wanted)]
        fix = "Run snakemake ingest, which computes bounds."
        yield from faults(file, unlike, end, "{wanted:.0f}, the bound of {value_printed}", fix)


def bounds_of(printed: str, floor: int) -> tuple[int | None, int | None]:
    """Return the bounds of a printed number, or none if it is none: another check tells of that."""
    try:
        return read_rounded(printed, floor)[1:]
    except ValueError:
        return None, None


@check("ojjdp_labels", "ojjdp_facts")
def ojjdp_parts_add_up(labels: pd.DataFrame, facts: pd.DataFrame) -> Iterator[DataError]:
    """Items and measures that the labels name as parts of another add up to it, in each table, year and report."""
    counts = facts[facts["unit"] == "count"]
    for role, other in (("item", "measure"), ("measure", "item")):
        parts = labels[labels["role"] == role].dropna(subset="part_of")[["table", "id", "part_of"]].drop_duplicates()
        context = ["table", other, "year", "last_report"]
        named = counts.merge(parts, left_on=["table", role], right_on=["table", "id"])
        sums = named.groupby([*context, "part_of"], as_index=False)["value"].sum().rename(columns={"value": "parts"})
        rows = sums.merge(counts, left_on=[*context, "part_of"], right_on=[*context, role], how="left")
        rows = rows[differ(rows["parts"], rows["value"])]
        found, place = "parts that sum to {parts:,.0f}", f"{{table}}, {{{other}}}, {{part_of}}, year {{year}}"
        fix = "Compare the rows with the source; a part that is not exhaustive has no part_of in the labels."
        for is_there, wanted in ((True, "{value:,.0f}, the value of {part_of}"), (False, "a row with that sum")):
            chosen = rows[rows["value"].notna() == is_there]
            yield from faults(OJJDP_FACTS, chosen, "value", wanted, fix, found, place)


@check("ojjdp_labels", "ojjdp_facts", "victim_relationships", "relationship_groups")
def relationships_have_a_group(
    labels: pd.DataFrame, facts: pd.DataFrame, printed: pd.DataFrame, groups: pd.DataFrame
) -> Iterator[DataError]:
    """Each relationship of offender and victim has its group, that of the newest label where it has several."""
    ours = with_labels(facts[facts["table"] == "relationships"], labels).rename(columns={"label": "relationship"})
    rows = pd.concat([ours.assign(study="ncmec"), printed])[["study", "relationship"]].drop_duplicates(
        ignore_index=True
    )
    known = set(zip(groups["study"], groups["relationship"], strict=True))
    lost = rows[[names not in known for names in rows.itertuples(index=False, name=None)]]
    lost = lost.assign(row=[row_text(*names) for names in lost.itertuples(index=False, name=None)])
    wanted, found = "a row for each relationship", "no row for {relationship!r} of {study}"
    fix = "Add the row {row},<group>,<subgroup>, there."
    yield from faults(GROUPS, lost, None, wanted, fix, found, "study {study}")
