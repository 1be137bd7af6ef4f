"""The verdict on each published value: what the project's own numbers say of it, why, and whether it was reproduced.

- `countries`, `providers`, `meta` and `series` compute the same quantities by the right methods, from the tidy tables.
- `verdicts` joins published, reproduced and own values, and finds rows that nothing explains.
"""
