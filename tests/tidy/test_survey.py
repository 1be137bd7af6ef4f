"""What an organization discloses: itself, in part, through the brands that it owns, or not."""

import pandas as pd

from scripts.tidy.survey import survey

LISTED = {"app": "shares", "brand": "counts", "firm": "through_brands", "mute": "none_found"}
ORGANIZATIONS = pd.DataFrame({"organization": list(LISTED), "transparency": LISTED.values(), "is_surveyed": True})
ORGANIZATIONS["name"] = ORGANIZATIONS["organization"].str.capitalize()
FEATURES = pd.DataFrame({"organization": ["brand"], "granularity": ["half"], "coverage_end": [None]})
TOPIC = "child_sexual_exploitation"
COUNTED = {"reports": TOPIC, "pieces": TOPIC, "pieces_by_hand": TOPIC, "accounts_of_all": "all_content"}
METRICS = pd.DataFrame({"metric": list(COUNTED), "unit": "count", "topic": COUNTED.values()})
METRICS.loc[len(METRICS)] = ["pieces_share", "share", TOPIC]
DISCLOSURES = pd.DataFrame(
    [("app", "pieces_by_hand"), ("app", "accounts_of_all"), ("brand", "reports"), ("brand", "pieces_share")],
    columns=["organization", "metric"],
).assign(start="2031-01-01", end="2031-06-30", period="2031 H1")
OWNERSHIP = pd.DataFrame({"organization": ["brand"], "parent": ["firm"]})


def disclosed():
    table = survey(ORGANIZATIONS, FEATURES, DISCLOSURES, METRICS, OWNERSHIP).set_index("organization")
    return {one: tuple(table.loc[one, ["discloses_reports", "discloses_pieces"]]) for one in table.index}


def test_an_owner_discloses_through_its_brands_what_one_of_them_does():
    assert disclosed()["firm"] == ("through brands", "no")
    assert disclosed()["mute"] == ("no", "no")


def test_a_count_of_a_part_is_disclosed_in_part_and_a_share_is_no_count():
    assert disclosed()["app"] == ("no", "partly")
    assert disclosed()["brand"] == ("yes", "no")
