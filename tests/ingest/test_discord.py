"""Discord's data files: from made-up ones in its two layouts to the committed tables."""

import csv
import hashlib
import io
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countback.corrections import correct_labels, read_label_corrections
from countback.ingest.discord import Labels, by_months, check_months, monthly, parse_discord, reports_disclosed
from countback.ingest.sources import Source
from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest.ingest_discord import ingest_discord, main

MONTHS = ["Month,Media Reports,Escalations", 'July,"1,071",15', "August,62,22", "September,81,9"]
STACKED = [
    "Warns,,,,",
    ",,,,",
    "Warns,Accounts Warned,Servers Warned,,",
    'Child Safety,"3,185",--,,',
    "Violent Extremism,1,0,,",
    ",,,,",
    'Total:,"3,186",0,,',
    ",,,,",
    "NCMEC,,,,",
    ",,,,",
    "Month,Media Reports,Grooming or Endangerment Escalations,Month Total,",
    'July,"1,071",15,"1,086",',
    "August,62,22,84,",
    "September,81,9,90,",
    ",,,,",
    'Total,"1,214",46,"1,260",',
    ",,,,",
    "Appeals,,,,",
    "Appeal Category,Appeals,% Granted,,",
    "Child Safety,93,0.51%,,",
    '"Emergency Requests\n",,,,',
    "Country,Requests,Complied,,",
    "Lithuania ,1,0,,",
]
LABELS = pd.DataFrame(
    [
        ("document", "Acme * Report", None),
        ("title", "Warns", "warnings"),
        ("title", "Warnings & Others", "warnings"),
        ("title", "NCMEC", "reports to NCMEC"),
        ("title", "Q? NCMEC Reports", "reports to NCMEC"),
        ("title", "Appeals", "appeals"),
        ("title", "Legal", "legal requests"),
        ("title", "Emergency Requests", "legal requests"),
        ("head", "Warns", None),
        ("head", "Policy Category", None),
        ("head", "Month", None),
        ("head", "Appeal Category", None),
        ("head", "Country", None),
        ("total", "Total", None),
        ("total", "Total:", None),
        ("component", "Media Reports", "CSAM"),
        ("component", "Escalations", "grooming or endangerment"),
        ("component", "Grooming or Endangerment Escalations", "grooming or endangerment"),
    ],
    columns=["kind", "printed", "meaning"],
)
HALF_YEAR = [
    "Acme January-June 2024 Report,,,",
    ",,,",
    "Warnings & Others,,,",
    "Policy Category,Individual Accounts,Servers,",
    'Child Safety,"202,028",121,',
    ",,,",
    "Total,202028,121,",
    ",,,",
    "NCMEC,,,",
    "Month,Media Reports,Grooming or Endangerment Escalations,Total",
    'January,"21,469",58,"21,527"',
    *(f"{month},1,0,1" for month in ("February", "March", "April", "May", "June")),
    ",,,",
    'Total,"21,474",58,"21,532"',
    "Emergency Requests,,,",
    "Country,Requests,Complied,",
    "Norway,1,0,",
    "New Zealand,1,1,",
    "Norway,4,3,",
    ",,,",
    "Total,5,4,",
]
REMARKS = pd.DataFrame(columns=["organization", "metric", "component", "period", "warnings", "note"], dtype="string")


def write(folder: Path, lines: list[str], name: str = "discord-2023-q3.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes("\n".join(lines).encode(encoding))
    return file


def parse(folder: Path, lines: list[str], period: str = "2023 Q3") -> pd.DataFrame:
    return parse_discord(Source("discord-2023-q3", parse_period(period), write(folder, lines)), LABELS)


def cells(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    columns = ["block", "item", "measure", "value", "unit", "value_printed", "place"]
    rows = frame[columns].astype(object)
    return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))


def edited(lines: list[str], old: str, new: str) -> list[str]:
    text = "\n".join(lines)
    assert old in text
    return text.replace(old, new).split("\n")


def test_a_table_of_months_is_read_with_row_and_column(tmp_path: Path) -> None:
    found = cells(parse(tmp_path, MONTHS))
    assert found[0] == (None, "July", "Media Reports", 1071.0, "count", "1,071", "row 2, column 2")
    assert found[-1] == (None, "September", "Escalations", 9.0, "count", "9", "row 4, column 3")
    assert len(found) == 6


