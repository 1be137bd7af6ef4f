"""Set each release of Meta and TikTok against the one before it: facts in common, revised, vanished, added late.

- How two releases are compared is said in `countback.revisions`; labels are aligned, as the histories hold them.
- What the labels themselves did is a table of its own: a fact that both releases state, but under another label in one
  column. Labels are those that the tables of labels and sheets restore; `n_alike` says of how many of these facts the
  numbers agree, which is what the alignment rests on. Where a label is spelled the same in both releases, nothing is
  listed, though a rule speaks of it.
- Headers of columns are labels too: a program that looks for `Period Type` finds nothing under `Period type`.
- Between a workbook and a CSV only what both print in rows of their own can be compared, and nothing under raw labels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from countback import revisions as compare
from countback.histories import at_release, has_label, restore
from countback.ingest import meta, tiktok_history
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, counts, numbers_table
from countback.periods import parse_period
from countback.revisions import Form, InTurn

META = Form(meta.KEY, ["value", "value_low", "value_high"])
TIKTOK = Form(tiktok_history.KEY, ["value"])
TIKTOK_FILES = [f"tiktok_{name}" for name in (*tiktok_history.Tables._fields, "headers")]
FILES = ["releases", "policies", "meta", "meta_labels", "tiktok", *TIKTOK_FILES]
CHANGES = [
    "publisher",
    "from_release",
    "to_release",
    "column",
    "from_label",
    "to_label",
    "n_facts",
    "n_alike",
    "reason",
]
PLACES = dict.fromkeys(("sheet", "column"), "tiktok_sheets.csv gives both the same meaning.")
PLACES["header"] = "tiktok_headers.csv lists both for the same column."


@dataclass(frozen=True)
class Releases:
    """A publisher's releases, in order of publication.

    Attributes
    ----------
    publisher
        As in `data/releases.csv`.
    form
        What the columns of the history are.
    history
        The history, its facts numbered, with `is_child_related`.
    facts
        What each release holds, by its id.
    printed
        The rows of each release under the labels that it prints, with `fact`; cells that a workbook repeats included.
    pairs
        What each release has in common with the one before it, by the newer one's id.
    """

    publisher: str
    form: Form
    history: pd.DataFrame
    facts: Mapping[str, pd.DataFrame]
    printed: Mapping[str, pd.DataFrame]
    pairs: Mapping[str, pd.DataFrame]

    @property
    def consecutive(self) -> list[tuple[str, str]]:
        """Return the releases, each with the one after it."""
        return list(pairwise(self.facts))


def paired(facts: Mapping[str, pd.DataFrame], form: Form) -> Mapping[str, pd.DataFrame]:
    """Return what each release has in common with the one before it."""
    before = {newer: older for older, newer in pairwise(facts)}
    return InTurn(list(before), lambda newer: compare.pair_facts(facts[before[newer]], facts[newer], form))


def meta_releases(history: pd.DataFrame, labels: pd.DataFrame, order: Sequence[str]) -> Releases:
    """Return Meta's releases; parameters are the history, its table of labels and the releases in order."""
    numbered = compare.number_facts(history, META)
    facts = InTurn(order, lambda release: compare.facts_of(numbered, release, order))
    columns = [*META.key, "fact"]
    printed = InTurn(order, lambda release: restore(facts[release][columns], labels, release, order))
    return Releases("meta", META, numbered, facts, printed, paired(facts, META))


def tiktok_releases(history: pd.DataFrame, tables: tiktok_history.Tables, order: Sequence[str]) -> Releases:
    """Return TikTok's releases; parameters are the history, the tables on its labels and the releases in order."""
    numbered = compare.number_facts(history, TIKTOK)
    facts = InTurn(order, lambda release: compare.facts_of(numbered, release, order))
    printed = InTurn(order, lambda release: printed_rows(facts[release], release, order, tables))
    return Releases("tiktok", TIKTOK, numbered, facts, printed, paired(facts, TIKTOK))


def printed_rows(
    facts: pd.DataFrame, release: str, order: Sequence[str], tables: tiktok_history.Tables
) -> pd.DataFrame:
    """Return the rows of a release of TikTok's under the labels that it prints, with `fact`."""
    rows, columns = tiktok_history.lay_out(facts, release, order, tables)
    said_by_column = rows["issue_given"].notna() if "issue_given" in rows else None
    rows = restore(rows, tables.labels, release, order)
    printed = rows[[*(column for column in columns if column != "value_printed"), "fact"]]
    if said_by_column is None:
        return printed
    return printed.assign(issue=rows["issue"].mask(said_by_column))  # no row of the sheet prints the issue


