"""Labels of the items in the reports to OJJDP, for readers."""

import pandas as pd


def with_labels(facts: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return facts with the column `label`: the last of an item's labels, which is the newest.

    Parameters
    ----------
    facts
        Facts with `table` and `item`.
    labels
        `data/reference/ojjdp_labels.csv`, which lists the labels of an item from the oldest to the newest.
    """
    newest = labels[labels["role"] == "item"].drop_duplicates(["table", "id"], keep="last")
    newest = newest[["table", "id", "label_printed"]].rename(columns={"id": "item", "label_printed": "label"})
    return facts.merge(newest, on=["table", "item"], how="left")