def test_stacked_sections_are_read_each_below_its_title_and_header(tmp_path: Path) -> None:
    found = cells(parse(tmp_path, STACKED))
    assert ("Warns", "Child Safety", "Servers Warned", None, "count", "--", "row 4, column 3") in found
    assert ("Appeals", "Child Safety", "% Granted", 0.0051, "share", "0.51%", "row 20, column 3") in found
    assert ("Emergency Requests", "Lithuania", "Requests", 1.0, "count", "1", "row 23, column 2") in found
    assert len(found) == 6 + 12 + 2 + 2


def test_reports_are_the_printed_total_or_the_sum_of_the_months(tmp_path: Path) -> None:
    columns = ["component", "value", "value_printed", "warnings", "place"]
    printed = reports_disclosed(parse(tmp_path, STACKED), LABELS, REMARKS)[columns]
    assert printed.fillna("").to_numpy().tolist() == [
        ["CSAM", 1214, "1,214", "", "row 16, column 2"],
        ["grooming or endangerment", 46, "46", "", "row 16, column 3"],
    ]
    added = reports_disclosed(parse(tmp_path, MONTHS), LABELS, REMARKS)[columns]
    assert added.fillna("").to_numpy().tolist() == [
        ["CSAM", 1214, "", "derived", "row 2, column 2 to row 4, column 2, added up"],
        ["grooming or endangerment", 46, "", "derived", "row 2, column 3 to row 4, column 3, added up"],
    ]


def test_a_remark_stands_beside_what_is_derived_and_needs_its_row(tmp_path: Path) -> None:
    remark = ("discord", "reports", "CSAM", "2023 Q3", "doubtful", "Look.")
    remarks = pd.DataFrame([remark], columns=REMARKS.columns, dtype="string")
    frame = reports_disclosed(parse(tmp_path, MONTHS), LABELS, remarks)
    assert frame.loc[0, ["warnings", "note"]].tolist() == ["derived|doubtful", "Look."]
    with pytest.raises(DataError, match=r"remarks\.csv, discord: found 'reports, CSAM, 2022 Q3'"):
        reports_disclosed(parse(tmp_path, MONTHS), LABELS, remarks.assign(period="2022 Q3"))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            edited(STACKED, "Appeals,,,,", "Bans,,,,"),
            "row 18: found 'Bans', expected a title, or a table below a head.*add the row title,Bans,<meaning>, to ",
        ),
        (edited(STACKED, "Month,", "Mois,"), "row 11: found 'Mois, Media Reports.*expected a title"),
        (
            edited(STACKED, "Media Reports", "Reports"),
            "found 'months with the columns Reports.*add the row component,<column>,<what it",
        ),
        (edited(STACKED, "NCMEC,,,,", "Legal,,,,"), "found 'months with the columns none'"),
        (
            edited(STACKED, "62,22,84,", "62,23,85,"),
            r"row 16, column 3, column Grooming.*found '46', expected 47, the sum",
        ),
        (edited(STACKED, 'Total,"1,214",46', "Total,--,46"), "row 16, column 2, .*found '--', expected 1,214, the sum"),
        (edited(STACKED, 'July,"1,071",15,"1,086",\n', ""), "found '2 months', expected three or six"),
        (edited(STACKED, "August,62", "August,--"), "found '3 months', expected three or six, with a count each"),
        (edited(STACKED, "93,0.51%", "93,0.51"), "row 20, column % Granted: found '0.51', expected a percentage"),
        (edited(STACKED, "93,0.51%", "93%,0.51%"), "row 20, column Appeals: found '93%', expected a count"),
        (edited(STACKED, "93,0.51%", "n/a,0.51%"), "row 20, column Appeals: found 'n/a', expected a count"),
        (edited(STACKED, "93,0.51%", "9-10,0.51%"), "row 20, column Appeals: found '9-10', expected a count"),
        (edited(STACKED, "93,0.51%", "=1+1,0.51%"), "row 20, column Appeals: found '=1.1', expected a count"),
        (edited(STACKED, "93,0.51%", ",0.51%"), "row 20, column Appeals: found '', expected a value for Child Safety"),
        (edited(STACKED, "93,0.51%,,", "93,0.51%,7,"), "row 20: found '7', expected no value, since the column has no"),
        (edited(STACKED, "93,0.51%,,", "93,0.51%"), "row 20: found '3 cells', expected 5"),
        (edited(STACKED, "93,0.51%", '"93,0.51%'), "expected CSV in UTF-8"),
    ],
)
def test_a_file_that_is_laid_out_otherwise_is_refused_with_its_row(
    tmp_path: Path, lines: list[str], message: str
) -> None:
    with pytest.raises(DataError, match=rf"discord-2023-q3\.csv.*{message}"):
        parse(tmp_path, lines)


