"""Gather all disclosures into one tidy table, corrected, with dated periods.

- Values are those disclosed, unless `data/corrections.yml` overrides one; the disclosed value stays beside it.
- Redundant rows stay in, marked: who sums leaves them out.
- What was not disclosed has no row. Nothing is filled in.
"""

from pathlib import Path

import pandas as pd

from countback.corrections import DISCLOSURES, Correction, apply_corrections, read_corrections
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.periods import parse_period

COLUMNS = [
    "organization", "metric", "component", "period", "start", "end", "value", "unit",
    "value_disclosed", "is_corrected", "is_redundant", "warnings", "provenance", "source",
    "note",
]  # fmt: skip


def disclosures(tables: dict[str, pd.DataFrame], corrections: list[Correction]) -> pd.DataFrame:
    """Return one row per organization, metric, component and period.

    Parameters
    ----------
    tables
        Disclosures by organization, in the form of `data/disclosures/`.
    corrections
        From `data/corrections.yml`; those of other tables are passed over.
    """
    named = {
        f"disclosures/{organization}": frame.assign(organization=organization) for organization, frame in tables.items()
    }
    ours = [correction for correction in corrections if correction.table.startswith(DISCLOSURES)]
    frame = pd.concat(apply_corrections(named, ours).values(), ignore_index=True)
    periods = frame["period"].map(parse_period)
    frame["start"] = periods.map(lambda period: period.start.isoformat())
    frame["end"] = periods.map(lambda period: period.end.isoformat())
    return frame[COLUMNS].sort_values(
        ["organization", "metric", "component", "start", "end", "is_redundant"], ignore_index=True
    )


def main(files: list[str], corrections: str, outputs: list[str]) -> None:
    """Read, gather, write."""
    tables = {Path(file).stem: read_table(file) for file in files}
    write_table(disclosures(tables, read_corrections(corrections)), *outputs)


if __name__ == "__main__":
    run(
        lambda: main(snakemake.input.tables, snakemake.input.corrections, list(snakemake.output)),
        snakemake.log[0],
    )
