"""Numbers that prose prints and that tidy tables only imply: counts of rows, first and last years, shares of sums."""

import pandas as pd
import pytest

from countback.numbers import Number, count_codes, counts, numbers_table, words
from scripts.tidy import cybertipline_years, esp_years, pair_numbers, report_contents, survey


def by_id(numbers):
    """Return values and units by subset and parameter, and see that no two have one id and each says its rows."""
    table = numbers_table(numbers)
    assert not table.duplicated(["subset", "parameter"]).any()
    assert table["rows"].str.len().gt(0).all()
    return {f"{row.subset}.{row.parameter}": (row.value, row.unit) for row in table.itertuples()}


def test_counts_and_codes_are_rows_that_say_what_they_are_derived_from():
    column = pd.Series(["b", "a", "b"], name="verdict")
    table = numbers_table([*counts("all", "pairs", {"n": (3, "all")}), *count_codes("verdict", "pairs", column, ", x")])
    assert table.values.tolist() == [
        ["all", "n", 3, "count", "pairs", "all", None],
        ["verdict", "a", 1, "count", "pairs", "verdict is a, x", None],
        ["verdict", "b", 2, "count", "pairs", "verdict is b, x", None],
    ]


def test_a_code_that_prose_prints_is_counted_where_no_row_has_it():
    found = count_codes("verdict", "pairs", pd.Series(["b", "b"], name="verdict"), always=("a", "b"))
    assert [(one.parameter, one.value) for one in found] == [("a", 0), ("b", 2)]


def test_a_table_of_no_numbers_has_its_columns():
    assert list(numbers_table([])) == ["subset", "parameter", "value", "unit", "derived_from", "rows", "text"]


def test_words_stand_in_a_column_of_their_own_and_a_number_has_none():
    (row,) = numbers_table([words("last", "change", "Acme's count fell", "pairs", "last year")]).to_dict("records")
    assert (row["value"], row["unit"], row["text"]) == (None, "text", "Acme’s count fell")
    wrong = [
        ("a", "b", None, "count", "t", "all"),
        ("a", "b", 1.0, "text", "t", "all"),
        ("a", "b", None, "text", "t", "all"),
    ]
    for one in [*wrong, ("a", "b", 1.0, "count", "t", "all", "one")]:
        with pytest.raises(ValueError, match=r"^a\.b: expected a value in a unit, or a text"):
            numbers_table([Number(*one)])


def test_reports_have_a_first_and_a_last_year_a_factor_in_hundreds_and_years_that_fell():
    reports = pd.DataFrame(
        {
            "year": [2033, 2030, 2031, 2032, 2033],
            "submitter": ["public", "all", "all", "all", "all"],
            "reports": [9, 40, 30, 30, 10020],
            "change": [-5, None, -10, 0, 9990],
            "segment": 0,
        }
    )
    assert by_id(cybertipline_years.numbers(reports)) == {
        "first.year": (2030, "year"),
        "first.reports": (40, "count"),
        "last.year": (2033, "year"),
        "last.reports": (10020, "count"),
        "run_first.year": (2030, "year"),
        "run_first.reports": (40, "count"),
        "run_last.year": (2033, "year"),
        "run_last.reports": (10020, "count"),
        "all.factor": (300, "count"),  # 250.5
        "all.n_falls": (1, "count"),
    }


def test_neither_a_change_nor_the_factor_crosses_a_break():
    printed = pd.DataFrame({"year": range(2030, 2035), "submitter": "all", "reports": [10, 1000, 2000, 50, 60]})
    providers = printed.assign(submitter="service_providers")
    breaks = pd.DataFrame({"table_name": ["cybertipline_reports", "other"], "period": ["2033", "2031"]})
    years = cybertipline_years.cybertipline_years(pd.concat([printed, providers]), breaks)
    of_all = years[years["submitter"] == "all"]
    assert of_all["change"].fillna(-1).tolist() == [-1, 990, 1000, -1, 10]
    found = by_id(cybertipline_years.numbers(years))
    assert found["all.factor"] == (200, "count")
    assert (found["run_last.year"], found["last.year"]) == ((2032, "year"), (2034, "year"))
    assert found["all.n_falls"] == (0, "count")


