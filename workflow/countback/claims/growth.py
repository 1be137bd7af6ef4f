"""Claims on growth: which forms can fit best, how well they forecast, and what an interval leaves open."""

import math
from collections.abc import Iterator

import pandas as pd

from countback.breaks import breaks_of
from countback.claims import REPORTS, Tables, longest_run
from countback.numbers import Number, words
from countback.text.claims import listed, number_word, sentence

PER = "1,000 social media identities"
RESULTS, MODELS, CRITERIA, REFITS = "growth_results", "growth_models", "growth_criteria", "growth_refits"
AHEAD = {1: "one year ahead", 3: "three years ahead"}  # horizons that are spoken of
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


def form_of(model: str) -> str:
    """Return a form of growth in words, by the id of a model."""
    return FORMS[model.removeprefix("nb_")]


def best_forms(tables: Tables) -> pd.Series:
    """Return under how many choices of the criterion each form is the best, the most frequent first."""
    criteria = tables[CRITERIA]
    return criteria[criteria["is_best"]].groupby("model").size().sort_values(ascending=False, kind="stable")


def criteria(tables: Tables) -> Iterator[Number]:
    """Yield which forms the criterion calls best under which choices, and which it can't tell from the best."""
    best = best_forms(tables)
    named = [f"{form_of(str(model))} under {number_word(int(times))}" for model, times in best.items()]
    yield words("criteria", "best", listed(named), CRITERIA, "rows with is_best, counted by model")
    by_model = tables[CRITERIA].groupby("model", sort=False)["is_close"]
    always, never = by_model.all(), ~by_model.any()
    kinds = {
        "always": [form_of(str(model)) for model in always.index[always]],
        "sometimes": [form_of(str(model)) for model in always.index[~always & ~never]],
        "never": [form_of(str(model)) for model in never.index[never]],
    }
    said = {
        "always": "{} {} the best or close to it under every choice.",
        "sometimes": "{} {} the best or close to it under some choices.",
        "never": "{} {} far from the best under every choice.",
    }
    parts = [
        sentence(said[kind].format(listed(found), "is" if len(found) == 1 else "are"))
        for kind, found in kinds.items()
        if found
    ]
    yield words("criteria", "close", " ".join(parts), CRITERIA, "is_close, by model")


def forms(tables: Tables) -> Iterator[Number]:
    """Yield the form that fits best by the criterion as mostly used, and how the forms that can be best forecast."""
    results = tables[RESULTS]
    distances = results[
        results["parameter"].eq("delta_aicc") & results["subset"].isin([f"nb_{form}" for form in FORMS])
    ]
    first = str(distances.sort_values("estimate")["subset"].iloc[0])
    yield words("best_form", "name", form_of(first), RESULTS, "least delta_aicc")
    text = forecast_clause(results, [str(model) for model in best_forms(tables).index])
    rows = "forms with is_best in growth_criteria, ratio_to_naive"
    yield words("best_forms", "forecast", text, RESULTS, rows)


def forecast_clause(results: pd.DataFrame, models: list[str]) -> str:
    """Return how the forms that can fit best forecast, by how far ahead, where that makes a difference."""
    every = "every form that can fit best" if len(models) > 1 else "the form that fits best"
    bad = {ahead: [m for m in models if ratio(results, m, horizon) > 1] for horizon, ahead in AHEAD.items()}
    numbers = {len(found) for found in bad.values()}
    if numbers in ({0}, {len(models)}):
        return f"{every} forecasts {'better' if numbers == {0} else 'worse'} than repeating the last year would"
    parts: list[str] = []
    for ahead, found in bad.items():
        who = every if len(found) == len(models) else listed(form_of(model) for model in found)
        is_one = len(found) in (1, len(models))
        if not found:
            parts.append(f"{ahead}, none {'does' if parts else 'forecasts worse than repeating the last year would'}")
        elif parts:
            parts.append(f"{ahead}, {who} {'does' if is_one else 'do'}")
        else:
            verb = "forecasts" if is_one else "forecast"
            parts.append(f"{ahead}, {who} {verb} worse than repeating the last year would")
    return "; ".join(parts)


