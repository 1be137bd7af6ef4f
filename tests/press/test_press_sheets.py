"""CSV beside the book opens well in a spreadsheet: accents, numbers, truth; and in programs as before."""

import csv
import io

import pandas as pd
import pytest

from press.sheets import copied, spreadsheet_csv

MIXED = (
    "name,code,share,reports,is_known,note,value_printed\n"
    "Côte d'Ivoire,NA,0.123456789012345,36210368,TRUE,=1+1,1.23456789\n"
    "Åland,AX,4.77539033234439e-05,12,true,-5 to 10,12\n"
    'Türkiye,TR,NA,,False,"a, b",–\n'
)


def rows(content, encoding):
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def test_accents_are_read_right_with_the_mark_and_without():
    content = spreadsheet_csv(MIXED.encode())
    assert content.startswith(b"\xef\xbb\xbfname,")
    head, *body = rows(content, "utf-8-sig")
    assert head[0] == "name"
    assert [row[0] for row in body] == ["Côte d'Ivoire", "Åland", "Türkiye"]
    # a program that knows no mark finds it before the first name, and nothing else changed
    assert rows(content, "utf-8")[0] == ["\ufeffname", *head[1:]]
    assert rows(content, "utf-8")[1:] == body


def test_pandas_reads_it_by_its_defaults():
    frame = pd.read_csv(io.BytesIO(spreadsheet_csv(MIXED.encode())), keep_default_na=False, na_values=[""])
    assert frame.columns[0] == "name"
    assert frame["is_known"].tolist() == [True, True, False]
    assert frame["code"].tolist() == ["NA", "AX", "TR"]
    assert frame["share"].tolist()[:2] == [0.123457, 0.0000477539]


def test_numbers_keep_the_digits_that_count_and_truth_is_written_alike():
    _, first, second, third = rows(spreadsheet_csv(MIXED.encode()), "utf-8-sig")
    assert [first[2], second[2], third[2]] == ["0.123457", "0.0000477539", ""]
    assert [first[3], second[3], third[3]] == ["36210368", "12", ""]
    assert [first[4], second[4], third[4]] == ["TRUE", "TRUE", "FALSE"]
    assert [first[6], second[6], third[6]] == ["1.23456789", "12", "–"]


def test_text_is_no_formula_and_no_number_gets_an_apostrophe():
    text = "label,change\n=SUM(A1),-41249.5\n-,+3\n+a,-1\n"
    assert spreadsheet_csv(text.encode()).decode("utf-8-sig") == "label,change\n'=SUM(A1),-41249.5\n-,+3\n'+a,-1\n"


@pytest.mark.parametrize("text", ["＝1+1", "＠sum(a1)", "－cmd", "=\n1+1", "''=1", "\t=1", "+٣"])
def test_no_text_and_no_head_of_a_column_is_a_formula(text):
    content = pd.DataFrame({text: [text, "b"]}).to_csv(index=False).encode()
    assert rows(spreadsheet_csv(content), "utf-8-sig") == [[f"'{text}"], [f"'{text}"], ["b"]]


def test_the_same_content_gives_the_same_bytes_and_a_second_pass_changes_nothing():
    once = spreadsheet_csv(MIXED.encode())
    assert spreadsheet_csv(MIXED.encode()) == once
    assert spreadsheet_csv(once.replace(b"'", b"")) == spreadsheet_csv(MIXED.replace("'", "").encode())


@pytest.mark.parametrize("path", ["figures/a.svg", "exports/all.zip"])
def test_other_files_are_copied_as_they_are(path):
    assert copied(path, b"\x00,1\n") == b"\x00,1\n"
