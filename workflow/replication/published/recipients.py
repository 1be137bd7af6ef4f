"""Who receives reports, as published: actionable and informational ones, summed over recipients.

Published methods, faults included: only to reproduce the published values, not to be used.

- One cell prints "International" where all others print "Informational"; it is counted as what it means.
"""

from replication.inputs import Method, Tables, Values, by_year

LEVELS = {"actionable": "actionable", "informational": "informational", "international": "informational"}


def recipients(tables: Tables) -> Values:
    """Return reports by level of detail and year, with their share of both levels in percent."""
    facts = tables["cybertipline/ojjdp_facts"]
    received = facts[(facts["table"] == "recipients") & facts["measure"].isin(LEVELS)]
    levels = received.assign(level=received["measure"].map(LEVELS)).groupby(["level", "year"])["value"].sum()
    values: Values = {}
    for level in sorted(set(LEVELS.values())):
        counts = levels[level].astype(int)
        values |= by_year(f"recipients.{level}", counts, ".reports")
        values |= by_year(f"recipients.{level}", counts / levels.groupby("year").sum().astype(int) * 100, ".pct")
    return values


METHODS: dict[str, Method] = {"recipients.recipients": recipients}
