"""What the published quantities are of: which places, groups, years and releases, and how their ids spell them.

Both the published and the right methods compute these quantities. How they compute them is no part of this.
"""

# reports by country: the place that ids call the country, and the code of reports that belong to none
USA, NO_COUNTRY = "USA", "ZZZ"
TOP_RANKS = 20
# the published analysis' own spelling of M49's names, and its split of one sub-region
REGIONS = {"Northern America": "North America"}
CHANNEL_ISLANDS = {"GGY", "JEY"}

# changes of reports are described from this year on
BASE = 2015

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
CHILD_POLICIES = ["Child Nudity & Sexual Exploitation", "Child Endangerment: Sexual Exploitation"]

# TikTok's releases that are compared, the first and the last
FIRST_RELEASE, LAST_RELEASE = "tiktok-2022-q4", "tiktok-2023-q4"