def test_an_empty_file_and_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected a table of months"):
        parse(tmp_path, [])
    file = write(tmp_path, STACKED, encoding="utf-16")
    with pytest.raises(DataError, match="expected CSV in UTF-8"):
        parse_discord(Source("x", parse_period("2023 Q3"), file), LABELS)


@pytest.mark.parametrize("period", ["2023 Q2", "2023 Q4", "2023 H2"])
def test_months_of_another_period_are_refused(tmp_path: Path, period: str) -> None:
    with pytest.raises(DataError, match=r"found 'July, August, September', expected .*corrections\.yml"):
        check_months(parse(tmp_path, STACKED, period), LABELS)


def test_a_cell_that_repeats_its_header_is_kept_without_a_number(tmp_path: Path) -> None:
    found = cells(parse(tmp_path, edited(STACKED, "Child Safety,93", "Child Safety,Appeals")))
    assert ("Appeals", "Child Safety", "Appeals", None, "count", "Appeals", "row 20, column 2") in found


def test_labels_with_formulas_and_markup_stay_text(tmp_path: Path) -> None:
    frame = parse(tmp_path, edited(STACKED, "Violent Extremism", "=<b>x</b>"))
    assert "=<b>x</b>" in set(frame["item"])


CELLS = st.sampled_from(["93", "1,071", "10,71", "51%", "0", "--", "", "n/a", "1-2", "Appeals", "9 3"])


@settings(max_examples=100)
@given(
    row=st.integers(0, len(STACKED) - 1),
    place=st.integers(1, 3),
    cell=CELLS,
    drop=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    cut=st.integers(0, 30),
)
def test_a_mutated_file_gives_what_it_prints_or_an_error_that_says_what_to_do(
    tmp_path_factory: pytest.TempPathFactory,
    row: int,
    place: int,
    cell: str,
    drop: bool,
    encoding: str,
    line_end: str,
    cut: int,
) -> None:
    rows = list(csv.reader(io.StringIO("\n".join(STACKED), newline="")))
    rows[row][place] = cell
    if drop:
        del rows[(row + place) % len(rows)]
    stream = io.StringIO()
    csv.writer(stream, lineterminator=line_end).writerows(rows)
    content = stream.getvalue().encode(encoding)
    file = tmp_path_factory.mktemp("release") / "discord-2023-q3.csv"
    file.write_bytes(content[:-cut] if cut else content)
    try:
        frame = parse_discord(Source("x", parse_period("2023 Q3"), file), LABELS)
    except DataError as error:
        assert "discord-2023-q3.csv" in str(error)
        assert error.expected
        assert error.fix
        return
    for fact in frame.itertuples():
        number, column = (int(word) for word in fact.place.replace("row ", "").split(", column "))
        printed = rows[number - 1][column - 1]
        assert printed.startswith(fact.value_printed) if cut else printed == fact.value_printed
        if pd.notna(fact.value) and fact.unit == "count":
            assert f"{fact.value:,.0f}" == fact.value_printed or f"{fact.value:.0f}" == fact.value_printed


def release(period: str, file: Path) -> dict[str, str]:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    name = period.lower().replace(" ", "-")
    return {"id": f"discord-{name}", "period": period, "file": file.name, "sha256": digest, "route": "parsed"}


def test_a_next_release_is_read_by_adding_its_file_and_its_line(tmp_path: Path) -> None:
    first = write(tmp_path, STACKED)
    lines = STACKED
    for old, new in zip(("July", "August", "September"), ("October", "November", "December"), strict=True):
        lines = edited(lines, old, new)
    second = write(tmp_path, lines, "discord-2023-q4.csv")
    releases = pd.DataFrame([release("2023 Q4", second), release("2023 Q3", first)])
    printed = ingest_discord(releases, [first, second], LABELS)
    check_months(printed, LABELS)
    assert reports_disclosed(printed, LABELS, REMARKS)["period"].tolist() == ["2023 Q3", "2023 Q4"] * 2
    second.write_bytes(second.read_bytes()[:-2])
    with pytest.raises(DataError, match="SHA-256"):
        ingest_discord(releases, [first, second], LABELS)


def test_a_half_year_with_a_line_above_and_titles_right_over_their_tables_is_read(tmp_path: Path) -> None:
    frame = parse(tmp_path, HALF_YEAR, "2024 H1")
    assert cells(frame)[0][:4] == ("Warnings & Others", "Child Safety", "Individual Accounts", 202_028.0)
    check_months(frame, LABELS)
    disclosed = reports_disclosed(frame, LABELS, REMARKS)
    assert disclosed[["metric", "component", "period", "value_printed", "place"]].to_numpy().tolist() == [
        ["reports", "CSAM", "2024 H1", "21,474", "row 18, column 2"],
        ["reports", "grooming or endangerment", "2024 H1", "58", "row 18, column 3"],
    ]


