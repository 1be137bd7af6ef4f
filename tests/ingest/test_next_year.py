"""The next documents of each publisher are read as they come; what is new in them stops with the row to write.

The documents are made up from the committed tables: no source file is needed.
"""

import hashlib
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from next_year import (
    NEW_PROVIDERS,
    RESPELLED,
    country_document,
    label_to_respell,
    new_place,
    next_half,
    next_quarter,
    provider_document,
    quarter_after,
    text_of,
    year_after,
)

from countback.checks import cybertipline, esps
from countback.histories import LABELS
from countback.ingest.discord import check_months, parse_discord
from countback.ingest.meta import rebuild_release
from countback.ingest.sources import Source, find_sources
from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest.ingest_country_reports import ingest_country_reports
from scripts.ingest.ingest_esp_reports import ingest_esp_reports
from scripts.ingest.ingest_meta import ingest_meta

DATA = Path(__file__).parents[2] / "data"
TOTAL = 41_000_000


def table(name: str) -> pd.DataFrame:
    return read_table(DATA / f"{name}.csv")


def with_row(frame: pd.DataFrame, *cells: object) -> pd.DataFrame:
    """Return a table with a row more, whose last cells may be left out."""
    return pd.concat([frame, pd.DataFrame([dict(zip(frame.columns, cells, strict=False))])], ignore_index=True)


def released(folder: Path, release: str, period: object, content: bytes) -> tuple[pd.DataFrame, list[Path]]:
    """Write a file, and return the table of releases with it alone, and where it is."""
    file = folder / release
    file.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    columns = ["id", "period", "file", "sha256", "route"]
    return pd.DataFrame([(release, str(period), file.name, digest, "parsed")], columns=columns), [file]


@pytest.fixture(scope="module")
def year() -> int:
    return year_after(DATA)


def last_year(name: str) -> pd.DataFrame:
    """Return some rows of the last year of a table: more would take long to set and to read."""
    rows = table(name)
    return rows[rows["year"] == rows["year"].max()].head(50)


def test_a_new_provider_stops_with_its_rows_and_is_taken_with_them(tmp_path: Path, year: int) -> None:
    content = provider_document(last_year("cybertipline/esp_reports"), year, TOTAL)
    read = ingest_esp_reports(*released(tmp_path, f"ncmec-esp-{year}", year, content))
    assert read.totals[["year", "reports"]].to_numpy().tolist() == [[year, TOTAL]]
    reports = pd.concat([table("cybertipline/esp_reports"), read.reports], ignore_index=True)
    brands, aliases = table("cybertipline/esp_brands"), table("cybertipline/esp_aliases")
    checks = (esps.esp_names_are_known, "esp_brands"), (esps.esp_names_have_a_provider, "esp_aliases")
    for (check, name), decisions in zip(checks, (brands, aliases), strict=True):
        found = [str(error) for error in check({"esp_reports": reports, name: decisions})]
        rows = [text_of([[provider]]).strip() for provider in sorted(NEW_PROVIDERS, key=str.casefold)]
        assert len(found) == len(rows)
        for message, row in zip(found, rows, strict=True):
            assert f"a name that data/cybertipline/{name}.csv knows. Add the row {row},<" in message
        for provider in NEW_PROVIDERS:
            decisions = with_row(decisions, provider)
        assert list(check({"esp_reports": reports, name: decisions})) == []


def test_a_new_place_stops_with_its_row_and_is_taken_with_it(tmp_path: Path, year: int) -> None:
    name, code, _ = new_place(DATA).row.split(",")
    content = country_document(last_year("cybertipline/country_reports"), year, TOTAL, name)
    releases = released(tmp_path, f"ncmec-country-{year}", year, content)
    aliases = table("reference/country_aliases")
    codes = dict(zip(aliases["country_printed"], aliases["iso3"], strict=True))
    with pytest.raises(DataError) as error:
        ingest_country_reports(*releases, codes)
    assert f"Add the row {name},<code of countries.csv>, to data/reference/country_aliases.csv." in str(error.value)
    read = ingest_country_reports(*releases, codes | {name: code})
    assert read.reports["iso3"].iloc[-1] == code
    assert read.totals["reports"].tolist() == [TOTAL]
    tables = {
        "country_reports": pd.concat([table("cybertipline/country_reports"), read.reports], ignore_index=True),
        "country_aliases": with_row(aliases, name, code),
        "recipient_reports": table("cybertipline/recipient_reports"),
    }
    assert list(cybertipline.country_codes_are_decided(tables)) == []


