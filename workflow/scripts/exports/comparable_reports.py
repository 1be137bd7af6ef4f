"""Lay out the comparable counts of reports in the two long forms that users of the published data set read.

- Only pairs that `provider_pairs` finds comparable are in them: both sides cover the same brands and the full year.
  A pair is two rows: what the provider counts, and what NCMEC counts.
- The form by provider names the provider as observer; its topic says whose reports are counted.
- The simple form only tells providers from NCMEC; its id joins year and topic.
- GitHub is a topic of its own throughout, while the published views add it to Microsoft in some years and not in
  others; NCMEC's counts of Amazon hold Wickr's since Amazon owned it, which the published views leave out.
"""

import pandas as pd

from countback.io.files import write_text
from countback.io.script import run
from countback.io.tables import read_table, to_csv, write_table

PROVIDER, CLEARINGHOUSE = "ServiceProvider", "NCMEC"


def comparable_reports_by_provider(pairs: pd.DataFrame, organizations: pd.DataFrame) -> pd.DataFrame:
    """Return two rows per comparable pair: year, observer, count and topic.

    Parameters
    ----------
    pairs
        The tidy table `provider_pairs`.
    organizations
        The table of organizations, for their names.
    """
    names = organizations.set_index("organization")["name"]
    comparable = pairs[pairs["is_comparable"].astype(bool)].sort_values(["provider", "year"])
    topic = comparable["provider"].map(names)
    sides = [(topic, comparable["provider_reports"]), (CLEARINGHOUSE, comparable["ncmec_reports"])]
    rows = [
        pd.DataFrame({"year": comparable["year"], "observer": observer, "count": counts, "topic": topic})
        for observer, counts in sides
    ]
    return pd.concat(rows).sort_index(kind="stable").reset_index(drop=True)


def comparable_reports(by_provider: pd.DataFrame) -> pd.DataFrame:
    """Return the simple form of the same rows: id, year, observer and count."""
    return pd.DataFrame(
        {
            "id": by_provider["year"].astype(str) + " " + by_provider["topic"],
            "year": by_provider["year"],
            "observer": by_provider["observer"].where(by_provider["observer"] == CLEARINGHOUSE, PROVIDER),
            "count": by_provider["count"],
        }
    )


def main(pairs: str, organizations: str, outputs: dict[str, list[str]], exports: dict[str, str]) -> None:
    """Read, lay out, write: as tidy tables, and under the published names."""
    by_provider = comparable_reports_by_provider(read_table(pairs), read_table(organizations))
    for form, frame in {"by_provider": by_provider, "simple": comparable_reports(by_provider)}.items():
        write_table(frame, *outputs[form])
        write_text(to_csv(read_table(outputs[form][0])), exports[form])


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.pairs,
            snakemake.input.organizations,
            {
                "by_provider": [snakemake.output.by_provider_csv, snakemake.output.by_provider_parquet],
                "simple": [snakemake.output.simple_csv, snakemake.output.simple_parquet],
            },
            {"by_provider": snakemake.output.by_provider_export, "simple": snakemake.output.simple_export},
        ),
        snakemake.log[0],
    )
