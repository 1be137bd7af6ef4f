"""The registry of checks: rules that no schema can state, found in the modules of this package.

- A check is a function under `@check(...)`. It gets the tables that the decorator names and yields the rows at fault.
- A check of a table that a project does not have is not asked: a project need not have every publisher's tables.
- `faults` turns rows into errors, so that a check says only which rows are at fault, what was expected and what to do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from countback.io.errors import DataError

Tables = Mapping[str, pd.DataFrame]
Check = Callable[[Tables], Iterator[DataError]]
# what a reader can take in of faults of one kind: a shifted column is at fault in every row
MOST = 20
MANY = "Do with them as with the rows above."
_CHECKS: list[Check] = []


def check(*names: str) -> Callable[[Callable[..., Iterable[DataError]]], Check]:
    """Return a decorator that registers a check of tables.

    Parameters
    ----------
    names
        The tables that the check gets, in its arguments' order. A first name that ends in `*` stands for each table
        that begins so: the check is asked of each, and gets its file before it. Without names it gets all tables.
    """

    def register(function: Callable[..., Iterable[DataError]]) -> Check:
        def asked(tables: Tables) -> Iterator[DataError]:
            try:
                for arguments in _arguments(names, tables) if names else [[tables]]:
                    yield from function(*arguments)
            except DataError as error:
                yield error

        asked.__name__, asked.__doc__ = function.__name__, function.__doc__
        _CHECKS.append(asked)
        return asked

    return register


def _arguments(names: tuple[str, ...], tables: Tables) -> Iterator[list[object]]:
    """Yield what a check is asked of, once or once for each table that its first name stands for."""
    first, *others = names
    if not set(others) <= set(tables):
        return
    rest = [tables[name] for name in others]
    if not first.endswith("*") and first in tables:
        yield [tables[first], *rest]
    for name, frame in tables.items() if first.endswith("*") else ():
        if name.startswith(first[:-1]):
            yield [file_of(name, frame), frame, *rest]


def registered() -> list[Check]:
    """Return the checks of the modules that have been imported."""
    return list(_CHECKS)


def file_of(name: str, frame: pd.DataFrame | None = None) -> str:
    """Return a table's file, as a user would name it.

    Examples
    --------
    >>> file_of("disclosures_amazon")
    'data/disclosures/amazon.csv'
    """
    known = {} if frame is None else frame.attrs
    return str(known.get("file", f"data/{name.replace('_', '/', 1)}.csv"))


def line(index: object) -> int:
    """Return the line in the file of a row of a freshly read table: the header is line 1."""
    return int(str(index)) + 2


def faults(
    file: str,
    rows: pd.DataFrame,
    column: str | None,
    expected: str,
    fix: str,
    found: str | None = None,
    place: str | None = None,
) -> Iterator[DataError]:
    """Yield an error for each row at fault; of very many, the first ones and their number.

    Parameters
    ----------
    file
        The table's file.
    rows
        The rows at fault, with the index of the table as read.
    column
        The column at fault, if it is one.
    expected, found, place, fix
        Templates that the cells of a row fill in; the last says what to do. What was found is the cell of the column
        if nothing else is said, and the place is the row's line.

    Examples
    --------
    >>> rows = pd.DataFrame({"year": [2023], "reports": [5], "total": [6]})
    >>> print(*faults("data/a.csv", rows, "reports", "{total}, the total of {year}", "Compare both."))
    data/a.csv, row 2, column reports: found 5, expected 6, the total of 2023. Compare both.
    """
    # most rules find nothing
    for index, row in rows.head(MOST).iterrows() if len(rows) else ():
        cells = {str(name): None if pd.isna(cell) else cell for name, cell in row.items()}
        yield DataError(
            file,
            place.format(**cells) if place else line(index),
            column,
            found=found.format(**cells) if found else cells.get(column or ""),
            expected=expected.format(**cells),
            fix=fix.format(**cells),
        )
    if len(rows) > MOST:
        yield DataError(file, None, column, f"{len(rows) - MOST} more rows like these", "none of them", MANY)


def unknown(
    file: str, frame: pd.DataFrame, column: str, known: Iterable[object], expected: str, fix: str
) -> Iterator[DataError]:
    """Yield an error for each cell of a column that is none of the known values; a missing cell is no fault."""
    absent = frame[column].notna() & ~frame[column].isin(pd.Series(known).unique())
    return faults(file, frame[absent].drop_duplicates(column), column, expected, fix)


def differ(found: pd.Series, wanted: pd.Series) -> pd.Series:
    """Tell where two series differ: what is missing in both is alike, what is missing in one is not."""
    return (found != wanted).fillna(True).astype(bool) & ~(found.isna() & wanted.isna())


def marked(frame: pd.DataFrame, others: Mapping[object, str]) -> pd.DataFrame:
    """Return the rows of these indexes, each with the text that belongs to it as the column `other`."""
    return frame.loc[list(others)].assign(other=list(others.values()))


def sets(frame: pd.DataFrame, by: str, column: str) -> dict[str, set[str]]:
    """Return the values of a column that go with each value of another."""
    return {str(name): set(values) for name, values in frame.groupby(by)[column]}
