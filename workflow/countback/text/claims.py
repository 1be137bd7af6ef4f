"""Words that turn where numbers turn: the direction of a change, years in which something holds, lists of names.

Prose stands in the chapters. What is here are the few words of a sentence that later data could make false: a rule
chooses them, a table holds them as text (`countback.numbers.words`), and a chapter prints them by their id.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def direction(before: float, after: float, words: Sequence[str] = ("fell", "stayed the same", "rose")) -> str:
    """Return the first, second or third word as a number went down, stayed, or went up.

    Examples
    --------
    >>> direction(3, 2), direction(2, 3, ("fewer", "as many", "more"))
    ('fell', 'more')
    """
    return words[1 + (after > before) - (after < before)]


def number_word(number: int) -> str:
    """Return a count as prose has it: in words below ten.

    Examples
    --------
    >>> number_word(2), number_word(0), number_word(1200)
    ('two', 'no', '1,200')
    """
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else f"{number:,}"


def number_alone(number: int) -> str:
    """Return a count as prose has it where no noun follows.

    Examples
    --------
    >>> number_alone(2), number_alone(0), number_alone(1200)
    ('two', 'none', '1,200')
    """
    return number_word(number) if number else "none"


def counted(number: int, one: str, several: str | None = None) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "year"), counted(3, "year"), counted(2, "country", "countries")
    ('one year', 'three years', 'two countries')
    """
    return f"{number_word(number)} {one if number == 1 else several or one + 's'}"


def listed(names: Iterable[object], joiner: str = "and") -> str:
    """Return names as a list in a sentence.

    Examples
    --------
    >>> listed(["Discord", "GitHub", "Pinterest"]), listed([2021, 2023]), listed([2021]), listed([])
    ('Discord, GitHub and Pinterest', '2021 and 2023', '2021', 'none')
    """
    *others, last = [str(name) for name in names] or ["none"]
    return f"{', '.join(others)} {joiner} {last}" if others else last


def year_spans(years: Iterable[int]) -> str:
    """Return years in their order, three or more in a row as a span.

    Examples
    --------
    >>> year_spans([2019, 2020, 2021]), year_spans([2023, 2020, 2021]), year_spans([2019, 2020, 2021, 2023])
    ('2019 to 2021', '2020, 2021 and 2023', '2019 to 2021 and 2023')
    """
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    parts = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(year) for year in run] for run in runs]
    return listed(part for run in parts for part in run)


def in_years(holds: Mapping[int, bool]) -> str:
    """Return in which of the years something holds.

    Examples
    --------
    >>> in_years({2019: True, 2020: True}), in_years({2019: True, 2020: True, 2021: False}), in_years({2019: False})
    ('in every year', 'in every year but 2021', 'in no year')
    >>> in_years({2019: False, 2020: False, 2021: False, 2022: True})
    'only in 2022'
    """
    yes = [year for year, does in holds.items() if does]
    no = [year for year, does in holds.items() if not does]
    if not yes:
        return "in no year"
    if not no:
        return "in every year"
    if len(no) == 1 and len(yes) > 1:
        return f"in every year but {no[0]}"
    return f"{'only ' if len(yes) == 1 else ''}in {year_spans(yes)}"


def turns(values: Mapping[int, float]) -> str:
    """Return how a yearly series went: each stretch in one direction with its last year.

    Examples
    --------
    >>> turns({2019: 5, 2020: 4, 2021: 6, 2022: 9, 2023: 7})
    'fell in 2020, rose until 2022 and fell in 2023'
    >>> turns({2019: 5, 2020: 6, 2021: 7})
    'rose until 2021'
    """
    years = sorted(values)
    stretches: list[tuple[str, list[int]]] = []
    for before, year in pairwise(years):
        word = direction(values[before], values[year])
        if stretches and stretches[-1][0] == word:
            stretches[-1][1].append(year)
        else:
            stretches.append((word, [year]))
    return listed(f"{word} {'in' if len(span) == 1 else 'until'} {span[-1]}" for word, span in stretches)


def sentence(text: str) -> str:
    """Return a clause as the beginning of a sentence.

    Examples
    --------
    >>> sentence("in every year")
    'In every year'
    """
    return text[:1].upper() + text[1:]
