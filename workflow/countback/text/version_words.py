"""Changes between versions of the data set in words: their records have ids of tables, columns and rows."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from countback.text.units import format_number


def titled_row(row: str, fields: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the key of a row with the titles of its columns, and codes as words.

    Parameters
    ----------
    row
        Columns and cells, such as `metric pieces_known, period 2030 H1`.
    fields
        The fields of its table by name.

    Examples
    --------
    >>> titled_row("metric pieces_known, period 2030 H1", {name: {"title": name} for name in ("metric", "period")})
    'Metric: pieces known; period: 2030 H1'
    """
    names = "|".join(map(re.escape, sorted(fields, key=len, reverse=True)))
    parts = re.split(rf"(?:^|, )(?=(?:{names}) )", row) if names else [row]
    words = []
    for part in filter(None, parts):
        name, _, cell = part.partition(" ")
        is_code = re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", cell) is not None
        words.append(f"{title_of(name, fields).lower()}: {cell.replace('_', ' ') if is_code else cell}")
    text = "; ".join(words)
    return text[:1].upper() + text[1:]


def title_of(name: str, fields: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the title of a column; one that the table has no more has its name, as words."""
    return str(fields.get(name, {}).get("title") or name.replace("_", " ").capitalize())


def printed_number(text: object) -> object:
    """Return a number of a record as tables print it; what is missing stays so.

    Examples
    --------
    >>> printed_number("1450"), printed_number("-0.25"), printed_number(None)
    ('1,450', '−0.25', None)
    """
    if text is None or pd.isna(text):
        return None
    decimals = len(str(text).partition(".")[2])
    return format_number(float(str(text)), "count", decimals)


def changes_in_words(changed: pd.DataFrame, package: Mapping[str, Any]) -> pd.DataFrame:
    """Return `data/versions/changed_values.csv` for readers, with the title of each table in a column `title`.

    Parameters
    ----------
    changed
        Rows of one version.
    package
        The data package, with schemas.
    """
    tables = {one["name"]: one for one in package["resources"]}
    fields = {
        name: {field["name"]: field for field in one["schema"]["fields"]}
        for name, one in tables.items()
        if isinstance(one.get("schema"), Mapping)
    }
    own = [fields.get(name, {}) for name in changed["table_name"]]
    return changed.assign(
        title=[tables.get(name, {}).get("title", name) for name in changed["table_name"]],
        row=[titled_row(row, known) for row, known in zip(changed["row"], own, strict=True)],
        column=[title_of(column, known) for column, known in zip(changed["column"], own, strict=True)],
        number_before=changed["number_before"].map(printed_number),
        number_now=changed["number_now"].map(printed_number),
    )
