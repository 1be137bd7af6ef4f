"""What reports contain and who receives them, after the clearinghouse's reports to OJJDP.

- A share is of the whole that the table of the source has, or of all reports where it has none: the kinds of
  exploitation add up to these. Reports with unique and with similar files overlap, and so do such files.
- A report can go to several agencies, so the reports that agencies receive exceed all reports: no share is given.
- Files are told apart by their hashes among images and videos only: unique and alike are shares of these.
- Referrals count each recipient: the sums over recipients are of receipts, not of reports. A change is to the year
  before, if that is there and no break of their own lies between.
- Items bear the label that the source prints, the newest where it was reworded.
"""

from collections.abc import Iterator

import pandas as pd

from countback.breaks import breaks_of, segments
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, numbers_table
from countback.ojjdp_labels import with_labels

# table of the source -> table and item of its whole
WHOLES = {
    "exploitation_kinds": ("submitters", "all"),
    "user_locations": ("user_locations", "total"),
    "files_uploaded": ("files_uploaded", "total"),
    "hashed_files": ("hashed_files", "total"),
    "reports_with_hashed_files": ("reports_with_hashed_files", "all"),
}
RECIPIENTS, ALL = "recipients", "all"
# measure of the source -> column
LEVELS = {"actionable": "actionable_reports", "informational": "informational_reports", "total": "reports"}


def report_contents(facts: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return one row per table, item, measure and year, with the share of its whole.

    Parameters
    ----------
    facts
        The tidy table of the reports to OJJDP.
    labels
        `data/reference/ojjdp_labels.csv`.
    """
    counts = facts[facts["unit"] == "count"]
    frame = with_labels(counts[counts["table"].isin(WHOLES)], labels)
    wholes = counts.set_index(["table", "item", "measure", "year"])["value"].to_dict()
    keys = zip(frame["table"], frame["measure"], frame["year"], strict=True)
    whole = [wholes.get((*WHOLES[table], measure, year)) for table, measure, year in keys]
    frame["share"] = frame["value"] / pd.array(whole, dtype="Float64")
    return frame.drop(columns=["unit", "value_printed", "measure_printed"])


def report_recipients(facts: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return one row per recipient and year, with actionable and informational reports side by side."""
    received = with_labels(facts[facts["table"] == RECIPIENTS], labels)
    wide = received.pivot(index=["item", "label", "year", "provenance"], columns="measure", values="value")
    wide = wide.reindex(columns=list(LEVELS)).astype("Float64")
    frame = wide.reset_index().rename(columns={"item": "recipient", **LEVELS})
    frame["actionable_share"] = frame["actionable_reports"] / frame["reports"].where(frame["reports"] > 0)
    return frame.sort_values(["recipient", "year"])


def referrals(recipients: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per recipient, kind of report and year, with the change to the year before; `all` adds them up.

    Parameters
    ----------
    recipients
        What `report_recipients` returns.
    breaks
        `data/reference/breaks.csv`.
    """
    kinds = {"actionable_reports": "actionable", "informational_reports": "informational", "reports": "total"}
    long = recipients.rename(columns=kinds | {"recipient": "received_by"}).melt(
        ["received_by", "year"], list(kinds.values()), var_name="kind", value_name="received"
    )
    whole = long.groupby(["year", "kind"], as_index=False)["received"].agg(lambda counts: counts.sum(skipna=False))
    frame = pd.concat([whole.assign(received_by=ALL), long]).dropna(subset="received")
    frame["segment"] = segments(frame["year"], breaks_of("report_recipients", breaks))
    frame = frame.sort_values(["received_by", "kind", "year"], ignore_index=True)
    series = frame.groupby(["received_by", "kind", "segment"])
    before = series["received"].shift().where(series["year"].diff() == 1)
    frame["change"] = frame["received"] - before
    frame["change_share"] = frame["change"].astype("Float64") / before.where(before > 0).astype("Float64")
    return frame.astype({"received": "Int64", "change": "Int64"})


def numbers(facts: pd.DataFrame) -> Iterator[Number]:
    """Yield, by year, how many files a service provider's report brings, and what part of images and videos differ."""
    counted = facts.set_index(["table", "item", "measure", "year"])["value"].to_dict()
    for year in sorted(facts["year"].unique()):
        uploaded = {
            item: counted.get(("files_uploaded", item, "files", year)) for item in ("images", "videos", "total")
        }
        reports = counted.get(("submitters", "service_providers", "reports", year))
        if uploaded["total"] is None or reports is None:
            continue
        per_report = uploaded["total"] / reports
        rows = "files uploaded, total, over reports of service providers"
        yield Number(str(year), "files_per_report", per_report, "per_report", "ojjdp_facts", rows)
        for measure in ("unique_files", "similar_files"):
            share = counted[("hashed_files", "total", measure, year)] / (uploaded["images"] + uploaded["videos"])
            rows = f"hashed files, {measure}, over images and videos uploaded"
            yield Number(str(year), f"{measure}_share", share, "share", "ojjdp_facts", rows)


if __name__ == "__main__":

    def main() -> None:
        """Write the tables."""
        tables = [read_table(snakemake.input.facts), read_table(snakemake.input.labels)]
        outputs = snakemake.output
        write_table(report_contents(*tables), outputs.contents, outputs.contents_parquet)
        recipients = report_recipients(*tables)
        write_table(recipients, outputs.recipients, outputs.recipients_parquet)
        received = referrals(recipients, read_table(snakemake.input.breaks))
        write_table(received, outputs.referrals, outputs.referrals_parquet)
        write_table(numbers_table(numbers(tables[0])), outputs.numbers)

    run(main, snakemake.log[0])
