"""What a page needs to look up a place: a script of data, which `press/templates/places.js` shows as a card.

- A script that sets a global needs no server, so that the look-up works from a disk.
- A place is found by its name, by the names that the clearinghouse prints and prints no more, by other names that
  readers type, of `data/reference/place_names.csv`, by its code, and by the initials of a name of several words.
- A place without a hotline or helpline of its own gets those that serve everywhere alone.
- The rank of the level is that among the places of the last year ranked: it is one number for all years.
- Newer data are at the pages that the newest numbers come from.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from countback.clearinghouse import VERDICTS
from countback.io.files import write_text
from countback.io.script import run
from countback.io.tables import read_table
from countback.text.place_names import names_given, other_names
from countback.text.place_remarks import remarks
from countback.text.typography import typographic
from countback.text.words import in_order

ONCE = ["year", "reports", "reports_per_100k", "rank"]
LEVEL = ["year", "rank_low", "rank_high"]
EACH = ["year", "referrals", "informational", "received", "received_per_100k", "rank"]
PLATFORM = ["year", "referrals", "platform_printed", "platform_low", "platform_high", "platform_verdict"]
SIDES = {"report": ONCE, "recipient": EACH}
HELP = ["name", "kind", "address", "telephone", "serves", "reference_year"]


def rows_of(frame: pd.DataFrame) -> list[list[Any]]:
    """Return rows as lists of plain values: rates with one digit after the point, null where a number is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        [round(value, 1) if isinstance(value, float) else value for value in row]
        for row in plain.itertuples(index=False, name=None)
    ]


def place_card(place: Mapping[str, Any], rows: pd.DataFrame, printed: Sequence[str], help_at: list[int]) -> Any:
    """Return what the card of a place shows: numbers of either side of the break, of the platform, where help is."""
    sides = {side: rows_of(rows.loc[rows["counts_once"] == side, columns]) for side, columns in SIDES.items()}
    platform = rows_of(rows.loc[rows["platform_printed"].notna(), PLATFORM])
    levels = rows.dropna(subset="rank_low").sort_values("year").tail(1)
    level = next(iter(rows_of(levels[LEVEL])), None)
    names = {"id": place["iso3"], "name": typographic(place["name"]), "also": other_names(place, printed)}
    said = {"level": level, "remarks": remarks(place, rows)}
    return names | sides | said | {"platform": platform, "help": help_at}


def newer_pages(breaks: pd.DataFrame, platform: pd.DataFrame, releases: pd.DataFrame) -> list[dict[str, str]]:
    """Return titles and addresses of the pages where the clearinghouse publishes its newest numbers."""
    known = releases.set_index("id")
    sources = [*breaks.loc[breaks["kind"] == "unit", "source"], *platform["source"]]
    pages = {known.at[source, "url"]: known.at[source, "title"].partition(":")[0] for source in sources}
    return [{"title": title, "url": url} for url, title in pages.items()]


def place_cards(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the data of all cards.

    Parameters
    ----------
    tables
        `years` (place_years), `countries`, `aliases`, `names` (place_names), `breaks`, `platform`, `releases` and
        `help`.
    """
    years, helps = tables["years"], tables["help"].reset_index(drop=True)
    named = names_given(tables["aliases"], tables["names"])
    own = {code: rows.index.tolist() for code, rows in helps.groupby("iso3")}
    places = tables["countries"].set_index("iso3", drop=False)
    cards = [
        place_card(places.loc[code], rows, named.get(code, []), own.get(code, []))
        for code, rows in years.groupby("iso3")
    ]
    return {
        "places": sorted(cards, key=lambda card: in_order(card["name"])),
        "help": [dict(zip(HELP, row, strict=True)) for row in rows_of(helps[HELP])],
        "everywhere": helps.index[helps["iso3"].isna()].tolist(),
        "newer": newer_pages(tables["breaks"], tables["platform"], tables["releases"]),
        "verdicts": VERDICTS,
    }


def main(inputs: Mapping[str, str], output: str) -> None:
    """Read the tables and write the script."""
    cards = place_cards({name: read_table(path) for name, path in inputs.items()})
    text = json.dumps(cards, ensure_ascii=False, separators=(",", ":"))
    write_text(f"window.placeCards = {text};\n", Path(output))


if __name__ == "__main__":
    run(
        lambda: main(
            {
                name: snakemake.input[name]
                for name in ("years", "countries", "aliases", "names", "breaks", "platform", "releases", "help")
            },
            snakemake.output.cards,
        ),
        snakemake.log[0],
    )
