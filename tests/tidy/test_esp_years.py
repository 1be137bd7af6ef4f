"""Every printed name of a service provider counts for one provider, and nothing is lost on the way."""

import pandas as pd
import pytest

from countback.checks import esps as checks
from countback.io.tables import read_table
from scripts.tidy.esp_years import esp_years
from scripts.tidy.provider_shares import provider_shares

ESPS = pd.DataFrame({"esp": ["acme", "chat"], "name": ["Acme", "Chat"], "reporter_kind": ["service", "ngo"]}).assign(
    brand=["acme", None]
)
OWNERSHIP = pd.DataFrame(
    {"organization": ["acme"], "parent": ["holding"], "valid_from": ["2031-06-01"], "valid_to": [None]}
)


def aliases(**scopes):
    rows = [(name.replace("_", " "), name.split("_")[0].lower(), scope) for name, scope in scopes.items()]
    return pd.DataFrame(rows, columns=["esp_printed", "esp", "row_scope"])


def reports(*rows):
    frame = pd.DataFrame(rows, columns=["year", "esp_printed", "reports"])
    return frame.assign(combined_mark=None).astype({"reports": "Int64"})


def years(printed, names):
    totals = printed.groupby("year", as_index=False)["reports"].sum()
    return esp_years(printed, totals, names, ESPS, OWNERSHIP).set_index(["esp", "year"])


def messages(check, **tables):
    return [str(error) for error in check(tables)]


def test_two_names_of_one_provider_in_a_year_are_added_and_counted():
    table = years(
        reports((2030, "Acme", 5), (2030, "Acme Inc", 1), (2030, "Chat", 2)),
        aliases(Acme="single", Acme_Inc="single", Chat="single"),
    )
    assert table.loc[("acme", 2030), ["name", "reports", "share", "n_rows"]].tolist() == ["Acme", 6, 0.75, 2]
    assert table.loc[("chat", 2030), ["reports", "n_rows", "reporter_kind"]].tolist() == [2, 1, "ngo"]


def test_a_year_in_which_rows_cease_to_be_combined_is_marked_and_a_year_without_a_row_has_none():
    table = years(
        reports((2030, "Acme star", 9), (2032, "Acme", 4), (2033, "Acme", 4), (2033, "Chat", 1)),
        aliases(Acme_star="combined", Acme="single", Chat="single"),
    )
    assert ("acme", 2031) not in table.index
    assert table["is_combined"].tolist() == [True, False, False, False]
    assert table["warnings"].fillna("none").tolist() == ["none", "scope-changed", "none", "none"]


def test_a_brand_has_the_owner_of_its_year_and_a_provider_without_brand_none():
    table = years(
        reports((2030, "Acme", 9), (2031, "Acme", 4), (2031, "Chat", 1)), aliases(Acme="single", Chat="single")
    )
    assert table["owner"].fillna("none").to_dict() == {
        ("acme", 2030): "acme",
        ("acme", 2031): "holding",
        ("chat", 2031): "none",
    }


@pytest.fixture(scope="module")
def data(project):
    names = ("esp_reports", "esp_totals", "esp_aliases", "esps")
    tables = {name: read_table(project / "data" / "cybertipline" / f"{name}.csv") for name in names}
    return tables | {"ownership": read_table(project / "data" / "organizations" / "ownership.csv")}


def test_no_report_is_lost_or_counted_twice(data):
    table = esp_years(*data.values())
    sums = table.groupby("year").agg(reports=("reports", "sum"), n_rows=("n_rows", "sum"), share=("share", "sum"))
    totals = data["esp_totals"].set_index("year")["reports"]
    assert sums["reports"].to_dict() == totals.to_dict()
    assert sums["n_rows"].tolist() == [148, 168, 230, 236, 247]
    assert sums["share"].tolist() == pytest.approx([1] * 5)
    assert table.groupby("esp").size().value_counts().sort_index().to_dict() == {1: 99, 2: 65, 3: 67, 4: 39, 5: 88}


def test_the_reports_of_owners_are_those_of_the_surveyed_corporations(data, project):
    tables = {
        name: read_table(project / "data" / path)
        for name, path in {
            "esp_brands": "cybertipline/esp_brands.csv",
            "selected_reports": "cybertipline/selected_esp_reports.csv",
            "selected_brands": "cybertipline/selected_esp_brands.csv",
            "reports": "cybertipline/reports.csv",
        }.items()
    }
    by_owner = esp_years(*data.values()).groupby(["owner", "year"])["reports"].sum().to_dict()
    shares = provider_shares(data["esp_reports"], ownership=data["ownership"], years=tables.pop("reports"), **tables)
    full, selected = shares[shares["is_full_table"]], shares[~shares["is_full_table"]]
    assert by_owner == full.set_index(["provider", "year"])["reports"].to_dict()
    assert selected.groupby("year")["share"].sum().round(3).to_dict() == {2024: 0.972, 2025: 0.965}


