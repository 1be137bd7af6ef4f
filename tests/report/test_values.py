"""Every number in prose has an id, a unit, a text and an origin."""

import pandas as pd
import pytest

from countback.io.errors import DataError
from scripts.report.values import (
    esp_values,
    estimates_values,
    files_values,
    nested,
    pair_values,
    rates_values,
    replication_totals,
    replication_values,
    revision_values,
    slug,
    stock_values,
    table_values,
    value,
)


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


def facts(*rows):
    return pd.DataFrame(rows, columns=["table", "item", "measure", "year", "value"])


ATTACHED = (
    ("submitters", "service_providers", "reports", 2031, 40.0),
    ("files_uploaded", "images", "files", 2031, 60.0),
    ("files_uploaded", "videos", "files", 2031, 40.0),
    ("files_uploaded", "total", "files", 2031, 120.0),
    ("hashed_files", "total", "unique_files", 2031, 50.0),
    ("hashed_files", "total", "similar_files", 2031, 30.0),
)


def test_files_are_told_apart_among_images_and_videos_only():
    found = {name: entry["value"] for name, entry in files_values(facts(*ATTACHED))}
    assert found == {
        "contents.y2031.files_per_report": 3.0,
        "contents.y2031.unique_files_share": 0.5,
        "contents.y2031.similar_files_share": 0.3,
    }


def test_a_year_whose_files_were_not_counted_has_no_files_per_report():
    assert list(files_values(facts(("submitters", "service_providers", "reports", 2030, 40.0)))) == []


def test_of_what_was_in_store_only_the_latest_date_counts():
    stocks = pd.DataFrame(
        [("lists", "own", "hashes", "2031-12-31", 7), ("lists", "own", "hashes", "2030-12-31", 9)],
        columns=["subject", "item", "measure", "as_of", "value"],
    )
    ((name, entry),) = stock_values(stocks)
    assert (name, entry["value"], entry["row"]["as_of"]) == ("stocks.lists.own.hashes", 7, "2031-12-31")


def test_service_providers_are_counted_once_over_all_years():
    listed = pd.DataFrame({"esp": ["a", "a", "b", "c"], "year": [2030, 2031, 2031, 2030], "reports": [1, 12, 9, 1]})
    found = {name: entry["value"] for name, entry in esp_values(listed)}
    assert (found["esps.n_ever"], found["esps.n_every_year"], found["esps.n_one_year"]) == (3, 1, 2)
    assert (found["esps.y2030.n_single"], found["esps.y2031.n_single"], found["esps.y2031.n_below_ten"]) == (2, 0, 1)


def test_the_lowest_rate_is_found_and_each_year_stands_once():
    rates = pd.DataFrame({"model": ["x", "x", "x", "y"], "year": [2029, 2030, 2031, 2030]})
    found = dict(rates_values(rates.assign(reports_per_1000=[0.8, 0.2, 5.0, 0.2])))
    assert [found[f"rates.{name}.year"]["value"] for name in ("first", "lowest", "last")] == [2029, 2030, 2031]
    assert found["rates.lowest.reports_per_1000"]["text"] == "0.20"


def test_a_project_without_rates_has_no_lowest_one():
    assert list(rates_values(pd.DataFrame({"model": [], "year": [], "reports_per_1000": []}))) == []


def test_pairs_say_what_share_of_reports_they_cover_in_their_last_year_and_how_well_sourced_they_are():
    pairs = pd.DataFrame(
        {
            "provider": ["acme", "acme", "bolt", "cove"],
            "year": [2031, 2032, 2032, 2032],
            "provider_reports": [900, 31, 20, None],
            "ncmec_reports": [900, 30, 20, 800],
            "own_provenance": ["secondary", "secondary", "primary", None],
            "is_comparable": [True, True, True, False],
            "verdict": ["comparable", "comparable", "comparable", "no_own_reports"],
        }
    )
    years = pd.DataFrame(
        {
            "year": [2031, 2032, 2032],
            "submitter": ["service_providers", "service_providers", "all"],
            "reports": [1000, 500, 900],
        }
    )
    found = dict(pair_values(pairs, years))
    assert found["pairs.comparable_reports.last.year"]["text"] == "2032"
    assert found["pairs.comparable_reports.last.share"]["text"] == "10.0%"
    assert [found[f"pairs.own.{code}"]["value"] for code in ("primary", "secondary")] == [1, 2]
    assert [found[f"pairs.own.{code}_equal"]["value"] for code in ("primary", "secondary")] == [1, 1]
    nothing = dict(pair_values(pairs[~pairs["is_comparable"]], years))
    assert "pairs.comparable_reports.last.share" not in nothing


def test_revisions_are_summed_over_pairs_of_releases_and_the_largest_share_names_its_release():
    pairs = pd.DataFrame(
        {
            "from_release": ["a", "b", "c"],
            "to_release": ["b", "c", "d"],
            "n_comparable": [100, 200, 300],
            "n_revised": [10, 40, 0],
            "n_returned": [0, 3, 0],
            "n_labels_changed": [1, 0, 0],
            "revised_share": [0.1, 0.2, None],
        }
    )
    found = dict(revision_values("acme", pairs))
    assert {name.split(".", 2)[2]: entry["value"] for name, entry in found.items()} == {
        "n_releases": 4, "n_pairs": 3, "n_pairs_revised": 2, "n_comparable": 600, "n_revised": 50, "n_returned": 3,
        "n_labels_changed": 1, "largest_share": 0.2,
    }  # fmt: skip
    assert found["revisions.acme.largest_share"]["row"] == {"to_release": "c"}


def test_published_values_are_counted_by_topic_over_their_verdicts():
    summary = pd.DataFrame(
        {"topic": ["us", "us", "all"], "verdict": ["reproduced", "corrected", "reproduced"], "n_values": [31, 12, 43]}
    )
    found = dict(replication_totals(summary, pd.DataFrame({"fault": ["a", "b"]})))
    assert {name: entry["value"] for name, entry in found.items()} == {
        "replication.us.n_values": 43, "replication.all.n_values": 43, "replication.n_faults": 2
    }  # fmt: skip


def test_values_that_stand_for_faults_have_ids_and_one_that_is_not_finite_or_lost_has_none():
    headlines = pd.DataFrame(
        [("us.rank.2023", "rank", "27", "27", "104"), ("odds.ratio-a", "ratio", "Infinity", "Infinity", None)],
        columns=["id", "unit", "published", "reproduced", "corrected"],
    )
    found = dict(replication_values(headlines))
    assert {name: entry["text"] for name, entry in found.items()} == {
        "replication.us.rank.y2023.published": "27",
        "replication.us.rank.y2023.reproduced": "27",
        "replication.us.rank.y2023.corrected": "104",
    }
