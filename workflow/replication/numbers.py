"""How values are written and compared."""

import math

TOLERANCE = 1e-9


def text_of(value: object) -> str | None:
    """Return a value as the tables print it: whole numbers without a point, others in full; None stays None.

    Examples
    --------
    >>> text_of(12.0), text_of(0.1), text_of("QAT"), text_of(float("inf"))
    ('12', '0.1', 'QAT', 'Infinity')
    """
    if value is None or isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    if math.isnan(number):
        return None
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def number_of(text: str | None) -> float | None:
    """Return a printed value as a number; None where it is none, such as a code of a country."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def same(left: str, right: str) -> bool:
    """Tell whether two printed values agree: whole numbers exactly, others within 1e-9 of each other, text as it is.

    Examples
    --------
    >>> same("4560.0", "4560"), same("4560", "4560.000001"), same("0.1", "0.10000000000001"), same("MEX", "PHL")
    (True, False, True, False)
    """
    first, second = number_of(left), number_of(right)
    if first is None or second is None:
        return left == right
    if first.is_integer() and "." not in left.removesuffix(".0"):
        return first == second
    return math.isclose(first, second, rel_tol=TOLERANCE)


def relative_change(left: str | None, right: str | None) -> float | None:
    """Return how far the right value is from the left, as a share of the left; None where that has no meaning."""
    first, second = number_of(left), number_of(right)
    if first is None or second is None or first == 0 or math.isinf(first) or math.isinf(second):
        return None
    return (second - first) / abs(first)
