"""What several rules share: where files are, and what a rule depends on beside the tables that it names."""

import csv
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError

from countback.dependencies import code_files
from countback.io.errors import CountbackError, DataError
from countback.io.files import file_with, files_by_name, result_path
from countback.io.package import read_json, schema_file
from countback.versions import headline_uses

PACKAGE = Path("data/datapackage.json")


def table(name):
    """Return the paths of a tidy table: CSV for R and readers, Parquet for Python."""
    return {suffix: f"results/tables/{name}.{suffix}" for suffix in ("csv", "parquet")}


def package_tables():
    """Return the paths of all tables that the data package lists."""
    try:
        paths = [
            f"data/{resource['path']}" for resource in read_json(PACKAGE)["resources"]
        ]
        for path in paths:
            if not Path(path).is_file():
                raise DataError(
                    path, found="no file", expected="a table", fix="Restore the file."
                )
    except CountbackError as fault:
        raise WorkflowError(str(fault)) from None
    except (KeyError, TypeError) as error:
        fault = DataError(
            PACKAGE,
            found=repr(error),
            expected="a path for each resource",
            fix="Restore the file.",
        )
        raise WorkflowError(str(fault)) from None
    return paths


def table_places():
    """Return the paths of all tables by their names: that of a computed one, where one of `data/` has its name too."""
    package = read_json(PACKAGE)
    facts = {one["name"]: f"data/{one['path']}" for one in package["resources"]}
    return facts | {one["name"]: result_path(one) for one in package.get("results", [])}


def place_of(name):
    """Return the path of a table by its name."""
    places = table_places()
    if name not in places:
        fault = DataError(
            PACKAGE,
            column="name",
            found=f"no table {name}",
            expected="an entry for each table that a rule reads",
            fix="Restore the entry.",
        )
        raise WorkflowError(str(fault))
    return places[name]


def result_tables():
    """Return the paths of all tables that the workflow computes, as the data package lists them."""
    return [result_path(result) for result in read_json(PACKAGE).get("results", [])]


def sheet_tables():
    """Return the paths of the tables that have a sheet of the workbook."""
    package, places = read_json(PACKAGE), table_places()
    facts = {
        one["name"]: f"data/{one['path']}"
        for one in package["resources"]
        if "sheet" in one
    }
    computed = {
        one["name"]: places[one["name"]]
        for one in package.get("results", [])
        if "sheet" in one
    }
    return [*computed.values(), *facts.values()]


def disclosure_tables():
    """Return the paths of the organizations' own disclosures."""
    return [path for path in package_tables() if path.startswith("data/disclosures/")]


def raw_files(prefix):
    """Return an input function: the raw files of the parsed releases whose id begins with the prefix."""

    def files(wildcards):
        with open("data/releases.csv", encoding="utf-8", newline="") as table:
            wanted = {
                row["sha256"]: Path(row["file"]).name
                for row in csv.DictReader(table)
                if row["id"].startswith(prefix) and row["route"] == "parsed"
            }
        held = files_by_name(Path("data/raw"))
        return [
            str(file_with(sha256, held[name]) if name in held else f"data/raw/{name}")
            for sha256, name in wanted.items()
        ]

    return files


def makers():
    """Return the rules so far by the files that they make."""
    return {str(file): one for one in workflow.rules for file in one.output}


def can_be_made(path, made_by, known):
    """Tell whether a file is there or can be made: a project need not have every publisher's tables.

    What is found is noted in `known`: many files come from the same few.
    """
    name = str(path)
    if name not in known:
        known[name] = (
            all(
                callable(file) or can_be_made(file, made_by, known)
                for file in made_by[name].input
            )
            if name in made_by
            else Path(path).exists()
        )
    return known[name]


def within_reach(paths):
    """Return those files that the rules so far can make of the tables that this project has."""
    made_by, known = makers(), {}
    return [path for path in paths if can_be_made(path, made_by, known)]


def printed_ids(chapters):
    """Return the ids of the numbers that chapters print, and of headline numbers, each with its first place."""
    places = {}
    for chapter in chapters:
        for name, line in chapter.variables:
            places.setdefault(name, f"{chapter.path}, line {line}")
    for name, (file, line) in headline_uses():
        places.setdefault(name, f"{file}, line {line}")
    return places


def number_tables(places):
    """Return by their names the tables that hold the numbers, found by the first parts of ids."""
    made_by, known, found = makers(), table_places(), {}
    for name, place in sorted(places.items()):
        table = name.partition(".")[0]
        found[table] = known.get(table, "")
        if found[table] not in made_by and not Path(found[table]).is_file():
            near = ", ".join(get_close_matches(table, known, 3)) or "none is near"
            raise WorkflowError(
                f"{place}: found {name}, expected an id that begins with the name of a table ({near}). "
                "Correct the id, or write the rule that makes the table."
            )
    return found


@cache
def schema_place(file):
    """Return the path of a table's schema; None for the data of a figure, or for a source file."""
    try:
        schema = schema_file(file)
    except DataError:
        return None
    return str(schema.relative_to(Path.cwd())) if schema else None


def schemas_of(files):
    """Return the schemas of those files that are tables of the data package."""
    tables = [
        str(file)
        for file in files
        if not callable(file) and Path(file).suffix in (".csv", ".parquet")
    ]
    return sorted({schema_place(file) for file in tables} - {None})


def chapter_files(chapters):
    """Return what the chapters read and show; a file that nothing makes is a fault.

    Where a figure is made as PNG too, that is among them: pages offer it.
    """
    made_by = makers()
    for chapter in chapters:
        for file in [*chapter.inputs, *chapter.shown]:
            is_generated = file.startswith(("results/", "figures/", "exports/"))
            if file not in made_by and (is_generated or not Path(file).exists()):
                raise WorkflowError(
                    f"{chapter.path}: found {file}, expected a file of the project or one that a rule makes. "
                    "Correct the path, or write the rule."
                )
    files = {file for chapter in chapters for file in [*chapter.inputs, *chapter.shown]}
    dots = {file.replace(".svg", ".png") for file in files if file.endswith(".svg")}
    narrow = {file.replace("figures/", "figures/narrow/", 1) for file in files}
    return sorted(files | ((dots | narrow) & set(made_by)))


def lineage():
    """Return for each computed table its rule, and the tables and histories that the rule reads, each once."""
    known = {*package_tables(), *result_tables()}
    stems = {str(path).rpartition(".")[0]: str(path) for path in known}
    found = {}
    for one in workflow.rules:
        read = [
            stems.get(str(file).rpartition(".")[0])
            for file in one.input
            if not callable(file)
        ]
        for file in one.output:
            path = stems.get(str(file).rpartition(".")[0])
            if path and str(path).startswith("results/"):
                inputs = dict.fromkeys(
                    one_read for one_read in read if one_read and one_read != path
                )
                found[path] = {"rule": one.name, "inputs": list(inputs)}
    return dict(sorted(found.items()))


def add_dependencies(one):
    """Add to a rule's inputs its script, the code that this uses, and the schemas of the tables that it names.

    R scripts get the files of functions to source apart from the rest.
    """
    if not one.script:
        return
    script = (Path("workflow/rules") / one.script).resolve().relative_to(Path.cwd())
    code = code_files([script], Path("."))
    functions = [file for file in code if file.endswith(".R")]
    one.set_input(
        script=str(script),
        schemas=schemas_of([*one.input, *one.output]),
        **({"functions": functions} if functions else {}),
        code=[file for file in code if not file.endswith(".R")],
    )
