"""Claims on what happened where the reports' unit changes: what was counted before and after, and what fell."""

from collections.abc import Iterator

import pandas as pd

from countback.breaks import breaks_of
from countback.claims import REPORTS, Tables, longest_run
from countback.numbers import Number, words
from countback.text.claims import direction, listed

YEARS, REFERRALS, INCIDENTS = "cybertipline_years", "referrals", "incident_counts"
KINDS = {
    "informational": "informational reports, which cannot be acted upon",
    "actionable": "reports that can be acted upon",
}

SAME_UNIT = {
    "counts": "All years of reports count the same unit.",
    "unit": "No break of the series is known.",
    "kinds": "Nothing has to be told apart.",
}
NOT_KNOWN = "Which kind of reports changed most is not known."


def after_break(tables: Tables) -> tuple[int, pd.Series] | None:
    """Return the last year before the unit changes, and the reports of that year and of those after it, by year.

    None where all years count the same unit.
    """
    reports = tables[YEARS].query("submitter == 'all'").set_index("year")["reports"].sort_index()
    last = longest_run(reports.index.to_series(), tables)[-1]
    return (last, reports.loc[last:]) if reports.index[-1] > last else None


def kinds_sentence(tables: Tables, before: int, after: int) -> str | None:
    """Return which kind of reports that recipients got changed more between two years, with both kinds' numbers."""
    received = tables[REFERRALS].query("received_by == 'all'").pivot(index="kind", columns="year", values="received")
    if not {before, after} <= set(received) or received.loc[list(KINDS), [before, after]].isna().any(axis=None):
        return None
    change = received[after] - received[before]
    most, other = sorted(KINDS, key=lambda kind: -abs(float(change[kind])))
    went = {
        kind: f"{KINDS[kind]}: {received.loc[kind, before]:,.0f} in {before} and {received.loc[kind, after]:,.0f} "
        f"in {after}"
        for kind in KINDS
    }
    noun = direction(0, float(change[most]), ("fall", "change", "rise"))
    text = f"Most of the {noun} is in {went[most]}. Recipients also got {went[other]}."
    return f"{text} From {after} on, these numbers cannot be compared with earlier ones, either."


def claims(tables: Tables) -> Iterator[Number]:
    """Yield sentences on the change of unit: what came, why it is another number, and which kind of reports changed."""
    found = after_break(tables)
    if found is None:
        for parameter, text in SAME_UNIT.items():
            yield words("break", parameter, text, YEARS, "all reports, by year")
        return
    before, reports = found
    after = int(reports.index[1])
    counts = listed(f"{number:,.0f} in {year}" for year, number in reports.items())
    first, second = float(reports.iloc[0]), float(reports.iloc[1])
    way = direction(first, second, ("fewer", "as many", "more"))
    text = f"The US clearinghouse, NCMEC, received {way} reports in {after} than in {before}: {counts}. "
    text += f"That does not mean that there was {direction(first, second, ('less', 'as much', 'more'))} abuse."
    yield words("break", "counts", text, YEARS, "all reports, from the last year before the unit changes")
    known = breaks_of(REPORTS, tables["breaks"])
    title = known[known["year"] <= after]["title"].iloc[-1]
    text = f"From {after} on, {title}"
    incidents = tables[INCIDENTS].set_index("year")["value_printed"]
    if after in incidents:
        text += f": those of {after} hold {incidents[after]} incidents, a count of NCMEC's as others quote it"
    yield words("break", "unit", f"{text}.", "breaks", f"breaks of {REPORTS}")
    yield words(
        "break", "kinds", kinds_sentence(tables, before, after) or NOT_KNOWN, REFERRALS, "all recipients, by kind"
    )
