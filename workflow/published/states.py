"""Reports of the United States and of its states, as published.

Published methods, faults included: only to reproduce the published values, not to be used.

- Reports without a country are counted as reports of the USA.
"""

from published.countries import USA, reports_by_place
from published.inputs import Method, Tables, Values, by_year, reports_by_year


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


METHODS: dict[str, Method] = {"states.states": states, "states.united_states": united_states}
