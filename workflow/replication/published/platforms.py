"""Providers' counts against the clearinghouse's, as published.

Published methods, faults included: only to reproduce the published values, not to be used.

- Whether a provider's periods cover a year is judged for its table as a whole, by the first and the last month only.
- Brands are added to their corporation whether or not both sides have them; what one lacks is 0.
- Pieces hold what Microsoft's search engine only indexes.
- Three cells were blanked by hand. What they hold is left out without a word.
- The table of Fisher's test was typed by hand, after group and cutoff had been chosen by looking at the data.
"""

import pandas as pd
from scipy.stats import binomtest, fisher_exact

from countback.periods import parse_period
from replication.inputs import Method, Tables, Value, Values, by_year
from replication.published.clearinghouse import corporations, provider_reports
from replication.published.shared import reports_by_year

BLANKED = {
    ("linkedin", "pieces", "2019"),
    ("reddit", "pieces", "2023 H1"),
    ("github", "reports", "2023"),
}
METRICS = ["pieces", "reports"]
COUNTED_AS = {"indexed_pieces": "pieces"}
# the corporation stands under its brand's name in the comparison, a brand beside its corporation
COMPARED_AS = {"alphabet": "google"}
BRANDS_APART = ["twitch"]
FISHER = [[3, 2], [0, 25]]


def service_provider_totals(tables: Tables) -> pd.Series:
    """Return the reports of all service providers by year."""
    totals = tables["cybertipline/esp_totals"]
    return totals.set_index("year")["reports"].astype(int)


