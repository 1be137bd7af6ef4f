"""Claims on pairs of a provider and a year: which lie far apart, in which years two counts are equal, who counts more.

- Far apart are pairs with the verdict apart: they differ by more than five percent of their mean, whatever rounding
  explains, and by more than few reports. They are in the order of how many a provider has and of its largest
  difference.
- For each provider, `pairs_of_<provider>` says in which of its comparable years something holds. Shares are of the mean
  of both counts, as in the verdicts.
- What is left out to see what hangs on it was chosen by rule; its subset's name says what it is.
"""

from collections.abc import Iterator

import pandas as pd

from countback.claims import Tables, names, possessive
from countback.numbers import Number, words
from countback.text.claims import counted, direction, in_years, listed, number_word, sentence, year_spans

PAIRS = "agreement_pairs"
FAR = 0.05
CLOSE, NEAR = 0.01, 0.05


def far_apart(tables: Tables) -> pd.DataFrame:
    """Return the pairs that are far apart with the names of their providers, most and widest first."""
    pairs = tables[PAIRS].assign(name=lambda frame: frame["provider"].map(names(tables)))
    far = pairs[pairs["verdict"] == "apart"].assign(size=lambda frame: frame["difference"].abs())
    far["n"] = far.groupby("provider")["year"].transform("size")
    far["widest"] = far.groupby("provider")["size"].transform("max")
    return far.sort_values(["n", "widest", "provider", "year"], ascending=[False, False, True, True])


def agreement(tables: Tables) -> Iterator[Number]:
    """Yield whether most pairs lie near each other."""
    is_near = tables[PAIRS]["relative_difference"].abs() <= FAR
    text = "mostly agree" if is_near.mean() > 0.5 else "often differ"
    yield words("agreement", "counts", text, PAIRS, "most pairs differ by at most 5 percent of the mean, or not")


def widest(tables: Tables) -> Iterator[Number]:
    """Yield the pair with the largest difference in number, and the gap in which the threshold of far pairs lies."""
    pairs = tables[PAIRS].assign(apart=lambda frame: frame["relative_difference"].abs())
    row = pairs.loc[pairs["difference"].abs().idxmax()]
    name = names(tables)[row["provider"]]
    text = (
        f"The largest difference in number is that of {name} in {row['year']}: "
        f"{row['provider_reports']:,.0f} reports by its own count, {row['ncmec_reports']:,.0f} by NCMEC's."
    )
    yield words("far_apart", "widest", text, PAIRS, "largest difference in number")
    near, far = (pairs.loc[flags, "apart"] for flags in (pairs["apart"] <= FAR, pairs["apart"] > FAR))
    if len(near) and len(far):
        yield Number("far_apart", "gap_low", near.max(), "share", PAIRS, "largest relative difference up to 5 percent")
        yield Number("far_apart", "gap_high", far.min(), "share", PAIRS, "smallest relative difference above 5 percent")


def both_counts(rows: pd.DataFrame, is_first: bool) -> str:
    """Return a provider's years, and both counts of the one in which they differ by most reports.

    The first of a list says whose counts these are.

    Examples
    --------
    >>> columns = ["name", "year", "provider_reports", "ncmec_reports", "difference"]
    >>> rows = pd.DataFrame([("Acme", 2031, 10, 90, 80), ("Acme", 2032, 9, 10, 1)], columns=columns)
    >>> both_counts(rows, is_first=True)
    "Acme in 2031 and 2032 (in 2031: 10 by its own count, 90 by NCMEC's)"
    >>> both_counts(rows, is_first=False)
    'Acme in 2031 and 2032 (in 2031: 10 and 90)'
    """
    most = rows.loc[rows["difference"].abs().idxmax()]
    which = f"in {most['year']}: " if len(rows) > 1 else ""
    own, ncmec = (f"{most[side]:,.0f}" for side in ("provider_reports", "ncmec_reports"))
    counts = f"{own} by its own count, {ncmec} by NCMEC's" if is_first else f"{own} and {ncmec}"
    return f"{most['name']} in {year_spans(rows['year'])} ({which}{counts})"


