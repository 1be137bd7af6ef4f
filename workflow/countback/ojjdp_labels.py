"""Labels of the items in the reports to OJJDP, for readers."""

import pandas as pd


def newest_labels(labels: pd.DataFrame) -> pd.DataFrame:
    """Return table, item and label: the last of an item's labels, which is the newest.

    Parameters
    ----------
    labels
        `data/reference/ojjdp_labels.csv`, which lists the labels of an item from the oldest to the newest.
    """
    items = labels[labels["role"] == "item"].drop_duplicates(["table", "id"], keep="last")
    return items[["table", "id", "label_printed"]].rename(columns={"id": "item", "label_printed": "label"})
