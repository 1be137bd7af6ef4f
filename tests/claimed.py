"""What the tests of claims share: what claims say, by subset and parameter, and made-up organizations and breaks."""

import pandas as pd

from countback.numbers import numbers_table

ORGANIZATIONS = pd.DataFrame({"organization": ["acme", "bolt", "cove"], "name": ["Acme", "Bolt", "Cove"]})
NO_BREAKS = pd.DataFrame(columns=["table_name", "period", "kind", "title", "note", "source"])
BUNDLED = pd.DataFrame(
    [("cybertipline_reports", "2033", "unit", "reports may be bundled", "", "x")], columns=NO_BREAKS.columns
)


def said(claims):
    """Return the text or the value of each claim by its subset and parameter; no two have one id."""
    table = numbers_table(claims)
    assert not table.duplicated(["subset", "parameter"]).any()
    return {
        f"{row.subset}.{row.parameter}": row.text if row.unit == "text" else row.value for row in table.itertuples()
    }
