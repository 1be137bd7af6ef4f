"""What the report's last chapters list: faults, tables, sources, versions and checksums, as text and as tables.

- Lists are Markdown in which text from data is escaped, so that both renderers set it as it is.
- Nothing here tells one machine's folders or one build's time from another's.
"""

import hashlib
import json
import math
import platform
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from countback.io.files import result_path
from countback.text.codebook import describe_fields, describe_key
from countback.text.display import MISSING
from countback.text.units import format_number
from countback.text.words import escape, prose

WITHHELD, STANDS = "cannot be computed", "as published"
VALUES = ["published", "reproduced", "corrected"]
NO_TERMS = "none stated"
Package = Mapping[str, Any]
# a dependency and why it is one, as pyproject.toml and envs/apt.txt write it
REQUIREMENT = re.compile(r'^\s*"(?P<name>[\w.-]+)[^"]*",\s*# (?P<purpose>.+)$', re.MULTILINE)
R_PACKAGE = re.compile(r"^r-cran-(?P<name>[\w.-]+)\s+# (?P<purpose>.+)$", re.MULTILINE)


def printed_value(value: str, unit: str) -> str:
    """Return a value of the replication as readers see it.

    Examples
    --------
    >>> printed_value("1909740", "count"), printed_value("8.24", "percent"), printed_value("Infinity", "ratio")
    ('1,909,740', '8.2%', '∞')
    """
    number = float(value)
    return format_number(number, unit) if math.isfinite(number) else "∞"


def printed_headlines(headlines: pd.DataFrame) -> pd.DataFrame:
    """Return the values that stand for faults as text; where no corrected one is given, whether it is right or lost."""

    def text(row: pd.Series, column: str) -> str:
        if pd.notna(row[column]):
            return printed_value(row[column], row["unit"])
        if column != "corrected":
            return MISSING
        return WITHHELD if row["verdict"] == "corrected" else STANDS

    texts = {column: [text(row, column) for _, row in headlines.iterrows()] for column in VALUES}
    return headlines.assign(**texts)


def fault_list(faults: pd.DataFrame) -> str:
    """Return the faults as a definition list: what was done, what is right, what follows."""

    def entry(row: pd.Series) -> str:
        title, done, right, change = (prose(row[name]) for name in ("title", "done", "right", "consequence"))
        return "\n".join([title, f": {done}", f": *Right:* {right}", f": *What changes:* {change}"])

    return "\n\n".join(entry(row) for _, row in faults.sort_values("rank_in_list").iterrows()) + "\n"


def method_list(methods: pd.DataFrame, coverage: pd.DataFrame) -> str:
    """Return the methods as a definition list: question, unit, model, interval and its coverage, what would change it.

    Parameters
    ----------
    methods
        `data/reference/methods.csv`; `interval_methods` names ids, separated by a bar.
    coverage
        `data/calibration/interval_coverage.csv`.
    """
    observed = coverage[coverage["errors"] == "as_observed"].set_index("interval_method")["held_share"]

    def held(ids: Any) -> str:
        if pd.isna(ids):
            return ""
        held_shares = sorted({float(observed[one]) for one in str(ids).split("|")})
        shares = [format_number(share, "share") for share in held_shares]
        said = f"{shares[0]} to {shares[-1]}, by the interval" if len(shares) > 1 else shares[0]
        return f" *Coverage* by simulation, with errors as observed: {said}."

    def entry(row: pd.Series) -> str:
        said = {name: prose(row[name]) for name in ("title", "question", "unit_of_analysis", "model", "interval")}
        return "\n".join(
            [
                said["title"],
                f": *Question:* {said['question']}",
                f": *Unit:* {said['unit_of_analysis']}",
                f": *Model:* {said['model']}",
                f": *Interval:* {said['interval']}{held(row['interval_methods'])}",
                f": *What would change the conclusion:* {prose(row['what_would_change'])}",
            ]
        )

    return "\n\n".join(entry(row) for _, row in methods.iterrows()) + "\n"


