"""Meta's releases in two layouts, for the tests of what is read from them and made of them."""

from pathlib import Path

import pandas as pd
import pytest
from meta_releases import FIRST, NEWER, RESPELLED, layout_of_2025, read_all, releases, text

from countback.histories import fold
from countback.ingest.meta import KEY, VALUES


@pytest.fixture
def two_layouts(tmp_path: Path) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return a release in the first layout and one in that of 2025, aligned, and their history."""
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", layout_of_2025(NEWER)))
    aligned = read_all(table, files, RESPELLED)
    return aligned, fold(aligned, KEY, VALUES)
