"""Small made-up releases of Meta, in two layouts, for the tests of their parser, history and disclosures."""

import csv
import hashlib
import io
from pathlib import Path

import pandas as pd

from countback.histories import LABELS
from countback.ingest.meta import PRINTED, parse_meta
from countback.ingest.sources import Source, find_sources
from countback.periods import parse_period
from scripts.ingest import ingest_meta

Rows = list[list[str]]

UNITS = pd.DataFrame(
    [
        ("Accounts Actioned", "count", None),
        ("Content Actioned", "count", None),
        ("Proactive rate", "percent", None),
        ("UBP", "percent", None),
        ("Prevalence", "percent", None),
        ("Lowerbound Prevalence", "percent", "Prevalence"),
        ("Upperbound Prevalence", "percent", "Prevalence"),
        ("Wrong Removals Lower Bound", "count", "Wrong Removals"),
        ("Wrong Removals Upper Bound", "count", "Wrong Removals"),
    ],
    columns=["metric", "unit", "bound_of"],
)


FIRST: Rows = [
    ["Facebook", "Child Nudity & Sexual Exploitation", "Content Actioned", "2020Q4", "5,400,000"],
    ["Facebook", "Child Nudity & Sexual Exploitation", "Content Actioned", "2021Q1", "5,000,000"],
    ["Facebook", "Fake Accounts", "Content Actioned", "2020Q4", "900"],
    ["Facebook", "Fake Accounts", "Content Actioned", "2021Q1", "N/A"],
    ["Facebook", "Child Nudity & Sexual Exploitation", "Proactive rate", "2021Q1", "98.9%"],
    ["Instagram", "Child Nudity & Sexual Exploitation", "Content Actioned", "2021Q1", "0"],
    ["Facebook", "Spam", "UBP", "2021Q1", "3%"],
    ["Facebook", "Fake Accounts", "Prevalence", "2021Q1", "4%-5%"],
    ["Facebook", "Spam", "Lowerbound Prevalence", "2020Q4", "0.06%"],
    ["Facebook", "Spam", "Upperbound Prevalence", "2020Q4", "0.08%"],
    ["Facebook", "Spam", "Lowerbound Prevalence", "2021Q1", "0.05%"],
    ["Facebook", "Spam", "Upperbound Prevalence", "2021Q1", "0.05%"],
    ["Instagram", "Spam", "Lowerbound Prevalence", "2021Q1", "N/A"],
    ["Instagram", "Spam", "Upperbound Prevalence", "2021Q1", "N/A"],
]


def text(rows: Rows, header: list[str] = PRINTED, end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows([header, *rows])
    return out.getvalue()


def parsed(tmp_path: Path, content: str | bytes, period: str = "2021 Q1") -> pd.DataFrame:
    file = tmp_path / "meta.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return parse_meta(Source("meta", parse_period(period), file), UNITS)


def labels(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=LABELS).astype("string")


FAKE = ("meta-b", "meta-b", "metric", "Accounts Actioned", "Content Actioned", "policy_area", "Fake Accounts")


def releases(tmp_path: Path, **contents: tuple[str, str]) -> tuple[pd.DataFrame, list[Path]]:
    """Put releases, each a period and a text, where ingest looks for them; return the table of releases and files."""
    rows, files = [], []
    for name, (period, content) in contents.items():
        file = tmp_path / f"{name}.csv"
        file.write_bytes(content.encode())
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        rows.append((f"meta-{name}", period, file.name, digest, "parsed"))
        files.append(file)
    return pd.DataFrame(rows, columns=["id", "period", "file", "sha256", "route"]), files


def read_all(table: pd.DataFrame, files: list[Path], rules: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return dict(ingest_meta.ingest_meta(find_sources(table, "meta-", files), rules, UNITS))


LABELS_OF_B = labels(
    FAKE,
    ("meta-b", "meta-b", "policy_area", "Unwanted Messages", "Spam", None, None),
    ("meta-b", None, "policy_area", "Child Safety", "Child Nudity & Sexual Exploitation", None, None),
)


def layout_of_2025(rows: Rows) -> str:
    """Return a release with an empty line first, rows by app and metric, all counts in quotes, no last line end."""
    lines = [",".join(PRINTED)]
    for row in sorted(rows, key=lambda row: [row[0], row[2], row[1], row[3]]):
        number = row[4].replace(",", "")
        cells = [f'"{cell}"' if "," in cell else cell for cell in row[:4]]
        lines.append(",".join([*cells, f'"{row[4]}"' if number.isdigit() and "Bound" not in row[2] else row[4]]))
    return "\n" + "\n".join(lines)


NEWER: Rows = [
    ["Facebook", "Child Safety", "Content Actioned", "2020Q4", "5,400,000"],
    ["Facebook", "Child Safety", "Content Actioned", "2021Q1", "5,000,000"],
    ["Facebook", "Child Safety", "Content Actioned", "2021Q2", "900"],
    ["Facebook", "Cross-Policy Data", "Content Actioned", "2021Q2", "259,300,000"],
    ["Facebook", "Cross-Policy Data", "Wrong Removals Lower Bound", "2021Q2", "17600000"],
    ["Facebook", "Cross-Policy Data", "Wrong Removals Upper Bound", "2021Q2", "36500000"],
    ["Facebook", "Unwanted, and Other, Messages", "Content Actioned", "2021Q2", "7"],
    ["Facebook", "Fake Accounts", "Prevalence", "2021Q2", "approximately 3%"],
    ["Facebook", "Unwanted Messages", "Lowerbound Prevalence", "2020Q4", "0.06%"],
    ["Facebook", "Unwanted Messages", "Upperbound Prevalence", "2020Q4", "0.08%"],
    ["Facebook", "Unwanted Messages", "Lowerbound Prevalence", "2021Q2", "0.09%"],
    ["Facebook", "Unwanted Messages", "Upperbound Prevalence", "2021Q2", "0.10%"],
    ["Instagram", "Child Safety", "Content Actioned", "2021Q1", "0"],
    ["Instagram", "Child Safety", "Content Actioned", "2021Q2", "1,000"],
    ["Instagram", "Unwanted Messages", "Lowerbound Prevalence", "2021Q2", "0.01%"],
    ["Instagram", "Unwanted Messages", "Upperbound Prevalence", "2021Q2", "0.10%"],
]
RESPELLED = LABELS_OF_B.iloc[1:]
