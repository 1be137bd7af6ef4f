"""Published methods, faults included: only to reproduce the published values, not to be used for anything else.

- Each module reproduces one topic of the published analysis from the tables of `data/`, and returns values by id.
- Faults are kept on purpose; `data/replication/faults.csv` says what each is, and what is right.
- Names of providers, years and cutoffs that the published analysis wrote into its code stand in this code too.
- Nothing here reads the published values, and nothing outside of the replication may import from here.
"""
