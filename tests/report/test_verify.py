"""One command gives each published value its verdict, and fails by name where nothing explains one."""

import csv
import json

import pytest
from builds import copy_built, snakemake

from scripts.validate.checksums import write_checksums

PUBLISHED = "replication/published_results.csv"
REPRODUCED = "results/replication_reproduced.csv"


@pytest.fixture(scope="module")
def verified(built, tmp_path_factory):
    project = copy_built(built, tmp_path_factory.mktemp("verified"))
    run = snakemake(project, "verify")
    assert run.status == 0, run.output
    assert "Every row is reproduced or explained." in run.output
    return project


@pytest.fixture(scope="module")
def verdicts(verified):
    with (verified / "results" / "replication.csv").open(newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def edit(project, table, before, after):
    file = project / "data" / table
    text = file.read_text()
    assert text.count(before) == 1
    file.write_text(text.replace(before, after))


def describe(project, left_out=()):
    descriptor = project / "data" / "datapackage.json"
    package = json.loads(descriptor.read_text())
    package["resources"] = [one for one in package["resources"] if one["path"] not in left_out]
    descriptor.write_text(json.dumps(package))
    write_checksums(descriptor.parent)


def test_every_published_value_has_one_verdict(verdicts, project):
    with (project / "data" / PUBLISHED).open(newline="") as file:
        assert sorted(verdicts) == sorted(row["id"] for row in csv.DictReader(file))
    assert {row["verdict"] for row in verdicts.values()} == {
        "reproduced", "reproduced only", "corrected", "another estimate",
    }  # fmt: skip
    once = [name for name, row in verdicts.items() if row["is_computed_twice"] != "true"]
    assert [name for name in once if verdicts[name]["verdict"] == "reproduced"] == []
    assert [name for name, row in verdicts.items() if row["verdict"] != "reproduced" and not row["reason"]] == []
    assert [name for name, row in verdicts.items() if row["verdict"] == "reproduced" and row["corrected"]] == []


@pytest.mark.parametrize(
    ("name", "published", "corrected"),
    [
        ("us.reports.2021", "1909740", "716474"),
        ("country.arab_league.members_in_top.2021", "13", "11"),
        ("country.arab_league.members_in_top.2023", "14", "12"),
        ("platform.compare.aylo.2022.ncmec_reports", "2095", "1996"),
        ("platform.compare.amazon.2021.pct_difference", "-0.04432558620587757", "0"),
        ("platform.sign_counts.positive", "19", "15"),
        ("platform.compare.pinterest.2021.pieces", "1608", ""),
        ("meta.pieces_per_year.2019", "39368400", ""),
        ("meta.pieces.2022Q4", "34800000", "34900000"),
        ("platform.fisher.odds_ratio", "Infinity", ""),
    ],
)
def test_a_value_that_is_known_to_be_wrong_is_corrected(verdicts, name, published, corrected):
    row = verdicts[name]
    assert (row["published"], row["verdict"], row["corrected"]) == (published, "corrected", corrected)


def test_a_changed_published_value_and_a_changed_datum_fail_by_name(verified, tmp_path):
    project = copy_built(verified, tmp_path)
    edit(project, PUBLISHED, "\nreports.total.2021,29397681,", "\nreports.total.2021,29397680,")
    edit(project, "reference/social_media_identities.csv", "\n2002,95,95.0,", "\n2002,96,96.0,")
    describe(project)
    run = snakemake(project, "verify")
    assert run.status != 0
    assert "2 rows are neither reproduced nor explained" in run.output
    assert "reports.total.2021: published 29397680, reproduced 29397681" in run.output
    assert "reports.per_1k_social_media_users.2002: published 0.45345" in run.output


def test_the_values_are_reproduced_where_there_are_no_published_ones(verified, tmp_path):
    project = copy_built(verified, tmp_path)
    left_out = (PUBLISHED, "replication/headlines.csv")  # the values, and those of them that the report shows
    for name in left_out:
        (project / "data" / name).unlink()
    (project / REPRODUCED).unlink()
    describe(project, left_out)
    run = snakemake(project, REPRODUCED)
    assert run.status == 0, run.output
    assert (project / REPRODUCED).read_bytes() == (verified / REPRODUCED).read_bytes()
