"""Files that contradict themselves: each fault is found, and nothing is where there is none."""

import pandas as pd
import pytest

from countback.corrections import LabelCorrection, read_label_corrections
from countback.io.package import fields_of
from countback.io.tables import read_table
from countback.revisions import CONTRADICTIONS
from scripts.revisions.discord_contradictions import contradictions

RELATIONS = pd.DataFrame(
    [("% of Appeals", "Appeals", "Accounts")], columns=["share_measure", "part_measure", "whole_measure"]
)
REMARKS = pd.DataFrame(columns=["organization", "metric", "component", "period", "warnings", "note"], dtype="string")
DISCLOSURES = pd.DataFrame(columns=["metric", "component", "period", "source"], dtype="string")


def cells(*rows: tuple[str, str, str | None, str, str], unit: str = "count") -> pd.DataFrame:
    """Return printed cells: period, block, item, measure, value as printed; a row per item, in order."""
    numbered, items = [], {}
    for period, block, item, measure, printed in rows:
        row = items.setdefault((period, block, item), len(items) + 1)
        share = printed.endswith("%")
        number = float(printed.rstrip("%").replace(",", "")) / (100 if share else 1) if printed[0].isdigit() else None
        kind = "share" if share else unit
        numbered.append((period, block, item, measure, number, kind, printed, f"row {row}, column 2", period))
    columns = ["period", "block", "item", "measure", "value", "unit", "value_printed", "place", "source"]
    return pd.DataFrame(numbered, columns=columns).astype(dict.fromkeys(columns, "string") | {"value": "Float64"})


def found(printed, corrections=(), remarks=REMARKS, disclosures=DISCLOSURES):
    table = contradictions(printed, list(corrections), RELATIONS, remarks, disclosures)
    return list(table[["contradiction", "period", "printed", "expected"]].itertuples(index=False, name=None))


def test_a_file_in_order_has_no_contradiction() -> None:
    rows = [("2022 Q4", "NCMEC", month, "Media", "5") for month in ("October", "November", "December")]
    rows += [("2022 Q4", "NCMEC", "Total", "Media", "15"), ("2022 Q4", "Appeals", "Spam", "Appeals", "1")]
    rows += [("2022 Q4", "Appeals", "Spam", "Accounts", "3"), ("2022 Q4", "Appeals", "Spam", "% of Appeals", "33.33%")]
    assert found(cells(*rows)) == []


def test_months_of_another_quarter_are_found_and_set_against_the_file_of_that_quarter() -> None:
    rows = [("2022 Q4", "NCMEC", "January", "Media", "5"), ("2023 Q1", "NCMEC", "January", "Media", "6")]
    expected = "October, November, December; the file of 2023 Q1 gives other numbers in 1 of 1 cells"
    assert found(cells(*rows)) == [("months_of_another_period", "2022 Q4", "January", expected)]


def test_a_table_repeated_from_the_file_before_is_found() -> None:
    rows = [
        (period, "Warns", item, "Warned", text)
        for period in ("2022 Q4", "2023 Q1")
        for item, text in (("a", "5"), ("b", "6"))
    ]
    assert found(cells(*rows)) == [("repeated_table", "2023 Q1", "the table of 2022 Q4", "numbers of 2023 Q1")]
    assert found(cells(*rows[:-1], ("2023 Q1", "Warns", "b", "Warned", "7"))) == []


def test_a_column_shifted_by_one_row_is_found_by_another_table_of_the_file() -> None:
    shifted = [("a", "Accounts"), ("b", "5"), ("c", "6")]
    rows = [("2023 Q3", "Disabled", item, "Accounts", text) for item, text in shifted]
    rows += [("2023 Q3", "Appeals", item, "Accounts", text) for item, text in (("a", "5"), ("b", "6"))]
    assert found(cells(*rows)) == [("shifted_column", "2023 Q3", "a: Accounts", "a: 5, as in Appeals")]


def test_two_tables_that_count_different_things_under_one_name_are_left_alone() -> None:
    rows = [("2023 Q3", block, "a", "Requests", text) for block, text in (("US", "5"), ("International", "6"))]
    assert found(cells(*rows)) == []


def test_a_total_that_is_not_the_sum_above_it_is_found() -> None:
    rows = [("2023 Q2", "Warns", item, "Warned", text) for item, text in (("a", "5"), ("b", "6"), ("Total:", "12"))]
    assert found(cells(*rows)) == [("wrong_sum", "2023 Q2", "12", "11")]


def test_a_total_that_is_not_the_sum_of_its_row_is_found() -> None:
    rows = [
        ("2023 Q2", "Servers", "a", measure, text)
        for measure, text in (("Own", "5"), ("Asked", "6"), ("Total Servers", "12"))
    ]
    assert found(cells(*rows)) == [("wrong_sum", "2023 Q2", "12", "11")]


