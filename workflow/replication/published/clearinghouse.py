"""The clearinghouse's counts by provider, as published: brands added to their corporation.

Published methods, faults included: only to reproduce the published values, not to be used.

- Only surveyed organizations and their published brands count: Wickr, Novi, Oculus, Threads and Giphy don't.
- Microsoft's count holds GitHub's and LinkedIn's, although its own figures don't; Aylo's holds all of its sites.
"""

import pandas as pd

from replication.inputs import Tables

COMPILATION = "diaphanous-platforms"
# names under which the published analysis joined two organizations of the data
RENAMED = {"twitter": "x"}


def surveyed_brands(tables: Tables) -> dict[str, str]:
    """Return the surveyed organization to which each brand of the clearinghouse's table belongs."""
    organizations, published = tables["organizations/organizations"], tables["organizations/published_brands"]
    surveyed = organizations.loc[organizations["is_surveyed"], "organization"]
    return dict(zip(surveyed, surveyed, strict=True)) | dict(
        zip(published["brand"], published["organization"], strict=True)
    )


def corporations(tables: Tables) -> dict[str, str]:
    """Return the corporation of each surveyed organization, itself where it has none."""
    held = tables["organizations/ownership"].query("source == @COMPILATION")
    parents = dict(zip(held["organization"], held["parent"], strict=True)) | RENAMED
    return {name: parents.get(name, name) for name in set(surveyed_brands(tables).values())}


def brand_reports(tables: Tables) -> pd.DataFrame:
    """Return the clearinghouse's printed rows of surveyed organizations: year, organization, reports."""
    brands = tables["cybertipline/esp_brands"].dropna(subset="brand")
    organization = brands["brand"].map(surveyed_brands(tables))
    # a row that combines brands of one corporation is its flagship's, which it names
    named = brands.assign(organization=organization).dropna(subset="organization").drop_duplicates("esp_printed")
    rows = tables["cybertipline/esp_reports"].merge(named[["esp_printed", "organization"]], on="esp_printed")
    return rows[["year", "organization", "reports"]].astype({"reports": int, "year": int})


def provider_reports(tables: Tables) -> pd.DataFrame:
    """Return the clearinghouse's reports by year (rows) and corporation (columns), missing where it lists none."""
    rows = brand_reports(tables)
    rows["provider"] = rows["organization"].map(corporations(tables))
    return rows.groupby(["year", "provider"])["reports"].sum().unstack("provider")
