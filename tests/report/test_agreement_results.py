"""Results on agreement as built: their intervals hold as often as committed, and every place that prints one agrees."""

import csv
import os
import subprocess

DRAWS = 300


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_intervals_hold_in_a_small_simulation_from_the_built_pairs_as_often_as_committed(built, project):
    code = (
        'for (file in Sys.glob("workflow/R/*.R")) source(file); '
        'pairs <- read_table(Sys.getenv("PAIRS")); '
        f"write.csv(calibrate_agreement(pairs, {DRAWS}, 7), stdout(), row.names = FALSE)"
    )
    pairs = built / "results" / "tables" / "agreement_pairs.csv"
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", code],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"LC_ALL": "C.UTF-8", "PAIRS": str(pairs)},
    )
    key = ("interval_method", "errors")
    committed = {
        tuple(row[name] for name in key): float(row["held_share"])
        for row in rows_of(project / "data" / "calibration" / "interval_coverage.csv")
    }
    found = list(csv.DictReader(done.stdout.splitlines()))
    assert found
    for row in found:
        expected = committed[tuple(row[name] for name in key)]
        chance = 3.5 * (expected * (1 - expected) / DRAWS) ** 0.5
        assert abs(float(row["held_share"]) - expected) <= max(chance, 0.03), row


def test_the_chosen_specification_is_the_result_that_the_report_prints(built):
    tables = built / "results" / "tables"
    chosen = {
        row["parameter"]: float(row["estimate"])
        for row in rows_of(tables / "agreement_specifications.csv")
        if row["is_chosen"] == "true"
    }
    printed = {row["parameter"]: row["estimate"] for row in rows_of(tables / "agreement_models.csv")}
    (asked, *_) = rows_of(tables / "agreement_tests.csv")
    assert abs(chosen["typical_distance"] - float(printed["provider_typical"])) < 1e-9
    assert abs(chosen["positive_share"] - float(asked["estimate"])) < 1e-9


def test_no_interval_of_agreement_that_falls_short_is_printed_as_one_of_confidence(built, project):
    coverage = {
        row["interval_method"]: float(row["held_share"])
        for row in rows_of(project / "data" / "calibration" / "interval_coverage.csv")
        if row["errors"] == "as_observed"
    }
    tables = built / "results" / "tables"
    rows = [row for name in ("agreement_models", "agreement_tests") for row in rows_of(tables / f"{name}.csv")]
    promised = {row["interval_method"] for row in rows if row["interval_kind"] == "confidence"}
    assert promised
    assert {method for method in promised if coverage[method] < 0.93} == set()
