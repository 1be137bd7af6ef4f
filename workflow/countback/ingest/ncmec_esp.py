"""NCMEC's yearly PDF "CyberTipline Reports by Electronic Service Providers (ESP)".

- How its tables are found and read is said in `countback.ingest.ncmec_counts`.
- The year is that of the release. A title that names another year is refused.
"""

from pathlib import Path

import pandas as pd

from countback.ingest.ncmec_counts import Layout, check_title, read_tables
from countback.ingest.pdf import read_words

LAYOUT = Layout(
    document="report by ESP",
    label="ESP",
    heading=frozenset({"ESP", "Number", "of", "Reports"}),
    has_dashes=False,
    has_cover=False,
    parser="ncmec_esp.py",
)

ROW_COLUMNS = ["year", "position", "esp_printed", "page", "combined_mark", "reports", "reports_printed", "source"]
TOTAL_COLUMNS = ["year", "reports", "reports_printed", "page", "source"]


def parse_esp_reports(file: Path, year: int, source: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read one year's PDF.

    Parameters
    ----------
    file
        The PDF.
    year
        The calendar year that the release is about.
    source
        The release's id, copied to each row.

    Returns
    -------
    tuple of pandas.DataFrame
        The rows in printed order (`ROW_COLUMNS`), and one row with the printed total (`TOTAL_COLUMNS`).
        `reports` counts reports; `reports_printed` is the same number as printed.

    Raises
    ------
    DataError
        If the layout is not the known one, or the total is not the sum of the rows.
    """
    pages = read_words(file)
    check_title(pages, year, file)
    printed_rows, printed_total = read_tables(pages, file, LAYOUT)
    rows = pd.DataFrame(
        [
            (year, position, row.name, row.page, "*" * row.name.endswith("*"), row.reports, row.printed, source)
            for position, row in enumerate(printed_rows, start=1)
        ],
        columns=ROW_COLUMNS,
    )
    total = (year, printed_total.reports, printed_total.printed, printed_total.page, source)
    return rows, pd.DataFrame([total], columns=TOTAL_COLUMNS)
