"""Published methods, faults included: only to reproduce the published values, not to be used for anything else.

- Each module reproduces one topic of the published analysis from the tables of `data/`, and returns values by id.
- Faults are kept on purpose; `data/replication/faults.csv` says what each is, and what is right.
- Names of providers, years and cutoffs that the published analysis wrote into its code stand in this code too.
- Nothing here reads the published values, and nothing outside of the replication may import from here.
"""

from replication.inputs import Method
from replication.published import (
    contents,
    countries,
    meta,
    platforms,
    recipients,
    relationships,
    reports,
    reversals,
    states,
    tiktok,
)

# in the order of the published analysis
METHODS: dict[str, Method] = {
    **reports.METHODS,
    **contents.METHODS,
    **recipients.METHODS,
    **relationships.METHODS,
    **countries.METHODS,
    **states.METHODS,
    **platforms.METHODS,
    **meta.METHODS,
    **tiktok.METHODS,
    **reversals.METHODS,
}