def table_listing(package: Package, checksums: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return every table with its place, what it holds, and its rows where `data/checksums.json` states them.

    Titles are Markdown that leads to the table's columns, as `column_list` writes them.
    """
    listed = [
        (
            "Facts" if place.startswith("data/") else "Computed",
            f"[{prose(one['title'])}](#{anchor(place)})",
            place,
            checksums.get(place.removeprefix("data/"), {}).get("rows"),
            one["description"],
        )
        for place, one in places(package).items()
    ]
    return pd.DataFrame(listed, columns=["kind", "title", "place", "rows", "description"]).astype({"rows": "Int64"})


def places(package: Package) -> dict[str, dict[str, Any]]:
    """Return the tables by the place of their file."""
    found = {f"data/{one['path']}": one for one in package["resources"]}
    return found | {result_path(one): one for one in package.get("results", [])}


def anchor(place: str) -> str:
    """Return the identifier of the description of a table's columns.

    Examples
    --------
    >>> anchor("data/cybertipline/esp_reports.csv")
    'columns-data-cybertipline-esp-reports'
    """
    return "-".join(["columns", *re.findall(r"[a-z\d]+", str(Path(place).with_suffix("")).lower())])


def column_list(package: Package, *folders: str) -> str:
    """Return the columns of every table in some folders as Markdown, tables with the same columns together."""
    listed = {place: one for place, one in places(package).items() if str(Path(place).parent) in folders}
    alike: dict[str, list[str]] = {}
    for place, one in listed.items():
        alike.setdefault(json.dumps(one["schema"]), []).append(place)
    sections = []
    for group in alike.values():
        first = listed[group[0]]
        titles = (f"[{prose(listed[place]['title'])}]{{#{anchor(place)}}}" for place in group)
        sections += [f"**{'; '.join(titles)}**", ", ".join(f"`{place}`" for place in group)]
        sections += [*describe_key(first), describe_fields(first)]
    return "\n\n".join(sections) + "\n"


def source_list(releases: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Return the sources by publisher, as a definition list: title with its link, period, what its numbers are, terms.

    Where a source states no terms, that is left out; where it has no address, its note stands instead.

    Parameters
    ----------
    releases
        The table `data/releases.csv`.
    names
        Names of organizations by their ids, which stand for publishers.
    """
    by_publisher = releases.assign(publisher=[names.get(one, one) for one in releases["publisher"]])
    order = by_publisher["publisher"].str.lower().sort_values(kind="stable").index
    parts = []
    for publisher, rows in by_publisher.loc[order].groupby("publisher", sort=False):
        listed = "\n    ".join(f"- {_source(row)}" for _, row in rows.iterrows())
        parts.append(f"{prose(str(publisher))}\n\n:   {listed}")
    return "\n\n".join(parts) + "\n"


def _source(row: pd.Series) -> str:
    title = prose(row["title"])
    linked = f"[{title}](<{row['url']}>)" if pd.notna(row["url"]) else title
    # the title of many a source holds its period
    is_dated = pd.isna(row["period"]) or set(str(row["period"]).split()) <= set(re.split(r"[\s,]+", row["title"]))
    sentences = [linked if is_dated else f"{linked}, {escape(str(row['period']))}", row["route"].capitalize()]
    sentences += [f"Terms: {prose(row['terms'])}"] if row["terms"] != NO_TERMS else []
    sentences += [prose(row["note"]).rstrip(".")] if pd.isna(row["url"]) else []
    return f"{'. '.join(sentences)}."


def printed_choice(chosen: Any, unit: str, names: Mapping[str, str]) -> str:
    """Return the value of a setting as readers see it: numbers by their unit, names for ids, lists as text.

    Examples
    --------
    >>> printed_choice([0.5, 0.0005], "share", {}), printed_choice(1000000, "count", {})
    ('50%, 0.05%', '1,000,000')
    >>> printed_choice([["discord"], ["discord", "github"]], "", {"discord": "Discord", "github": "GitHub"})
    'Discord; Discord and GitHub'
    """
    if isinstance(chosen, dict):
        return ", ".join(f"{name} as {printed_choice(part, unit, names)}" for name, part in chosen.items())
    if isinstance(chosen, list):
        if any(isinstance(part, list) for part in chosen):
            return "; ".join(" and ".join(printed_choice(one, unit, names) for one in part) for part in chosen)
        return ", ".join(printed_choice(part, unit, names) for part in chosen)
    if unit == "share":
        return f"{chosen * 100:g}%"
    if unit == "count":
        return f"{chosen:,}"
    return names.get(str(chosen), str(chosen))


def choices(settings: Mapping[str, Any], schema: Mapping[str, Any], names: Mapping[str, str]) -> pd.DataFrame:
    """Return the settings of a build as readers see them: section, title, value, what it means.

    Parameters
    ----------
    settings, schema
        The configuration, and its JSON Schema, whose settings have a title, a description and, where they are numbers,
        a unit: share, count, or none for years and other numbers.
    names
        Names of organizations and countries by their ids.
    """
    rows = [
        (
            section.replace("_", " ").capitalize(),
            one["title"],
            printed_choice(chosen, one.get("unit", ""), names),
            one["description"],
        )
        for section, values in settings.items()
        if isinstance(values, dict)
        for name, chosen in values.items()
        for one in [schema["properties"][section]["properties"][name]]
    ]
    return pd.DataFrame(rows, columns=["section", "title", "value", "description"]).astype("string")


def installed_version(name: str) -> str | None:
    """Return the version of a Python package, or None where it is not installed under this name."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def python_packages(pyproject: str) -> pd.DataFrame:
    """Return the packages that the report is made with: name, version found, and why it is there."""
    direct = pyproject.split("[project.optional-dependencies]")[0]
    rows = [
        (found["name"], installed_version(found["name"]), found["purpose"]) for found in REQUIREMENT.finditer(direct)
    ]
    return pd.DataFrame(rows, columns=["package", "version", "purpose"])


def r_package_names(apt: str) -> list[str]:
    """Return the packages of R that the list of Debian's packages names, in lower case."""
    return [found["name"] for found in R_PACKAGE.finditer(apt)]


def r_packages(apt: str, versions: pd.DataFrame) -> pd.DataFrame:
    """Return the packages of R that the report is made with.

    Parameters
    ----------
    apt
        The list of Debian's packages, in which R's are in lower case.
    versions
        What R has installed: `package`, `version`.
    """
    found = {str(row.package).lower(): (row.package, row.version) for row in versions.itertuples()}
    rows = [(*found.get(one["name"], (one["name"], None)), one["purpose"]) for one in R_PACKAGE.finditer(apt)]
    return pd.DataFrame(rows, columns=["package", "version", "purpose"])


def typst_version() -> str | None:
    """Return the version of Typst in the package that the press uses, which a PDF names as its creator.

    The package counts its versions on its own. Without it, there is None.
    """
    try:
        import typst
    except ImportError:
        return None
    found = typst.query(b"#metadata(str(sys.version)) <version>", "<version>", field="value", one=True)
    return str(json.loads(found))


def system() -> pd.DataFrame:
    """Return what the report is made on: system, kind of processor, Python, and what sets the press's PDF."""
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    rows = [("System", name), ("Processor", platform.machine()), ("Python", platform.python_version())]
    rows += [("Typst, within the package of Python", typst_version() or MISSING)]
    return pd.DataFrame(rows, columns=["part", "version"])


def digests(files: Iterable[str], digits: int = 16) -> pd.DataFrame:
    """Return the first digits of the SHA-256 of each file."""
    rows = [(file, hashlib.sha256(Path(file).read_bytes()).hexdigest()[:digits]) for file in files]
    return pd.DataFrame(rows, columns=["file", "checksum"])
