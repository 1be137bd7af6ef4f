"""Gather every number that the prose prints: id, value, unit, text, and the table and row it comes from.

- Ids are built from the tables' own keys, so that a new year or provider has its numbers without a change of code.
- The same numbers go to `_variables.yml`, where the shortcode `{{< var id >}}` finds them.
"""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from countback.audit_values import audit_entries
from countback.io.errors import DataError
from countback.io.script import run
from countback.io.tables import fields_of, read_table, write_json, write_text
from countback.text.units import UNITS, format_number

Value = dict[str, Any]
Values = dict[str, Value]

# what a pair of consecutive releases contributes
REVISIONS = [
    *["n_common", "n_comparable", "n_revised", "revised_share", "n_returned", "n_child_comparable", "n_child_revised"],
    *["n_vanished", "n_vanished_raw", "n_common_raw", "n_added_late", "n_labels_changed", "n_headers_changed"],
]

# what each table contributes: the columns that make its ids, and the columns whose values are printed
TABLES: dict[str, tuple[str, list[str], list[str]]] = {
    "cybertipline_years": ("reports", ["year", "submitter"], ["reports", "change", "change_share"]),
    "provider_shares": ("shares", ["provider", "year"], ["reports", "share", "share_of_all"]),
    "replication_summary": ("replication", ["topic", "verdict"], ["n_values"]),
    "agreement_pairs": (
        "pairs",
        ["provider", "year"],
        ["provider_reports", "ncmec_reports", "difference", "relative_difference"],
    ),
    "agreement_signs": (
        "signs",
        ["subset", "unit_of_analysis"],
        ["n", "n_positive", "n_negative", "n_ties", "positive_share", "p_one_sided", "p_two_sided"],
    ),
    "agreement_summary": (
        "agreement",
        ["subset"],
        [
            *["n_pairs", "n_providers", "n_equal", "n_within_1_percent", "n_within_5_percent"],
            *["median", "bias", "bias_low", "bias_high", "limit_low", "limit_high", "limit_margin"],
            *["provider_bias", "provider_bias_low", "provider_bias_high"],
        ],
    ),
    "jurisdiction_areas": (
        "areas",
        ["kind", "area", "year"],
        ["reports", "reports_per_100k", "share", "population_share"],
    ),
    "reversed_shares": ("reversals", ["provider", "year"], ["restored", "acted_upon", "reversed_share"]),
    "named_against_reports": ("named", ["iso3", "platform"], ["reports", "share_of_country"]),
    "report_contents": ("contents", ["table", "item", "measure", "year"], ["value", "share"]),
    "report_recipients": (
        "recipients",
        ["recipient", "year"],
        ["actionable_reports", "informational_reports", "reports", "actionable_share"],
    ),
    "ojjdp_facts": ("facts", ["table", "item", "measure", "year"], ["value"]),
    **dict.fromkeys(["meta_revisions", "tiktok_revisions"], ("releases", ["to_release"], REVISIONS)),
    "meta_revision_ages": (
        "revised_at_age",
        ["subset", "age_quarters"],
        ["n_comparable", "n_revised", "n_in_clusters", "revised_share"],
    ),
    "rounding": ("rounding", ["organization", "metric"], ["n", "n_ends_in_0", "n_ends_in_00"]),
    "rounding_bounds": ("rounded_years", ["organization", "metric", "year"], ["value", "low", "high", "margin_share"]),
}


# columns by which a table of estimates is known, and those in the unit of their row
ESTIMATES = ["question", "subset", "parameter", "estimate", "status"]
INTERVAL = ["estimate", "low", "high"]


def slug(text: object) -> str:
    """Return a part of an id: lower case, words joined by underscores, a leading `y` before a year.

    Examples
    --------
    >>> slug("without discord and github"), slug(2023)
    ('without_discord_and_github', 'y2023')
    """
    name = re.sub(r"[^a-z0-9]+", "_", str(text).lower()).strip("_")
    return f"y{name}" if name[:1].isdigit() else name


def value(number: float | str, unit: str, table: str, row: object, decimals: int | None = None) -> Value:
    """Return one entry: the number, its unit, its text in prose, and where it comes from."""
    number = float(number)
    row = (
        {name: part.item() if hasattr(part, "item") else part for name, part in row.items()}
        if isinstance(row, dict)
        else row
    )
    whole = int(number) if unit in ("count", "year") and number.is_integer() else number
    return {"value": whole, "unit": unit, "text": format_number(number, unit, decimals), "table": table, "row": row}


