"""Every number in prose has an id, a unit, a text and an origin."""

import pandas as pd
import pytest

from countback.errors import DataError
from values import estimates_values, nested, slug, table_values, value


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


def estimates(*rows):
    columns = ["question", "subset", "parameter", "unit", "estimate", "low", "high", "n", "p_value"]
    return pd.DataFrame(rows, columns=columns).assign(status="estimated")


def test_estimates_have_ids_by_subset_and_parameter_and_by_unit_where_that_tells_two_apart():
    frame = estimates(
        ("How far?", "all", "bias", "share", 0.1, 0.0, 0.2, 32, None),
        ("By what factor?", "all", "bias", "ratio", 1.1, None, None, 32, None),
        ("Which side?", "without acme", "sign", "probability", 0.04, None, None, 9, 0.04),
    )
    found = dict(estimates_values("some_models", frame))
    assert found["some_models.all.bias.share.low"]["text"] == "0.0%"
    assert found["some_models.all.bias.ratio.estimate"]["text"] == "1.10"
    assert found["some_models.without_acme.sign.p_value"]["text"] == "0.040"
    assert "some_models.all.bias.ratio.low" not in found


def test_results_that_no_id_tells_apart_are_refused():
    twice = (
        ("How far?", "all", "bias", "share", 0.1, None, None, 3, None),
        ("How?", "all", "bias", "share", 0.2, *[None] * 4),
    )
    with pytest.raises(DataError, match="tell results apart"):
        list(estimates_values("some_models", estimates(*twice)))