def meta_releases(folder: Path) -> tuple[pd.DataFrame, list[Path], pd.DataFrame]:
    """Write Meta's last release, of two policy areas, and the next; return the releases, the files, the rules."""
    releases = table("releases").query("publisher == 'meta' and route == 'parsed'")
    order = sorted(releases["id"])
    names = ("meta", "meta_labels", "meta_blocks")
    history, labels, blocks = (table(f"histories/{name}") for name in names)
    last = rebuild_release(history, labels, blocks, order[-1], order)
    label = label_to_respell(DATA)
    last = last[last["policy_area"].isin([label, last["policy_area"].iloc[-1]])]
    content = text_of([last.columns, *last.to_numpy().tolist()])
    period = releases.set_index("id")["period"][order[-1]]
    after = quarter_after(period)
    made = next_quarter(content, label, Random(1))
    one, (first,) = released(folder, order[-1], period, content.encode())
    other, (second,) = released(folder, "meta-next", after, made.encode())
    rules = labels[labels["printed"].isin(last["policy_area"])].drop_duplicates("aligned", keep="last")
    rules = rules.assign(first_release=order[-1], last_release=None)
    return pd.concat([one, other], ignore_index=True), [first, second], rules


def test_a_label_respelled_by_meta_stops_with_its_row_and_is_taken_with_it(tmp_path: Path) -> None:
    releases, files, rules = meta_releases(tmp_path)
    sources = find_sources(releases, "meta-", files)
    units, label = table("histories/meta_units"), label_to_respell(DATA)
    with pytest.raises(DataError) as error:
        dict(ingest_meta(sources, rules, units))
    new = RESPELLED.format(label)
    row = text_of([["meta-next", "", "policy_area", new, label, "", ""]]).strip()
    assert f"data/histories/meta_labels.csv: found \"no rule for '{new}'" in str(error.value)
    assert f"Add the row {row}, followed by the reason." in str(error.value)
    rule = pd.DataFrame([("meta-next", None, "policy_area", new, label, None, None)], columns=LABELS)
    (_, old), (_, made) = ingest_meta(sources, pd.concat([rules, rule.astype("string")]), units)
    both = old.merge(made, on=["app", "policy_area", "metric", "period"])
    assert len(both) == len(old) < len(made)
    assert (both["value_printed_x"] != both["value_printed_y"]).sum() == 1


DISCORD = """Discord January-June 2031 Transparency Report CSV,,
Accounts Disabled,,
Policy Category,Accounts Disabled,
Child Safety,"1,071",
,,
NCMEC,,
Month,Media Reports,Grooming or Endangerment Escalations
January,"1,071",15
February,62,22
March,81,9
April,1,1
May,1,1
June,1,1
Total,"1,217",49
"""


def test_a_new_section_of_discord_stops_with_its_row_and_is_taken_with_it(tmp_path: Path) -> None:
    before, after = parse_period("2031 H1"), parse_period("2031 H2")
    content = next_half(DISCORD, before, after).replace("Accounts Disabled,,\n", "Accounts Banned,,\n", 1)
    file = tmp_path / "discord.csv"
    file.write_text(content)
    labels, source = table("printed/discord_labels"), Source("discord-2031-h2", after, file)
    with pytest.raises(DataError, match=r"add the row title,Accounts Banned,<meaning>, to data/printed/discord_labels"):
        parse_discord(source, labels)
    taken = with_row(labels, "title", "Accounts Banned", "accounts disabled")
    read = parse_discord(source, taken)
    check_months(read, taken)
    assert read.loc[read["block"] == "Accounts Banned", "value"].tolist() == [1071]
    assert "December" in set(read["item"])
