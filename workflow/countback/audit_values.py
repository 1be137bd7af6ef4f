"""What the tables of the audits contribute to the numbers of the prose, beyond what their rows hold.

Each entry is the parts of its id, a number, its unit, and the table and row that it comes from.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from countback.text.units import UNITS

Entry = tuple[list[Any], float, str, str, object]


def counts(prefix: list[str], table: str, numbers: Mapping[str, int]) -> Iterator[Entry]:
    """Yield numbers of rows of a table, or sums over them, by what they count."""
    for name, number in numbers.items():
        yield [*prefix, name], number, "count", table, name


def codes(prefix: list[str], table: str, column: pd.Series) -> Iterator[Entry]:
    """Yield how many rows of a table have which code."""
    for code, rows in column.groupby(column):
        yield [*prefix, code], len(rows), "count", table, {str(column.name): code}


def revised_fact_values(facts: pd.DataFrame) -> Iterator[Entry]:
    """Yield how many facts were revised, how often, how far, and how many of these are about children."""
    table, key = "meta_revised_facts", ["app", "policy_area", "metric", "period"]
    numbers = {
        "n_revisions": len(facts),
        "n_facts": len(facts.drop_duplicates(key)),
        "n_facts_again": (facts.groupby(key).size() > 1).sum(),
        "n_child_facts": len(facts[facts["is_child_related"]].drop_duplicates(key)),
        "n_in_clusters": facts["cluster"].notna().sum(),
        "n_within_1_percent": (facts["relative_change"].abs() <= 0.01).sum(),
        "n_by_half": (facts["relative_change"].abs() >= 0.5).sum(),
    }
    yield from counts(["revised_facts"], table, numbers)
    for _, row in facts[facts["is_child_related"] & facts["unit"].isin(UNITS)].iterrows():
        where = {name: row[name] for name in [*key, "to_release"]}
        for side in ("before", "after"):
            if pd.notna(row[f"value_{side}"]):
                yield ["revised", *where.values(), side], row[f"value_{side}"], row["unit"], table, where


def history_values(publisher: str, pairs: pd.DataFrame) -> Iterator[Entry]:
    """Yield sums over all pairs of a publisher's releases of what is no revision, and of facts about children."""
    columns = ["n_reprinted", "n_headers_changed", "n_child_comparable", "n_child_revised"]
    numbers = {name: pairs[name].sum() for name in columns}
    numbers["n_dropped"] = (pairs["n_vanished"] - pairs["n_vanished_snapshot"]).sum()
    yield from counts(["releases", publisher], f"{publisher}_revisions", numbers)


def cluster_values(clusters: pd.DataFrame) -> Iterator[Entry]:
    """Yield how many quarters were revised as a whole, and how many of these went back to older numbers."""
    is_return = clusters["n_returned"] == clusters["n_revised"]
    numbers = {
        "n": len(clusters),
        "n_scaled": clusters["is_scaled"].sum(),
        "n_returned": is_return.sum(),
        "n_periods": clusters["period"].nunique(),
        "n_returned_periods": clusters.loc[is_return, "period"].nunique(),
    }
    yield from counts(["clusters"], "meta_revision_clusters", numbers)


def label_values(labels: pd.DataFrame) -> Iterator[Entry]:
    """Yield how many labels each publisher changed, how many of these in letter case only, and for how many facts."""
    for publisher, rows in labels.groupby("publisher"):
        numbers = {"n": len(rows), "n_case_only": rows["is_case_only"].sum()}
        yield from counts(["labels", publisher], "label_changes", numbers)


def contradiction_values(found: pd.DataFrame) -> Iterator[Entry]:
    """Yield in how many places Discord's files contradict themselves, in how many files, and how."""
    numbers = {
        "n": len(found),
        "n_files": found["source"].nunique(),
        "n_corrected": found["is_corrected"].sum(),
        "n_cells": found["n_cells"].sum(),
    }
    yield from counts(["contradictions"], "discord_contradictions", numbers)
    yield from codes(["contradictions", "kind"], "discord_contradictions", found["contradiction"])


