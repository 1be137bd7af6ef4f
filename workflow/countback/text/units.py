"""Units of columns and values, and how numbers and words are written for a reader."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """How numbers of a unit are printed.

    Attributes
    ----------
    scale
        Factor from the stored number to the printed one: a share of 0.5 prints as 50%.
    decimals
        Digits after the point, unless the caller asks for others.
    suffix
        What follows the number.
    has_halves
        Whether a median may lie between two whole numbers, and then prints with its half.
    """

    scale: float = 1.0
    decimals: int = 0
    suffix: str = ""
    has_halves: bool = False


UNITS: dict[str, Unit] = {
    "count": Unit(),
    "billion": Unit(decimals=2),
    "year": Unit(),
    "share": Unit(scale=100, decimals=1, suffix="%"),
    "percent": Unit(decimals=1, suffix="%"),
    "ratio": Unit(decimals=2),
    "per_100k": Unit(decimals=1),
    "per_1000": Unit(decimals=2),
    "per_report": Unit(decimals=1),
    "days": Unit(decimals=2),
    "years": Unit(decimals=1),
    "quarters": Unit(has_halves=True),
    "probability": Unit(decimals=3),
    "log_reports": Unit(decimals=3),
    "log_ratio": Unit(decimals=3),
    "statistic": Unit(decimals=2),
    "rank": Unit(has_halves=True),
}


def format_number(value: float, unit: str, decimals: int | None = None, signed: bool = False) -> str:
    """Return a number as prose and tables print it: thousands separators, a true minus sign, a suffix.

    Parameters
    ----------
    value
        In the stored scale of the unit.
    unit
        A key of `UNITS`.
    decimals
        Digits after the point; the unit's own by default.
    signed
        Whether a positive number carries a plus sign. What rounds to zero carries none, as zero does.

    Raises
    ------
    KeyError
        If the unit is unknown.
    ValueError
        If the value is missing: what is not known must not be printed as a number.

    Examples
    --------
    >>> format_number(36210368, "count"), format_number(0.496, "share"), format_number(-0.0312, "share", signed=True)
    ('36,210,368', '49.6%', '−3.1%')
    >>> format_number(-0.00001, "share"), format_number(0.00001, "share", signed=True)
    ('0.0%', '0.0%')
    """
    if value is None or math.isnan(value):
        raise ValueError(f"a missing value of unit {unit} can't be printed as a number")
    rule = UNITS[unit]
    digits = rule.decimals if decimals is None else decimals
    if rule.has_halves and decimals is None and value % 1 == 0.5:
        digits = 1
    if unit == "year":
        return f"{value:.{digits}f}"
    if unit == "probability" and decimals is None and 0 <= value < 0.001:
        return "<0.001"
    # z: a rounded zero has no minus sign; its plus sign would say as little
    text = f"{value * rule.scale:{'+' if signed else ''}z,.{digits}f}"
    is_zero = not text.strip("+0.,")
    return f"{text.lstrip('+') if is_zero else text.replace('-', '−')}{rule.suffix}"


def format_estimate(value: float, unit: str) -> str:
    """Return an estimate of what no one counted: a year with one decimal, a count with three digits.

    Examples
    --------
    >>> format_estimate(2014.2, "year"), format_estimate(41709.6, "count"), format_estimate(0.433, "share")
    ('2014.2', '41,700', '43.3%')
    """
    if unit == "count":
        return format_number(float(f"{value:.3g}"), unit)
    return format_number(value, unit, 1 if unit == "year" else None)
