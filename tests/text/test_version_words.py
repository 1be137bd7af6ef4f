"""What changed between versions is told in words."""

import pandas as pd

from countback.text.version_words import changes_in_words, titled_row

FIELDS = [{"name": "metric", "title": "Metric"}, {"name": "value", "title": "Value"}]
PACKAGE = {"resources": [{"name": "made_up", "title": "Disclosures of Acme", "schema": {"fields": FIELDS}}]}


def test_a_corrected_number_has_titles_for_ids_and_separators():
    row = ("made_up", "metric pieces_known", "value", "1450", None)
    columns = ["table_name", "row", "column", "number_before", "number_now"]
    (found,) = changes_in_words(pd.DataFrame([row], columns=columns), PACKAGE).to_dict("records")
    assert (found["title"], found["row"], found["column"]) == ("Disclosures of Acme", "Metric: pieces known", "Value")
    assert (found["number_before"], found["number_now"]) == ("1,450", None)


def test_a_table_that_is_gone_keeps_what_its_record_says():
    row = ("gone", "old_key x", "old_column", "1", "2")
    columns = ["table_name", "row", "column", "number_before", "number_now"]
    (found,) = changes_in_words(pd.DataFrame([row], columns=columns), PACKAGE).to_dict("records")
    assert (found["title"], found["row"], found["column"]) == ("gone", "Old key: x", "Old column")


def test_a_cell_with_a_comma_is_not_taken_for_two():
    fields = {"place": {"title": "Place"}, "year": {"title": "Year"}}
    assert titled_row("place Congo, north, year 2031", fields) == "Place: Congo, north; year: 2031"
