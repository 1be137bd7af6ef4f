"""The section of a provider says what the audits find and why, with both counts by year; data make no markup."""

import re

import pandas as pd
import pytest

from countback.text.profiles import Providers, links_to, section_names, shape_of_years
from countback.text.provider_years import section_table

AUDITS = ("against_clearinghouse", "against_own_past", "rounding")
NOTHING = dict.fromkeys(AUDITS, ("nothing_to_audit", "Nothing is disclosed.", None))
FOUND = {
    "acme": {
        "against_clearinghouse": ("disagrees", "Two years.", "doubtful"),
        "against_own_past": ("revised", "Seven of 9 facts.", "counted"),
        "rounding": ("rounds", "All end in zero.", "counted"),
    },
    "chat": {
        "against_clearinghouse": ("audited_with_owner", "Part of Acme, which disagrees with NCMEC.", None),
        "against_own_past": ("stated_once", "One disclosure.", None),
        "rounding": ("no_sign_of_rounding", "Few end in zero.", "few"),
    },
    "mute": NOTHING,
}
SURVEY = [
    ("acme", "Acme", "Counts", "half", "2031 H1", None, "yes", "through brands", "partly"),
    ("chat", "Chat", "Counts", "year", "2031", None, "yes", "no", "no"),
    ("mute", "Mute", "No report", None, None, None, "no", "no", "no"),
]
SAME = "Both sides cover the same brands and the full year."
PAIRS = [
    # year, own, ncmec, comparable, verdict, reason, provenance, table, others
    (
        2030,
        None,
        900,
        False,
        "own_year_incomplete",
        "No count. NCMEC's row combines Acme with Mute.",
        None,
        "full",
        "mute",
    ),
    (2031, 100, 110, True, "comparable", SAME, "primary", "full", None),
    (2032, 100, 300, True, "comparable", f"{SAME} In doubt.", "secondary", "selected", None),
]


def frame(rows, columns):
    return pd.DataFrame(rows, columns=columns.split())


def tables(**changes):
    typical = {"provider": "acme", "n_years": 2, "n_near_pairs": 0, "n_apart": 2, "widest_year": 2032}
    found = {
        "survey": frame(
            SURVEY,
            "organization name what_is_disclosed granularity coverage_start coverage_end discloses_reports "
            "discloses_pieces discloses_accounts",
        ),
        "verdicts": frame(
            [(one, audit, *FOUND[one][audit]) for one in FOUND for audit in AUDITS],
            "provider audit verdict evidence certainty",
        ),
        "typical": pd.DataFrame([typical | {"widest_difference": 1.0}]),
        "pairs": frame(
            PAIRS,
            "year provider_reports ncmec_reports is_comparable verdict reason own_provenance ncmec_table "
            "ncmec_other_brands",
        )
        .astype({"provider_reports": "Int64", "ncmec_reports": "Int64"})
        .assign(provider="acme"),
        "comparisons": frame(
            [("acme", "acme", "acme"), ("acme", "chat", "chat"), ("mute", None, "mute")], "provider series brand"
        ),
        "disclosures": frame(
            [
                ("acme", "2031", 100, "a"),
                ("acme", "2031", 100, "c"),
                ("chat", "2031", 40, "b"),
                ("chat", "2032 H1", 9, "b"),
            ],
            "organization period value source",
        ).assign(metric="reports"),
        "organizations": frame(
            [("acme", "Acme", None), ("chat", "Chat", "*Small* <b>."), ("mute", "Mute", None)], "organization name note"
        ),
        "names": frame([("acme", "Acme, Inc."), ("acme", "Acme")], "organization name"),
        "releases": frame(
            [
                ("a", "A page", "2031 H2", "https://acme.org/a"),
                ("b", "B", "2031", None),
                ("c", "First", "2031 H1", "https://acme.org/c"),
            ],
            "id title period url",
        ),
        "esp_reports": frame(
            [(2030, "Acme*", 900), (2031, "Chat", 38), (2031, "Acme", 72)], "year esp_printed reports"
        ),
        "esp_brands": frame(
            [("Acme*", "acme"), ("Acme*", "chat"), ("Chat", "chat"), ("Acme", "acme")], "esp_printed brand"
        ),
        "selected_reports": frame([(2032, "Chat", 99)], "year esp_printed reports"),
        "selected_brands": frame([("Chat", "chat")], "esp_printed brand"),
    }  # fmt: skip
    return found | changes


@pytest.fixture
def providers():
    return Providers(tables(), charts={"acme"})


def test_the_verdict_comes_first_with_its_years_and_the_numbers_of_the_widest(providers):
    assert providers.counts("acme").startswith(
        "**Acme disagrees with NCMEC.** Two years can be compared: in both, the two counts differ by more than "
        "five percent. "
        "The counts differ most for 2032, by 100.0% of their mean: Acme counts 100 reports, NCMEC 300. "
        "Some of these counts are in doubt"
    )


def test_both_counts_stand_by_year_with_difference_note_and_where_they_were_read(providers):
    rows = [line.strip("| ").split(" | ") for line in providers.counts("acme").splitlines() if line.startswith("|")]
    assert rows[0] == ["Year", "Acme", "NCMEC", "Difference", "Of the mean", "Read in", "Note"]
    assert rows[3][:6] == ["2031", "100", "110", "+10", "+9.5%", "own files; NCMEC’s table"]
    assert rows[4] == ["2032", "100", "300", "+200", "+100.0%", "compilation", "In doubt."]


