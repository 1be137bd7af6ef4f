"""What reports contain, as published: reports, pieces, unique and similar ones, and kinds of exploitation.

Published methods, faults included: only to reproduce the published values, not to be used.

- Pieces are photos and videos; other files don't count.
"""

import pandas as pd

from replication.definitions import PIECES, VIOLATIONS
from replication.inputs import Method, Tables, Values, by_year
from replication.published.shared import line


def fact(tables: Tables, table: str, items: list[str], measure: str) -> pd.Series:
    """Return a count of the clearinghouse's reports to OJJDP by year, summed over items."""
    facts = tables["cybertipline/ojjdp_facts"]
    rows = facts[(facts["table"] == table) & facts["item"].isin(items) & (facts["measure"] == measure)]
    return rows.groupby("year")["value"].sum().astype(int)


def unique_pieces(tables: Tables) -> pd.Series:
    """Return unique pieces by year."""
    return fact(tables, "hashed_files", PIECES, "unique_files")


def contents(tables: Tables) -> Values:
    """Return counts of reports and pieces by year, with their ratios and a line through the pieces."""
    counts = {
        "report": fact(tables, "submitters", ["all"], "reports"),
        "unique_report": fact(tables, "reports_with_hashed_files", ["with_unique_files"], "reports"),
        "similar_report": fact(tables, "reports_with_hashed_files", ["with_similar_files"], "reports"),
        "piece": fact(tables, "files_uploaded", PIECES, "files"),
        "unique_piece": unique_pieces(tables),
        "similar_piece": fact(tables, "hashed_files", PIECES, "similar_files"),
    }
    values: Values = {}
    for name, series in counts.items():
        values |= by_year(f"contents.{name}s", series)
    pairs = [(f"{part}{kind}", kind) for kind in ("report", "piece") for part in ("unique_", "similar_")]
    for part, whole in [*pairs, ("report", "piece")]:
        values |= by_year(f"contents.{whole}s_per_{part}", counts[whole] / counts[part])
    pieces = counts["piece"]
    slope, intercept = line(pd.Series(pieces.index, index=pieces.index), pieces)
    return values | {"contents.pieces_fit.slope": slope, "contents.pieces_fit.intercept": intercept}


def violations(tables: Tables) -> Values:
    """Return reports by kind of exploitation and year, with their share of all reports in percent."""
    reports = fact(tables, "submitters", ["all"], "reports")
    values: Values = {}
    for item, name in VIOLATIONS.items():
        counts = fact(tables, "exploitation_kinds", [item], "reports")
        values |= by_year(f"contents.violation.{name}", counts, ".count")
        values |= by_year(f"contents.violation.{name}", counts / reports * 100, ".pct")
    return values


METHODS: dict[str, Method] = {"contents.contents": contents, "contents.violations": violations}
