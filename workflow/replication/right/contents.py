"""What reports contain and who receives them by the right methods, under the ids of the published values.

- Counts are those of the tidy tables `report_contents` and `referrals`; pieces are images and videos.
- A share of kinds of exploitation is one of all reports of the year, and one of recipients is one of both levels.
- No line is put through the pieces: there are too few years for one.
"""

import pandas as pd

from replication.definitions import LEVELS, PIECES, VIOLATIONS
from replication.inputs import Method, Tables, Values, by_year
from replication.right.countries import total_reports

RATIOS = [
    ("report", "unique_report"),
    ("report", "similar_report"),
    ("piece", "unique_piece"),
    ("piece", "similar_piece"),
    ("piece", "report"),
]


def counted(tables: Tables, table: str, items: list[str], measure: str) -> pd.Series:
    """Return a count of `report_contents` by year, summed over items; missing where one of them is."""
    cells = tables["report_contents"]
    is_wanted = (cells["table"] == table) & cells["item"].isin(items) & (cells["measure"] == measure)
    wide = cells[is_wanted].pivot(index="year", columns="item", values="value").reindex(columns=items)
    return wide.astype(float).sum(axis=1, min_count=len(items))


def contents(tables: Tables) -> Values:
    """Return reports and pieces by year, unique and similar ones, and how many there are of one per one of another."""
    counts = {
        "report": total_reports(tables),
        "unique_report": counted(tables, "reports_with_hashed_files", ["with_unique_files"], "reports"),
        "similar_report": counted(tables, "reports_with_hashed_files", ["with_similar_files"], "reports"),
        "piece": counted(tables, "files_uploaded", PIECES, "files"),
        "unique_piece": counted(tables, "hashed_files", PIECES, "unique_files"),
        "similar_piece": counted(tables, "hashed_files", PIECES, "similar_files"),
    }
    values: Values = {}
    for name, series in counts.items():
        values |= by_year(f"contents.{name}s", series)
    for whole, part in RATIOS:
        values |= by_year(f"contents.{whole}s_per_{part}", counts[whole] / counts[part])
    return values


def violations(tables: Tables) -> Values:
    """Return reports by kind of exploitation, and their share of all reports of the year in percent."""
    values: Values = {}
    for item, name in VIOLATIONS.items():
        counts = counted(tables, "exploitation_kinds", [item], "reports")
        values |= by_year(f"contents.violation.{name}", counts, ".count")
        values |= by_year(f"contents.violation.{name}", counts / total_reports(tables) * 100, ".pct")
    return values


def recipients(tables: Tables) -> Values:
    """Return what all recipients received by level of detail, and each level's share of both in percent."""
    rows = tables["referrals"].query("received_by == 'all' and kind in @LEVELS")
    wide = rows.pivot(index="year", columns="kind", values="received").astype(float)
    values: Values = {}
    for level in LEVELS:
        values |= by_year(f"recipients.{level}", wide[level], ".reports")
        values |= by_year(f"recipients.{level}", wide[level] / wide.sum(axis=1) * 100, ".pct")
    return values


METHODS: list[Method] = [contents, violations, recipients]
