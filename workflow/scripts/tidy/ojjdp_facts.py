"""Facts of the clearinghouse's reports to OJJDP, one value each, corrected.

- Where reports print different values of one fact, the newest report's holds.
- Corrections come from `data/corrections.yml`; a corrected row says so, and keeps the label and value as printed.
- A dash in the source stays a missing value.
- Years that no report covers yet come from a compilation, marked as secondary. It leaves out totals: those that the
  labels say are the sum of all their parts are added up, and marked as derived.
"""

import pandas as pd

from countback.corrections import FACTS, Correction, correct_values, read_corrections
from countback.io.script import run
from countback.io.tables import read_table, write_table

KEY = ["table", "item", "measure", "year"]
COLUMNS = [
    *KEY, "value", "unit", "value_printed", "measure_printed", "is_corrected", "warnings", "page", "source",
    "provenance",
]  # fmt: skip


def with_sums(compiled: pd.DataFrame, printed: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return the compiled facts with the sums that the compilation leaves out, marked as derived.

    A sum is made where all parts are there that the newest printed year has.

    Parameters
    ----------
    compiled, printed
        `compiled_facts` and `ojjdp_facts` of `data/cybertipline/`.
    labels
        `data/reference/ojjdp_labels.csv`: which items and measures are parts of which.
    """
    facts = compiled
    for role, other in (("item", "measure"), ("measure", "item")):
        parts = labels[labels["role"] == role].dropna(subset="part_of")[["table", "id", "part_of"]].drop_duplicates()
        newest = printed[printed["year"] == printed.groupby("table")["year"].transform("max")]
        sums, whole = (_sums(frame, parts, role, other) for frame in (facts, newest))
        expected = whole.groupby(["table", role, other])["parts"].first().rename("expected").reset_index()
        sums = sums.merge(expected, on=["table", role, other])
        sums = sums[sums["parts"] == sums["expected"]].assign(warnings="derived")
        facts = pd.concat([facts, sums.drop(columns=["parts", "expected"])], ignore_index=True)
    return facts.drop_duplicates(KEY)


def _sums(facts: pd.DataFrame, parts: pd.DataFrame, role: str, other: str) -> pd.DataFrame:
    counts = facts[(facts["unit"] == "count") & facts["value"].notna()]
    named = counts.merge(parts, left_on=["table", role], right_on=["table", "id"])
    by = [column for column in ("table", "part_of", other, "year", "unit", "source") if column in named]
    sums = named.groupby(by, as_index=False).agg(
        value=("value", "sum"), parts=(role, lambda names: "|".join(sorted(set(names))))
    )
    return sums.rename(columns={"part_of": role})


def ojjdp_facts(
    printed: pd.DataFrame, compiled: pd.DataFrame, labels: pd.DataFrame, corrections: list[Correction]
) -> pd.DataFrame:
    """Return one row per table, item, measure and year.

    Parameters
    ----------
    printed
        `data/cybertipline/ojjdp_facts.csv`.
    compiled
        `data/cybertipline/compiled_facts.csv`.
    labels
        `data/reference/ojjdp_labels.csv`.
    corrections
        From `data/corrections.yml`; those of other tables are passed over.
    """
    unmarked = printed.assign(warnings=pd.array([None] * len(printed), dtype="string"))
    corrected = correct_values(unmarked, FACTS, corrections)
    newest = corrected.sort_values("last_report", kind="stable").drop_duplicates(KEY, keep="last").sort_index()
    newest = newest.assign(source=newest["last_report"], provenance="primary")
    later = with_sums(compiled, printed, labels).assign(provenance="secondary", is_corrected=False)
    both = pd.concat([newest, later.astype({"warnings": "string"})], ignore_index=True)
    return both.drop_duplicates(KEY)[COLUMNS].reset_index(drop=True)


if __name__ == "__main__":
    run(
        lambda: write_table(
            ojjdp_facts(
                read_table(snakemake.input.facts),
                read_table(snakemake.input.compiled),
                read_table(snakemake.input.labels),
                read_corrections(snakemake.input.corrections),
            ),
            *snakemake.output,
        ),
        snakemake.log[0],
    )
