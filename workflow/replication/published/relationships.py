"""How offenders are related to victims, as published: three sources, one of them grouped in two ways.

Published methods, faults included: only to reproduce the published values, not to be used.

- NCMEC's pieces are the unique ones of identified children; a share is of the sum over relationships.
- Columns of the two statistical services are summed over the ages of victims, whatever their cells are: those of the
  Statistical Briefing Book are victims in a thousand of each age group, not counts.
"""

import pandas as pd

from replication.definitions import relationship_values
from replication.inputs import Method, Tables, Value, Values, by_year, slug
from replication.published.contents import unique_pieces

STUDIES = {"statistical_briefing_book": "ojjdp2019", "learcat": "learcat2016"}


def identified_pieces(tables: Tables) -> pd.DataFrame:
    """Return unique pieces by year (rows) and relationship (columns)."""
    facts = tables["cybertipline/ojjdp_facts"]
    rows = facts[(facts["table"] == "relationships") & (facts["measure"] == "unique_files")]
    return rows.pivot(index="year", columns="item", values="value").astype(int)


def clearinghouse(tables: Tables) -> Values:
    """Return pieces and shares in percent by relationship and year: all of them, in six groups, in three."""
    pieces = identified_pieces(tables)
    total = pieces.sum(axis=1)
    coverage = by_year("relationship.coverage_pct", total / unique_pieces(tables) * 100)
    return coverage | relationship_values(pieces, total)


def services(tables: Tables) -> Values:
    """Return sums over ages by relationship, with their share in percent, for two statistical services."""
    printed = tables["reference/victim_relationships"]
    values: dict[str, Value] = {}
    for study, name in STUDIES.items():
        sums = printed[printed["study"] == study].groupby("relationship")["value"].sum().astype(int)
        for relationship, count in sums.items():
            family = f"relationship.{name}.{slug(str(relationship))}"
            values |= {f"{family}.count": count, f"{family}.pct": count / sums.sum() * 100}
    return values


METHODS: dict[str, Method] = {
    "relationships.clearinghouse": clearinghouse,
    "relationships.services": services,
}
