"""A fault in the data stops the build before anything is computed from it, and says where it is and what to do."""

import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from builds import PROJECT, copy_project, results, snakemake

from countback.checks.validation import validate_data
from countback.io.errors import DataError, DataErrors
from scripts.mutations.outcome import Remembered


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def plant(data: Path) -> None:
        text = (data / name).read_text()
        assert old in text, f"{name} does not hold {old!r}: the test plants nothing"
        (data / name).write_text(text.replace(old, new, 1))

    return plant


def append(name: str, row: str) -> Callable[[Path], None]:
    def plant(data: Path) -> None:
        with (data / name).open("a") as file:
            file.write(row + "\n")

    return plant


def truncate(name: str, size: int) -> Callable[[Path], None]:
    def plant(data: Path) -> None:
        (data / name).write_bytes((data / name).read_bytes()[:size])

    return plant


def drop_last_rows(name: str, number: int) -> Callable[[Path], None]:
    def plant(data: Path) -> None:
        lines = (data / name).read_text().splitlines(keepends=True)
        (data / name).write_text("".join(lines[:-number]))

    return plant


def disclosures_of_nobody(data: Path) -> None:
    shutil.copy(data / AMAZON, data / "disclosures" / "nobody.csv")
    package = json.loads((data / "datapackage.json").read_text())
    entry = next(entry for entry in package["resources"] if entry["path"] == AMAZON)
    package["resources"].append(entry | {"name": "disclosures_nobody", "path": "disclosures/nobody.csv"})
    (data / "datapackage.json").write_text(json.dumps(package))


def rows(name: str) -> int:
    """Return how many rows a table has as committed."""
    return len((PROJECT / "data" / name).read_text().splitlines()) - 1


AMAZON, REDDIT = "disclosures/amazon.csv", "disclosures/reddit.csv"
REPORTS, ESP = "cybertipline/reports.csv", "cybertipline/esp_reports.csv"

FAULTS = {
    "a number with separators": (
        replace(AMAZON, "reports,,2023,31281,", 'reports,,2023,"31,281",'),
        ["data/disclosures/amazon.csv", "row ", "column value", "31,281", "no separators"],
    ),
    "a letter in a number": (
        replace(REPORTS, ",all,36210368,", ",all,3621O368,"),
        [REPORTS, "column reports", "3621O368"],
    ),
    "a missing column": (
        replace(AMAZON, "metric,component,period,", "metric,period,"),
        [AMAZON, "component", "Restore the column"],
    ),
    "an unknown column": (
        replace("organizations/metrics.csv", "metric,title,", "metric,heading,"),
        ["organizations/metrics.csv", "heading"],
    ),
    "a duplicate key": (
        append(REPORTS, '2023,all,36210368,"36,210,368",ncmec-ojjdp-2023,,,,primary,,'),
        [REPORTS, f"row {rows(REPORTS) + 2}", "one row per key"],
    ),
    "an unknown organization": (
        append("organizations/comparisons.csv", "nobody,,nobody,,,No such organization."),
        ["organizations/comparisons.csv", "nobody", "table referred to"],
    ),
    "a file of an unknown organization": (
        disclosures_of_nobody,
        ["disclosures/nobody.csv", "an organization of", "Rename the file"],
    ),
    "a missing file": (lambda data: (data / AMAZON).unlink(), [AMAZON, "no file", "Restore the file"]),
    "an unknown period": (replace(AMAZON, "reports,,2023,", "reports,,2023 H3,"), [AMAZON, "column period", "2023 H3"]),
    "an overlapping period": (
        append(AMAZON, "reports,,2023 H2,12000,count,,,false,,secondary,amazon-2023,,"),
        [AMAZON, f"row {rows(AMAZON) + 2}", "column period", "2023 H2", "does not overlap 2023", "redundant"],
    ),
    "submitters that don't add up": (
        replace(REPORTS, ",public,265542,", ",public,265543,"),
        [REPORTS, "column reports"],
    ),
    "rows that don't add up to the printed total": (
        replace(ESP, ",Discord Inc.,2,,19480,", ",Discord Inc.,2,,19481,"),
        [ESP, "column reports", "printed in row"],
    ),
    "an unknown source": (
        replace(AMAZON, "amazon-2023", "amazon-2032"),
        [AMAZON, "amazon-2032", "releases"],
    ),
    "an unknown metric": (replace(AMAZON, "reports,,2023,", "reprots,,2023,"), [AMAZON, "reprots"]),
    "an empty file": (truncate(AMAZON, 0), [AMAZON, "an empty file", "Restore the file"]),
    "a file without rows": (
        drop_last_rows("disclosures/github.csv", 8),
        ["disclosures/github.csv", "0 rows", "8 rows or more", "truncated"],
    ),
    "a truncated file": (truncate(ESP, 30_000), [ESP, "no line end", "truncated"]),
    "a file cut off at the end of a line": (
        drop_last_rows(REDDIT, 10),
        [REDDIT, f"{rows(REDDIT) - 10} rows", f"{rows(REDDIT)} rows or more", "truncated"],
    ),
    "a new spelling of a provider": (
        replace(ESP, ",Discord,2,", ",Discord Incorporated,2,"),
        [ESP, "Discord Incorporated", "esp_brands.csv", "Add the row Discord Incorporated,"],
    ),
    "a total beside its components": (
        append(AMAZON, "pieces,,2022,1000000,count,,,false,,secondary,amazon-2022,,"),
        [AMAZON, f"row {rows(AMAZON) + 2}", "beside its components", "redundant"],
    ),
    "a correction with an unknown warning": (
        append(
            "corrections.yml",
            "- {table: disclosures/amazon, key: {metric: reports, period: '2023'}, column: value, expect: 31281,\n"
            "   value: 1, reason: A fault that was made up., source: amazon-2023, warnings: [made-up]}",
        ),
        ["corrections.yml", "entry ", "made-up"],
    ),
    "a correction whose fault is gone": (
        replace("reference/family_active_people.csv", "2022 Q1,daily,2.76,", "2022 Q1,daily,2.87,"),
        ["corrections.yml", "entry ", "2.76", "no longer has the fault"],
    ),
    "a boolean that R and Python read differently": (
        replace(AMAZON, "2021,2451,count,,,false,", "2021,2451,count,,,FALSE,"),
        [AMAZON, "row 2, column is_redundant", "FALSE", "true or false"],
    ),
    "a value beside another printed form": (
        replace("disclosures/facebook.csv", ',1000,count,"1,000"', ',0,count,"1,000"'),
        ["disclosures/facebook.csv, row 2, column value", "found 0.0, expected 1,000, as printed"],
    ),
    "a year of another century": (replace(REPORTS, "2023,all,", "2203,all,"), [REPORTS, "column year", "2203"]),
    "half of a composite reference": (
        replace("cybertipline/report_remarks.csv", "1998,all,", "1997,all,"),
        ["report_remarks.csv, row 2, column year, submitter", "1997, all", "cybertipline_reports"],
    ),
    "another encoding": (
        lambda data: (data / AMAZON).write_bytes((data / AMAZON).read_bytes().replace(b"count", b"c\xf6unt", 1)),
        [AMAZON, "row 2", "0xf6", "expected UTF-8"],
    ),
    "a schema cut in half": (truncate("schemas/disclosures.json", 300), ["schemas/disclosures.json", "a JSON file"]),
    "checksums of another shape": (
        lambda data: (data / "checksums.json").write_text('{"releases.csv": 5}'),
        ["data/checksums.json, releases.csv"],
    ),
    "a path that leaves the data": (
        replace("datapackage.json", '"path": "releases.csv"', '"path": "../../../../../etc/passwd"'),
        ["data/datapackage.json, resource releases, column path", "a path inside data/"],
    ),
    "no corrections, where there were some": (truncate("corrections.yml", 0), ["corrections.yml", "[] for none"]),
    "corrections in another encoding": (
        lambda data: (data / "corrections.yml").write_bytes(b"\xff\xfe"),
        ["corrections.yml", "a list of corrections"],
    ),
    "corrections that unfold without end": (
        lambda data: (data / "corrections.yml").write_text(
            "- &a [x]\n" + "".join(f"- &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghijkl"))
        ),
        ["corrections.yml", "found an alias", "line 2"],
    ),
    "a table that is not described": (
        lambda data: (data / "cybertipline" / "more.csv").write_text("a\n1\n"),
        ["cybertipline/more.csv", "Describe the table"],
    ),
}

