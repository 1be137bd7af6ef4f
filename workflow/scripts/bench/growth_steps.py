"""One step of the way from releases to an audit: `python -m scripts.bench.growth_steps PUBLISHER STEP FOLDER`.

- A step is what its rule runs, on the files of a folder instead of the project's, so that it is measured by itself.
- Revisions of one publisher are measured alone; the rule compares both in one job.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from countback.audits import of_app, of_history
from countback.histories import has_label
from countback.ingest import tiktok_history
from countback.io.tables import read_table, write_table
from countback.revisions import history_order
from scripts.ingest.ingest_meta import main as ingest_meta
from scripts.ingest.ingest_tiktok import main as ingest_tiktok
from scripts.revisions import meta_revised_facts, revisions

HISTORIES, ORGANIZATIONS = "data/histories", "data/organizations"
MADE = "results/ingest"
# of clusters, as in config/
LEAST_FACTS, LEAST_SHARE, NEAR = 5, 0.5, 0.1


def raw_of(folder: Path) -> list[Path]:
    """Return the made-up files."""
    return sorted((folder / "data/raw").iterdir())


def history_meta(folder: Path) -> None:
    """Read Meta's releases, fold them, and take the disclosures from the history."""
    names = [f"{HISTORIES}/{name}.csv" for name in ("meta_labels", "meta_units", "spanning_labels", "meta_series")]
    tables = [folder / name for name in (*names, f"{ORGANIZATIONS}/remarks.csv", f"{ORGANIZATIONS}/organizations.csv")]
    disclosures = [folder / f"{MADE}/disclosures/{name}.csv" for name in ("facebook", "instagram")]
    target = folder / f"{MADE}/histories/meta.csv"
    labels, units, spans, series, remarks, organizations = tables
    of_apps = (remarks, organizations, target, disclosures)
    ingest_meta(folder / "data/releases.csv", raw_of(folder), labels, units, spans, series, *of_apps)


def history_tiktok(folder: Path) -> None:
    """Read TikTok's releases and fold them."""
    labels, sheets, units = (folder / f"{HISTORIES}/tiktok_{name}.csv" for name in ("labels", "sheets", "units"))
    target = folder / f"{MADE}/histories/tiktok.parquet"
    ingest_tiktok(folder / "data/releases.csv", raw_of(folder), labels, sheets, units, target)


def read_history(folder: Path, name: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a history, and the period of each of its releases in order."""
    history = read_table(folder / f"{MADE}/histories/{name}")
    policies = read_table(folder / f"{HISTORIES}/child_policies.csv")
    about_children = has_label(history, policies, name.partition(".")[0])
    releases = read_table(folder / "data/releases.csv")
    return history.assign(is_child_related=about_children), history_order(releases, history)


def revisions_meta(folder: Path) -> None:
    """Compare Meta's releases."""
    history, order = read_history(folder, "meta.csv")
    labels = read_table(folder / f"{HISTORIES}/meta_labels.csv")
    side = revisions.meta_releases(history, labels, list(order))
    pairs, _ = revisions.revisions(side, labels)
    write_table(pairs, folder / "results/tables/meta_revisions.parquet")


def revisions_tiktok(folder: Path) -> None:
    """Compare TikTok's releases."""
    history, order = read_history(folder, "tiktok.parquet")
    names = tiktok_history.Tables._fields
    tables = tiktok_history.Tables(*(read_table(folder / f"{HISTORIES}/tiktok_{name}.csv") for name in names))
    side = revisions.tiktok_releases(history, tables, list(order))
    pairs, _ = revisions.revisions(side, tables.labels)
    write_table(pairs, folder / "results/tables/tiktok_revisions.parquet")


def revised_meta(folder: Path) -> None:
    """List what Meta revised, by the settings of the project."""
    names = ["revised_facts", "revision_clusters", "revision_periods", "revision_ages"]
    files = [folder / f"results/tables/meta_{name}.parquet" for name in names]
    files.append(folder / "results/tables/meta_revision_numbers.csv")
    inputs = {
        "releases": "data/releases.csv",
        "policies": f"{HISTORIES}/child_policies.csv",
        "meta": f"{MADE}/histories/meta.csv",
    }
    given = {name: str(folder / file) for name, file in inputs.items()}
    meta_revised_facts.main(given, {file.stem: str(file) for file in files}, LEAST_FACTS, LEAST_SHARE, NEAR)


def audit_meta(folder: Path) -> None:
    """Say what the history of Meta's releases shows, as a whole and app by app."""
    history, periods = read_history(folder, "meta.csv")
    names = ("revisions", "revised_facts")
    pairs, facts = (read_table(folder / f"results/tables/meta_{name}.parquet") for name in names)
    print(of_history(pairs.assign(to_period=pairs["to_release"].map(periods))).evidence)
    facts = facts.assign(to_period=facts["to_release"].map(periods))
    for app, rows in history.groupby("app"):
        print(app, of_app(facts[facts["app"] == app], rows).evidence)


def audit_tiktok(folder: Path) -> None:
    """Say what the history of TikTok's releases shows."""
    _, periods = read_history(folder, "tiktok.parquet")
    pairs = read_table(folder / "results/tables/tiktok_revisions.parquet")
    print(of_history(pairs.assign(to_period=pairs["to_release"].map(periods))).evidence)


STEPS: dict[str, dict[str, Callable[[Path], None]]] = {
    "meta": {
        "ingest and history": history_meta,
        "revisions": revisions_meta,
        "revised facts": revised_meta,
        "audit": audit_meta,
    },
    "tiktok": {"ingest and history": history_tiktok, "revisions": revisions_tiktok, "audit": audit_tiktok},
}


if __name__ == "__main__":
    STEPS[sys.argv[1]][sys.argv[2]](Path(sys.argv[3]))