def test_a_count_that_covers_other_brands_is_no_count_of_the_provider(providers):
    row = next(line for line in providers.counts("acme").splitlines() if line.startswith("| 2030"))
    cells = row.strip("| ").split(" | ")
    assert cells[1:5] == ["–", "–", "–", "–"]
    assert cells[6] == "No count. NCMEC’s row combines Acme with Mute. The row has 900 reports."


def test_a_brand_stands_beside_rows_of_its_own_alone_and_leads_to_its_owner(providers):
    text = providers.counts("chat")
    assert text.startswith("**Chat is compared together with its owner, [Acme](#provider-acme).** Acme disagrees")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| 20")]
    assert rows[0][:3] == ["2030", "–", "–"]
    assert "NCMEC’s row covers more than this service: see [Acme](#provider-acme)." in rows[0][3]
    assert rows[1][:3] == ["2031", "40", "38"]
    assert rows[2][:3] == ["2032", "–", "99"]  # half a year of its own is no year
    assert "110" not in text


def test_a_picture_stands_where_one_is_drawn_and_tells_its_numbers(providers):
    text = providers.counts("acme")
    assert '![](../figures/providers/acme.svg){fig-alt="Line chart of reports' in text
    assert "2031: 100 and 110; 2032: 100 and 300." in text
    assert "\n\nReports by Acme, 2031 to 2032, by its own count and by NCMEC’s. Data: " in text
    assert "figures/providers" not in providers.counts("chat")


def test_past_digits_names_and_sources_follow_and_what_is_disclosed_in_part_is_said_so(providers):
    text = providers.more("acme")
    assert (
        ":   Counts by half-year since 2031 H1: reports, pieces through brands and a part of its accounts." not in text
    )
    assert "reports, pieces through its brands and a part of its accounts." in text
    assert "Revised numbers. Seven of 9 facts." in text
    assert "Its counts are rounded. All end in zero." in text
    assert "Other names\n\n:   Acme, Inc." in text
    assert "Sources\n\n:   [First](<https://acme.org/c>); [A page](<https://acme.org/a>)." in text
    assert "Last digits" not in providers.more("chat")


def test_those_without_a_section_of_their_own_in_the_chapter_come_after_once(providers):
    providers.counts("acme")
    rest = providers.rest()
    assert re.findall(r"^### (.*)$", rest, re.MULTILINE) == ["Chat {#provider-chat}"]
    assert providers.rest() == ""
    assert providers.silent().startswith("[Mute]{#provider-mute}\n\n:   Nothing is disclosed.")


def test_markup_in_a_table_stays_text(providers):
    assert r"\*Small\* \<b\>." in providers.more("chat")


def test_an_organization_whose_reports_are_no_part_of_a_comparison_has_no_table():
    alone = tables(
        comparisons=frame([("mute", None, "mute")], "provider series brand"), typical=tables()["typical"][:0]
    )
    alone["verdicts"] = alone["verdicts"].replace({"audited_with_owner": "not_comparable"})
    alone["esp_reports"], alone["disclosures"] = alone["esp_reports"][:0], alone["disclosures"][:0]
    alone["selected_reports"] = alone["selected_reports"][:0]
    text = Providers(alone, charts=set()).counts("chat")
    assert text.startswith("**No year can be compared.**")
    assert "|" not in text


def test_columns_that_hold_nothing_are_left_out():
    assert (
        section_table(iter([["2031", "–", "7", "–", "–", "", ""]]), "A|b").splitlines()[0] == r"| Year | A\|b | NCMEC |"
    )
    assert section_table(iter([]), "Acme") == ""


def test_one_year_is_told_as_one():
    years = pd.Series({"n_years": 1, "n_close": 1})
    assert shape_of_years(years) == "One year can be compared: in it, the two counts differ by one percent at most."


def test_those_with_nothing_to_audit_are_named_with_their_places():
    one = tables()
    assert links_to(section_names(one["survey"], one["verdicts"])) == "[Mute](#provider-mute)"


def test_a_single_year_is_told_as_one_and_its_numbers_once():
    found = tables()
    typical = {"provider": "acme", "n_years": 1, "n_near_pairs": 1, "widest_year": 2031, "widest_difference": 0.095}
    one = found["pairs"].assign(is_comparable=found["pairs"]["year"] == 2031)
    verdicts = found["verdicts"].replace({"doubtful": "few"})
    text = Providers(tables(typical=pd.DataFrame([typical]), pairs=one, verdicts=verdicts), charts=set()).counts("acme")
    assert "For 2031, Acme counts 100 reports, NCMEC 110: a difference of 9.5% of their mean." in text
    assert "One year is weak evidence." in text
    assert "most for" not in text


def test_far_years_keep_their_measure_where_only_the_nearest_limit_was_named():
    years = pd.Series({"n_years": 2, "n_close": 1, "n_apart": 1})
    assert shape_of_years(years) == (
        "Two years can be compared: in one, both counts differ by one percent at most, "
        "and in one, they differ by more than five percent."
    )


def test_an_organization_without_a_year_to_compare_gives_the_reason_once():
    found = tables()
    verdicts = found["verdicts"]
    is_first = (verdicts["provider"] == "acme") & (verdicts["audit"] == AUDITS[0])
    verdicts.loc[is_first, ["verdict", "evidence"]] = ["not_comparable", "None of two years can be compared: no count."]
    text = Providers(tables(verdicts=verdicts, typical=found["typical"].iloc[:0]), charts=set()).counts("acme")
    assert text.startswith("**No year can be compared.** The reason: no count.")