# found before the gate: the workflow asks the package which tables there are
NO_JSON = (
    truncate("datapackage.json", 1000),
    ["data/datapackage.json", "expected a JSON file", "Restore"],
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return copy_project(tmp_path_factory.mktemp("bad input"))


@pytest.fixture(scope="module")
def load():
    """Return what reads a table again only when it, or its schema, is another: each fault changes one of seventy."""
    return Remembered()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_gate_finds_a_fault_and_says_where_it_is_and_what_to_do(tmp_path, load, fault):
    plant, expected = FAULTS[fault]
    data = tmp_path / "data"
    shutil.copytree(PROJECT / "data", data, ignore=shutil.ignore_patterns("raw"))
    plant(data)
    with pytest.raises((DataError, DataErrors)) as found:
        validate_data(data, load)
    for words in expected:
        assert words in str(found.value), f"{words!r} is not in:\n{found.value}"


def plant_in_two_tables(data: Path) -> None:
    replace(AMAZON, "reports,,2023,31281,", "reports,,2023,many,")(data)
    replace(REPORTS, ",all,4560,", ",all,few,")(data)


@pytest.mark.parametrize(
    ("plant", "expected"),
    [
        (plant_in_two_tables, ["many", "few"]),
        NO_JSON,
        FAULTS["a correction whose fault is gone"],
    ],
    ids=["two tables", "the package", "across tables"],
)
def test_a_fault_stops_the_build_before_any_result(checkout, plant, expected):
    data, sound = checkout / "data", checkout.parent / "sound data"
    shutil.copytree(data, sound)
    try:
        plant(data)
        run = snakemake(checkout, "results/tables/survey.csv")
        assert run.status != 0, run.output
        for words in expected:
            assert words in run.output, f"{words!r} is not in:\n{run.output}"
        assert "Traceback" not in run.output
        assert results(checkout) == []
    finally:
        shutil.rmtree(data)
        sound.rename(data)
