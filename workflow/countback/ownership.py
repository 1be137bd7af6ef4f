"""Who owned a brand when, by the dated table of ownership."""

import pandas as pd


def owner_of(brand: str, year: int, ownership: pd.DataFrame) -> str:
    """Return who owned a brand, directly or not, on the last day of a year; a brand without owner is its own.

    Examples
    --------
    >>> held = {"organization": ["app"], "parent": ["firm"], "valid_from": ["2031-05-01"], "valid_to": [None]}
    >>> [owner_of("app", year, pd.DataFrame(held)) for year in (2030, 2031)]
    ['app', 'firm']
    """
    day = f"{year}-12-31"
    held = ownership[
        (ownership["organization"] == brand)
        & (ownership["valid_from"].fillna("0001-01-01") <= day)
        & (ownership["valid_to"].fillna("9999-12-31") >= day)
    ]
    return brand if held.empty else owner_of(held["parent"].iloc[0], year, ownership)
