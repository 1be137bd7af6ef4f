"""NCMEC's yearly PDF "CyberTipline Reports by Country".

- How its tables are found and read is said in `countback.ingest.ncmec_counts`. The release of 2019 has a first page
  without a table, two pairs of columns on the others, and its total in a table of its own; later ones have one pair.
  Page headers are not read: those of 2019 name another document.
- A code is looked up by the printed name, star and spelling included, in `data/reference/country_aliases.csv`. A name
  that is not there is refused: nothing is matched by likeness.
- A dash in the place of a count is not a number: `reports` is missing there, and `printed_as_dash` says why. A place
  that a year does not list has no row.
- Two spellings of one place in one year stay two rows.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from countback.ingest.ncmec_counts import DASH, CountTables, Layout, Row, read_document, total_row
from countback.ingest.sources import Source, year_of
from countback.io.errors import DataError, row_text

ALIASES = "data/reference/country_aliases.csv"
LAYOUT = Layout(
    document="report by country",
    label="Country",
    heading=frozenset({"Country", "/", "Territory", "Number", "of", "Total", "Reports"}),
    has_dashes=True,
    has_cover=True,
    parser="ncmec_country.py",
)

ROW_COLUMNS = [
    "year",
    "position",
    "country_printed",
    "iso3",
    "reports",
    "printed_as_dash",
    "page",
    "reports_printed",
    "source",
]


def parse_country_reports(source: Source, codes: Mapping[str, str]) -> CountTables:
    """Read one year's PDF, in printed order.

    Parameters
    ----------
    source
        The release, about a calendar year.
    codes
        The three-letter code of each printed name.

    Returns
    -------
    CountTables
        The rows (`ROW_COLUMNS`), and the printed total. `reports` counts reports and is missing where a dash is
        printed; `reports_printed` is what is printed.

    Raises
    ------
    DataError
        If the layout is not the known one, the total is not the sum of the rows, or a name has no code.
    """
    year = year_of(source)
    printed_rows, total = read_document(source.file, year, LAYOUT)
    for row in printed_rows:
        check_name(row, codes, source.file)
    rows = pd.DataFrame(
        [
            (
                year,
                position,
                row.name,
                codes[row.name],
                row.reports,
                row.printed == DASH,
                row.page,
                row.printed,
                source.id,
            )
            for position, row in enumerate(printed_rows, start=1)
        ],
        columns=ROW_COLUMNS,
    ).astype({"reports": "Int64"})
    return CountTables(rows, total_row(total, year, source.id))


def check_name(row: Row, codes: Mapping[str, str], file: Path) -> None:
    """Refuse a printed name without a code.

    Raises
    ------
    DataError
        If the table of names does not have it.
    """
    if row.name not in codes:
        raise DataError(
            file,
            row=f"page {row.page}, {f'{row.name} {row.printed}'!r}",
            column="country_printed",
            found=row.name,
            expected=f"a name that {ALIASES} has",
            fix=f"Add the row {row_text(row.name)},<code of countries.csv>, to {ALIASES}.",
        )