def test_the_survey_is_counted_by_what_is_disclosed_over_surveyed_organizations_only():
    organizations = pd.DataFrame(
        {
            "organization": ["a", "b", "c", "brand"],
            "is_surveyed": [True, True, True, False],
            "transparency": ["counts", "counts", "none_found", "counts"],
        }
    )
    disclosures = pd.DataFrame(
        [
            ("a", "reports", "2030-07-01", "2030-12-31", "primary"),
            ("a", "reports", "2031-01-01", "2031-12-31", "secondary"),
            ("b", "reports", "2029-01-01", "2029-12-31", "primary"),
            ("b", "pieces", "2032-01-01", "2032-03-31", "secondary"),
            ("b", "pieces", "2032-04-01", "2032-06-30", "secondary"),
        ],
        columns=["organization", "metric", "start", "end", "provenance"],
    )
    assert by_id(survey.numbers(organizations, disclosures)) == {
        "all.n_organizations": (3, "count"),
        "transparency.counts": (2, "count"),
        "transparency.none_found": (1, "count"),
        **dict.fromkeys(
            [f"transparency.{code}" for code in ("other_topics", "not_read", "shares", "through_brands")], (0, "count")
        ),
        "all.n_values": (5, "count"),
        "all.n_primary": (2, "count"),
        "all.first_year": (2029, "year"),
        "all.last_year": (2032, "year"),
        "metric.pieces": (1, "count"),
        "metric.reports": (2, "count"),
    }


def test_service_providers_are_counted_once_over_all_years():
    rows = [("a", 2030, 1), ("a", 2031, 12), ("a", 2032, 9), ("b", 2031, 9), ("c", 2030, 1), ("d", 2030, 0)]
    rows += [("d", 2031, 10), ("e", 2031, 11)]
    listed = pd.DataFrame(rows, columns=["esp", "year", "reports"])
    assert by_id(esp_years.numbers(listed)) == {
        "all.n_ever": (5, "count"),
        "all.n_every_year": (1, "count"),
        "all.n_one_year": (3, "count"),
        "2030.n_single": (2, "count"),
        "2030.n_below_ten": (3, "count"),
        "2031.n_single": (0, "count"),
        "2031.n_below_ten": (1, "count"),
        "2032.n_single": (0, "count"),
        "2032.n_below_ten": (1, "count"),
    }


def facts(*rows):
    return pd.DataFrame(rows, columns=["table", "item", "measure", "year", "value"])


ATTACHED = (
    ("submitters", "service_providers", "reports", 2031, 40.0),
    ("submitters", "all", "reports", 2031, 45.0),
    ("files_uploaded", "images", "files", 2031, 60.0),
    ("files_uploaded", "videos", "files", 2031, 40.0),
    ("files_uploaded", "total", "files", 2031, 120.0),
    ("hashed_files", "total", "unique_files", 2031, 50.0),
    ("hashed_files", "total", "similar_files", 2031, 30.0),
)


def test_files_are_told_apart_among_images_and_videos_only():
    assert by_id(report_contents.numbers(facts(*ATTACHED))) == {
        "2031.files_per_report": (3.0, "per_report"),
        "2031.unique_files_share": (0.5, "share"),
        "2031.similar_files_share": (0.3, "share"),
    }


@pytest.mark.parametrize("lost", ["submitters", "files_uploaded"])
def test_a_year_whose_files_or_reports_were_not_counted_has_no_files_per_report(lost):
    earlier = [(*row[:3], 2030, row[4]) for row in ATTACHED if row[0] != lost]
    assert {name[:4] for name in by_id(report_contents.numbers(facts(*earlier, *ATTACHED)))} == {"2031"}


