"""One answer to each question: the right values of the replication against the tables that state the same quantity.

- `data/replication/answers.csv` says where: a table, its rows as `column=text|other text; ...`, a column, and the
  factor from the table's unit to that of the published value. Of several patterns that match an id, the first holds.
- What `*` stands for in a pattern takes the place of `{1}`, `{2}` in the rows. Texts are compared by their letters and
  digits alone, so that `southern-europe` means the row of Southern Europe; nothing after `=` means a missing cell.
- Several rows are added. Where a text that the rows name has no row, or a cell is missing, there is no value.
- A pattern without a table says why no table states the quantity.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

import pandas as pd

from countback.io.errors import DataError
from replication.inputs import Tables
from replication.numbers import number_of, same, text_of

ANSWERS = "data/replication/answers.csv"
Row = dict[str, Any]


def plain(cell: object) -> str:
    """Return a cell as it is compared: its letters and digits, small; a number without a leading zero.

    Examples
    --------
    >>> plain("Southern Europe") == plain("southern-europe"), plain("05") == plain(5), plain(None)
    (True, True, '')
    """
    if cell is None or pd.isna(cell):  # type: ignore[call-overload]
        return ""
    text = re.sub(r"[^a-z0-9]", "", str(cell).lower())
    return str(int(text)) if text.isdigit() else text


@cache
def regex(pattern: str) -> re.Pattern[str]:
    """Return what matches a pattern of ids, in which `*` stands for any text."""
    return re.compile(re.escape(pattern).replace(r"\*", r"(.+?)"))


def match(identifier: str, answers: Iterable[Row]) -> tuple[Row, tuple[str, ...]] | None:
    """Return the first row whose pattern matches an id, with what each `*` stands for."""
    for one in answers:
        if found := regex(one["pattern"]).fullmatch(identifier):
            return one, found.groups()
    return None


def chosen(rows: str, parts: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the texts that each column may hold.

    Examples
    --------
    >>> chosen("kind=region; year={2}; area=north|{1}", ("south", "2031"))
    {'kind': ['region'], 'year': ['2031'], 'area': ['north', 'south']}
    """
    filled = re.sub(r"\{(\d)\}", lambda place: parts[int(place[1]) - 1], rows)
    pairs = (one.strip().partition("=") for one in filled.split(";"))
    return {column: [plain(text) for text in texts.split("|")] for column, _, texts in pairs}


class Statements:
    """Tables by name, with an index of their rows by the texts of some columns: there are thousands of values to find.

    Parameters
    ----------
    tables
        Those that `answers.csv` names.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.indexes: dict[tuple[str, ...], dict[tuple[str, ...], list[int]]] = {}

    def index(self, table: str, columns: tuple[str, ...]) -> dict[tuple[str, ...], list[int]]:
        """Return the positions of a table's rows by their texts in these columns."""
        known = (table, *columns)
        if known not in self.indexes:
            texts = self.tables[table][list(columns)].map(plain)
            found: dict[tuple[str, ...], list[int]] = {}
            for position, key in enumerate(texts.itertuples(index=False, name=None)):
                found.setdefault(key, []).append(position)
            self.indexes[known] = found
        return self.indexes[known]

    def stated(self, one: Row, parts: tuple[str, ...]) -> str | None:
        """Return what a table states, in the unit of the published value; None where it states nothing.

        Parameters
        ----------
        one
            Row of `answers.csv` with a table.
        parts
            What each `*` of its pattern stands for.
        """
        wanted = chosen(one["stated_rows"], parts)
        index = self.index(one["stated_in"], tuple(wanted))
        keys = [key for key in product(*wanted.values()) if key in index]
        is_whole = all(set(texts) == {key[at] for key in keys} for at, texts in enumerate(wanted.values()))
        rows = [position for key in keys for position in index[key]]
        cells = self.tables[one["stated_in"]][one["stated_column"]].iloc[rows]
        if not is_whole or cells.isna().any():
            return None
        if len(cells) == 1 and number_of(str(cells.iloc[0])) is None:
            return str(cells.iloc[0])
        return text_of(float(cells.astype(float).sum()) * one["factor"])


def differing(corrected: Mapping[str, str | None], answers: pd.DataFrame, tables: Tables) -> Iterator[DataError]:
    """Yield a fault for each right value that the project's table does not state, or states otherwise.

    Parameters
    ----------
    corrected
        The right values by id; None where there is none.
    answers
        `data/replication/answers.csv`.
    tables
        Tables by name.
    """
    listed = answers.astype(object).where(answers.notna(), None).to_dict("records")
    statements = Statements(tables)
    for identifier, own in corrected.items():
        found = match(identifier, listed)
        if found is None:
            yield DataError(
                ANSWERS,
                identifier,
                found="no pattern for the id",
                expected="the table that states the quantity, or why none does",
                fix="Add a row.",
            )
        elif (table := found[0]["stated_in"]) and table not in tables:
            yield DataError(
                ANSWERS,
                found[0]["pattern"],
                found=table,
                expected="a table that the rule `replication` reads",
                fix="Correct it, or add it to ANSWERS_FROM in workflow/rules/replication.smk.",
            )
        elif table:
            answer = statements.stated(*found)
            if (own is None) != (answer is None) or (own is not None and answer and not same(own, answer)):
                yield DataError(
                    f"results/tables/{table}.csv",
                    identifier,
                    found=f"{answer} under {found[0]['stated_column']}",
                    expected=f"{own}, the right value of the replication",
                    fix="Compute both by one rule, or correct the row of data/replication/answers.csv.",
                )


def stated_in(identifiers: Iterable[str], answers: pd.DataFrame) -> dict[str, str | None]:
    """Return the table that states each quantity, None where none does."""
    listed = answers.astype(object).where(answers.notna(), None).to_dict("records")
    found = {name: match(name, listed) for name in identifiers}
    return {name: one[0]["stated_in"] if one else None for name, one in found.items()}