def revisions(releases: Releases, labels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row per pair of consecutive releases, and the labels that changed between them.

    Parameters
    ----------
    releases
        A publisher's. Both tables are made pair by pair, since a pair is costly to set up, and is not kept.
    labels
        Its rules of alignment, which say why two labels mean the same.
    """
    rows, changes = [], []
    number = {release: place for place, release in enumerate(releases.facts)}
    first = releases.history["first_release"].map(number).groupby(releases.history["fact"]).min()
    about_children = releases.history.loc[releases.history["is_child_related"], "fact"].unique()
    for older, newer in releases.consecutive:
        before, after = releases.facts[older], releases.facts[newer]
        both = releases.pairs[newer]
        revised = both[both["is_revised"]]
        child = both["fact"].isin(about_children)
        comparable = int(both["is_comparable"].sum())
        here = label_changes(releases, labels, older, newer)
        changes += here
        rows.append(
            {
                "from_release": older,
                "to_release": newer,
                "n_older": len(before),
                "n_newer": len(after),
                "n_common": len(both),
                "n_comparable": comparable,
                "n_missing_in_one": int(both["is_missing_in_one"].sum()),
                "n_revised": len(revised),
                "revised_share": len(revised) / comparable if comparable else None,
                "n_reprinted": int(both["is_reprinted"].sum()),
                "n_returned": int(compare.is_return(revised, releases.history, older, list(releases.facts)).sum()),
                **compare.sizes(revised),
                "n_child_comparable": int((child & both["is_comparable"]).sum()),
                "n_child_revised": int((child & both["is_revised"]).sum()),
                **compare.gone(before, after),
                **compare.come(before, after, first.index[first < number[newer]]),
                **compare.printed_pair(releases.printed[older], releases.printed[newer], set(revised["fact"])),
                "n_labels_changed": len(here),
                "n_headers_changed": 0,
            }
        )
    return pd.DataFrame(rows), with_case(pd.DataFrame(changes, columns=CHANGES))


def label_changes(releases: Releases, labels: pd.DataFrame, older: str, newer: str) -> list[list[object]]:
    """Return which label became which between two releases, by column, with the facts that it concerns: `CHANGES`.

    Parameters
    ----------
    releases, labels
        As for `revisions`.
    older, newer
        The ids of the two.
    """
    rows: list[list[object]] = []
    both = releases.pairs[newer]
    alike = both.loc[~both["is_revised"] & ~both["is_missing_in_one"], "fact"]
    rules = pd.concat(at_release(labels, name, list(releases.facts)) for name in (older, newer))
    before, after = (releases.printed[name].drop_duplicates("fact") for name in (older, newer))
    shared = [column for column in before if column in after and column not in {"fact", "period"}]
    pairs = before[["fact", *shared]].merge(after[["fact", *shared]], on="fact", suffixes=("_before", "_after"))
    # asked once, not for each label that changed
    pairs["is_alike"] = pairs["fact"].isin(alike)
    for column in shared:
        names = [f"{column}_before", f"{column}_after"]
        other = pairs[(pairs[names[0]] != pairs[names[1]]).fillna(False)]
        for change, is_alike in other.groupby(names)["is_alike"]:
            place = [releases.publisher, older, newer, column, *change]
            rows.append([*place, len(is_alike), int(is_alike.sum()), reason(rules, column, set(change))])
    return rows


def reason(labels: pd.DataFrame, column: str, names: set[str]) -> str | None:
    """Return why two labels of a column are taken for the same: the reason of the rule that aligns them.

    Where each is aligned with a third, it is the reason of the first rule that prints one of them; columns and sheets
    of workbooks are aligned by the table that says what they mean.
    """
    if column in PLACES:
        return PLACES[column]
    rules = zip(labels["column"], labels["printed"], labels["aligned"], labels["reason"], strict=True)
    ours = [(aligned, why) for of, printed, aligned, why in rules if of == column and printed in names]
    exact = [why for aligned, why in ours if aligned in names]
    return next(iter([*exact, *(why for _, why in ours)]), None)


def header_changes(headers: pd.DataFrame, releases: Releases) -> pd.DataFrame:
    """Return which header of a column became which, with all facts that the two releases have in common.

    Parameters
    ----------
    headers
        `data/histories/tiktok_headers.csv`.
    releases
        The publisher's.
    """
    order = list(releases.facts)
    rows = []
    for _, spans in headers.groupby("column", sort=False):
        ordered = spans.sort_values("first_release", key=lambda names: names.map(order.index))
        for (_, old), (_, new) in pairwise(ordered.iterrows()):
            both = releases.pairs[new["first_release"]]
            alike = int((~both["is_revised"] & ~both["is_missing_in_one"]).sum())
            place = [releases.publisher, old["last_release"], new["first_release"], "header"]
            rows.append([*place, old["printed"], new["printed"], len(both), alike, PLACES["header"]])
    return with_case(pd.DataFrame(rows, columns=CHANGES))


def with_case(changes: pd.DataFrame) -> pd.DataFrame:
    """Return changes of labels with `is_case_only`: whether nothing but capitals tells the two apart."""
    before, after = (changes[name].astype("string").str.casefold() for name in ("from_label", "to_label"))
    return changes.assign(is_case_only=before == after)


def pair_numbers(publisher: str, pairs: pd.DataFrame) -> Iterator[Number]:
    """Yield what all pairs of a publisher's consecutive releases come to; the largest share is that of one pair."""
    table = f"{publisher}_revisions"
    found = {
        "n_releases": (len(pairs) + 1, "pairs of releases, and one"),
        "n_pairs": (len(pairs), "all"),
        "n_pairs_revised": (int((pairs["n_revised"] > 0).sum()), "n_revised above zero"),
    }
    added = ["n_comparable", "n_revised", "n_returned", "n_reprinted", "n_labels_changed", "n_headers_changed"]
    found |= {name: (int(pairs[name].sum()), f"sum of {name}") for name in added}
    yield from counts(publisher, table, found)
    if pairs["revised_share"].notna().any():
        highest = pairs.loc[pairs["revised_share"].astype(float).idxmax()]
        rows = f"largest revised_share, that of {highest['to_release']}"
        yield Number(publisher, "largest_share", highest["revised_share"], "share", table, rows)


def last_revision(publisher: str, pairs: pd.DataFrame, periods: Mapping[str, str]) -> Iterator[Number]:
    """Yield when a release last revised anything, and how much could have been revised since: nothing was.

    Parameters
    ----------
    publisher
        Whose releases they are.
    pairs
        From `revisions`.
    periods
        The period of each release by its id.
    """
    table = f"{publisher}_revisions"
    since, revised = compare.since_last_revision(pairs), pairs["n_revised"] > 0
    rows = "pairs after the last with n_revised above zero"
    found = {
        "n_pairs_since": (len(since), rows),
        "n_comparable_since": (int(since["n_comparable"].sum()), f"sum of n_comparable, {rows}"),
    }
    yield from counts(publisher, table, found)
    if revised.any():
        last = pairs.loc[revised, "to_release"].iloc[-1]
        end = parse_period(periods[last]).end
        rows = f"last with n_revised above zero, that of {last}"
        yield Number(publisher, "last_revised_year", end.year, "year", table, rows)
        yield Number(publisher, "last_revised_quarter", (end.month + 2) // 3, "count", table, rows)


def label_numbers(changes: pd.DataFrame) -> Iterator[Number]:
    """Yield how many labels each publisher changed in letter case only."""
    for publisher, rows in changes.groupby("publisher"):
        n_case_only = int(rows["is_case_only"].sum())
        yield from counts(str(publisher), "label_changes", {"n_case_only": (n_case_only, "is_case_only")})


def compare_histories(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of results by name.

    Parameters
    ----------
    tables
        The histories, and what says how to read them, by the names in `FILES`.
    """
    histories = {
        publisher: tables[publisher].assign(
            is_child_related=has_label(tables[publisher], tables["policies"], publisher)
        )
        for publisher in ("meta", "tiktok")
    }
    periods = {name: compare.history_order(tables["releases"], history) for name, history in histories.items()}
    orders = {name: list(of_release) for name, of_release in periods.items()}
    meanings = tiktok_history.Tables(*(tables[f"tiktok_{name}"] for name in tiktok_history.Tables._fields))
    of_meta = meta_releases(histories["meta"], tables["meta_labels"], orders["meta"])
    of_tiktok = tiktok_releases(histories["tiktok"], meanings, orders["tiktok"])
    meta_pairs, meta_changes = revisions(of_meta, tables["meta_labels"])
    tiktok_pairs, tiktok_changes = revisions(of_tiktok, meanings.labels)
    headers = header_changes(tables["tiktok_headers"], of_tiktok)
    n_headers = tiktok_pairs["to_release"].map(headers["to_release"].value_counts()).fillna(0).astype("int64")
    pairs = {"meta": meta_pairs, "tiktok": tiktok_pairs.assign(n_headers_changed=n_headers)}
    changes = pd.concat([meta_changes, tiktok_changes, headers], ignore_index=True)
    numbers = [
        number
        for publisher, rows in pairs.items()
        for number in (*pair_numbers(publisher, rows), *last_revision(publisher, rows, periods[publisher]))
    ]
    return {
        "meta_revisions": pairs["meta"],
        "tiktok_revisions": pairs["tiktok"],
        "label_changes": changes,
        "revision_numbers": numbers_table([*numbers, *label_numbers(changes)]),
    }


def main(files: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Read the histories, compare their releases, write the tables."""
    results = compare_histories({name: read_table(file) for name, file in files.items()})
    for name, frame in results.items():
        write_table(frame, *(file for file in outputs.values() if Path(file).stem == name))


if __name__ == "__main__":
    run(lambda: main({name: snakemake.input[name] for name in FILES}, dict(snakemake.output.items())), snakemake.log[0])
