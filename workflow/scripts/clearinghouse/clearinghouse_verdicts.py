"""Say what the audit of the clearinghouse against itself finds, kind by kind, in words made of its numbers.

- A kind has a row for each verdict that its pairs have, by the words of the audit of providers: pairs that differ
  beyond rounding are close, near, apart, or different by few reports. Shares are of the comparable pairs.
- The largest difference is the largest in reports; the largest factor is given beside, up or down, since a small place
  can be further off than a large one.
- Numbers for prose: pairs by kind and verdict; the last year of each kind; of pairs by place, how many lie above what
  the other number allows, how many below, by continent, and what the pairs add up to.
- Words for prose: in which years the two numbers of a comparison are equal, and the first the larger one; which places
  have nearly double, which a small part of the other number; the continent with the largest share above.
"""

from collections.abc import Iterator

import pandas as pd

from countback.agreement import AGREE, DIFFER
from countback.clearinghouse import KINDS, REASONS, SMALL_PART, VERDICTS
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table
from countback.numbers import Number, count_codes, counts, numbers_table, words
from countback.text.claims import counted, in_years, listed, number_alone, sentence, year_spans
from countback.text.units import format_number

TABLE = "clearinghouse_pairs"
PLATFORM = "platform"
BEYOND = "apart by more than rounding"
NEARLY_DOUBLE = (1.75, 2.0)


def largest(pairs: pd.DataFrame) -> pd.Series | None:
    """Return the pair whose difference is largest either way; None where no pair has one."""
    apart = pairs["difference"].abs()
    return pairs.loc[apart.astype(float).idxmax()] if (apart > 0).any() else None


def factor(pairs: pd.DataFrame) -> pd.Series:
    """Return by how much the larger number of each pair exceeds the smaller; missing where one is zero or missing."""
    ratio = pairs["ratio"].where(pairs["ratio"] > 0)
    return ratio.where(ratio >= 1, 1 / ratio)


def evidence(pairs: pd.DataFrame, verdict: str, comparable: int) -> str:
    """Return what pairs of one kind and verdict rest on, in words.

    Parameters
    ----------
    pairs
        Rows of `clearinghouse_pairs` of the kind and the verdict.
    comparable
        How many pairs of the kind can be compared.
    """
    first, last = pairs["year"].min(), pairs["year"].max()
    years = f"in {first}" if first == last else f"from {first} to {last}"
    if verdict == "not_comparable":
        reasons = pairs["reason"].value_counts().sort_index()
        why = "; ".join(f"{REASONS[str(code)]} ({number_alone(number)})" for code, number in reasons.items())
        text = f"{sentence(number_alone(len(pairs)))} more, {years}: {why}."
    else:
        of_all = f"{sentence(number_alone(len(pairs)))} of {number_alone(comparable)}"
        text = f"{of_all} comparable pairs, {years}."
    worst = largest(pairs)
    if worst is None:
        return text
    numbers = (format_number(float(worst[f"{side}_value"]), "count") for side in ("first", "second"))
    text += f" Largest difference: {worst['name']}, {worst['year']}, {' against '.join(numbers)}."
    factors = factor(pairs).astype(float)
    furthest = pairs.loc[factors.idxmax()] if factors.notna().any() else worst
    if verdict == "apart" and furthest.name != worst.name:
        numbers = (format_number(float(furthest[f"{side}_value"]), "count") for side in ("first", "second"))
        text += f" Largest factor: {furthest['name']}, {furthest['year']}, {' against '.join(numbers)}."
    return text