def test_rows_that_repeat_a_label_are_both_kept(tmp_path: Path) -> None:
    frame = parse(tmp_path, HALF_YEAR, "2024 H1")
    norway = frame[(frame["item"] == "Norway") & (frame["measure"] == "Requests")]
    assert norway[["value", "place"]].to_numpy().tolist() == [[1, "row 21, column 2"], [4, "row 23, column 2"]]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Acme January", "Globex January", "row 1: found 'Globex January-June 2024 Report', expected a title"),
        ("Warnings & Others", "Cautions", "row 3: found 'Cautions', expected a title"),
        ("Country,Requests", "Place,Requests", "row 20: found 'Place, Requests, Complied', expected a title"),
        ("June,1,0,1\n", "", "found '5 months', expected three or six"),
        ("Media Reports", "Media", "a column for each kind of report to NCMEC"),
    ],
)
def test_a_renamed_line_of_the_half_year_is_refused_until_the_table_of_labels_has_it(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        parse(tmp_path, edited(HALF_YEAR, old, new), "2024 H1")


@pytest.fixture(scope="module")
def labels(project: Path) -> pd.DataFrame:
    return read_table(project / "data" / "printed" / "discord_labels.csv")


@pytest.fixture(scope="module")
def printed(project: Path) -> pd.DataFrame:
    return read_table(project / "data" / "printed" / "discord.csv")


def test_the_committed_facts_number_as_many_as_the_cells_of_the_files(printed: pd.DataFrame) -> None:
    first = printed[printed["period"] <= "2024 H1"]
    sizes = first.groupby("source").size().tolist()
    assert sizes == [12, 12, 12, 8, 8, 12, 232, 232, 340, 295, 315, 366]
    # one of them is the text in the shifted column
    assert sum(sizes[:-1]) == 1_477 + 1


def test_months_add_up_to_what_is_disclosed_in_every_release(
    printed: pd.DataFrame, labels: pd.DataFrame, project: Path
) -> None:
    disclosed = read_table(project / "data" / "disclosures" / "discord.csv")
    values = disclosed.set_index(["source", "component"])["value"]
    months, _ = by_months(printed[monthly(printed, Labels(labels)) & ~printed["measure"].str.contains("otal")])
    components = months["measure"].str.contains("edia").map({True: "CSAM", False: "grooming or endangerment"})
    sums = months.groupby([months["source"], components])["value"].sum()
    assert len(sums) == len(values)
    assert sums.to_dict() == values.to_dict()


def test_corrections_bring_every_number_of_the_shifted_column_to_its_label(
    printed: pd.DataFrame, labels: pd.DataFrame, project: Path
) -> None:
    corrections = read_label_corrections(project / "data" / "corrections.yml")
    corrected = correct_labels(printed, "printed/discord", corrections)
    check_months(corrected, labels)
    quarter = corrected[(corrected["period"] == "2023 Q3") & (corrected["measure"] == "Accounts Disabled")]
    numbers = quarter[quarter["value"].notna()].replace({"item": {"Sum:": "Total:"}})
    shifted, appeals = (
        numbers[numbers["block"] == block].set_index("item")["value"] for block in ("Accounts Disabled", "Appeals")
    )
    assert len(shifted) == 13
    assert shifted["Child Safety"] == 128_153
    assert shifted.to_dict() == appeals.to_dict()


def test_the_warnings_of_two_quarters_are_alike_in_every_cell(printed: pd.DataFrame) -> None:
    warnings = printed[printed["block"] == "Warns"]
    one, two = (
        cells(warnings[warnings["period"] == period].drop(columns="source")) for period in ("2022 Q4", "2023 Q1")
    )
    assert len(one) == 39
    assert one == two


@pytest.mark.raw
def test_the_raw_files_give_the_committed_tables_byte_for_byte(tmp_path: Path, project: Path) -> None:
    data = project / "data"
    (tmp_path / "data").symlink_to(data)
    names = "printed/discord.csv", "disclosures/discord.csv"
    made = tmp_path / "results" / "ingest" / names[0], tmp_path / "results" / "ingest" / names[1]
    files = sorted((Path(os.environ["COUNTBACK_RAW"]) / "discord").iterdir())
    tables = data / "printed" / "discord_labels.csv", data / "organizations" / "remarks.csv", data / "corrections.yml"
    main(data / "releases.csv", files, *tables, *made)
    for name, file in zip(names, made, strict=True):
        assert file.read_bytes() == (data / name).read_bytes()
