"""Choose the words of the prose that turn where the data turn: names, directions, years, clauses under a condition.

- Most prose stands in the chapters. A sentence that a further year of data could make false takes from here the words
  that decide: `{{< var claims.usa.course.text >}}`.
- Each row says from which rows of which table its words or its number come.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from countback.claims import Tables, breaks, growth, histories, pairs, providers, world
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, numbers_table


def claims(tables: Tables, settings: Mapping[str, Any]) -> Iterator[Number]:
    """Yield all claims, topic by topic.

    Parameters
    ----------
    tables
        By the names of the rule's inputs.
    settings
        The configuration.
    """
    country = tables["countries"].set_index("iso3")["name"]
    chosen = settings["jurisdictions"]
    names = country[chosen["apart"]], country[chosen["without_country"]]
    places = world.Places(*names, chosen["top"], chosen["population_floor"])
    yield from breaks.claims(tables)
    yield from pairs.claims(tables)
    yield from providers.claims(tables)
    yield from growth.claims(tables, settings["growth"]["fixed_break"])
    yield from world.claims(tables, places)
    yield from histories.claims(tables, settings["pieces"]["corporation"])


def main(files: Mapping[str, str], output: str, settings: Mapping[str, Any]) -> None:
    """Read, choose, write."""
    tables = {name: read_table(file) for name, file in files.items()}
    write_table(numbers_table(claims(tables, settings)), output)


if __name__ == "__main__":
    run(
        lambda: main(
            {name: str(file) for name, file in snakemake.input.items() if name in snakemake.params.tables},
            snakemake.output.claims,
            dict(snakemake.params.items()),
        ),
        snakemake.log[0],
    )