def table_values(name: str, frame: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield the values of a table listed in `TABLES`; a missing one has no id, so that prose can't print it."""
    prefix, key, columns = TABLES[name]
    units = {column: fields_of(f"results/tables/{name}.csv")[column].get("unit", "count") for column in columns}
    for _, row in frame.iterrows():
        where = {column: row[column] for column in key}
        for column in columns:
            if pd.notna(row[column]):
                parts = [prefix, *(slug(part) for part in where.values()), column]
                yield ".".join(parts), value(row[column], units[column], name, where)


def growth_values(models: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield estimates of the models of growth with their intervals.

    A break in time prints with one decimal; an estimated count, which no one counted, with three digits.
    """
    for _, row in models.iterrows():
        if row["unit"] not in UNITS:
            continue
        where = {"model": row["model"], "parameter": row["parameter"]}
        decimals = 1 if row["unit"] == "year" else None
        for column in ("estimate", "low", "high"):
            if pd.notna(row[column]):
                name = f"growth.{row['model']}.{row['parameter']}.{column}"
                entry = value(row[column], row["unit"], "growth_models", where, decimals)
                if row["unit"] == "count":
                    entry["text"] = format_number(float(f"{row[column]:.3g}"), "count")
                yield name, entry


def reports_values(years: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield first and last year of the reports, and the factor between them."""
    total = years[years["submitter"] == "all"].sort_values("year").set_index("year")["reports"]
    for name, year in {"first": total.index[0], "last": total.index[-1]}.items():
        where = {"year": year, "submitter": "all"}
        yield f"reports.{name}.year", value(year, "year", "cybertipline_years", where)
        yield f"reports.{name}.reports", value(total[year], "count", "cybertipline_years", where)
    factor = total.iloc[-1] / total.iloc[0]
    yield (
        "reports.factor",
        value(round(factor, -2), "count", "cybertipline_years", "last year over first, to the nearest hundred"),
    )
    change = years[(years["submitter"] == "all") & (years["change"] < 0)]
    yield (
        "reports.n_falls",
        value(len(change), "count", "cybertipline_years", "years with fewer reports than the year before"),
    )


def survey_values(
    organizations: pd.DataFrame, disclosures: pd.DataFrame, esp_reports: pd.DataFrame
) -> Iterator[tuple[str, Value]]:
    """Yield how many organizations were surveyed, and how many disclose what."""
    surveyed = organizations[organizations["is_surveyed"]]
    yield "survey.n_organizations", value(len(surveyed), "count", "organizations", "is_surveyed")
    for code, rows in surveyed.groupby("transparency"):
        yield f"survey.transparency.{code}", value(len(rows), "count", "organizations", {"transparency": code})
    yield "survey.n_disclosing", value(disclosures["organization"].nunique(), "count", "disclosures", "organizations")
    yield "survey.first_year", value(disclosures["start"].min()[:4], "year", "disclosures", "earliest start")
    yield "survey.last_year", value(disclosures["end"].max()[:4], "year", "disclosures", "latest end")
    yield "survey.n_values", value(len(disclosures), "count", "disclosures", "rows")
    is_primary = disclosures["provenance"] == "primary"
    yield "survey.n_primary", value(is_primary.sum(), "count", "disclosures", {"provenance": "primary"})
    yield "survey.n_corrected", value(disclosures["is_corrected"].sum(), "count", "disclosures", "is_corrected")
    yield "survey.n_esp_rows", value(len(esp_reports), "count", "esp_reports", "rows")
    for metric, rows in disclosures.groupby("metric"):
        yield (
            f"survey.metric.{metric}",
            value(rows["organization"].nunique(), "count", "disclosures", {"metric": metric}),
        )


def pair_values(pairs: pd.DataFrame, years: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield how many pairs there are, how many have which verdict, and what share of reports they cover at last."""
    yield "pairs.n_listed", value(len(pairs), "count", "provider_pairs", "rows")
    for code, rows in pairs.groupby("verdict"):
        yield f"pairs.verdict.{code}", value(len(rows), "count", "provider_pairs", {"verdict": code})
    comparable = pairs[pairs["is_comparable"]]
    for code in ("primary", "secondary"):
        rows = comparable[comparable["own_provenance"] == code]
        equal = (rows["provider_reports"] == rows["ncmec_reports"]).sum()
        yield f"pairs.own.{code}", value(len(rows), "count", "provider_pairs", f"comparable, {code}")
        yield f"pairs.own.{code}_equal", value(equal, "count", "provider_pairs", f"comparable, {code}, equal counts")
    if len(comparable):
        last = comparable["year"].max()
        covered = comparable.loc[comparable["year"] == last, "ncmec_reports"].sum()
        is_whole = (years["submitter"] == "service_providers") & (years["year"] == last)
        yield "pairs.comparable_reports.last.year", value(last, "year", "provider_pairs", "last comparable year")
        for whole in years.loc[is_whole, "reports"]:
            where = {"year": last, "is_comparable": True}
            yield "pairs.comparable_reports.last.share", value(covered / whole, "share", "provider_pairs", where)


def revision_values(publisher: str, pairs: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield what all pairs of a publisher's consecutive releases come to; the largest share is that of one pair."""
    table, prefix = f"{publisher}_revisions", f"revisions.{publisher}"
    yield f"{prefix}.n_releases", value(len(pairs) + 1, "count", table, "pairs of releases, and one")
    yield f"{prefix}.n_pairs", value(len(pairs), "count", table, "rows")
    yield f"{prefix}.n_pairs_revised", value((pairs["n_revised"] > 0).sum(), "count", table, "rows with revisions")
    for column in ("n_comparable", "n_revised", "n_returned", "n_labels_changed"):
        yield f"{prefix}.{column}", value(pairs[column].sum(), "count", table, f"sum of {column}")
    if pairs["revised_share"].notna().any():
        highest = pairs.loc[pairs["revised_share"].idxmax()]
        where = {"to_release": highest["to_release"]}
        yield f"{prefix}.largest_share", value(highest["revised_share"], "share", table, where)


def replication_totals(summary: pd.DataFrame, faults: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield how many published values there are, by topic and in all, and how many faults are listed."""
    for topic, n_values in summary.groupby("topic")["n_values"].sum().items():
        yield f"replication.{slug(topic)}.n_values", value(n_values, "count", "replication_summary", {"topic": topic})
    yield "replication.n_faults", value(len(faults), "count", "faults", "rows")


def files_values(facts: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield, by year, how many files a service provider's report brings, and what part of images and videos differ."""
    counts = facts.set_index(["table", "item", "measure", "year"])["value"].to_dict()
    for year in sorted(facts["year"].unique()):
        uploaded = {item: counts.get(("files_uploaded", item, "files", year)) for item in ("images", "videos", "total")}
        reports = counts.get(("submitters", "service_providers", "reports", year))
        if uploaded["total"] is None or reports is None:
            continue
        where = {"table": "files_uploaded", "year": year}
        yield (
            f"contents.{slug(year)}.files_per_report",
            value(uploaded["total"] / reports, "ratio", "ojjdp_facts", where, 1),
        )
        for measure in ("unique_files", "similar_files"):
            share = counts[("hashed_files", "total", measure, year)] / (uploaded["images"] + uploaded["videos"])
            name = f"contents.{slug(year)}.{measure}_share"
            yield (
                name,
                value(share, "share", "ojjdp_facts", {"table": "hashed_files", "measure": measure, "year": year}),
            )


def stock_values(stocks: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield what the clearinghouse had in store at the latest date that it printed."""
    key = ["subject", "item", "measure"]
    for _, row in stocks.sort_values("as_of", kind="stable").drop_duplicates(key, keep="last").iterrows():
        where = {column: row[column] for column in [*key, "as_of"]}
        yield (
            ".".join(["stocks", *(row[column] for column in key)]),
            value(row["value"], "count", "ojjdp_stocks", where),
        )


def esp_values(esp_years: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield how many service providers the yearly tables list: ever, in each year, in one, with few reports."""
    n_years = esp_years.groupby("esp")["year"].nunique()
    listed = {
        "n_ever": len(n_years),
        "n_every_year": (n_years == esp_years["year"].nunique()).sum(),
        "n_one_year": (n_years == 1).sum(),
    }
    for name, number in listed.items():
        yield f"esps.{name}", value(number, "count", "esp_years", name)
    for year, rows in esp_years.groupby("year"):
        for name, chosen in {"n_single": rows["reports"] == 1, "n_below_ten": rows["reports"] < 10}.items():
            yield f"esps.{slug(year)}.{name}", value(chosen.sum(), "count", "esp_years", {"year": year})


def rates_values(rates: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield reports per 1,000 social media identities by year, and the first, lowest and last of them."""
    by_year = rates.drop_duplicates("year").sort_values("year").set_index("year")["reports_per_1000"]
    for year, rate in by_year.items():
        yield f"rates.{slug(year)}.reports_per_1000", value(rate, "per_1000", "growth_rates", {"year": year})
    if len(by_year) > 0:
        named = {"first": by_year.index[0], "lowest": by_year.idxmin(), "last": by_year.index[-1]}
        for name, year in named.items():
            yield f"rates.{name}.year", value(year, "year", "growth_rates", {"year": year})
            yield f"rates.{name}.reports_per_1000", value(by_year[year], "per_1000", "growth_rates", {"year": year})


def replication_values(headlines: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield the values that stand for faults, as published, reproduced and corrected."""
    for _, row in headlines.iterrows():
        parts = ["replication", *(slug(part) for part in row["id"].split("."))]
        for column in ("published", "reproduced", "corrected"):
            if pd.notna(row[column]) and math.isfinite(float(row[column])):
                entry = value(row[column], row["unit"], "replication_headlines", {"id": row["id"]})
                yield ".".join([*parts, column]), entry


def nested(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return the texts by the parts of their ids, as `_variables.yml` wants them."""
    tree: dict[str, Any] = {}
    for name, entry in values.items():
        *parents, leaf = name.split(".")
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
        branch[leaf] = entry["text"]
    return tree


def estimates_values(name: str, frame: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    """Yield what a table of estimates holds, by subset and parameter, and by unit too where that tells two apart.

    Raises
    ------
    DataError
        If two rows would have one id.
    """
    is_again = frame.duplicated(["subset", "parameter"], keep=False)
    if frame[is_again].duplicated(["subset", "parameter", "unit"]).any():
        raise DataError(
            f"results/tables/{name}.csv",
            found="rows of one subset, parameter and unit",
            expected="ids that tell results apart",
            fix="Name the parameter or the subset by what it is about.",
        )
    for again, (_, row) in zip(is_again, frame.iterrows(), strict=True):
        where = {column: row[column] for column in ("question", "subset", "parameter")}
        parts = [name, slug(row["subset"]), row["parameter"], *([row["unit"]] if again else [])]
        for column, unit in {**dict.fromkeys(INTERVAL, row["unit"]), "n": "count", "p_value": "probability"}.items():
            if pd.notna(row[column]) and unit in UNITS:
                yield ".".join([*parts, column]), value(row[column], unit, name, where)


def gather(tables: dict[str, pd.DataFrame]) -> Values:
    """Return all values, sorted by id."""
    found = [item for name in TABLES if name in tables for item in table_values(name, tables[name])]
    found += growth_values(tables["growth_models"])
    found += reports_values(tables["cybertipline_years"])
    found += survey_values(tables["organizations"], tables["disclosures"], tables["esp_reports"])
    found += files_values(tables["ojjdp_facts"])
    found += stock_values(tables["ojjdp_stocks"])
    found += esp_values(tables["esp_years"])
    found += rates_values(tables["growth_rates"])
    found += pair_values(tables["provider_pairs"], tables["cybertipline_years"])
    for publisher in ("meta", "tiktok"):
        if f"{publisher}_revisions" in tables:
            found += revision_values(publisher, tables[f"{publisher}_revisions"])
    if "replication_summary" in tables:
        found += replication_totals(tables["replication_summary"], tables["faults"])
    if "replication_headlines" in tables:
        found += replication_values(tables["replication_headlines"])
    for parts, number, unit, table, where in audit_entries(tables):
        found.append((".".join(slug(part) for part in parts), value(number, unit, table, where)))
    for name, frame in tables.items():
        if set(ESTIMATES) <= set(frame):
            found += estimates_values(name, frame)
    return dict(sorted(found))


def main(files: list[str], values: str, variables: str) -> None:
    """Read the tables, write the values and the variables."""
    found = gather({Path(file).stem: read_table(file) for file in files})
    write_json(found, values)
    header = "# Written by the rule `values` from results/values.json: change nothing here.\n"
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    write_text(header + yaml.dump(nested(found), Dumper=dumper, allow_unicode=True, width=200), variables)


if __name__ == "__main__":
    run(
        lambda: main(snakemake.input.tables, snakemake.output.values, snakemake.output.variables),
        snakemake.log[0],
    )
