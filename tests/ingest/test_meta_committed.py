"""Meta's committed history and disclosures: the revisions that they hold, and the source files that they come from."""

import csv
import io
import os
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from countback.histories import rebuild
from countback.ingest.meta import KEY, rebuild_release
from countback.io.tables import read_table
from scripts.ingest import ingest_meta

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "data" / "histories"

CHANGES = [71, 27, 96, 102, 113, 203, 18, *[0] * 11]


@pytest.fixture(scope="module")
def history() -> pd.DataFrame:
    return read_table(HISTORIES / "meta.csv")


@pytest.fixture(scope="module")
def order() -> list[str]:
    table = read_table(ROOT / "data" / "releases.csv")
    return sorted(table.loc[table["id"].str.startswith("meta-") & (table["route"] == "parsed"), "id"])


def test_revisions_between_releases_are_as_many_as_counted(history: pd.DataFrame, order: list[str]) -> None:
    printed = [rebuild(history, name, order).set_index(KEY)["value_printed"] for name in order]
    both = [pd.concat(pair, axis=1, join="inner", keys=["old", "new"]) for pair in pairwise(printed)]
    assert [int((pair["old"] != pair["new"]).sum()) for pair in both][:18] == CHANGES
    assert all(((pair["old"] == "N/A") == (pair["new"] == "N/A")).all() for pair in both)
    assert [len(pair) for pair in both][4:6] == [2_624, 2_771]


def test_facts_with_a_value_are_the_first_ones_and_their_revisions(history: pd.DataFrame, order: list[str]) -> None:
    known = history[history["first_release"].isin(order[:13])]
    stated = known[known["value_printed"] != "N/A"]
    assert (len(stated), len(stated.drop_duplicates(KEY))) == (3_559, 2_929)
    assert len(stated) - len(stated.drop_duplicates(KEY)) == sum(CHANGES) == 630
    assert int(stated.duplicated(KEY).groupby([stated[column] for column in KEY]).any().sum()) == 398


def test_values_that_return_are_kept(history: pd.DataFrame) -> None:
    runs = history.groupby(KEY)["value_printed"]
    assert int((runs.size() > runs.nunique()).sum()) == 196


def test_ranges_and_missing_values_are_kept_apart(history: pd.DataFrame) -> None:
    ranges = history[history["value_low"].notna()]
    assert ranges["value_printed"].tolist() == ["4%-5%"] * 4
    assert set(history.loc[history["value"].isna() & history["value_low"].isna(), "value_printed"]) == {"N/A"}


def release_files() -> dict[str, Path]:
    return {file.stem: file for file in Path(os.environ["COUNTBACK_RAW"]).rglob("meta-*.csv")}


@pytest.mark.raw
def test_every_release_is_rebuilt_cell_by_cell_in_its_order(history: pd.DataFrame, order: list[str]) -> None:
    rules, blocks = read_table(HISTORIES / "meta_labels.csv"), read_table(HISTORIES / "meta_blocks.csv")
    files = release_files()
    assert len(order) >= 19
    exact = []
    for name in order:
        printed = rebuild_release(history, rules, blocks, name, order)
        content = files[name].read_text(encoding="utf-8")
        assert printed.to_numpy().tolist() == list(csv.reader(io.StringIO(content.lstrip("\n"))))[1:], name
        exact.append(printed.to_csv(index=False, lineterminator="\n") == content)
    # the later ones quote every count
    assert exact[:17] == [True] * 17


COMPILED_METRICS = {"reversals w/o appeal": "reversals_without_appeal"}
SPLIT_OFF = "Child Endangerment: Nudity and Physical Abuse"


@pytest.mark.raw
def test_the_quarters_since_the_snapshot_are_those_that_the_compilation_has() -> None:
    file = next(Path(os.environ["COUNTBACK_RAW"]).rglob("platform-disclosures-since-snapshot.csv"))
    n_found = 0
    for app in ("Facebook", "Instagram"):
        frame = read_table(ROOT / "data" / "disclosures" / f"{app.lower()}.csv")
        keys = frame[["metric", "component", "period"]].fillna("").itertuples(index=False, name=None)
        ours = dict(zip(keys, frame["value"], strict=True))
        compiled = pd.read_csv(file, dtype=str)
        for row in compiled[compiled["organization"] == app].itertuples():
            name, _, area = row.metric.removesuffix(")").partition(" (")
            name = COMPILED_METRICS.get(name, name)
            is_split = area == SPLIT_OFF
            key = (f"{name}_nudity_and_physical_abuse" if is_split else name, "" if is_split else area, row.period)
            assert ours[key] == float(row.value), key
            n_found += 1
    assert n_found >= 94


@pytest.mark.raw
def test_the_raw_files_give_the_committed_tables_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    folder, organizations = tmp_path / "results" / "ingest", ROOT / "data" / "organizations"
    written = [folder / "disclosures" / f"{name}.csv" for name in ("facebook", "instagram")]
    ingest_meta.main(
        releases=ROOT / "data" / "releases.csv",
        raw=sorted(Path(os.environ["COUNTBACK_RAW"]).rglob("*.csv")),
        **{name: HISTORIES / f"meta_{name}.csv" for name in ("labels", "units", "series")},
        spans=HISTORIES / "spanning_labels.csv",
        **{name: organizations / f"{name}.csv" for name in ("remarks", "organizations")},
        history=folder / "histories" / "meta.csv",
        disclosures=written,
    )
    for file in [folder / "histories" / "meta.csv", *written]:
        assert file.read_bytes() == (ROOT / "data" / file.relative_to(folder)).read_bytes()
