"""NCMEC's yearly PDF "CyberTipline Reports by Electronic Service Providers (ESP)".

- How its tables are found and read is said in `countback.ingest.ncmec_counts`.
- The year is that of the release. A title that names another year is refused.
"""

import pandas as pd

from countback.ingest.ncmec_counts import CountTables, Layout, read_document, total_row
from countback.ingest.sources import Source, year_of

LAYOUT = Layout(
    document="report by ESP",
    label="ESP",
    heading=frozenset({"ESP", "Number", "of", "Reports"}),
    has_dashes=False,
    has_cover=False,
    parser="ncmec_esp.py",
)

ROW_COLUMNS = ["year", "position", "esp_printed", "page", "combined_mark", "reports", "reports_printed", "source"]


def parse_esp_reports(source: Source) -> CountTables:
    """Read the PDF of one calendar year: the rows (`ROW_COLUMNS`) in printed order, and the printed total.

    `reports` counts reports; `reports_printed` is the same number as printed.

    Raises
    ------
    DataError
        If the layout is not the known one, or the total is not the sum of the rows.
    """
    year = year_of(source)
    printed_rows, total = read_document(source.file, year, LAYOUT)
    rows = pd.DataFrame(
        [
            (year, position, row.name, row.page, "*" * row.name.endswith("*"), row.reports, row.printed, source.id)
            for position, row in enumerate(printed_rows, start=1)
        ],
        columns=ROW_COLUMNS,
    )
    return CountTables(rows, total_row(total, year, source.id))
