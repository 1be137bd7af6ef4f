"""Claims on who makes the reports: the largest in the last year, what its own count is, how its share moved."""

from collections.abc import Iterator

import pandas as pd

from countback.claims import Tables, names, unit_of
from countback.numbers import Number, words
from countback.text.claims import direction, listed, number_word, sentence

SHARES = "provider_shares"
# where Herfindahl's index of shares calls reporting what
LEVELS = {0.5: "extremely concentrated", 0.25: "highly concentrated", 0.15: "moderately concentrated", 0.0: "spread"}
SIZE, LEAP = 0.005, 3  # a row is large from this share of all reports on, and leaps by this factor
WHOLE = 0.99  # from this share on, a pair covers all of a provider's reports
# what a sentence goes on with after what NCMEC counts of a provider for a year
CLAUSES = {
    "comparable": "and its own count{part} is among those that can be compared",
    "none": "and this study found no yearly count of its own",
    "other": "and this study found no count of its own for that year that can be compared",
}


def own_count(tables: Tables, provider: str, year: int) -> str:
    """Return what the data hold of a provider's own count for a year: comparable, none at all, or not this one."""
    pairs = tables["provider_pairs"]
    row = pairs[(pairs["provider"] == provider) & (pairs["year"] == year)]
    verdict = row["verdict"].iloc[0] if len(row) else "no_own_reports"
    if verdict == "comparable":
        return "comparable"
    return "none" if verdict == "no_own_reports" else "other"


def compared_share(tables: Tables, provider: str, year: int) -> float:
    """Return the share of NCMEC's count of a provider in a year that a pair compares; brands may be left out of it."""
    found = [
        table[(table["provider"] == provider) & (table["year"] == year)].iloc[0]
        for table in (tables["provider_pairs"], tables[SHARES])
    ]
    return float(found[0]["ncmec_reports"] / found[1]["reports"])


def own_clause(tables: Tables, provider: str, year: int) -> str:
    """Return what a sentence on a provider's reports of a year goes on with about its own count."""
    own = own_count(tables, provider, year)
    part = ""
    if own == "comparable" and (share := compared_share(tables, provider, year)) < WHOLE:
        part = f", which covers the brands that made {share:.0%} of these,"
    return CLAUSES[own].format(part=part)


def largest(tables: Tables) -> Iterator[Number]:
    """Yield the provider with most reports in the last year, the second, and the first one's own count."""
    shares, of = tables[SHARES], names(tables)
    year = int(shares["year"].max())
    ranked = shares[shares["year"] == year].sort_values("reports", ascending=False)
    yield Number("largest", "year", year, "year", SHARES, "last year")
    for subset, row in zip(("largest", "second"), ranked.itertuples(), strict=False):
        rows = f"{subset} of the last year"
        yield words(subset, "name", of[row.provider], SHARES, rows)
        yield Number(subset, "share", row.share, "share", SHARES, rows)
        yield Number(subset, "reports", row.reports, "count", SHARES, rows)
    first = ranked.iloc[0]
    past = shares[shares["provider"] == first["provider"]].sort_values("year").iloc[0]
    yield Number("largest", "first_year", past["year"], "year", SHARES, "its first year")
    yield Number("largest", "first_share", past["share"], "share", SHARES, "its first year")
    own = own_count(tables, first["provider"], year)
    meaning = {
        "comparable": "both sides have a count too",
        "none": "this study found no count of its own to compare with NCMEC's",
        "other": "this study found no count of its own for the last year to compare with NCMEC's",
    }
    if own == "comparable" and (share := compared_share(tables, first["provider"], year)) < WHOLE:
        meaning["comparable"] += f", of the brands that made {share:.0%} of its reports"
    rows = "verdict of the largest provider in the last year"
    yield words("largest", "own_count", own_clause(tables, first["provider"], year), "provider_pairs", rows)
    yield words("largest", "meaning", meaning[own], "provider_pairs", rows)


def own_counts(tables: Tables) -> Iterator[Number]:
    """Yield of each provider what the data hold of its own count for the last year of its share."""
    last = tables[SHARES].dropna(subset="reports").groupby("provider")["year"].max()
    for provider, year in last.items():
        clause = own_clause(tables, str(provider), int(year))
        yield words(f"own_count_of_{provider}", "clause", clause, "provider_pairs", f"{provider}, {year}")


def coverage(tables: Tables) -> Iterator[Number]:
    """Yield whether most reports can be checked, and who cannot be."""
    pairs, of = tables["provider_pairs"], names(tables)
    compared = pairs[pairs["is_comparable"]]
    last = compared["year"].max()
    years = tables["cybertipline_years"].query("submitter == 'service_providers'").set_index("year")["reports"]
    share = compared.loc[compared["year"] == last, "ncmec_reports"].sum() / years.get(last, float("nan"))
    text = f"Most reports {'can' if share > 0.5 else 'cannot'} be checked against a second count."
    rows = "comparable, last year, share of all reports of service providers"
    yield words("coverage", "heading", text, "provider_pairs", rows)
    audit = "The audit reaches most reports." if share > 0.5 else "The audit misses where most reports come from."
    yield words("coverage", "audit", audit, "provider_pairs", rows)
    lacking = pairs[pairs["verdict"] == "no_own_reports"].dropna(subset="ncmec_reports")
    lacking = lacking[lacking["year"] == lacking["year"].max()]
    two = list(lacking.dropna(subset="ncmec_reports").sort_values("ncmec_reports", ascending=False)["provider"][:2])
    yield words("coverage", "largest_without", listed(of[one] for one in two), "provider_pairs",
                "verdict is no_own_reports, the two with most reports in the last year")  # fmt: skip
    rows = "verdict is no_own_reports, most reports"
    yield words("coverage", "largest_one_without", of[two[0]] if len(two) else "none", "provider_pairs", rows)