def verdicts(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per kind and verdict, in the order of `KINDS` and `VERDICTS`."""
    rows = []
    for kind in KINDS:
        of_kind = pairs[pairs["kind"] == kind]
        comparable = int((of_kind["verdict"] != "not_comparable").sum())
        for verdict in VERDICTS:
            found = of_kind[of_kind["verdict"] == verdict]
            if found.empty:
                continue
            worst = largest(found)
            rows.append(
                {
                    "kind": kind,
                    "verdict": verdict,
                    "evidence": evidence(found, verdict, comparable),
                    "n": len(found),
                    "share": None if verdict == "not_comparable" else len(found) / comparable,
                    "largest_difference": None if worst is None else worst["difference"],
                }
            )
    columns = ["kind", "verdict", "evidence", "n", "share", "largest_difference"]
    return pd.DataFrame(rows, columns=columns).astype({"share": "Float64", "largest_difference": "Float64"})


def kind_numbers(subset: str, pairs: pd.DataFrame, rows: str) -> Iterator[Number]:
    """Yield how many pairs there are, how many can be compared, agree and differ, and which way."""
    comparable = pairs[pairs["verdict"] != "not_comparable"]
    differ = comparable[comparable["verdict"].isin(DIFFER)]
    above = (differ["first_low"] > differ["second_high"]).sum()
    found = {
        "n": (len(pairs), rows),
        "n_comparable": (len(comparable), f"{rows}, comparable"),
        "n_agree": (int(comparable["verdict"].isin(AGREE).sum()), f"{rows}, verdict is equal or within rounding"),
        "n_differ": (len(differ), f"{rows}, {BEYOND}"),
        "n_apart": (int((differ["verdict"] == "apart").sum()), f"{rows}, verdict is apart"),
        "n_above": (int(above), f"{rows}, {BEYOND}, the first number is larger"),
        "n_below": (int(len(differ) - above), f"{rows}, {BEYOND}, the first number is smaller"),
    }
    yield from counts(subset, TABLE, found)
    factors = factor(differ).dropna()
    if len(factors):
        for parameter, value in {"median_factor": factors.median(), "largest_factor": factors.max()}.items():
            said = f"{rows}, {BEYOND}: larger over smaller number"
            yield Number(subset, parameter, float(value), "ratio", TABLE, said)


def place_numbers(places: pd.DataFrame, countries: pd.DataFrame) -> Iterator[Number]:
    """Yield how places differ, by continent, and which stand out.

    Parameters
    ----------
    places
        Pairs of the kind `platform` of one year.
    countries
        `data/reference/countries.csv`.
    """
    both = places[places["verdict"] != "not_comparable"]
    for column in ("first_value", "second_low", "second_high"):
        rows = f"{column} of kind platform, last year, comparable, added up"
        yield Number(PLATFORM, f"sum_{column}", float(both[column].sum()), "count", TABLE, rows)
    off = both[both["verdict"].isin(DIFFER)]
    for parameter, (low, high) in {"nearly_double": NEARLY_DOUBLE, "small_part": (0.0, SMALL_PART)}.items():
        found = off[off["ratio"].between(low, high).fillna(False).astype(bool)].sort_values("name")
        rows = f"kind is platform, last year, {BEYOND}, ratio from {low:g} to {high:g}"
        yield words(PLATFORM, f"n_{parameter}", counted(len(found), "place"), TABLE, rows)
        yield words(PLATFORM, parameter, listed(found["name"]), TABLE, rows)
    continent = places["subject"].map(countries.set_index("iso3")["continent"])
    for name, rows_of in places.groupby(continent):
        yield from kind_numbers(f"platform {name}", rows_of, f"kind is platform, last year, {name}")
    above = both["verdict"].isin(DIFFER) & (both["first_low"] > both["second_high"])
    shares = above.groupby(continent).mean()
    if len(shares):
        rows = "kind is platform, last year: share of comparable places whose first number is larger"
        yield words("platform most_above", "name", str(shares.idxmax()), TABLE, rows)
        yield Number("platform most_above", "share", float(shares.max()), "share", TABLE, rows)


def comparison_numbers(comparison: str, pairs: pd.DataFrame) -> Iterator[Number]:
    """Yield in which years the two numbers of a comparison of one subject are equal, and which is larger."""
    years = pairs["year"].astype(int)
    rows = f"comparison is {comparison}, by year"
    apart = pairs["difference"]
    holds = {"equal": apart == 0, "first_more": apart > 0, "second_more": apart < 0}
    for parameter, found in holds.items():
        text = in_years(dict(zip(years, found.fillna(False).astype(bool), strict=True)))
        yield words(comparison, parameter, text, TABLE, rows)
    yield Number(comparison, "largest_difference", float(apart.abs().max()), "count", TABLE, f"{rows}, either way")


def numbers(pairs: pd.DataFrame, countries: pd.DataFrame) -> Iterator[Number]:
    """Yield the numbers of all kinds, of each kind, of places, and of comparisons by year."""
    yield from kind_numbers("all", pairs, "all")
    for kind, of_kind in pairs.groupby("kind"):
        yield from kind_numbers(str(kind), of_kind, f"kind is {kind}")
        yield from count_codes(f"{kind} verdict", TABLE, of_kind["verdict"], f", kind is {kind}", [*AGREE, *DIFFER])
        off = of_kind.loc[of_kind["verdict"].isin(DIFFER), "year"].astype(int)
        said = year_spans(off) if len(off) else "no year"
        yield words(str(kind), "years_that_differ", said, TABLE, f"kind is {kind}, {BEYOND}")
        yield Number(str(kind), "last_year", float(of_kind["year"].max()), "year", TABLE, f"kind is {kind}")
    places = pairs[pairs["kind"] == PLATFORM]
    if len(places):
        yield from place_numbers(places[places["year"] == places["year"].max()], countries)
    for comparison, rows in pairs[pairs["kind"] == "congress"].groupby("comparison"):
        yield from comparison_numbers(str(comparison), rows)


def main(pairs: str, countries: str, csv: str, parquet: str, numbers_file: str) -> None:
    """Read, judge, write."""
    found = read_table(pairs)
    write_table(verdicts(found), csv, parquet)
    write_table(numbers_table(numbers(found, read_table(countries))), numbers_file)


if __name__ == "__main__":
    run_on_files(main, snakemake)
