"""Join published, reproduced and right values, give each published value its verdict, count the verdicts,
and pick the values that stand for the faults.

- How a verdict is found is said in `replication.judgment`.
- Rows that nothing explains stay in the table; `verify` fails on them.
- A right value that a table of the project states otherwise stops the build.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from countback.io.errors import DataErrors
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, counts, numbers_table, words
from replication.answers import differing, stated_in
from replication.inputs import Tables
from replication.judgment import headlines, replication, summary

SLOPE = "reports.fit.pre2014.slope"
SMALL = 0.001


def numbers(frame: pd.DataFrame, faults: pd.DataFrame) -> Iterator[Number]:
    """Yield how many published values there are, how many faults correct some of them, and how many stand with one.

    Parameters
    ----------
    frame
        Verdicts, as `replication` returns them.
    faults
        `data/replication/faults.csv`.
    """
    corrected = frame.loc[frame["verdict"] == "corrected", "fault"].dropna().unique()
    others = ~faults["fault"].isin(corrected)
    stands = (frame["verdict"] == "reproduced") & frame["fault"].notna()
    n_twice = int(frame["is_computed_twice"].sum())
    n_small = int((frame["relative_correction"].astype(float).abs() < SMALL).sum())
    n_stated = int(frame["stated_in"].notna().sum())
    values = {
        "n_values": (len(frame), "all"),
        "n_computed_twice": (n_twice, "is_computed_twice"),
        "n_stated": (n_stated, "with a table in stated_in"),
        "n_small_corrections": (n_small, "relative_correction below a thousandth"),
    }
    yield from counts("all", "replication", values)
    found = {
        "n_of_corrected": (len(corrected), "faults, verdict is corrected"),
        "n_reproduced_values": (int(stands.sum()), "verdict is reproduced, with a fault"),
    }
    yield from counts("faults", "replication", found)
    yield from counts("faults", "faults", {"n_of_no_corrected": (int(others.sum()), "no value is corrected for it")})


def published_slope(frame: pd.DataFrame, growth_models: pd.DataFrame) -> Iterator[Number]:
    """Yield whether this report's interval of the rise before the break holds the published one.

    Parameters
    ----------
    frame
        Verdicts, as `replication` returns them.
    growth_models
        The table of that name.
    """
    published = frame.loc[frame["id"] == SLOPE, "published"].astype(float)
    own = growth_models.query("model == 'broken_line' and parameter == 'slope_before'").dropna(subset=["low", "high"])
    if len(published) and len(own):
        holds = bool(own["low"].iloc[0] <= published.iloc[0] <= own["high"].iloc[0])
        rows = f"{SLOPE}, and the interval of slope_before in growth_models"
        yield words("growth", "published_slope", "holds" if holds else "does not hold", "replication", rows)


def with_answers(frame: pd.DataFrame, corrected: pd.DataFrame, answers: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return verdicts with the table that states each quantity.

    Parameters
    ----------
    frame
        Verdicts, as `replication` returns them.
    corrected
        Right values by id.
    answers
        `data/replication/answers.csv`.
    tables
        Tables by name.

    Raises
    ------
    DataErrors
        If a table states another value than the right one.
    """
    own = corrected.astype(object).where(corrected.notna(), None).set_index("id")["corrected"]
    faults = list(differing(own.to_dict(), answers, tables))
    if faults:
        raise DataErrors(faults)
    return frame.assign(stated_in=frame["id"].map(stated_in(frame["id"], answers)))


def main(inputs: dict[str, str], others: dict[str, str], tables: list[str], outputs: dict[str, str]) -> None:
    """Read, join, write."""
    read = {name: read_table(file) for name, file in (inputs | others).items()}
    frame = replication(**{name: read[name] for name in inputs})
    answering = {Path(file).stem: read_table(file) for file in tables}
    frame = with_answers(frame, read["corrected"], read["answers"], answering)
    listed = read["faults"]
    write_table(frame, outputs["table"])
    write_table(summary(frame), outputs["summary"])
    write_table(headlines(frame, read["headlines"], listed), outputs["headlines"])
    printed = [*numbers(frame, listed), *published_slope(frame, answering["growth_models"])]
    write_table(numbers_table(printed), outputs["numbers"])


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in replication.__annotations__ if name != "return"},
            {name: snakemake.input[name] for name in ("headlines", "faults", "answers")},
            snakemake.input.tables,
            dict(snakemake.output.items()),
        ),
        snakemake.log[0],
    )
