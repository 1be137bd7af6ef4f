"""Every pair of ends, of every table, says what it is the ends of."""

import json
import re
import subprocess

import pandas as pd
import pytest

from countback.checks.descriptor import INTERVAL_KINDS, TABLE_SCHEMA, shape_faults

ENDS = re.compile(r"(^|_)(low|high)(_|$)|^(lowest|highest)_")


def schemas(project):
    return {
        file.relative_to(project).as_posix(): json.loads(file.read_text())["fields"]
        for file in sorted((project / "data" / "schemas").rglob("*.json"))
    }


def test_every_end_has_a_kind_by_its_row_or_by_its_column(project):
    silent = [
        f"{file}, {field['name']}"
        for file, fields in schemas(project).items()
        for field in fields
        if ENDS.search(field["name"])
        and "interval_kind" not in field
        and "interval_kind" not in {other["name"] for other in fields}
    ]
    assert silent == []


def test_no_kind_is_said_twice_and_both_ends_of_a_pair_are_of_one(project):
    for file, fields in schemas(project).items():
        kinds = {field["name"]: field["interval_kind"] for field in fields if "interval_kind" in field}
        # the column is about the ends low and high; other pairs of a table have their own
        assert not {"low", "high"} & set(kinds) or "interval_kind" not in {field["name"] for field in fields}, file
        for name, kind in kinds.items():
            assert ENDS.search(name), f"{file}, {name}"
            other = re.sub("low|high", lambda end: {"low": "high", "high": "low"}[end[0]], name, count=1)
            assert kinds[other] == kind, f"{file}, {name}"


def test_columns_and_rows_use_the_same_words_for_kinds(project):
    for file, fields in schemas(project).items():
        for field in fields:
            if field["name"] == "interval_kind":
                assert tuple(field["constraints"]["enum"]) == INTERVAL_KINDS, file
    code = 'source("workflow/R/results.R"); cat(interval_kinds)'
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], cwd=project, capture_output=True, text=True, check=True)
    assert tuple(done.stdout.split()) == INTERVAL_KINDS


def test_the_method_of_a_column_is_one_of_those_described(project):
    described = set(pd.read_csv(project / "data" / "calibration" / "interval_methods.csv")["interval_method"])
    named = {
        field["interval_method"]
        for fields in schemas(project).values()
        for field in fields
        if "interval_method" in field
    }
    assert named
    assert named <= described


@pytest.mark.parametrize(("kind", "n_faults"), [("rounding", 0), ("interval", 1)])
def test_the_gate_refuses_a_kind_that_it_does_not_know(kind, n_faults):
    schema = {"fields": [{"name": "share_low", "type": "number", "interval_kind": kind}]}
    assert len(list(shape_faults(schema, TABLE_SCHEMA, "schema.json"))) == n_faults
