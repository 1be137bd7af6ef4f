"""Facts of the clearinghouse's reports to OJJDP, one value each, corrected.

- Where reports print different values of one fact, the newest report's holds.
- Corrections come from `data/corrections.yml`; a corrected row says so, and keeps the label and value as printed.
- A dash in the source stays a missing value.
"""

import pandas as pd

from countback.corrections import FACTS, Correction, correct_values, read_corrections
from countback.io.script import run
from countback.io.tables import read_table, write_table

KEY = ["table", "item", "measure", "year"]
COLUMNS = [*KEY, "value", "unit", "value_printed", "measure_printed", "is_corrected", "warnings", "page", "source"]


def ojjdp_facts(printed: pd.DataFrame, corrections: list[Correction]) -> pd.DataFrame:
    """Return one row per table, item, measure and year.

    Parameters
    ----------
    printed
        `data/cybertipline/ojjdp_facts.csv`.
    corrections
        From `data/corrections.yml`; those of other tables are passed over.
    """
    unmarked = printed.assign(warnings=pd.array([None] * len(printed), dtype="string"))
    corrected = correct_values(unmarked, FACTS, corrections)
    newest = corrected.sort_values("last_report", kind="stable").drop_duplicates(KEY, keep="last").sort_index()
    return newest.assign(source=newest["last_report"])[COLUMNS].reset_index(drop=True)


if __name__ == "__main__":
    run(
        lambda: write_table(
            ojjdp_facts(read_table(snakemake.input.facts), read_corrections(snakemake.input.corrections)),
            *snakemake.output,
        ),
        snakemake.log[0],
    )
