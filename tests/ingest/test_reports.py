"""Reports by year and submitter: gathered from the parsed tables, which must agree."""

from pathlib import Path

import pandas as pd
import pytest

from countback.io.errors import DataError
from countback.io.tables import read_table, to_csv
from scripts.ingest.ingest_reports import gather, printed_reports, with_remarks

DATA = Path(__file__).parents[2] / "data" / "cybertipline"
FACT = {"measure": "reports", "unit": "count", "page": 20, "first_report": "ojjdp-a", "last_report": "ojjdp-b"}


def facts(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            FACT | {"table": table, "item": item, "year": year, "value": value, "value_printed": f"{value:,}"}
            for table, item, year, value in rows
        ]
    )


def totals(year: int, reports: int, source: str) -> pd.DataFrame:
    row = {"year": year, "reports": reports, "reports_printed": f"{reports:,}", "page": 5, "source": source}
    return pd.DataFrame([row])


def compiled(*rows: tuple[str, int, int]) -> pd.DataFrame:
    columns = ["table", "item", "year", "value", "value_printed", "source", "place"]
    found = [("reports_by_year", item, year, value, str(value), "compiled", "row 7") for item, year, value in rows]
    return pd.DataFrame(found, columns=columns)


def gathered(
    *rows: tuple[str, str, int, int],
    esp: int = 90,
    country: int = 100,
    second_hand: tuple[tuple[str, int, int], ...] = (),
) -> pd.DataFrame:
    printed = facts(*rows), totals(2030, esp, "esp-2030"), totals(2030, country, "country-2030")
    return gather(printed_reports(*printed, compiled(*second_hand)))


def test_the_preferred_source_is_named_and_the_others_beside_it() -> None:
    rows = gathered(
        ("reports_by_year", "all", 2030, 100), ("submitters", "public", 2030, 10), ("submitters", "all", 2030, 100)
    )
    assert rows[["submitter", "reports", "source", "also_in"]].fillna("").to_numpy().tolist() == [
        ["all", 100, "ojjdp-b", "country-2030|ojjdp-a"],
        ["public", 10, "ojjdp-b", "ojjdp-a"],
        ["service_providers", 90, "esp-2030", ""],
    ]


def test_a_year_without_report_to_ojjdp_has_the_total_by_country() -> None:
    rows = gathered(("reports_by_year", "all", 2029, 80))
    assert rows.query("submitter == 'all'")["source"].tolist() == ["ojjdp-b", "country-2030"]


def test_a_year_that_only_a_compilation_has_is_secondary_and_gives_its_place() -> None:
    rows = gathered(("reports_by_year", "all", 2030, 100), second_hand=(("all", 2031, 70), ("all", 2030, 100)))
    found = rows.query("submitter == 'all'")[["year", "source", "also_in", "place", "provenance"]].fillna("")
    assert found.to_numpy().tolist() == [
        [2030, "ojjdp-b", "country-2030|ojjdp-a|compiled", "", "primary"],
        [2031, "compiled", "", "row 7", "secondary"],
    ]
    with pytest.raises(DataError, match=r"compiled, row 7, .*found '99 for all of 2030', expected 100"):
        gathered(("reports_by_year", "all", 2030, 100), second_hand=(("all", 2030, 99),))


def test_sources_that_disagree_stop_with_both_places() -> None:
    with pytest.raises(DataError, match=r"country-2030, page 5, .*found '101 for all of 2030', expected 100, as ojj"):
        gathered(("reports_by_year", "all", 2030, 100), country=101)


def test_a_remark_is_put_on_its_row_and_one_without_row_is_refused() -> None:
    remark = pd.DataFrame([{"year": 2030, "submitter": "all", "warnings": "doubtful", "note": "Look."}])
    assert with_remarks(gathered(("reports_by_year", "all", 2029, 80)), remark)["note"].dropna().tolist() == ["Look."]
    with pytest.raises(DataError, match=r"report_remarks\.csv, row 2: found '2031, all'"):
        with_remarks(gathered(("reports_by_year", "all", 2029, 80)), remark.assign(year=2031))


def test_the_committed_reports_are_those_of_the_parsed_tables() -> None:
    names = ("ojjdp_facts", "esp_totals", "country_totals", "compiled_facts")
    made = gather(printed_reports(*(read_table(DATA / f"{name}.csv") for name in names)))
    made = with_remarks(made, read_table(DATA / "report_remarks.csv"))
    committed = read_table(DATA / "reports.csv")
    made = made[list(committed)].astype(committed.dtypes.to_dict())
    assert to_csv(made) == to_csv(committed) == (DATA / "reports.csv").read_text(encoding="utf-8")
