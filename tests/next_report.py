"""The clearinghouse's report to OJJDP of a later year, made up from its last one: its tables, with a row more."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from documents import tagged_document

from countback.ingest.ncmec_ojjdp import REPORT, YEAR_ROW, YEARS_COVERED, Labels, is_body, table_facts
from countback.ingest.tagged_pdf import Table, read_document

NEW_ITEM = "Pen Friend"
NEW_ROW_IN = "relationships"
NAMED_YEAR = re.compile(r"\bCY (\d{4})\b")
# a count with or without a share, as cells print them
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|(?<![\d.,])\d+(?![\d.,%])|(?<= )-$|^-$|\d+(?:\.\d+)?%")
ALL_REPORTS = {("submitters", "all"), ("reports_with_hashed_files", "all"), ("user_locations", "total")}
Key = tuple[str, str, str, int]


def next_report(
    file: Path, year: int, labels: pd.DataFrame, compiled: pd.DataFrame, reports: Mapping[int, int]
) -> bytes:
    """Return the report of a year as a tagged PDF.

    Its numbers are those of the last report, but for what is already known of its years: those that both reports cover
    are printed again. Wholes are the sums of their parts.

    Parameters
    ----------
    file
        The last report.
    year
        The last year that the new one is about.
    labels
        `data/reference/ojjdp_labels.csv`.
    compiled
        What the compilation states of later years.
    reports
        All reports by year, as far as they are known.
    """
    document = read_document(file)
    last = next(int(match[1]) for one in document.paragraphs if (match := REPORT.search(one.text)))
    covered = range(year - YEARS_COVERED + 1, year + 1)
    every = compiled[compiled["table"] == "reports_by_year"].set_index("year")["value"].to_dict() | dict(reports)
    tables = [Table(table.page, [[later(cell, year - last) for cell in row] for row in table.rows])
              for table in document.tables]  # fmt: skip
    known = {tuple(row): int(value) for row, value in
             compiled.set_index(["table", "item", "measure", "year"])["value"].items()}  # fmt: skip
    known |= {(table, item, "reports", one): int(every[one]) for table, item in ALL_REPORTS for one in covered}
    of = Labels(labels)
    again = {
        fact[:4]: (str(fact[6]), fact[4])
        for table in document.tables
        for fact in table_facts(table, file, of)
        if fact[3] in covered
    }
    known |= {key: int(value) for key, (_, value) in again.items() if value is not None and key[2][-8:] != "_percent"}
    facts = [fact for table in tables for fact in table_facts(table, file, of)]
    printed = {fact[:4]: int(fact[4]) for fact in facts if fact[5] == "count" and fact[4] is not None}
    values = settled({**printed, **{key: known[key] for key in printed if key in known}}, known, labels)
    texts = {key: f"{value:,}" for key, value in values.items()} | {key: text for key, (text, _) in again.items()}
    made = [renumbered(table, texts, file, of) for table in tables]
    made = [appended(rows, every, year) for rows in made]
    day = f"s of December 31, {last}"
    stocks = [
        one.text.replace(day, day.replace(str(last), str(year))) for one in document.paragraphs if day in one.text
    ]
    opening = [one.text for one in document.paragraphs if "became operational in" in one.text]
    title = f"CY {year} Report to the Committees on Appropriations."
    return tagged_document([with_new_row(rows) for rows in made], title, *stocks, *opening)


def later(cell: str, years: int) -> str:
    """Return a cell whose years are later; those of the appendix, before its rows, stay, and a misprint does not."""
    cell = cell.replace("International: ", "Informational: ")
    return cell if YEAR_ROW.fullmatch(cell) else NAMED_YEAR.sub(lambda found: f"CY {int(found[1]) + years}", cell)


def settled(values: dict[Key, int], known: Iterable[Key], labels: pd.DataFrame) -> dict[Key, int]:
    """Return values of which the parts add up to the whole, as the labels name them; what is known stays."""
    fixed, made = set(known), dict(values)
    for role, at in (("item", 1), ("measure", 2)):
        parts = labels[labels["role"] == role].dropna(subset="part_of").drop_duplicates(["table", "id", "part_of"])
        for (table, whole), rows in parts.groupby(["table", "part_of"], sort=False):
            inside = set(rows["id"])
            for key in [key for key in made if key[0] == table and key[at] == whole]:
                members = [one for one in made if one[0] == table and one[at] in inside and _beside(one, key, at)]
                free = [one for one in members if one not in fixed]
                rest = made[key] - sum(made[one] for one in members if one in fixed)
                if key in fixed and free:
                    had = sum(made[one] for one in free) or 1
                    made |= {one: made[one] * rest // had for one in free}
                    made[free[0]] += rest - sum(made[one] for one in free)
                elif members:
                    made[key] = sum(made[one] for one in members)
    return made


def _beside(one: Key, other: Key, at: int) -> bool:
    return one[:at] + one[at + 1 :] == other[:at] + other[at + 1 :]


def renumbered(table: Table, texts: Mapping[Key, str], file: Path, labels: Labels) -> list[list[str]]:
    """Return the rows of a table with these texts in the places of the old numbers."""
    keys = iter([fact[:4] for fact in table_facts(table, file, labels)])

    def number(match: re.Match[str]) -> str:
        return texts.get(next(keys), match[0])

    first = next(n for n, row in enumerate(table.rows) if is_body(row))
    body = []
    for row in table.rows[first:]:
        start = 0 if re.fullmatch(r"[\d,]+|-", row[0]) else 1
        body.append([*row[:start], *(NUMBER.sub(number, cell) for cell in row[start:])])
    return [*table.rows[:first], *body]


def appended(rows: list[list[str]], every: Mapping[int, int], year: int) -> list[list[str]]:
    """Return the appendix with the years that it does not have yet, the newest first; any other table as it is."""
    years = [int(match[1]) for row in rows if (match := YEAR_ROW.fullmatch(row[0]))]
    if not years:
        return rows
    first = next(n for n, row in enumerate(rows) if YEAR_ROW.fullmatch(row[0]))
    new = [
        [f"CY{one} (1/1/{one % 100:02}-12/31/{one % 100:02})", f"{int(every[one]):,}"]
        for one in range(year, max(years), -1)
    ]
    return [*rows[:first], *new, *rows[first:]]


def with_new_row(rows: list[list[str]]) -> list[list[str]]:
    """Return the table of relationships with a row more; any other table as it is."""
    if "Disaggregated by Relationship" not in rows[0][0]:
        return rows
    return [*rows[:-1], [NEW_ITEM, *["1"] * (len(rows[-1]) - 1)], rows[-1]]