def factors(tables: Tables) -> Iterator[Number]:
    """Yield by what factor forecasts err on average: those of two models, and of the last year said again."""
    results = tables[RESULTS]
    errors = results[results["parameter"] == "mean_absolute_log_error"].set_index("subset")["estimate"]
    for form in ("naive", "broken_line", "log_two_breaks"):
        for horizon, name in {1: "next_year", 3: "in_three_years"}.items():
            row = f"{form}, horizon {horizon}"
            if row in errors:
                factor = math.exp(float(errors[row]))
                yield Number("forecast_factors", f"{form}_{name}", factor, "ratio", RESULTS, f"{row}, of log error")


def refits(tables: Tables) -> Iterator[Number]:
    """Yield between which years the bend of a line lies when the years end earlier, and whether intervals hold all."""
    made = tables[REFITS].dropna(subset=["estimate"])
    if made.empty:
        return
    low, high = float(made["estimate"].min()), float(made["estimate"].max())
    yield words("refits", "range", f"between {low:.1f} and {high:.1f}", REFITS, "least and largest estimate")
    inside = made["low"].fillna(low).le(low) & made["high"].fillna(high).ge(high)
    text = "less than each interval allows" if inside.all() else "further than each interval allows"
    yield words("refits", "moves", text, REFITS, "estimates against low and high")


def agreement_on_breaks(tables: Tables) -> Iterator[Number]:
    """Yield how the intervals of breaks lie to each other, of those models whose intervals hold."""
    rows = tables[RESULTS]
    pairs = rows[rows["parameter"].eq("overlap") & rows["status"].eq("estimated") & ~rows["subset"].str.contains(", ")]
    verbs = {"nested": "lie one within the other", "overlapping": "overlap", "disjoint": "share no time"}
    parts = []
    for row in pairs.itertuples():
        models = [FORMS[model] for model in str(row.subset).split(" and ")]
        how = next(name for name in verbs if f"are {name}." in str(row.note))
        parts.append(f"those of {listed(models)} {verbs[how]}")
    text = "No two models have intervals that hold in simulations."
    if parts:
        text = f"Of the intervals that hold in simulations, {'; '.join(parts)}."
    yield words("breaks", "that_hold", text, RESULTS, "overlap with status estimated")


def rates(tables: Tables) -> Iterator[Number]:
    """Yield the form that fits the rates per identity best, and whether these still grow."""
    results, tail = tables[RESULTS], f", per {PER}"
    distances = results[results["parameter"].eq("delta_aicc") & results["subset"].str.endswith(tail)]
    if distances.empty:
        return
    best = str(distances.loc[distances["estimate"].idxmin(), "subset"]).removesuffix(tail)
    yield words("rates", "best", form_of(best), RESULTS, f"least delta_aicc, per {PER}")
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
        text = f"From {later.index[0]} on, {title}, so later counts cannot be compared with earlier ones: {counts}."
    yield words("reports", "since_break", text, "cybertipline_years", rows)


def breaks(tables: Tables, fixed_break: float) -> Iterator[Number]:
    """Yield whether the published, fixed year of the break lies in the interval of the estimated one."""
    row = tables[MODELS].query("model == 'broken_line' and parameter == 'break_year'").iloc[0]
    text = "within" if row["low"] <= fixed_break <= row["high"] else "outside"
    yield words("broken_line", "published_year_is", text, MODELS, "broken_line, break_year")


def claims(tables: Tables, fixed_break: float) -> Iterator[Number]:
    """Yield all claims on growth."""
    yield from forms(tables)
    yield from criteria(tables)
    yield from factors(tables)
    yield from refits(tables)
    yield from agreement_on_breaks(tables)
    yield from rates(tables)
    yield from since_break(tables)
    yield from breaks(tables, fixed_break)