def test_one_service_with_two_rows_in_a_year_is_added(data):
    table = esp_years(*data.values())
    twice = table[table["n_rows"] > 1].set_index(["esp", "year"])["reports"]
    assert twice.to_dict() == {("twitter", 2023): 870_503, ("pornhub", 2023): 2_503, ("tube8", 2023): 30}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("New Meta AB", "Facebook"),
        ("Mega", "Megapersonals"),
        ("Mega", "New Meta AB"),
        ("Medal.tv", "Medium"),
        ("Wink", "Wickr Inc."),
        ("NorfexHoldingsLimited", "Norfex Services Ltd"),
        ("Microsoft - Xbox", "Microsoft"),
        ("Donuts", "Identity Digital Inc."),
    ],
)
def test_names_that_only_look_alike_are_two_providers(data, one, other):
    esp = data["esp_aliases"].set_index("esp_printed")["esp"]
    assert esp[one] != esp[other]


def test_names_that_differ_in_case_spaces_or_star_alone_are_one_provider(data):
    plain = data["esp_aliases"]["esp_printed"].str.casefold().str.replace(r"[\s*]", "", regex=True)
    assert (data["esp_aliases"].groupby(plain)["esp"].nunique() == 1).all()
    assert len(data["esp_aliases"]) == 520


def test_a_name_without_a_provider_and_a_provider_without_a_name_are_found():
    printed = reports((2030, "Acme", 5), (2031, "Acme", 5), (2031, "Acme Ltd", 1))
    decided = aliases(Acme="single", Acne="single")
    (unknown, unprinted) = messages(checks.esp_names_have_a_provider, esp_reports=printed, esp_aliases=decided)
    assert "esp_reports.csv, row 4, column esp_printed: found 'Acme Ltd'" in unknown
    assert "esp_aliases.csv, row 3, column esp_printed: found 'Acne'" in unprinted
    (message,) = messages(checks.esps_have_a_name, esps=ESPS, esp_aliases=decided)
    assert "esps.csv, row 3, column esp: found 'chat'" in message


@pytest.mark.parametrize(
    ("scope", "star", "brands", "is_fault"),
    [
        ("single", None, [None], False),
        ("combined", None, [None], False),
        ("single", "*", [None], True),
        ("combined", "*", [None], False),
        ("single", None, ["acme", "chat"], True),
        ("combined", None, ["acme", "chat"], False),
        ("combined", None, ["acme"], True),
    ],
)
def test_the_scope_of_a_name_fits_its_star_and_its_brands(scope, star, brands, is_fault):
    tables = {
        "esp_reports": reports((2030, "Acme", 5)).assign(combined_mark=star),
        "esp_aliases": aliases(Acme=scope),
        "esp_brands": pd.DataFrame({"esp_printed": "Acme", "brand": brands, "is_combined": len(brands) > 1}),
    }
    assert bool(messages(checks.combined_rows_are_marked, **tables)) == is_fault


@pytest.mark.parametrize(
    ("covered", "brand", "is_fault"),
    [
        ([None], None, False),
        (["acme"], "acme", False),
        (["acme", "chat"], "acme", False),
        (["holding"], "acme", False),  # the service goes under its owner's name
        (["owner"], "acme", True),  # the owner is a provider of its own
        (["chat"], "acme", True),
        ([None], "acme", True),
        (["acme"], None, True),
    ],
)
def test_a_name_covers_the_brand_of_its_provider(covered, brand, is_fault):
    tables = {
        "esp_aliases": aliases(Acme="single"),
        "esp_brands": pd.DataFrame({"esp_printed": "Acme", "brand": covered}),
        "esps": pd.DataFrame({"esp": ["acme", "owner"], "brand": [brand, "owner"]}),
        "ownership": pd.DataFrame({"organization": ["acme", "acme"], "parent": ["holding", "owner"]}),
    }
    found = messages(checks.names_cover_the_brand_of_their_provider, **tables)
    assert bool(found) == is_fault
    assert all("esp_aliases.csv, row 2, column esp" in message for message in found)
