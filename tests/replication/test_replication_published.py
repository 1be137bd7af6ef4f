"""The published methods give the published values, from this project's data and without knowing these values."""

import json
import shutil

import pandas as pd
import pytest

from countback.io.tables import read_table
from replication.inputs import as_compiled, published_span
from replication.judgment import CHANGES, ESTIMATES, explanation_of, failures, replication
from replication.numbers import same, text_of
from replication.published import contents, platforms, reports
from scripts.replication.replication_reproduced import reproduced, tables_of

OURS = "replication/"


@pytest.fixture(scope="module")
def tables(project, tmp_path_factory):
    """Return the tables of a data folder that has no published values."""
    folder = tmp_path_factory.mktemp("without the published values") / "data"
    shutil.copytree(project / "data", folder, ignore=shutil.ignore_patterns("raw", "replication"))
    package = json.loads((folder / "datapackage.json").read_text())
    package["resources"] = [one for one in package["resources"] if not one["path"].startswith(OURS)]
    (folder / "datapackage.json").write_text(json.dumps(package))
    return tables_of([str(folder / one["path"]) for one in package["resources"]], str(folder))


@pytest.fixture(scope="module")
def computed(tables):
    return reproduced(tables)


@pytest.fixture(scope="module")
def given(project):
    """Return the project's own tables for the verdicts, every right value unknown where a fault changes one."""
    folder = project / "data" / "replication"
    read = {name: read_table(folder / f"{name}.csv") for name in ("published_results", "explanations")}
    return read["published_results"], read["explanations"]


def judged(given, computed):
    published, explanations = given
    listed = explanations.to_dict("records")
    effects = {name: (explanation_of(name, listed) or {}).get("effect") for name in published["id"]}
    own = computed.set_index("id")["reproduced"].rename("corrected").astype(object)
    own = own[
        [name for name, effect in effects.items() if effect not in ("withholds", "unchecked", "not reproducible")]
    ]
    own = own.mask(own.index.map(effects.get).isin([CHANGES, ESTIMATES]), None).reset_index()
    return replication(published, computed, own, explanations)


def test_every_published_value_is_reproduced_without_the_table_of_published_values(computed, given, tables):
    assert not any(name.startswith(OURS) for name in tables)
    values = computed.set_index("id")["reproduced"]
    published = given[0].set_index("id")["published"]
    assert len(published) == 717
    differing = [name for name, value in published.items() if name not in values or not same(value, values[name])]
    assert differing == []


def test_no_id_is_computed_twice(computed):
    assert computed["id"].is_unique
    assert computed["reproduced"].notna().all()


def test_every_row_is_reproduced_or_explained(computed, given):
    assert failures(judged(given, computed)) == []


def test_a_published_value_that_is_changed_fails_by_name(computed, given):
    published, explanations = given
    planted = published.assign(
        published=published["published"].mask(published["id"] == "reports.total.2021", "29397682")
    )
    (line,) = failures(judged((planted, explanations), computed))
    assert line.startswith("reports.total.2021: published 29397682, reproduced 29397681")


def test_a_datum_that_is_changed_fails_by_the_names_of_all_that_depends_on_it(computed, given, tables):
    facts = tables["cybertipline/ojjdp_facts"].copy()
    row = (facts["item"] == "child_sex_tourism") & (facts["year"] == 2022)
    facts.loc[row, "value"] += 1
    changed = contents.violations(published_span(tables | {"cybertipline/ojjdp_facts": facts}))
    values = computed["id"].map(lambda name: text_of(changed.get(name))).fillna(computed["reproduced"])
    lines = failures(judged(given, computed.assign(reproduced=values)))
    assert [line.split(":")[0] for line in lines] == ["contents.violation.child-sex-tourism.2022.count"]


def test_a_year_that_is_disclosed_later_changes_nothing_that_was_published(computed, tables):
    later = pd.DataFrame({"year": [2024], "submitter": ["all"], "reports": [20_500_000]})
    more = pd.concat([tables["cybertipline/reports"], later.astype({"year": "Int64", "reports": "Int64"})])
    values = computed.set_index("id")["reproduced"]
    for method in reports.METHODS.values():
        for name, value in method(published_span(tables | {"cybertipline/reports": more})).items():
            assert text_of(value) == values.get(name)


def test_a_later_report_and_a_later_year_are_no_part_of_what_was_published(tables):
    facts, own = tables["cybertipline/ojjdp_facts"], tables["disclosures/reddit"]
    again = facts[facts["year"] == 2023].assign(
        first_report="ncmec-ojjdp-2024", last_report="ncmec-ojjdp-2024", value=1
    )
    more = pd.concat([own, own.tail(1).assign(period="2024")])
    span = published_span(tables | {"cybertipline/ojjdp_facts": pd.concat([facts, again]), "disclosures/reddit": more})
    for name, frame in published_span(tables).items():
        if name in ("cybertipline/ojjdp_facts", "disclosures/reddit"):
            pd.testing.assert_frame_equal(span[name], frame)


def test_a_provider_that_is_surveyed_since_changes_nothing_that_was_published(computed, tables):
    added = {"organization": "dropbox", "name": "Dropbox", "kind": "corporation", "is_surveyed": True}
    organizations, brands = tables["organizations/organizations"], tables["cybertipline/esp_brands"]
    is_new = brands["esp_printed"].str.startswith("Dropbox")
    assert tables["cybertipline/esp_reports"]["esp_printed"].isin(brands.loc[is_new, "esp_printed"]).any()
    own = tables["disclosures/reddit"].query("metric == 'reports' and period == '2021'").assign(place=None)
    more = {
        "organizations/organizations": pd.concat([organizations, pd.DataFrame([added])], ignore_index=True),
        "cybertipline/esp_brands": brands.assign(brand=brands["brand"].mask(is_new, "dropbox")),
        "disclosures/dropbox": own,
    }
    values = computed.set_index("id")["reproduced"].to_dict()
    span = published_span(as_compiled(tables | more, tables["organizations/published_values"]))
    for method in platforms.METHODS.values():
        found = {name: text_of(value) for name, value in method(span).items() if value is not None}
        assert found == {name: values.get(name) for name in found}


def test_what_a_provider_discloses_that_is_surveyed_since_is_left_out_of_the_tidy_tables_too():
    pairs = pd.DataFrame(
        {"provider": ["reddit", "dropbox", "kik"], "year": 2022, "own_periods": ["2022", "2022", None], "n": 1}
    )
    years = pd.DataFrame({"provider": ["reddit", "dropbox"], "year": 2022})
    disclosed = pd.DataFrame({"organization": ["reddit", "dropbox"], "period": "2022"})
    span = published_span({"provider_pairs": pairs, "provider_years": years, "disclosures": disclosed})
    assert span["provider_pairs"]["provider"].tolist() == ["reddit", "kik"]
    assert span["provider_years"]["provider"].tolist() == ["reddit"]
    assert span["disclosures"]["organization"].tolist() == ["reddit"]


def test_every_fault_that_explains_a_value_is_described_and_sixteen_are_numbered_first(project, given):
    faults = read_table(project / "data" / "replication" / "faults.csv")
    assert set(given[1]["fault"].dropna()) <= set(faults["fault"])
    assert faults["rank_in_list"].tolist() == list(range(1, len(faults) + 1))
    assert len(faults) >= 16
