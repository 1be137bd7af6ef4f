"""Every number in prose has an id, a unit, a text and an origin."""

import pandas as pd

from values import nested, slug, table_values, value


def test_ids_are_words_that_a_shortcode_can_hold():
    assert [slug(text) for text in (2023, "All", "without discord and github", "wordpress")] == [
        "y2023", "all", "without_discord_and_github", "wordpress"
    ]  # fmt: skip


def test_a_value_carries_text_and_origin():
    entry = value(0.5, "share", "shares", {"year": 2023})
    assert entry == {"value": 0.5, "unit": "share", "text": "50.0%", "table": "shares", "row": {"year": 2023}}


def test_counts_stay_whole():
    assert value(36210368.0, "count", "t", "r")["value"] == 36210368


def test_a_missing_number_gets_no_id(monkeypatch, project):
    monkeypatch.chdir(project)
    frame = pd.DataFrame(
        {
            "year": [1998, 1999],
            "submitter": "all",
            "reports": [4560, 9668],
            "change": [pd.NA, 5108],
            "change_share": [pd.NA, 1.12],
        }
    )
    ids = [name for name, _ in table_values("cybertipline_years", frame)]
    assert "reports.y1999.all.change" in ids
    assert "reports.y1998.all.change" not in ids


def test_ids_become_nested_variables():
    assert nested({"a.b.c": {"text": "1"}, "a.d": {"text": "2"}}) == {"a": {"b": {"c": "1"}, "d": "2"}}
