"""The verdict on each published value: what the project's own numbers say of it, why, and whether it was reproduced.

- `inputs` and `definitions` say what is computed: tables, ids, and which places, groups and releases values are of.
- `published` computes the values by the published methods, `right` the same quantities by the right ones, from the
  tidy tables. Neither knows of the other.
- `answers` says which table of the project states each quantity, and finds where it states another value.
- `judgment` joins published, reproduced and right values, and finds rows that nothing explains.
- `numbers` says how values are written and compared.
"""
