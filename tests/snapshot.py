"""What the snapshot of the compilation has: the disclosures without those of later sources."""

import pandas as pd

# how the ids of sources begin that the snapshot does not have
LATER = ("discord-2024-h1", "meta-2024-q3", "meta-2024-q4", "meta-2025-")
# what the places of rows begin with that were taken from the compilation's later version
LATER_PLACE = "diaphanous-2025-"


def in_snapshot(disclosures: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table of disclosures whose source is one of the snapshot's."""
    is_later = disclosures["source"].str.startswith(LATER)
    if "place" in disclosures:
        is_later |= disclosures["place"].fillna("").str.contains(LATER_PLACE, regex=False)
    return disclosures[~is_later.astype(bool)].reset_index(drop=True)


def as_published(name: str, disclosures: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return a table of disclosures with the values that the snapshot has of `published_values.csv`."""
    key = ["metric", "component", "period"]
    held = values.loc[values["table"] == name].fillna({"component": ""}).set_index(key)["value"]
    rows = in_snapshot(disclosures).copy()
    places = pd.MultiIndex.from_frame(rows[key].fillna({"component": ""}))
    rows["value"] = held.reindex(places).set_axis(rows.index).fillna(rows["value"])
    return rows