def annual(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a provider's sums by year (rows) and metric (columns), of years that begin and end within its table."""
    periods = frame["period"].map({label: parse_period(label) for label in frame["period"].unique()})
    dated = frame.assign(
        year=periods.map(lambda period: period.year),
        first=periods.map(lambda period: period.start.month),
        last=periods.map(lambda period: period.end.month),
    )
    kept = dated.groupby("year").filter(lambda rows: rows["first"].min() == 1 and rows["last"].max() == 12)
    kept = kept.assign(metric=kept["metric"].replace(COUNTED_AS))
    sums = kept[kept["metric"].isin(METRICS)].groupby(["year", "metric"])["value"].sum()
    return sums.unstack("metric").reindex(columns=METRICS).astype(float)


def disclosed(tables: Tables, organization: str) -> pd.DataFrame:
    """Return a provider's disclosures, without the cells that the published analysis blanked."""
    frame = tables[f"disclosures/{organization}"]
    blanked = [
        (organization, metric, period) in BLANKED or (organization, metric, period[:4]) in BLANKED
        for metric, period in zip(frame["metric"], frame["period"], strict=True)
    ]
    return frame[[not cell for cell in blanked]]


def own_counts(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return each provider's own sums by year and metric, brands added to their corporation."""
    parents = corporations(tables)
    counts: dict[str, pd.DataFrame] = {}
    for organization in sorted(parents):
        if f"disclosures/{organization}" not in tables:
            continue
        frame = disclosed(tables, organization)
        provider = parents[organization]
        sums = annual(frame[~frame["is_redundant"].astype(bool)])
        counts[provider] = counts[provider].add(sums, fill_value=0) if provider in counts else sums
    return counts


def comparison(tables: Tables) -> pd.DataFrame:
    """Return one row per provider and year of the clearinghouse: own pieces and reports, and its count."""
    theirs, own = provider_reports(tables), own_counts(tables)
    for brand in BRANDS_APART:
        own[brand] = annual(disclosed(tables, brand))
        theirs[brand] = brand_counts(tables, brand)
    rows = []
    for provider in sorted(set(theirs) | set(own)):
        years = own.get(provider, pd.DataFrame(columns=METRICS)).reindex(theirs.index)
        counts = theirs[provider] if provider in theirs else pd.Series(pd.NA, index=theirs.index)
        rows.append(years.assign(ncmec=counts.astype("Float64"), provider=COMPARED_AS.get(provider, provider)))
    frame = pd.concat(rows).reset_index().astype({"pieces": "Float64", "reports": "Float64"})
    mean = (frame["ncmec"] + frame["reports"]) / 2
    frame["pct_difference"] = (frame["ncmec"] - frame["reports"]) / mean * 100
    return frame


def brand_counts(tables: Tables, brand: str) -> pd.Series:
    """Return the clearinghouse's reports of one brand by year."""
    brands = tables["cybertipline/esp_brands"]
    named = brands.loc[(brands["brand"] == brand) & ~brands["is_combined"].astype(bool), "esp_printed"]
    rows = tables["cybertipline/esp_reports"]
    return rows[rows["esp_printed"].isin(named)].groupby("year")["reports"].sum()


def compare(compared: pd.DataFrame, tables: Tables) -> Values:
    """Return what the comparison says of each provider and year."""
    frame = compared.set_index(["provider", "year"])
    counted = frame["ncmec"].fillna(frame["reports"])
    years = frame.index.get_level_values("year")
    columns = {
        "pieces": frame["pieces"],
        "provider_reports": frame["reports"],
        "ncmec_reports": frame["ncmec"],
        "pieces_per_report": frame["pieces"] / frame["reports"].fillna(frame["ncmec"]),
        "pct_difference": frame["pct_difference"],
        "esp_pct": counted / service_provider_totals(tables).loc[years].to_numpy(dtype=float) * 100,
        "total_pct": counted / reports_by_year(tables).loc[years].to_numpy(dtype=float) * 100,
    }
    return {
        f"platform.compare.{provider}.{year}.{name}": float(value)
        for name, column in columns.items()
        for (provider, year), value in column.dropna().items()
    }


def differences(compared: pd.DataFrame) -> Values:
    """Return mean differences by provider, the sign test over all pairs, and Fisher's test."""
    pairs = compared.dropna(subset="pct_difference")
    means = pairs.groupby("provider")["pct_difference"].mean()
    signs = pairs.loc[~pairs["provider"].isin(BRANDS_APART), "pct_difference"]
    positive, negative = int((signs > 0).sum()), int((signs < 0).sum())
    test = binomtest(positive, positive + negative, alternative="greater")
    odds, p_value = fisher_exact(FISHER, alternative="greater")
    values: dict[str, Value] = {
        "platform.sign_counts.positive": positive,
        "platform.sign_counts.negative": negative,
        "platform.sign_counts.zero": len(signs) - positive - negative,
        "platform.sign_test.p": float(test.pvalue),
        "platform.sign_test.ci95_lower": float(test.proportion_ci(0.95).low),
        "platform.fisher.odds_ratio": "Infinity" if odds == float("inf") else float(odds),
        "platform.fisher.p": float(p_value),
    }
    for name, row in zip(("discord", "other"), zip(*FISHER, strict=True), strict=True):
        values |= {f"platform.fisher.table.{name}_outlier": row[0], f"platform.fisher.table.{name}_close": row[1]}
    return values | {f"platform.mean_pct_difference.{name}": float(mean) for name, mean in means.items()}


def comparisons(tables: Tables) -> Values:
    """Return all that the comparison of providers with the clearinghouse gives."""
    compared = comparison(tables)
    return compare(compared, tables) | differences(compared)


def shares(tables: Tables) -> Values:
    """Return the clearinghouse's counts by provider and year, and their share of all reports in percent."""
    counts = provider_reports(tables)
    totals = {"esp-total": service_provider_totals(tables), "survey-total": counts.sum(axis=1)}
    values: Values = {}
    for name, series in ({str(provider): counts[provider] for provider in counts} | totals).items():
        family = f"platform.share.{name}"
        values |= by_year(family, series.dropna().astype(int), ".reports")
        values |= by_year(family, series / reports_by_year(tables) * 100, ".pct_of_total")
    surveyed = totals["survey-total"]
    largest = {"meta": counts["meta"], "google": counts["alphabet"]}
    others = surveyed - sum(largest.values())
    for name, series in (largest | {"others": others}).items():
        values |= by_year(f"platform.meta_google_others.{name}", series / surveyed * 100, ".pct_of_survey")
    return values


def usable_counts(tables: Tables) -> Values:
    """Return how many platforms have a table, which are all said to disclose usable counts."""
    return {"platform.usable_counts": sum(name.startswith("disclosures/") for name in tables)}


METHODS: dict[str, Method] = {
    "platforms.comparisons": comparisons,
    "platforms.shares": shares,
    "platforms.usable_counts": usable_counts,
}