def test_a_row_that_stands_twice_with_other_numbers_is_found_and_so_is_the_total_without_it() -> None:
    twice = cells(*(("2024 H1", "Emergency", item, "Requests", text) for item, text in (("a", "1"), ("b", "2"))))
    again = cells(("2024 H1", "Emergency", "a", "Requests", "4"), ("2024 H1", "Emergency", "Total", "Requests", "6"))
    again["place"] = ["row 3, column 2", "row 4, column 2"]
    expected = "one row; which of them holds is not known"
    assert found(pd.concat([twice, again], ignore_index=True)) == [
        ("repeated_row", "2024 H1", "a: 1; 4", expected),
        ("wrong_sum", "2024 H1", "6", "7"),
    ]


def test_a_share_is_checked_at_the_precision_that_is_printed() -> None:
    rows = [("2023 Q2", "Appeals", "a", "Appeals", "1"), ("2023 Q2", "Appeals", "a", "Accounts", "3")]
    assert found(cells(*rows, ("2023 Q2", "Appeals", "a", "% of Appeals", "33%"))) == []
    assert found(cells(*rows, ("2023 Q2", "Appeals", "a", "% of Appeals", "33.3%"))) == []
    wrong = found(cells(*rows, ("2023 Q2", "Appeals", "a", "% of Appeals", "33.4%")))
    assert wrong == [("wrong_share", "2023 Q2", "33.4%", "1 of 3 is 33.33%")]


def test_a_part_that_exceeds_its_whole_is_found() -> None:
    rows = [("2023 Q2", "Appeals", "a", "Appeals", "9"), ("2023 Q2", "Appeals", "a", "Accounts", "3")]
    assert found(cells(*rows)) == [("part_exceeds_whole", "2023 Q2", "9", "at most the 3 Accounts")]


def test_a_corrected_label_corrects_a_sum_and_marks_the_months() -> None:
    rows = [
        ("2022 Q4", "NCMEC", item, "Media", text)
        for item, text in (("January", "5"), ("November", "6"), ("Totale", "11"))
    ]
    fixed = [
        LabelCorrection("printed/discord", {"period": "2022 Q4", "item": item}, "item", item, right, "As said.", "x")
        for item, right in (("January", "October"), ("Totale", "Total"))
    ]
    table = contradictions(cells(*rows), fixed, RELATIONS, REMARKS, DISCLOSURES)
    assert table[["contradiction", "is_corrected"]].values.tolist() == [["months_of_another_period", True]]


def test_a_doubtful_remark_is_listed_once_for_all_counts_that_it_is_about() -> None:
    rows = [("discord", "reports", part, "2022 Q3", "doubtful", "Says accounts.") for part in ("CSAM", "grooming")]
    remarks = pd.DataFrame(rows, columns=REMARKS.columns)
    disclosed = pd.DataFrame(
        [("reports", part, "2022 Q3", "file") for part in ("CSAM", "grooming")], columns=DISCLOSURES.columns
    )
    quiet = cells(("2022 Q3", "NCMEC", "July", "Media", "5"))
    assert found(quiet, remarks=remarks, disclosures=disclosed) == [
        ("doubtful_by_remark", "2022 Q3", "Says accounts.", "reports")
    ]


def test_there_are_words_for_every_kind(project):
    kinds = fields_of(project / "results" / "tables" / "discord_contradictions.csv")["contradiction"]
    assert sorted(kinds["constraints"]["enum"]) == sorted(CONTRADICTIONS)


@pytest.fixture(scope="module")
def real(project):
    data = project / "data"
    return contradictions(
        read_table(data / "printed" / "discord.csv"),
        read_label_corrections(data / "corrections.yml"),
        read_table(data / "printed" / "discord_shares.csv"),
        read_table(data / "organizations" / "remarks.csv"),
        read_table(data / "disclosures" / "discord.csv"),
    )


def test_the_faults_of_the_files_are_all_found(real):
    places = real[["period", "contradiction"]].value_counts().to_dict()
    assert places == {
        ("2022 Q3", "doubtful_by_remark"): 1,
        ("2022 Q4", "doubtful_by_remark"): 1,
        ("2022 Q4", "months_of_another_period"): 1,
        ("2023 Q1", "repeated_table"): 1,
        ("2023 Q2", "wrong_share"): 1,
        ("2023 Q2", "wrong_sum"): 2,
        ("2023 Q3", "part_exceeds_whole"): 1,
        ("2023 Q3", "shifted_column"): 1,
        ("2023 Q3", "wrong_share"): 1,
        ("2024 H1", "repeated_row"): 1,
        ("2024 H1", "wrong_sum"): 1,
    }
    row, total = real[real["period"] == "2024 H1"].sort_values("contradiction").to_dict("records")
    assert row["printed"] == "Norway: 1, 0; 4, 3"
    assert (total["block"], total["printed"], total["expected"]) == ("Emergency Requests", "539", "540")


def test_what_is_corrected_is_what_labels_got_wrong(real):
    assert set(real.loc[real["is_corrected"], "contradiction"]) == {"months_of_another_period", "shifted_column"}
    shifted = real.set_index("contradiction").loc["shifted_column"]
    assert shifted["expected"] == "Child Safety: 128,153, as in Appeals"
