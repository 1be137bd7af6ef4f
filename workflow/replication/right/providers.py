"""Providers' counts against the clearinghouse's by the right methods, under the ids of the published values.

- A pair is one of `provider_pairs`: both sides cover the same brands and the full year. What is published as Aylo's
  is Pornhub's own count, so it is set against Pornhub's rows; Microsoft's is without GitHub and LinkedIn on both sides.
- A share of all reports is that of the corporation with all of its brands of the year, and so are reports that are
  published beside pieces, where the pair covers fewer of its brands.
- A year of pieces is judged by the periods of the pieces; what Bing indexes is no piece of Microsoft's services.
- Twitch, which is part of Amazon's pair, is also set against its own row.
"""

import pandas as pd
from scipy.stats import binomtest

from countback.periods import Coverage, coverage, parse_period, year_period
from replication.inputs import Method, Tables, Values, by_year

# published name -> the project's pair, the organizations whose pieces it holds, the corporation that it is a share of
PAIRS = {"aylo": "pornhub", "google": "alphabet"}
PARTS = {"aylo": ["pornhub"], "google": ["google", "youtube"], "meta": ["facebook", "instagram"]}
CORPORATIONS = {"google": "alphabet"}
# a brand that is part of a pair, published for itself as well
PARTS_APART = ["twitch"]
# a brand whose owner is not surveyed, published for itself
BRANDS = ["tiktok"]
# published with all of its brands, whatever its pair covers
WHOLE = ["meta"]


def shares(tables: Tables) -> pd.DataFrame:
    """Return the clearinghouse's reports by year (rows) and surveyed provider (columns)."""
    organizations, pairs = tables["organizations"], tables["provider_pairs"]
    surveyed = set(organizations.loc[organizations["is_surveyed"], "organization"])
    owners = tables["provider_shares"][["provider", "year", "reports"]]
    brands = pairs[pairs["provider"].isin(BRANDS)].assign(reports=pairs["ncmec_reports"])
    brands = brands[["provider", "year", "reports"]]
    rows = pd.concat([owners[owners["provider"].isin(surveyed)], brands])
    return rows.astype({"reports": float}).pivot(index="year", columns="provider", values="reports")


def totals(tables: Tables) -> pd.DataFrame:
    """Return all reports by year (rows) and submitter (columns)."""
    return tables["cybertipline_years"].pivot(index="year", columns="submitter", values="reports").astype(float)


def provider_shares(tables: Tables) -> Values:
    """Return the clearinghouse's counts by provider with their shares in percent, and the three groups of providers."""
    counts, whole = shares(tables), totals(tables)
    surveyed = counts.sum(axis=1)
    listed = {str(name): counts[name].dropna() for name in counts}
    listed |= {"survey-total": surveyed, "esp-total": whole["service_providers"].loc[counts.index]}
    values: Values = {}
    for name, series in listed.items():
        values |= by_year(f"platform.share.{name}", series, ".reports")
        values |= by_year(f"platform.share.{name}", (series / whole["all"] * 100).dropna(), ".pct_of_total")
    groups = {"meta": counts["meta"], "google": counts["alphabet"]}
    groups["others"] = surveyed - groups["meta"] - groups["google"]
    for name, series in groups.items():
        values |= by_year(f"platform.meta_google_others.{name}", series / surveyed * 100, ".pct_of_survey")
    return values


def yearly_pieces(tables: Tables, provider: str) -> pd.Series:
    """Return a provider's pieces by year, missing where a part of it did not disclose a full one."""
    parts = PARTS.get(provider, [provider])
    years = tables["provider_years"].query("metric == 'pieces'")
    sums = {part: years[years["provider"] == part].set_index("year")["value"].astype(float) for part in parts}
    return pd.DataFrame(sums).sum(axis=1, min_count=len(parts))