def exceptions(tables: Tables) -> Iterator[Number]:
    """Yield who has the pairs that are far apart, in which years, with both counts."""
    far, rows = far_apart(tables), "verdict is apart"
    few = tables[PAIRS].query("verdict == 'too_few_to_tell'")
    few = few.assign(name=few["provider"].map(names(tables)))
    groups = [found for _, found in far.groupby("name", sort=False)]
    listing = "; ".join(both_counts(found, at == 0) for at, found in enumerate(groups))
    verb = "differs" if len(far) == 1 else "differ"
    text = (
        f"{sentence(counted(len(far), 'pair'))} {verb} by more: {listing}." if len(far) else "No pair differs by more."
    )
    if len(few):
        groups = [found for _, found in few.groupby("name")]
        also = "; ".join(both_counts(found, at == 0 and not len(far)) for at, found in enumerate(groups))
        verb = "differs" if len(few) == 1 else "differ"
        text += f" {sentence(counted(len(few), 'more pair'))} {verb}, by too few reports to tell why: {also}."
    yield words("far_apart", "exceptions", text, PAIRS, f"{rows} or too_few_to_tell")
    yield from widest(tables)
    years = [f"{name} in {listed(found['year'])}" for name, found in far.groupby("name", sort=False)]
    yield words("far_apart", "pairs", "; ".join(years) or "none", PAIRS, rows)
    yield from few_and_doubtful(tables)
    own = tables[PAIRS].query("own_provenance == 'primary'")["provider"].drop_duplicates().map(names(tables))
    text = listed(map(possessive, sorted(own)))
    yield words("provenance", "primary", text, PAIRS, "providers, own count is primary")
    equal = tables[PAIRS].query("difference == 0")["own_provenance"]
    n = int((equal == "secondary").sum())
    some = f"{number_word(n) if n else 'none'} of the {number_word(len(equal))}"
    text = f"all {number_word(n)}" if n == len(equal) > 0 else some
    yield words("provenance", "equal_secondary", text, PAIRS, "equal pairs, own count is secondary, of all equal pairs")


def few_and_doubtful(tables: Tables) -> Iterator[Number]:
    """Yield which pairs differ by few reports only, and which the data call doubtful."""
    pairs = tables[PAIRS].assign(name=lambda frame: frame["provider"].map(names(tables)))
    doubtful = pairs["warnings"].fillna("").str.contains("doubtful")
    for parameter, flags, rows in (
        ("too_few", pairs["verdict"] == "too_few_to_tell", "verdict is too_few_to_tell"),
        ("doubtful", doubtful, "warnings name doubtful"),
    ):
        years = pairs[flags].groupby("name")["year"]
        listing = [f"{name} in {listed(span)}" for name, span in years]
        yield words("far_apart", parameter, listed(listing) if listing else "none", PAIRS, rows)


def provider_years(provider: str, rows: pd.DataFrame) -> Iterator[Number]:
    """Yield in which years the two counts of a provider are equal, close, near, and which is the higher one."""
    subset, share = f"pairs_of_{provider}", rows["relative_difference"].abs()
    holds = {
        "equal": rows["difference"] == 0,
        "within_1_percent": share <= CLOSE,
        "within_5_percent": share <= NEAR,
        "beyond_5_percent": share > NEAR,
        "within_rounding": rows["verdict"] == "agrees_within_rounding",
        "ncmec_more": rows["difference"] > 0,
        "ncmec_less": rows["difference"] < 0,
    }
    for parameter, flags in holds.items():
        text = in_years(dict(zip(rows["year"], flags, strict=True)))
        yield words(subset, parameter, text, PAIRS, f"years of {provider}, {parameter}")
    widest = rows.loc[rows["relative_difference"].abs().idxmax()]
    where = f"{provider}, year with the largest relative difference"
    yield Number(subset, "widest_year", widest["year"], "year", PAIRS, where)
    yield Number(subset, "widest_ncmec_reports", widest["ncmec_reports"], "count", PAIRS, where)
    yield Number(subset, "widest_provider_reports", widest["provider_reports"], "count", PAIRS, where)
    last = rows.iloc[-1]
    more = direction(last["provider_reports"], last["ncmec_reports"], ("fewer", "as many", "more"))
    yield words(subset, "last_ncmec_has", more, PAIRS, f"{provider}, last year")


def title_of(subset: str, tables: Tables) -> str:
    """Return whom or what a subset leaves out, by name.

    Examples
    --------
    >>> tables = {"organizations": pd.DataFrame({"organization": ["acme"], "name": ["Acme"]})}
    >>> title_of("without acme 2031", tables)
    'Acme 2031'
    """
    known = names(tables)
    return " ".join(known.get(word, word) for word in subset.removeprefix("without ").split())


