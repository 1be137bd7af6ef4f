"""People active on at least one of Meta's apps, by quarter, corrected.

- Corrections come from `data/corrections.yml`; a corrected row says so.
- Daily and monthly people are series of their own and are never added.
"""

import pandas as pd

from countback.corrections import ACTIVE_PEOPLE, Correction, correct_values, read_corrections
from countback.io.script import run
from countback.io.tables import read_table, write_table

COLUMNS = ["period", "frequency", "people_billion", "is_corrected", "provenance", "source"]


def family_active_people(printed: pd.DataFrame, corrections: list[Correction]) -> pd.DataFrame:
    """Return one row per quarter and frequency, by frequency and quarter.

    Parameters
    ----------
    printed
        `data/reference/family_active_people.csv`.
    corrections
        From `data/corrections.yml`; those of other tables are passed over.
    """
    corrected = correct_values(printed, ACTIVE_PEOPLE, corrections)
    return corrected[COLUMNS].sort_values(["frequency", "period"], ignore_index=True)


if __name__ == "__main__":
    run(
        lambda: write_table(
            family_active_people(read_table(snakemake.input.people), read_corrections(snakemake.input.corrections)),
            *snakemake.output,
        ),
        snakemake.log[0],
    )