def verdict_values(verdicts: pd.DataFrame) -> Iterator[Entry]:
    """Yield how many organizations have which verdict of an audit."""
    for audit, rows in verdicts.groupby("audit"):
        yield from codes(["verdicts", audit], "verdicts", rows["verdict"])


def rounding_values(rounding: pd.DataFrame) -> Iterator[Entry]:
    """Yield how many organizations round, and how often the counts of those that show no sign of it end in zero."""
    whole = rounding[rounding["metric"] == "all"]
    exact = whole[whole["verdict"] == "no_sign"]
    yield from codes(["rounding", "verdict"], "rounding", whole["verdict"])
    numbers = {name: exact[name].sum() for name in ("n", "n_ends_in_0", "n_ends_in_00")}
    yield from counts(["rounding", "no_sign"], "rounding", numbers)


def correction_values(replication: pd.DataFrame) -> Iterator[Entry]:
    """Yield counts that the published analysis gives and this one corrects, both as they are."""
    for _, row in replication[replication["verdict"] == "corrected"].iterrows():
        for column in ("published", "corrected"):
            number = pd.to_numeric(row[column], errors="coerce")
            if pd.notna(number) and abs(number) != float("inf") and number == round(number):
                parts = ["published", *row["id"].split("."), column]
                yield parts, number, "count", "replication", {"id": row["id"]}


def replication_values(replication: pd.DataFrame) -> Iterator[Entry]:
    """Yield corrected counts, how many faults corrected values have, and how many values stand with a fault."""
    yield from correction_values(replication)
    is_corrected = replication["verdict"] == "corrected"
    stands_with_fault = (replication["verdict"] == "reproduced") & replication["fault"].notna()
    numbers = {
        "n_of_corrected": replication.loc[is_corrected, "fault"].nunique(),
        "n_reproduced_values": int(stands_with_fault.sum()),
    }
    yield from counts(["replication", "faults"], "replication", numbers)


def fault_values(replication: pd.DataFrame, faults: pd.DataFrame) -> Iterator[Entry]:
    """Yield how many of the faults have no value that is corrected."""
    corrected = replication.loc[replication["verdict"] == "corrected", "fault"]
    n_others = int((~faults["fault"].isin(corrected)).sum())
    yield from counts(["replication", "faults"], "faults", {"n_of_no_corrected": n_others})


def pair_values(pairs: pd.DataFrame) -> Iterator[Entry]:
    """Yield of pairs that can't be compared: of how many providers, and whether a part of the year is disclosed."""
    lacking = pairs[pairs["verdict"] == "no_own_reports"]
    incomplete = pairs[pairs["verdict"] == "own_year_incomplete"]
    is_part = incomplete["own_periods"].notna()
    yield from counts(["pairs", "no_own_reports"], "provider_pairs", {"n_providers": lacking["provider"].nunique()})
    numbers = {"n_with_part": int(is_part.sum()), "n_without": int((~is_part).sum())}
    yield from counts(["pairs", "own_year_incomplete"], "provider_pairs", numbers)


# what tables of the audits contribute beyond their rows
AUDITS: dict[str, Callable[[pd.DataFrame], Iterator[Entry]]] = {
    "meta_revisions": partial(history_values, "meta"),
    "tiktok_revisions": partial(history_values, "tiktok"),
    "meta_revised_facts": revised_fact_values,
    "meta_revision_clusters": cluster_values,
    "label_changes": label_values,
    "discord_contradictions": contradiction_values,
    "verdicts": verdict_values,
    "rounding": rounding_values,
    "replication": replication_values,
    "provider_pairs": pair_values,
}


def audit_entries(tables: Mapping[str, pd.DataFrame]) -> Iterator[Entry]:
    """Yield the entries of those tables of the audits that there are."""
    for name, yielded in AUDITS.items():
        if name in tables:
            yield from yielded(tables[name])
    if "replication" in tables and "faults" in tables:
        yield from fault_values(tables["replication"], tables["faults"])