def left_out(tables: Tables) -> Iterator[Number]:
    """Yield without which provider, which two and which pair limits of agreement are narrowest, and those limits."""
    models = tables["agreement_models"]
    limits = models[models["parameter"].isin(["limit_low", "limit_high"])].dropna(subset="estimate")
    wide = limits.pivot(index=["unit", "subset"], columns="parameter", values="estimate")
    if "share" not in wide.index:
        return
    shares = wide.loc["share"]
    providers = {f"without {provider}" for provider in tables[PAIRS]["provider"].unique()}
    years = {f"without {row.provider} {row.year}" for row in tables[PAIRS].itertuples()}
    widths = (shares["limit_high"] - shares["limit_low"]).dropna()
    kinds = {"without_one": widths.index.isin(providers), "without_two": widths.index.str.contains(" and ")}
    for kind, flags in (kinds | {"without_pair": widths.index.isin(years)}).items():
        if not flags.any():
            continue
        subset = str(widths[flags].idxmin())
        rows = f"subset is {subset}"
        yield words(kind, "narrowest", title_of(subset, tables), "agreement_models", rows)
        for unit in ("share", "ratio"):
            for end in ("low", "high"):
                if (unit, subset) in wide.index:
                    value = wide.loc[(unit, subset), f"limit_{end}"]
                    yield Number(kind, f"{unit}_{end}", value, unit, "agreement_models", rows)


def tests(tables: Tables) -> Iterator[Number]:
    """Yield what the test of direction settles, and what it could have found."""
    signs = tables["agreement_signs"].set_index(["subset", "unit_of_analysis", "taken_by"])
    asked = signs.loc[("all", "provider", "median")]
    unsure = bool(pd.isna(asked["p_two_sided"])) or asked["p_two_sided"] >= 0.05
    text = (
        "With so few providers, the data cannot answer the question."
        if unsure
        else "Chance alone would seldom give so uneven a split."
    )
    rows = "all pairs, by provider, by median, two-sided"
    yield words("signs", "by_provider", text, "agreement_signs", rows)
    settled = (
        "with so few providers, the data cannot answer it"
        if unsure
        else "chance alone would seldom give so uneven a split"
    )
    yield words("signs", "settled", settled, "agreement_signs", rows)
    decided = int(asked["n_positive"] + asked["n_negative"])
    needed = decided + 1 if pd.isna(asked["n_needed"]) else int(asked["n_needed"])
    which = "all of them" if needed == decided else f"at least {number_word(needed)} of them"
    if needed > decided:
        text = (
            f"With {counted(decided, 'provider')} whose counts differ, the test could not have found any split unusual."
        )
    else:
        text = (
            f"With {counted(decided, 'provider')} whose counts differ, the test could have found a difference only if "
            f"{which} pointed one way."
        )
    yield words("signs", "power", text, "agreement_signs", rows)
    cut = tables["agreement_cutoffs"]
    name = names(tables)[cut.loc[cut["p"].idxmin(), "provider"]]
    yield words("cutoffs", "smallest", name, "agreement_cutoffs", "provider of the smallest probability")


def rounding(tables: Tables) -> Iterator[Number]:
    """Yield whose counts show rounding, and whether that touches a pair."""
    whole = tables["rounding"].query("metric == 'all' and verdict == 'rounds'").sort_values("organization")
    of = names(tables)
    parts = []
    for row in whole.itertuples():
        n = "all" if row.n_ends_in_00 == row.n else f"{row.n_ends_in_00} of the"
        parts.append(f"{n} of {of[row.organization]}'s {row.n} large counts" if n == "all" else
                     f"{n} {row.n} large counts of {of[row.organization]}")  # fmt: skip
    rows = "metric is all, verdict is rounds"
    text = f"{listed(parts)} end in two zeros" if parts else "no organization's counts end in zeros too often"
    yield words("rounding", "visible", text, "rounding", rows)
    yield words("rounding", "names", listed(of[one] for one in whole["organization"]), "rounding", rows)
    pairs = tables[PAIRS]
    rounded = pairs[pairs["warnings"].fillna("").str.contains("rounded")]
    text = "no count of reports is rounded, and rounding explains no difference there"
    if len(rounded):
        years = [f"{of[one]} for {listed(rows['year'])}" for one, rows in rounded.groupby("provider")]
        text = f"the counts of reports by {listed(years)} are rounded"
    yield words("rounding", "in_pairs", text, PAIRS, "warnings name rounded")


def claims(tables: Tables) -> Iterator[Number]:
    """Yield all claims on pairs."""
    yield from agreement(tables)
    yield from exceptions(tables)
    for provider, rows in tables[PAIRS].sort_values("year").groupby("provider"):
        yield from provider_years(str(provider), rows)
    yield from left_out(tables)
    yield from tests(tables)
    yield from rounding(tables)
