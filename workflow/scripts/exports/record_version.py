"""Record the version that is published in `data/versions/`, so that the next one can say what changed.

- Headline numbers are those of the last build, sizes those of `data/checksums.json`.
- With `--from`, also what was corrected since that commit: numbers that differ in rows that both versions have, and
  overrides of `data/corrections.yml` that are new.
- Rows that a version already has in these tables are replaced.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from countback.io.documents import parse_yaml
from countback.io.errors import CountbackError, DataError
from countback.io.package import load_package, read_json
from countback.io.tables import read_table, write_table
from countback.versions import HEADLINES
from scripts.validate.data_diff import changed_files, content_before, diff_file, primary_keys

FOLDER = Path("data/versions")
VALUES = Path("results/values.json")
CORRECTIONS, PACKAGE = "data/corrections.yml", "data/datapackage.json"


def headline_values(version: str, headlines: pd.DataFrame, values: dict[str, dict[str, object]]) -> pd.DataFrame:
    """Return the headline numbers of a version, those that the build has."""
    rows = [
        (version, row.headline, float(str(one["value"])), one["unit"], one["text"])
        for row in headlines.itertuples()
        if (one := values.get(row.id)) is not None
    ]
    return pd.DataFrame(rows, columns=["version", "headline", "value", "unit", "shown"])


def table_sizes(version: str, package: dict[str, object], checksums: dict[str, dict[str, object]]) -> pd.DataFrame:
    """Return rows and hash of each table of a version."""
    rows = [
        (version, one["name"], held["rows"], str(held["hash"]).removeprefix("sha256:"))
        for one in package["resources"]  # type: ignore[attr-defined]
        if (held := checksums.get(one["path"])) is not None
    ]
    return pd.DataFrame(rows, columns=["version", "table_name", "row_count", "hash"])


def changed_values(version: str, project: Path, commit: str) -> pd.DataFrame:
    """Return the numbers that changed since a commit in rows that both have, and the overrides that are new."""
    found = [*_changed_numbers(project, commit), *_new_corrections(project, commit)]
    rows = [(version, *row) for row in found]
    return pd.DataFrame(rows, columns=["version", "table_name", "row", "column", "number_before", "number_now"])


def _changed_numbers(project: Path, commit: str) -> Iterator[tuple[str, str, str, str, str]]:
    keys = primary_keys(project)
    described = {f"data/{one['path']}": one for one in load_package(project / PACKAGE)["resources"]}
    overrides = _corrections_before(project, commit)
    for name in changed_files(project, commit):
        if name not in described or name.startswith(f"{FOLDER}/"):
            continue
        fields = {field["name"]: field["type"] for field in described[name]["schema"]["fields"]}
        for change in diff_file(project, commit, name, keys.get(name, [])).changed:
            row = ", ".join(f"{column} {cell}" for column, cell in change.key.items() if cell)
            for column, before, now in change.cells:
                is_number = fields.get(column) in ("integer", "number") and column not in ("position", "page")
                if is_number and not _was_overridden(name, change.key, column, now, overrides):
                    yield described[name]["name"], row, column, before, now


def _corrections_before(project: Path, commit: str) -> list[dict[str, Any]]:
    return list(parse_yaml((content_before(project, commit, CORRECTIONS) or b"[]").decode()))


def _was_overridden(file: str, key: dict[str, str], column: str, now: str, overrides: list[dict[str, Any]]) -> bool:
    """Tell whether the version before gave a number already, by an override of its table."""
    table = file.removeprefix("data/").rpartition(".")[0]
    return any(
        entry["table"] == table
        and entry["column"] == column
        and str(entry["value"]) == now
        and all(key.get(name, "") == ("" if cell is None else str(cell)) for name, cell in entry["key"].items())
        for entry in overrides
    )


def _new_corrections(project: Path, commit: str) -> Iterator[tuple[str, str, str, str, str]]:
    earlier = _corrections_before(project, commit)
    names = {one["path"].rpartition(".")[0]: one["name"] for one in read_json(project / PACKAGE)["resources"]}
    file = project / CORRECTIONS
    for entry in parse_yaml(file.read_text(encoding="utf-8")) if file.is_file() else []:
        if entry not in earlier:
            row = ", ".join(f"{column} {cell}" for column, cell in entry["key"].items() if cell is not None)
            yield names[entry["table"]], row, entry["column"], str(entry["expect"]), str(entry["value"])


def replace_version(file: Path, rows: pd.DataFrame, version: str) -> None:
    """Write a record with the rows of a version in place of those that it had."""
    kept = read_table(file) if file.is_file() else rows.iloc[:0]
    write_table(pd.concat([kept[kept["version"] != version], rows], ignore_index=True), file)


def main(arguments: Sequence[str]) -> int:
    """Record the current version; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--from", dest="commit", help="commit of the version before, to list what was corrected")
    wanted, project = parser.parse_args(arguments), Path()
    try:
        if not VALUES.is_file():
            raise DataError(VALUES, found="no such file", expected="the numbers of a build", fix="Run make report.")
        package = read_json(project / PACKAGE)
        version, values = package["version"], json.loads(VALUES.read_text(encoding="utf-8"))
        headlines, checksums = read_table(HEADLINES), read_json(project / "data/checksums.json")
        replace_version(FOLDER / "headline_values.csv", headline_values(version, headlines, values), version)
        replace_version(FOLDER / "table_sizes.csv", table_sizes(version, package, checksums), version)
        if wanted.commit:
            changed = changed_values(version, project, wanted.commit)
            replace_version(FOLDER / "changed_values.csv", changed, version)
    except CountbackError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Recorded version {version} in {FOLDER}/. Run make checksums.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
