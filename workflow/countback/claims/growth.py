"""Claims on growth: which form fits best, how well it forecasts, and what an interval leaves open."""

from collections.abc import Iterator

import pandas as pd

from countback.breaks import breaks_of
from countback.claims import REPORTS, Tables, longest_run
from countback.numbers import Number, words
from countback.text.claims import listed

PER = "1,000 social media identities"
RESULTS, MODELS = "growth_results", "growth_models"
FORMS = {
    "exponential": "exponential growth",
    "two_lines": "the two lines",
    "broken_line": "the line with one break",
    "log_broken_line": "exponential growth with one break",
    "log_two_breaks": "exponential growth with two breaks",
}


def ratio(results: pd.DataFrame, form: str, horizon: int) -> float:
    """Return how far a form's forecasts err, over the forecast that repeats the last year."""
    row = results[(results["subset"] == f"{form}, horizon {horizon}") & (results["parameter"] == "ratio_to_naive")]
    return float(row["estimate"].iloc[0]) if len(row) else float("nan")


def forms(tables: Tables) -> Iterator[Number]:
    """Yield the form that fits best and the next, with their weights, and how the best one forecasts."""
    results = tables[RESULTS]
    weights = results[
        results["parameter"].eq("akaike_weight") & results["subset"].isin([f"nb_{form}" for form in FORMS])
    ]
    ranked = weights.sort_values("estimate", ascending=False)
    best = str(ranked["subset"].iloc[0]).removeprefix("nb_")
    for name, row in zip(("best", "next"), ranked.itertuples(), strict=False):
        rows = f"{name} by akaike_weight"
        yield words(f"{name}_form", "name", FORMS[row.subset.removeprefix("nb_")], RESULTS, rows)
        yield Number(f"{name}_form", "weight", row.estimate, "share", RESULTS, rows)
    second = float(ranked["estimate"].iloc[1])
    text = "too close to rule it out" if second > 0.05 else "far behind"
    yield words("next_form", "distance", text, RESULTS, "next by akaike_weight")
    rows = "best by akaike_weight, ratio_to_naive"
    errors = [ratio(results, best, horizon) for horizon in (1, 3)]
    bad = max(errors) > 1
    for horizon, error in zip((1, 3), errors, strict=True):
        if pd.notna(error):
            yield Number("best_form", f"ratio_{horizon}", error, "ratio", RESULTS, rows)
    text = "forecasts badly" if bad else "forecasts better than repeating the last year would"
    yield words("best_form", "forecasts", text, RESULTS, rows)
    text = "forecasts it worse than repeating the last year would" if bad else "also forecasts it best"
    yield words("best_form", "against_naive", text, RESULTS, rows)
    yield words("best_form", "does", "badly" if bad else "well here too", RESULTS, rows)


def rates(tables: Tables) -> Iterator[Number]:
    """Yield the form that fits the rates per identity best, and whether these still grow."""
    results, tail = tables[RESULTS], f", per {PER}"
    weights = results[results["parameter"].eq("akaike_weight") & results["subset"].str.endswith(tail)]
    if weights.empty:
        return
    best = str(weights.loc[weights["estimate"].idxmax(), "subset"]).removesuffix(tail).removeprefix("nb_")
    yield words("rates", "best", FORMS[best], RESULTS, f"best by akaike_weight, per {PER}")
    low = results[(results["subset"] == f"log_two_breaks{tail}") & (results["parameter"] == "yearly_growth_after")][
        "low"
    ]
    text = "it may have stopped" if low.iloc[0] <= 0 else "it goes on"
    yield words("rates", "since", text, RESULTS, f"log_two_breaks, per {PER}, yearly_growth_after")


def since_break(tables: Tables) -> Iterator[Number]:
    """Yield what came after the years that count the same unit, told apart from them."""
    reports = tables["cybertipline_years"].query("submitter == 'all'").set_index("year")["reports"].sort_index()
    years = reports.index.to_series()
    later = reports[years > longest_run(years, tables)[-1]]
    rows = "all reports, years after the longest run of years that mean the same"
    text = "All years count the same unit."
    if len(later):
        known = breaks_of(REPORTS, tables["breaks"])
        title = known[known["year"] <= later.index[0]]["title"].iloc[-1]
        counts = listed(f"{number:,.0f} in {year}" for year, number in later.items())
        text = f"From {later.index[0]} on, {title}, so that the numbers are of another unit: {counts}."
    yield words("reports", "since_break", text, "cybertipline_years", rows)


def breaks(tables: Tables, fixed_break: float) -> Iterator[Number]:
    """Yield whether the published, fixed year of the break lies in the interval of the estimated one."""
    row = tables[MODELS].query("model == 'broken_line' and parameter == 'break_year'").iloc[0]
    text = "within" if row["low"] <= fixed_break <= row["high"] else "outside"
    yield words("broken_line", "published_year_is", text, MODELS, "broken_line, break_year")


def claims(tables: Tables, fixed_break: float) -> Iterator[Number]:
    """Yield all claims on growth."""
    yield from forms(tables)
    yield from rates(tables)
    yield from since_break(tables)
    yield from breaks(tables, fixed_break)
