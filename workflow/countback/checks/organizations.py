"""Checks of organizations: who owns whom and since when, and which series and brands are compared."""

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from countback.checks.registry import Tables, check, faults, marked, sets, unknown
from countback.io.errors import DataError

OWNERSHIP = "data/organizations/ownership.csv"
COMPARISONS = "data/organizations/comparisons.csv"
ALWAYS = {"valid_from": "0001-01-01", "valid_to": "9999-12-31"}


@check("*")
def spans_run_forward(file: str, frame: pd.DataFrame) -> Iterator[DataError]:
    """What holds from a day to a day does not end before it begins."""
    if {"valid_from", "valid_to"} <= set(frame):
        rows = frame[(frame["valid_from"] > frame["valid_to"]).fillna(False)]
        yield from faults(file, rows, "valid_to", "a day from {valid_from} on", "Correct one of the days.")


@check("ownership")
def nobody_owns_itself(frame: pd.DataFrame) -> Iterator[DataError]:
    """Going from owner to owner never leads back."""
    parents = sets(frame, "organization", "parent")

    def owners(organization: str) -> set[str]:
        above, seen = set(parents.get(organization, ())), set[str]()
        while above:
            seen |= above
            above = set().union(*(parents.get(name, ()) for name in above)) - seen
        return seen

    rows = frame[[name in owners(name) for name in frame["organization"]]]
    wanted, found = "owners that it does not own", "{organization} among its own owners"
    yield from faults(OWNERSHIP, rows, "parent", wanted, "Correct the parent.", found)


def overlapping_spans(frame: pd.DataFrame, by: str) -> Iterator[tuple[pd.Series, pd.Series]]:
    """Yield neighbors in time, of rows that share a value of `by`, that hold on the same day."""
    dated = frame.fillna(ALWAYS).sort_values("valid_from")
    for _, rows in dated.groupby(by):
        for (_, earlier), (_, later) in pairwise(rows.iterrows()):
            if later["valid_from"] <= earlier["valid_to"]:
                yield earlier, later


@check("comparisons")
def brands_belong_to_one_provider(frame: pd.DataFrame) -> Iterator[DataError]:
    """A brand is compared for one provider at a time, or its reports would count twice."""
    others = {later.name: earlier["provider"] for earlier, later in overlapping_spans(frame, "brand")}
    wanted, found = "one provider at a time", "{brand} for {other} and {provider} at a time"
    yield from faults(COMPARISONS, marked(frame, others), "brand", wanted, "Date the rows, or drop one.", found)


@check("ownership")
def owners_do_not_overlap(frame: pd.DataFrame) -> Iterator[DataError]:
    """A brand has one owner at a time."""
    others = {
        later.name: f"{earlier['valid_to']}, when {earlier['parent']} owned {later['organization']}"
        for earlier, later in overlapping_spans(frame, "organization")
    }
    fix = "Date the owners so that they follow each other."
    yield from faults(OWNERSHIP, marked(frame, others), "valid_from", "a day after {other}", fix)


@check()
def series_have_disclosures(tables: Tables) -> Iterator[DataError]:
    """Every series named in the units of comparison is a table of disclosures."""
    known = [name.removeprefix("disclosures_") for name in tables if name.startswith("disclosures_")]
    wanted = "an organization with a file in data/disclosures/"
    fix = "Leave the cell empty for a brand that discloses nothing itself."
    yield from unknown(COMPARISONS, tables["comparisons"], "series", known, wanted, fix)