def pairs_as_published(tables: Tables) -> pd.DataFrame:
    """Return the project's pairs under the published names, with the difference in percent of the mean."""
    names = {own: published for published, own in PAIRS.items()}
    frame = tables["provider_pairs"].query("provider not in @PAIRS")
    frame = frame.assign(
        provider=frame["provider"].map(lambda name: names.get(name, name)),
        own=frame["provider_reports"].astype(float),
        ncmec=frame["ncmec_reports"].astype(float),
    )
    mean = (frame["own"] + frame["ncmec"]) / 2
    difference = (frame["ncmec"] - frame["own"]) / mean * 100
    return frame.assign(pct_difference=difference.where(frame["is_comparable"].astype(bool)))


def compare(tables: Tables) -> Values:
    """Return what the comparison says of each provider and year."""
    counts, whole = shares(tables), totals(tables)
    values: Values = {}
    for provider, rows in pairs_as_published(tables).groupby("provider"):
        rows, family = rows.set_index("year"), f"platform.compare.{provider}"
        pieces = yearly_pieces(tables, str(provider)).reindex(rows.index)
        ncmec = counts[provider].reindex(rows.index) if provider in WHOLE else rows["ncmec"]
        columns = {
            "pieces": pieces,
            "provider_reports": rows["own"],
            "ncmec_reports": ncmec.where(rows["verdict"] != "ncmec_covers_other_brands"),
            "pieces_per_report": pieces / rows["own"].fillna(ncmec),
            "pct_difference": rows["pct_difference"],
        }
        corporation = CORPORATIONS.get(str(provider), str(provider))
        if corporation in counts:
            share = counts[corporation]
            columns |= {"esp_pct": share / whole["service_providers"] * 100, "total_pct": share / whole["all"] * 100}
        for name, column in columns.items():
            values |= by_year(family, column, f".{name}")
    return values


def full_years(disclosures: pd.DataFrame) -> pd.Series:
    """Return sums by year of one organization's counts, of years that its periods cover."""
    sums = {}
    for year, rows in disclosures.groupby(disclosures["period"].str[:4].astype(int)):
        if coverage(map(parse_period, rows["period"]), year_period(int(year))) is Coverage.COMPLETE:
            sums[year] = float(rows["value"].sum())
    return pd.Series(sums, dtype=float)


def parts_apart(tables: Tables) -> Values:
    """Return the counts of both sides for brands that are part of another's pair, and their difference in percent."""
    esp, values = tables["esp_years"].query("not is_combined"), Values()
    for brand in PARTS_APART:
        own = full_years(tables["disclosures"].query("organization == @brand and metric == 'reports'"))
        ncmec = esp[esp["esp"] == brand].set_index("year")["reports"].astype(float)
        columns = {
            "provider_reports": own,
            "ncmec_reports": ncmec,
            "pct_difference": ((ncmec - own) / ((ncmec + own) / 2) * 100).dropna(),
        }
        for name, column in columns.items():
            values |= by_year(f"platform.compare.{brand}", column, f".{name}")
    return values


def signs(tables: Tables) -> Values:
    """Return mean differences in percent by provider, and the signs of all pairs with the bound of their share."""
    pairs = pairs_as_published(tables).dropna(subset="pct_difference")
    difference = pairs["ncmec"] - pairs["own"]
    positive, negative = int((difference > 0).sum()), int((difference < 0).sum())
    test = binomtest(positive, positive + negative, alternative="greater")
    return by_year("platform.mean_pct_difference", pairs.groupby("provider")["pct_difference"].mean()) | {
        "platform.sign_counts.positive": positive,
        "platform.sign_counts.negative": negative,
        "platform.sign_counts.zero": int((difference == 0).sum()),
        "platform.sign_test.p": float(test.pvalue),
        "platform.sign_test.ci95_lower": float(test.proportion_ci(0.95).low),
    }


def usable_counts(tables: Tables) -> Values:
    """Return how many providers disclose counts of reports that can be set against the clearinghouse's."""
    pairs = tables["provider_pairs"]
    return {"platform.usable_counts": int(pairs.loc[pairs["own_periods"].notna(), "provider"].nunique())}


METHODS: list[Method] = [provider_shares, compare, parts_apart, signs, usable_counts]
