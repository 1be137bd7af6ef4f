"""What the gate makes of a mutation: refused with its place and what to do, harmless, or a value that nothing protects.

- A mutation is harmless if every table reads as before: it changed how something is written, not what it says.
- What passes and reads otherwise is unprotected: no sum, printed form, reference or list of values forbids it. Only the
  checksums, and for parsed tables `ingest`, still tell that the file is not the one that was published.
- Anything else is a failure of the gate: another error than one for users, one without a place, or one too slow.
"""

import json
import time
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from countback.checks.schemas import load_table
from countback.checks.validation import validate_data
from countback.io.errors import DataError, DataErrors
from countback.io.files import atomic_write
from countback.io.package import load_package, schema_in
from scripts.mutations.mutations import Mutation

SLOW = 60.0  # seconds of CPU that no answer may take
REFUSED, HARMLESS, UNPROTECTED, FAILED = "refused", "harmless", "unprotected", "failed"


class Outcome(NamedTuple):
    """What became of a mutation, and what was said of it."""

    mutation: Mutation
    outcome: str
    said: str


class Remembered:
    """Reads a table again only when it, or its schema, is another."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, bytes | None], tuple[pd.DataFrame, list[DataError]]] = {}

    def __call__(self, file: Path, schema: dict[str, Any], name: str) -> tuple[pd.DataFrame, list[DataError]]:
        """Return what `load_table` returns."""
        place = (name, json.dumps(schema), file.read_bytes() if file.is_file() else None)
        if place not in self._known:
            self._known[place] = load_table(file, schema, name)
        return self._known[place]

    def of(self, name: str) -> pd.DataFrame | None:
        """Return a table as it was first read, if it was."""
        return next((frame for (known, _, _), (frame, _) in self._known.items() if known == name), None)


class Gate:
    """The gate before a copy of a data folder, in which one file after another is mutated and restored.

    Parameters
    ----------
    data
        The copy, which is sound.
    """

    def __init__(self, data: Path) -> None:
        self.data, self.load = data, Remembered()
        resources = load_package(data / "datapackage.json")["resources"]
        self.schemas = {one["path"]: schema_in(one, data) for one in resources}
        validate_data(data, self.load)

    def judge(self, mutation: Mutation) -> Outcome:
        """Return what the gate makes of a mutation; the file is restored, whatever happens."""
        path = self.data / mutation.file
        before, start = path.read_bytes(), time.process_time()
        try:
            atomic_write(path, mutation.content)
            outcome, said = self._judged(mutation)
        except Exception as error:  # what this looks for: an error that is not for users
            outcome, said = FAILED, f"{type(error).__name__}: {error}"
        finally:
            atomic_write(path, before)
        seconds = time.process_time() - start
        if seconds > SLOW:
            outcome, said = FAILED, f"{seconds:.0f} seconds of CPU. {said}"
        return Outcome(mutation, outcome, said)

    def _judged(self, mutation: Mutation) -> tuple[str, str]:
        file, path = f"data/{mutation.file}", self.data / mutation.file
        schema = self.schemas[mutation.file]
        try:
            frame, found = load_table(path, schema, file)  # not remembered: no second mutation is like it
            if found:
                raise DataErrors(found)
            if frame.equals(self._before(mutation, schema, file)):
                return HARMLESS, ""
            validate_data(self.data, self._with(file, frame))
        except (DataError, DataErrors) as error:
            return told(mutation, error)
        return UNPROTECTED, protection(mutation, schema, frame)

    def _before(self, mutation: Mutation, schema: dict[str, Any], file: str) -> pd.DataFrame:
        known = self.load.of(file)
        return load_table(self.data / mutation.file, schema, file)[0] if known is None else known

    def _with(self, file: str, frame: pd.DataFrame) -> Any:
        return lambda path, schema, name: (frame, []) if name == file else self.load(path, schema, name)


def told(mutation: Mutation, error: DataError | DataErrors) -> tuple[str, str]:
    """Return that a mutation was refused, or that the refusal lacks its place or what to do."""
    faults = error.errors if isinstance(error, DataErrors) else [error]
    said = str(error)
    if not all(fault.file and fault.fix for fault in faults):
        return FAILED, f"no place or nothing to do: {said}"
    is_here = [fault for fault in faults if fault.file == f"data/{mutation.file}"]
    is_at_row = mutation.row is None or not is_here or any(fault.row is not None for fault in is_here)
    return (REFUSED, said) if is_at_row else (FAILED, f"no row: {said}")


def protection(mutation: Mutation, schema: dict[str, Any], frame: pd.DataFrame) -> str:
    """Return what would protect the value that a mutation changed, by what its schema says of the column."""
    names = {field["name"] for field in schema["fields"]}
    field = next((field for field in schema["fields"] if field["name"] == mutation.column), None)
    if field is None:
        return "a checksum: another row is as good as the one that was there"
    if field["name"].endswith("_printed"):
        return "a second source: the printed form itself was changed"
    printed = f"{field['name']}_printed"
    if printed in names and mutation.row is not None and pd.notna(frame[printed].iloc[mutation.row - 2]):
        return "more digits in the printed form"
    if field["type"] in ("integer", "number"):
        return "a printed form in its row, a sum, or a second source"
    if field["name"] in ("note", "place", "title", "description", "basis"):
        return "a second reader: it is prose"
    if field["type"] in ("year", "date"):
        return "the period of its source"
    return "a list of values, a reference to another table, or a second source"
