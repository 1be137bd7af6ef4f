"""Both counts of a provider by year, as rows of a small table: provider's, clearinghouse's, difference, note, source.

- A count of the clearinghouse that covers other brands too is no count of the provider: it stands in the note.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from countback.text.display import MISSING
from countback.text.units import format_number
from countback.text.words import prose

HEADS = ["Year", "{name}", "NCMEC", "Difference", "Of the mean", "Read in", "Note"]
SAME = "Both sides cover the same brands and the full year."
OWN = {"primary": "own files", "secondary": "compilation"}
TABLES = {"full": "NCMEC’s table", "selected": "compilation"}
# how wide the columns are, in parts of the table
PARTS = [6, 11, 11, 11, 9, 16, 36]


def printed(value: object, unit: str = "count", signed: bool = False) -> str:
    """Return a number as readers see it, or a dash."""
    return MISSING if pd.isna(value) else format_number(float(value), unit, signed=signed)  # type: ignore[arg-type]


def read_in(own: object, table: object) -> str:
    """Return in what the counts of a year were read: the provider's, then the clearinghouse's."""
    found = [OWN[str(own)]] if pd.notna(own) else []
    found += [TABLES[str(table)]] if pd.notna(table) else []
    return "; ".join(dict.fromkeys(found)) or MISSING


def note_of(row: pd.Series) -> str:
    """Return what is to know of a year's counts."""
    reason = str(row["reason"]).removeprefix(SAME).strip()
    is_combined = pd.notna(row["ncmec_other_brands"])
    return f"{reason} The row has {printed(row['ncmec_reports'])} reports." if is_combined else reason


def counts_of_unit(pairs: pd.DataFrame) -> Iterator[list[str]]:
    """Yield the cells of each year of a unit of comparison.

    Parameters
    ----------
    pairs
        Rows of `provider_pairs` of the unit.
    """
    for _, row in pairs.iterrows():
        theirs = row["ncmec_reports"] if pd.isna(row["ncmec_other_brands"]) else pd.NA
        difference = theirs - row["provider_reports"] if row["is_comparable"] else pd.NA
        mean = (theirs + row["provider_reports"]) / 2 if row["is_comparable"] else pd.NA
        yield [
            str(row["year"]),
            printed(row["provider_reports"]),
            printed(theirs),
            printed(difference, signed=True),
            printed(difference / mean if row["is_comparable"] else pd.NA, "share", signed=True),
            read_in(row["own_provenance"], row["ncmec_table"] if pd.notna(theirs) else None),
            prose(note_of(row)),
        ]


def counts_of_brand(own: pd.Series, rows: pd.Series, elsewhere: Mapping[int, str]) -> Iterator[list[str]]:
    """Yield the cells of each year of a brand that is compared with its owner: no difference, which is the owner's.

    Parameters
    ----------
    own, rows
        The brand's own reports, and the clearinghouse's in rows of the brand alone, by year.
    elsewhere
        By year, what to say where the clearinghouse has no row of the brand alone; markdown.
    """
    for year in sorted({*own.index, *rows.index, *elsewhere}):
        theirs = rows.get(year, pd.NA)
        note = "" if pd.notna(theirs) else elsewhere.get(int(year), "")
        yield [str(year), printed(own.get(year, pd.NA)), printed(theirs), MISSING, MISSING, "", note]


def section_table(rows: Iterator[list[str]], name: str) -> str:
    """Return rows as a table of markdown, without the columns that hold nothing; empty if there is no row."""
    cells = list(rows)
    if not cells:
        return ""
    kept = [at for at in range(len(HEADS)) if at < 3 or any(row[at] not in ("", MISSING) for row in cells)]
    heads = [HEADS[at].format(name=prose(name)) for at in kept]
    rules = [("-" * (PARTS[at] - 1) + (":" if 0 < at < 5 else "-")) for at in kept]
    lines = [heads, rules, *([row[at] for at in kept] for row in cells)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
