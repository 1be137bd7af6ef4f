"""What was measured, as tables: `cases.csv`, `rules.csv`, `machine.json`, and `table.md` for the README."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import pandas as pd

from countback.io.files import write_text
from countback.io.tables import to_csv
from scripts.bench.cases import Case
from scripts.bench.machine import in_words
from scripts.bench.measure import Measured
from scripts.bench.rules import Spent

Runs = Mapping[str, Sequence[Measured]]


def case_table(cases: Sequence[Case], runs: Runs) -> pd.DataFrame:
    """Return one row per case: medians of its runs, and its wall time as a share of that of the cold build."""
    rows = [_case_row(case, runs[case.name]) for case in cases if runs.get(case.name)]
    found = pd.DataFrame(rows)
    cold = found.loc[found["case"] == "cold", "wall_s"]
    found["share_of_cold"] = (found["wall_s"] / cold.iloc[0]).round(3) if len(cold) else None
    return found


def _case_row(case: Case, measured: Sequence[Measured]) -> dict[str, str | int | float]:
    walls = [run.wall for run in measured]
    return {
        "case": case.name,
        "title": case.title,
        "n_runs": len(measured),
        "wall_s": round(median(walls), 2),
        "least_wall_s": round(min(walls), 2),
        "greatest_wall_s": round(max(walls), 2),
        "cpu_s": round(median(run.cpu for run in measured), 2),
        "peak_mb": round(median(run.peak for run in measured)),
    }


def rule_table(rows: Sequence[Spent]) -> pd.DataFrame:
    """Return one row per rule of the cold build: what it took, and how much of its CPU was only its start."""
    return pd.DataFrame(
        {
            "rule": row.rule,
            "seconds": round(row.seconds, 2),
            "cpu_s": round(row.cpu, 2),
            "start_cpu_s": None if row.start is None else round(row.start, 2),
            "start_share": None if row.start is None or not row.cpu else round(min(1, row.start / row.cpu), 2),
            "peak_mb": round(row.peak),
        }
        for row in rows
    )


def markdown(table: pd.DataFrame, facts: Mapping[str, str | int | float]) -> str:
    """Return the table for the README, with the machine below it."""
    lines = ["| what | wall | of the first | CPU | peak memory |", "| --- | ---: | ---: | ---: | ---: |"]
    for row in table.itertuples():
        share = "" if row.share_of_cold is None or pd.isna(row.share_of_cold) else f"{row.share_of_cold:.2f}"
        lines.append(f"| {row.title} | {row.wall_s:.1f} s | {share} | {row.cpu_s:.1f} s | {row.peak_mb:,} MB |")
    runs = (
        f"{table['n_runs'].min()} to {table['n_runs'].max()}" if table["n_runs"].nunique() > 1 else table["n_runs"][0]
    )
    note = (
        f"Medians of {runs} runs on {in_words(dict(facts))}; memory is the {facts['memory_measured']} of all processes."
    )
    return "\n".join([*lines, "", note]) + "\n"


def write_results(
    folder: Path, cases: pd.DataFrame, rules: Sequence[Spent], facts: Mapping[str, str | int | float]
) -> None:
    """Write what was measured into a folder."""
    write_text(to_csv(cases), folder / "cases.csv")
    if rules:
        write_text(to_csv(rule_table(rules)), folder / "rules.csv")
    write_text(json.dumps(dict(facts), indent=2) + "\n", folder / "machine.json")
    write_text(markdown(cases, facts), folder / "table.md")
