"""Years, halves and quarters as dated periods, and whether periods cover a year.

- A period is a first and a last day, both included, with a label: `2023`, `2023 H2`, `2023 Q4`.
- Periods of different length never join: a year is covered by parts that neither overlap nor leave a gap.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise

from countback.io.errors import DataError

LABEL = re.compile(r"(?P<year>[12]\d{3})(?: (?P<kind>[HQ])(?P<number>\d))?")
MONTHS = {"Y": 12, "H": 6, "Q": 3}


@dataclass(frozen=True, order=True)
class Period:
    """A span of whole months within one calendar year.

    Attributes
    ----------
    start, end
        First and last day, both included.
    label
        As in the tables: `2023`, `2023 H2`, `2023 Q4`.
    """

    start: date
    end: date
    label: str

    @property
    def year(self) -> int:
        """Return the calendar year."""
        return self.start.year

    @property
    def granularity(self) -> str:
        """Return `Y`, `H` or `Q`."""
        return self.label[5:6] or "Y"

    def overlaps(self, other: "Period") -> bool:
        """Tell whether the two share a day."""
        return self.start <= other.end and other.start <= self.end


class Coverage(Enum):
    """How periods cover a span."""

    COMPLETE = "complete"
    GAP = "gap"
    OVERLAP = "overlap"
    NONE = "none"


def parse_period(label: str) -> Period:
    """Return the period that a label names.

    Raises
    ------
    DataError
        If the label is not a year, half or quarter.

    Examples
    --------
    >>> parse_period("2023 H2").start.isoformat(), parse_period("2023 Q1").end.isoformat()
    ('2023-07-01', '2023-03-31')
    """
    match = LABEL.fullmatch(label)
    kind = (match["kind"] or "Y") if match else ""
    number = int(match["number"] or 1) if match else 0
    if match is None or not 1 <= number <= 12 // MONTHS[kind]:
        raise DataError(
            "period",
            found=label,
            expected="a year, half or quarter such as 2023, 2023 H2 or 2023 Q4",
            fix="Correct the label.",
        )
    year, last = int(match["year"]), number * MONTHS[kind]
    first = last - MONTHS[kind] + 1
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), label)


def year_period(year: int) -> Period:
    """Return the calendar year as a period."""
    return parse_period(str(year))


def coverage(periods: Iterable[Period], whole: Period) -> Coverage:
    """Tell how periods cover a span; what lies outside of it does not count.

    Examples
    --------
    >>> halves = [parse_period("2021 H1"), parse_period("2021 H2")]
    >>> coverage(halves, parse_period("2021")).value, coverage(halves[:1], parse_period("2021")).value
    ('complete', 'gap')
    """
    inside = sorted(period for period in periods if period.overlaps(whole))
    if not inside:
        return Coverage.NONE
    if any(later.start <= earlier.end for earlier, later in pairwise(inside)):
        return Coverage.OVERLAP
    days = sum((period.end - period.start + timedelta(days=1)).days for period in inside)
    reaches = inside[0].start >= whole.start and inside[-1].end <= whole.end
    whole_days = (whole.end - whole.start).days + 1
    return Coverage.COMPLETE if reaches and days == whole_days else Coverage.GAP


def covers_year(labels: Iterable[str], year: int) -> bool:
    """Tell whether the labelled periods cover a calendar year without gap or overlap.

    Examples
    --------
    >>> covers_year(["2023 Q1", "2023 Q2", "2023 H2"], 2023)
    True
    """
    return coverage([parse_period(label) for label in labels], year_period(year)) is Coverage.COMPLETE
