"""What the published quantities are of: which places, groups, years and releases, and how their ids spell them.

Both the published and the right methods compute these quantities. Wherein the two differ is no part of this.
"""

import pandas as pd

from replication.inputs import Values, by_year

# reports by country: the place that ids call the country, and the code of reports that belong to none
USA, NO_COUNTRY = "USA", "ZZZ"
TOP_RANKS = 20
# the published analysis' own spelling of M49's names, and its split of one sub-region
REGIONS = {"Northern America": "North America"}
CHANNEL_ISLANDS = {"GGY", "JEY"}

# changes of reports are described from this year on
BASE = 2015

# kinds of exploitation by their ids in `report_contents`, and what of a report is a piece
VIOLATIONS = {
    "child_pornography": "child-pornography",
    "child_sex_tourism": "child-sex-tourism",
    "child_sex_trafficking": "child-sex-trafficking",
    "child_sexual_molestation": "child-sexual-molestation",
    "misleading_domain_name": "misleading-domain-name",
    "misleading_words_or_images": "misleading-words-images-online",
    "obscene_material_sent_to_child": "obscene-material-sent-to-a-child",
    "online_enticement": "online-enticement-of-children",
}
PIECES = ["images", "videos"]
# levels of detail that recipients get
LEVELS = ["actionable", "informational"]

# relationships of offenders to victims, in six groups and in three
SIX = {
    "nuclear-family": ["brother", "father", "mother", "sister"],
    "romantic-partner": ["boyfriend", "girlfriend"],
    "extended-family": [
        "aunt", "brother_in_law", "cousin", "foster_sibling", "grandfather", "grandmother", "half_sibling",
        "other_relative", "step_father", "step_grandparent", "step_mother", "uncle",
    ],
    "supervisory": ["babysitter_mentor_coach_teacher", "guardians_partner", "legal_guardian"],
    "socially-familiar": ["neighbor_family_friend", "photographer"],
    "stranger": ["online_enticement_self_and_offender_produced", "trafficking", "stranger"],
}  # fmt: skip
THREE = {
    "family": ["nuclear-family", "extended-family"],
    "known": ["supervisory", "socially-familiar", "romantic-partner"],
    "stranger": ["stranger"],
}
# as the published analysis spelled them
SPELLED = {
    "guardians_partner": "guardian-s-partner",
    "online_enticement_self_and_offender_produced": "online-enticement-self-offender-produced",
}

# Meta's apps whose pieces are summed, and the policies whose revisions are counted apart
APPS = ["facebook", "instagram"]
BRANDS = [*APPS, "whatsapp"]
CHILD_POLICIES = ["Child Nudity & Sexual Exploitation", "Child Endangerment: Sexual Exploitation"]

# TikTok's releases that are compared, the first and the last
FIRST_RELEASE, LAST_RELEASE = "tiktok-2022-q4", "tiktok-2023-q4"


def relationship_values(items: pd.DataFrame, whole: pd.Series) -> Values:
    """Return counts by relationship with their share of a whole in percent: all of them, in six groups, in three.

    Parameters
    ----------
    items
        Counts by year (rows) and relationship (columns).
    whole
        What a share is one of, by year: that is where methods differ.
    """
    six = pd.DataFrame({name: items[members].sum(axis=1) for name, members in SIX.items()})
    three = pd.DataFrame({name: six[groups].sum(axis=1) for name, groups in THREE.items()})
    full = items.rename(columns=lambda item: SPELLED.get(item, item.replace("_", "-"))).assign(total=items.sum(axis=1))
    values: Values = {}
    for grouping, frame in {"full": full, "six": six, "three": three}.items():
        for name in frame:
            values |= by_year(f"relationship.{grouping}.{name}", frame[name], ".count")
            values |= by_year(f"relationship.{grouping}.{name}", frame[name] / whole * 100, ".pct")
    return values
