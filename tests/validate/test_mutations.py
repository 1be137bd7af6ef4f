"""Mutations of the data: seeded, of one thing each, and all of them refused, harmless, or counted as unprotected."""

import random
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from builds import copy_project
from tiny import make_tiny

from countback.io.environment import PROJECT
from scripts.mutations import outcome
from scripts.mutations.mutations import FILES, NUMBERS, TEXTS, Mutation, mutations
from scripts.mutations.outcome import FAILED, HARMLESS, REFUSED, UNPROTECTED, Gate
from scripts.mutations.run import as_table, summary, try_gate

ACME = "disclosures/acme.csv"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of the made-up project."""
    return make_tiny(copy_project(tmp_path_factory.mktemp("mutated"))) / "data"


@pytest.fixture(scope="module")
def gate(data: Path) -> Gate:
    """Return the gate before a copy of these data."""
    return Gate(Path(shutil.copytree(data, data.parent / "copied")))


def changed(gate: Gate, old: str, new: str, file: str = ACME, row: int | None = 2) -> Mutation:
    """Return a mutation that replaces some text of a file."""
    content = (gate.data / file).read_bytes()
    assert old.encode() in content
    return Mutation(file, "by hand", "value", row, content.replace(old.encode(), new.encode(), 1))


def test_no_mutation_of_the_made_up_data_is_anything_but_refused_harmless_or_counted(data: Path) -> None:
    found = try_gate(data, number=60, seed=11)
    counts = Counter(one.outcome for one in found)
    assert [one for one in found if one.outcome == FAILED] == []
    assert counts[REFUSED] > counts[UNPROTECTED]
    assert len({one.mutation.kind for one in found}) > 20


def test_mutations_of_the_real_data_too() -> None:
    found = try_gate(PROJECT / "data", number=8, seed=12)
    assert [(one.mutation, one.said) for one in found if one.outcome == FAILED] == []


def test_no_cell_that_names_a_column_which_is_not_there_is_a_fault_of_the_checks(tmp_path: Path) -> None:
    gate = Gate(Path(shutil.copytree(PROJECT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("raw"))))
    columns = [
        (file, field["name"])
        for file, schema in gate.schemas.items()
        for field in schema["fields"]
        if field["name"].endswith("column") and file.endswith(".csv") and "enum" not in field.get("constraints", {})
    ]
    assert len(columns) > 5
    for file, column in columns:
        rows = pd.read_csv(gate.data / file, dtype=str, keep_default_na=False)
        rows.loc[0, column] = "not_there"
        content = rows.to_csv(index=False).encode()
        (gate.data / file).write_bytes(content)
    found = gate.judge(Mutation(file, "by hand", column, 2, content))
    assert found.outcome == REFUSED, found.said
    assert "child_policies.csv, row 2, column column: found 'not_there'" in found.said


def test_the_same_seed_gives_the_same_mutations_and_each_changes_its_file(data: Path) -> None:
    one, again, other = (list(mutations(data, [ACME], 60, seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    assert all(mutation.content != (data / ACME).read_bytes() for mutation in one)


def test_a_wrong_number_is_refused_another_spelling_is_harmless_and_what_nothing_forbids_is_counted(gate: Gate) -> None:
    cells = (gate.data / ACME).read_text().splitlines()[1].split(",")
    value = next(cell for cell in cells if cell.isdigit() and len(cell) > 4)
    refused = gate.judge(changed(gate, f",{value},", ",many,"))
    assert refused.outcome == REFUSED
    assert "data/disclosures/acme.csv, row 2, column value: found 'many'" in refused.said
    assert gate.judge(changed(gate, cells[0], f'"{cells[0]}"')).outcome == HARMLESS
    unprotected = gate.judge(
        changed(gate, "Reports made.", "Made.", "organizations/metrics.csv")._replace(column="title")
    )
    assert (unprotected.outcome, unprotected.said) == (UNPROTECTED, "a second reader: it is prose")
    assert (gate.data / ACME).read_text().splitlines()[1].split(",") == cells


def test_an_error_that_is_not_for_users_or_that_takes_too_long_is_a_failure(gate: Gate, monkeypatch) -> None:
    harmless = changed(gate, "metric", '"metric"')
    monkeypatch.setattr(outcome, "SLOW", -1.0)
    assert gate.judge(harmless).outcome == FAILED
    monkeypatch.setattr(outcome, "SLOW", 60.0)
    monkeypatch.setattr(outcome, "load_table", lambda *_: 1 / 0)
    found = gate.judge(harmless)
    assert (found.outcome, found.said) == (FAILED, "ZeroDivisionError: division by zero")
    assert "FAILED disclosures/acme.csv, by hand" in summary([found])
    assert as_table([found])["outcome"].tolist() == [FAILED]


@pytest.mark.parametrize("kind", sorted(NUMBERS))
def test_each_kind_changes_a_number(kind: str) -> None:
    assert NUMBERS[kind]("1204", random.Random(1)) != "1204"


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_each_kind_changes_a_text(kind: str) -> None:
    assert TEXTS[kind]("Acme", random.Random(1)) != "Acme"


@pytest.mark.parametrize("kind", sorted(FILES))
def test_each_kind_changes_a_file(kind: str) -> None:
    assert FILES[kind](b"a,b\n1,2\n", random.Random(3)) != b"a,b\n1,2\n"
