"""A quantity has one answer: the tables of the project and the right values of the replication are the same."""

import pandas as pd
import pytest

from countback.io.errors import DataErrors
from countback.io.tables import read_table
from replication.answers import differing, match
from replication.definitions import SIX, THREE
from replication.inputs import slug
from scripts.replication.replication import with_answers

COLUMNS = ["pattern", "stated_in", "stated_rows", "stated_column", "factor"]
AREAS = pd.DataFrame(
    [("region", "Southern Europe", 2031, 200.0), ("region", "Oceania", 2031, None), ("region", "Asia", 2031, 50.0)],
    columns=["kind", "area", "year", "rate"],
)


def answers(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


RATE = answers(("region.*.*.rate", "areas", "kind=region; area={1}; year={2}", "rate", 0.01))


def found(corrected, listed=RATE, tables=None):
    return [str(error) for error in differing(corrected, listed, tables or {"areas": AREAS})]


def test_a_table_that_states_the_right_value_in_its_own_unit_passes():
    assert found({"region.southern-europe.2031.rate": "2"}) == []


def test_a_table_that_states_another_value_is_named_with_both():
    (line,) = found({"region.southern-europe.2031.rate": "2.01"})
    assert line.startswith("results/tables/areas.csv, region.southern-europe.2031.rate: found '2 under rate'")
    assert "expected 2.01" in line


@pytest.mark.parametrize("place", ["oceania", "atlantis"])
def test_where_a_table_states_nothing_there_is_no_right_value_either(place):
    assert found({f"region.{place}.2031.rate": None}) == []
    assert len(found({f"region.{place}.2031.rate": "1"})) == 1


def test_a_value_where_there_is_none_to_be_had_differs_too():
    assert len(found({"region.asia.2031.rate": None})) == 1


def test_rows_that_are_named_together_are_added_if_all_are_there():
    both = answers(("sum.*", "areas", "area=Asia|Southern Europe; year={1}", "rate", 1.0))
    assert found({"sum.2031": "250"}, both) == []
    assert found({"sum.2032": None}, both) == []


def test_a_word_is_compared_as_a_word():
    listed = answers(("top.*.*", "ranks", "year={1}; rank={2}", "iso3", 1.0))
    ranks = pd.DataFrame({"year": [2031, 2031], "rank": [1, 2], "iso3": ["QAT", "USA"]})
    assert found({"top.2031.02": "USA"}, listed, {"ranks": ranks}) == []
    assert len(found({"top.2031.01": "USA"}, listed, {"ranks": ranks})) == 1


def test_an_id_that_no_pattern_matches_is_named_and_the_first_pattern_holds():
    assert "no pattern for the id" in found({"other.n": "1"})[0]
    without = pd.concat([answers(("region.asia.*", None, None, None, None)), RATE], ignore_index=True)
    assert found({"region.asia.2031.rate": "7"}, without) == []


def test_a_table_that_is_not_read_is_named_with_the_place_that_says_what_is():
    (line,) = found({"region.asia.2031.rate": "1"}, RATE, {"other": AREAS})
    assert "found 'areas'" in line
    assert "ANSWERS_FROM" in line


def test_a_table_that_differs_stops_the_verdicts():
    frame, own = pd.DataFrame({"id": ["region.asia.2031.rate"]}), {"id": ["region.asia.2031.rate"]}
    right = pd.DataFrame(own | {"corrected": ["0.5"]})
    assert with_answers(frame, right, RATE, {"areas": AREAS})["stated_in"].tolist() == ["areas"]
    with pytest.raises(DataErrors, match=r"region\.asia\.2031\.rate"):
        with_answers(frame, right.assign(corrected="0.6"), RATE, {"areas": AREAS})


def test_every_published_value_has_an_answer_or_a_reason_why_no_table_states_it(project):
    folder = project / "data" / "replication"
    listed = read_table(folder / "answers.csv")
    rows = listed.astype(object).where(listed.notna(), None).to_dict("records")
    ids = read_table(folder / "published_results.csv")["id"]
    first = {name: match(name, rows) for name in ids}
    withheld = [name for name, one in first.items() if one is None]
    assert all(name.startswith("platform.fisher.") or "fit" in name or "norm" in name for name in withheld), withheld
    assert (listed["stated_in"].isna() == listed["reason"].notna()).all()
    assert (listed["stated_in"].isna() == listed["factor"].isna()).all()


def test_the_published_groups_of_relationships_are_those_of_this_report_but_for_ways_of_acting(project):
    groups = read_table(project / "data" / "reference" / "relationship_groups.csv").query("study == 'ncmec'")
    # what stands in no finer group, and what is a way of acting and no relationship, is a stranger there
    own = groups["subgroup"].fillna("stranger").map(slug)
    sizes = {name: len(members) for name, members in SIX.items()}
    assert own.value_counts().to_dict() == sizes
    for name, parts in THREE.items():
        mine = groups[(groups["group"] == name) | ((name == "stranger") & groups["subgroup"].isna())]
        assert len(mine) == sum(sizes[part] for part in parts)
