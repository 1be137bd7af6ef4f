"""Reports of the United States and of its states, as published.

Published methods, faults included: only to reproduce the published values, not to be used.

- Reports without a country are counted as reports of the USA.
"""

from replication.definitions import USA
from replication.inputs import Method, Tables, Value, Values, by_year
from replication.published.countries import places, reports_by_place
from replication.published.shared import reports_by_year


def states(tables: Tables) -> Values:
    """Return reports per person by state and year."""
    printed = tables["cybertipline/state_reports"]
    rows = printed[printed["kind"] == "state"]
    return {
        f"us.state.{row.state}.reports_per_capita.{row.year}": row.reports / row.population for row in rows.itertuples()
    }


def united_states(tables: Tables) -> Values:
    """Return reports of the USA by year, and their share of all reports in percent."""
    reports = reports_by_place(tables).loc[USA]
    return by_year("us.reports", reports) | by_year("us.reports_pct", reports / reports_by_year(tables) * 100)


def ranks(tables: Tables) -> Values:
    """Return the rank of the USA among places by reports per person."""
    values: dict[str, Value] = {}
    for year, rows in places(tables).groupby("year"):
        rate = rows.loc[rows["iso3"] == USA, "rpc"].iloc[0]
        values[f"us.rank_per_capita.{year}"] = int((rows["rpc"] > rate).sum()) + 1
    return values


METHODS: dict[str, Method] = {"states.states": states, "states.united_states": united_states, "states.ranks": ranks}