PAIRS = pd.DataFrame(
    [
        ("acme", 2031, 900, 900, "secondary", "2031", True, "comparable"),
        ("acme", 2032, 31, 30, "secondary", "2032", True, "comparable"),
        ("bolt", 2032, 20, 20, "primary", "2032", True, "comparable"),
        ("bolt", 2030, 9, 10, "primary", "2030", True, "comparable"),
        ("zinc", 2032, 7, None, "primary", "2032", False, "partial"),
        ("bolt", 2031, None, 20, "primary", "2031 H1", False, "own_year_incomplete"),
        ("cove", 2031, None, 15, "primary", None, False, "own_year_incomplete"),
        ("dune", 2031, None, 15, None, None, False, "own_year_incomplete"),
        ("cove", 2032, None, 800, None, None, False, "no_own_reports"),
        ("cove", 2033, None, 900, None, None, False, "no_own_reports"),
    ],
    columns=[
        "provider",
        "year",
        "provider_reports",
        "ncmec_reports",
        "own_provenance",
        "own_periods",
        "is_comparable",
        "verdict",
    ],
).assign(
    provider_low=lambda rows: rows["provider_reports"],
    provider_high=lambda rows: rows["provider_reports"],
    ncmec_table=["full", "full", "full", "selected", *["full"] * 6],
)
YEARS = pd.DataFrame(
    [(2031, "service_providers", 1000), (2032, "service_providers", 500), (2032, "all", 900)],
    columns=["year", "submitter", "reports"],
)


def test_pairs_are_counted_by_verdict_and_what_is_behind_it():
    assert by_id(pair_numbers.verdict_numbers(PAIRS)) == {
        "all.n_listed": (10, "count"),
        "verdict.comparable": (4, "count"),
        "verdict.no_own_reports": (2, "count"),
        "verdict.own_year_incomplete": (3, "count"),
        "verdict.partial": (1, "count"),
        "no_own_reports.n_providers": (1, "count"),
        "own_year_incomplete.n_with_part": (1, "count"),
        "own_year_incomplete.n_without": (2, "count"),
    }


def test_comparable_pairs_say_how_well_sourced_both_sides_are_and_how_many_are_rounded():
    exact = {
        "primary.n_comparable": (2, "count"),
        "primary.n_equal": (1, "count"),
        "secondary.n_comparable": (2, "count"),
        "secondary.n_equal": (1, "count"),
    }
    none = {"rounded.n_comparable": (0, "count"), "rounded.n_within": (0, "count")}
    none |= {"both_secondary.n_comparable": (0, "count")}
    tables = {"ncmec_table.full": (3, "count"), "ncmec_table.selected": (1, "count")}
    assert by_id(pair_numbers.comparable_numbers(PAIRS)) == exact | none | tables
    selected = by_id(pair_numbers.comparable_numbers(PAIRS.assign(ncmec_table="selected")))
    assert selected["both_secondary.n_comparable"] == (2, "count")
    rounded = PAIRS.assign(provider_high=PAIRS["provider_high"] + [10, 0, 5, 0, 9, 0, 0, 0, 0, 0])
    rounded.loc[2, "ncmec_reports"] = 26
    found = by_id(pair_numbers.comparable_numbers(rounded))
    assert (found["rounded.n_comparable"], found["rounded.n_within"]) == ((2, "count"), (1, "count"))


def test_each_year_with_comparable_pairs_says_what_share_of_reports_they_cover_if_all_reports_are_known():
    assert by_id(pair_numbers.coverage_numbers(PAIRS, YEARS)) == {
        "first.year": (2030, "year"),
        "2030.n_comparable": (1, "count"),
        "2031.n_comparable": (1, "count"),
        "2031.covered_share": (0.9, "share"),
        "2032.n_comparable": (2, "count"),
        "2032.covered_share": (0.1, "share"),
        "last.year": (2032, "year"),
        "last.n_comparable": (2, "count"),
        "last.covered_share": (0.1, "share"),
    }


def test_where_nothing_is_comparable_no_year_is_the_last():
    none = by_id(pair_numbers.numbers(PAIRS[~PAIRS["is_comparable"]], YEARS))
    assert none["primary.n_comparable"] == (0, "count")
    assert not [name for name in none if name.startswith("last")]