def concentration(tables: Tables) -> Iterator[Number]:
    """Yield how the share of the largest moved, by rows as printed and by owners, and what remains."""
    rows = tables["concentration"]
    yearly = rows[rows["subset"].str.fullmatch(r"\d{4}, \w+")].dropna(subset="estimate")
    yearly = yearly.assign(year=yearly["subset"].str.slice(0, 4).astype(int))
    for unit in ("provider", "owner"):
        top = yearly[(yearly["unit_of_analysis"] == unit) & (yearly["parameter"] == "top_1_share")].sort_values("year")
        word = direction(top["estimate"].iloc[0], top["estimate"].iloc[-1], ("falls", "stays", "rises"))
        yield words(f"concentration_by_{unit}", "largest", word, "concentration", "first and last year, top_1_share")
    by_owner = yearly[yearly["unit_of_analysis"] == "owner"]
    shares = tables[SHARES]
    of_last = shares[shares["year"] == by_owner["year"].max()].sort_values("reports")
    name = names(tables)[of_last["provider"].iloc[-1]]
    yield words("concentration_by_owner", "largest_name", name, SHARES, "largest in the last year of concentration")
    index = by_owner[by_owner["parameter"] == "herfindahl"].sort_values("year")["estimate"]
    change = index.iloc[-1] - index.iloc[0]
    much = "a little" if abs(change) < 0.25 else "much"
    level = next(word for least, word in LEVELS.items() if index.iloc[-1] >= least)
    remains = "remains" if level == next(word for least, word in LEVELS.items() if index.iloc[0] >= least) else "now is"
    text = f"reporting became {much} {direction(change, 0, ('more', 'as', 'less'))} concentrated, and {remains} {level}"
    yield words("concentration_by_owner", "change", text, "concentration", "first and last year, herfindahl, owners")
    turns = rows[(rows["unit_of_analysis"] == "owner") & rows["parameter"].isin(["entries_share", "exits_share"])]
    turns = turns.dropna(subset="estimate")
    last = turns[turns["subset"] == turns["subset"].max()].set_index("parameter")["estimate"]
    text = "both with less than a thousandth of their year's reports"
    if last.max() >= 0.001:
        text = f"with {last['entries_share']:.1%} and {last['exits_share']:.1%} of their year's reports"
    yield words("turnover", "shares", text, "concentration", "owners, last two years")


def largest_fall(tables: Tables) -> Iterator[Number]:
    """Yield between which years the share of the largest provider fell most, and how its and others' reports moved."""
    shares = tables[SHARES]
    year = shares["year"].max()
    provider = shares[shares["year"] == year].sort_values("reports").iloc[-1]["provider"]
    years = tables["cybertipline_years"].query("submitter == 'service_providers'").set_index("year")["reports"]
    of_one = shares[shares["provider"] == provider].set_index("year").sort_index()
    table = pd.DataFrame(
        {"own": of_one["reports"], "others": years - of_one["reports"], "share": of_one["share"]}
    ).dropna()
    at_years = table.index.to_series()
    steps = table["share"].diff().where((at_years.diff() == 1) & (unit_of(at_years, tables).diff() == 0))
    if not (steps < 0).any():
        yield words("largest", "fall", "its share never fell", SHARES, "share by year")
        return
    at = int(steps.idxmin())
    growth = {name: float(table.loc[at, name] / table.loc[at - 1, name] - 1) for name in ("own", "others")}
    moved = {name: f"{'grew' if change > 0 else 'fell'} by {abs(change):.0%}" for name, change in growth.items()}
    text = (
        f"its share fell most from {at - 1} to {at}, when others' reports {moved['others']} and its own {moved['own']}"
    )
    yield words("largest", "fall", text, SHARES, "years between which the largest one's share fell most")


def leaps(tables: Tables) -> Iterator[Number]:
    """Yield which rows of some size multiplied, collapsed or came in the last year with rows of providers."""
    rows = tables["provider_changes"].query("counted_as == 'row'")
    large = rows[rows[["share", "share_before"]].max(axis="columns") >= SIZE].sort_values("reports", ascending=False)
    factor = large["reports"] / large["reports_before"]
    went = {"at least tripled": factor >= LEAP, "fell to a third or less": factor <= 1 / LEAP}
    parts = []
    for verb, holds in went.items():
        found = [f"{row.provider_name} from {row.reports_before:,.0f} to {row.reports:,.0f}"
                 for row in large[holds].itertuples()]  # fmt: skip
        parts.append(f"{number_word(len(found)) if found else 'none'} {verb}{': ' if found else ''}{'; '.join(found)}")
    years = f"{rows['year_before'].max()} or {rows['year'].max()}"
    text = f"Of the rows with at least half a percent of the reports in {years}, {parts[0]}. {sentence(parts[1])}."
    new = [f"{row.provider_name}, with {row.reports:,.0f}"
           for row in large[large["reports_before"].isna()].itertuples()]  # fmt: skip
    text += f" No row of the year before is known for {listed(new)}." if new else ""
    gone = [f"{row.provider_name}, which had {row.reports_before:,.0f} the year before"
            for row in large[large["reports"].isna()].itertuples()]  # fmt: skip
    text += f" No row of {rows['year'].max()} is known for {listed(gone)}." if gone else ""
    yield words("rows", "leaps", text, "provider_changes", "rows, last year over the year before")


def claims(tables: Tables) -> Iterator[Number]:
    """Yield all claims on providers."""
    yield from largest(tables)
    yield from own_counts(tables)
    yield from coverage(tables)
    yield from concentration(tables)
    yield from largest_fall(tables)
    yield from leaps(tables)
