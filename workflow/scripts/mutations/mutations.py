"""Changes of one thing in a data folder, each made by seeded chance: what a slip of hand, a tool or a bad copy does.

- Of cells: what happens to numbers, to text, and to what may be missing. Of files: rows, columns, marks, encodings.
- A mutation changes the bytes of one file. One that would leave the file as it is counts as none.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pandas as pd

Cells = list[list[str]]  # the rows of a table as fields, the first one its header


class Mutation(NamedTuple):
    """A change of one file.

    Attributes
    ----------
    file
        The file, from the folder of the data.
    kind
        What was done, by name.
    column
        The column that was changed, if it was a cell.
    row
        The row of the file that was changed, counted from 1 with the header, if it was a cell or a row.
    content
        The file afterwards.
    """

    file: str
    kind: str
    column: str | None
    row: int | None
    content: bytes


def digits_at(text: str) -> list[int]:
    """Return where digits are in a text."""
    return [at for at, sign in enumerate(text) if sign.isascii() and sign.isdigit()]


def other_digit(text: str, chance: random.Random) -> str:
    """Return a number with another digit in one place."""
    at = chance.choice(digits_at(text))
    return text[:at] + chance.choice([sign for sign in "0123456789" if sign != text[at]]) + text[at + 1 :]


def lost_digit(text: str, chance: random.Random) -> str:
    """Return a number without one of its digits."""
    at = chance.choice(digits_at(text))
    return text[:at] + text[at + 1 :]


def swapped(text: str, chance: random.Random) -> str:
    """Return a text with two signs beside each other swapped."""
    at = chance.randrange(max(1, len(text) - 1))
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def with_separators(text: str, _: random.Random) -> str:
    """Return a number with commas between its thousands."""
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdigit() else f"{text},000"


Change = Callable[[str, random.Random], str]
NUMBERS: dict[str, Change] = {
    "another digit": other_digit,
    "a lost digit": lost_digit,
    "swapped signs": swapped,
    "a digit more": lambda text, chance: text + str(chance.randrange(10)),
    "ten times": lambda text, _: f"{text}0",
    "another sign": lambda text, _: text[1:] if text.startswith("-") else f"-{text}",
    "separators": with_separators,
    "a decimal comma": lambda text, _: text.replace(".", ",") if "." in text else f"{text},5",
    "a fraction": lambda text, _: f"{text}.5",
    "endless": lambda _, chance: chance.choice(["inf", "-inf", "nan", "NaN", "Infinity"]),
    "too large": lambda text, chance: text + chance.choice(["e308", "0" * 20]),
    "hexadecimal": lambda text, _: f"0x{text}",
    "letter for digit": lambda text, _: (
        text.replace("0", "O").replace("1", "l") if set(text) & set("01") else f"{text}O"
    ),
    "digits of another script": lambda text, _: text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "underscores": lambda text, _: "_".join(text),
    "a word": lambda _, chance: chance.choice(["many", "N/A", "-", "n.a.", "unknown", "TRUE"]),
    "zero": lambda _, __: "0",
}
TEXTS: dict[str, Change] = {
    "other case": lambda text, _: text.swapcase(),
    "space behind": lambda text, chance: text + chance.choice([" ", "\u00a0", "\t"]),
    "space before": lambda text, _: f" {text}",
    "swapped signs": swapped,
    "a lost sign": lambda text, _: text[:-1] if len(text) < 2 else text[1:],
    "a sign that looks alike": lambda text, _: text.translate(str.maketrans("aeopcxAEO", "аеорсхАЕО")),
    "decomposed": lambda text, _: f"{text}\u0301",
    "markup": lambda text, _: f"<b>{text}</b><script>1</script>",
    "a formula": lambda text, _: f'=HYPERLINK("x","{text}")',
    "a shortcode": lambda text, _: f"{{{{< var x >}}}}{text}",
    "a line end": lambda text, chance: f"{text}{chance.choice(chr(10) + chr(13) + chr(0x2028) + chr(0x85))}{text}",
    "a control sign": lambda text, chance: f"{text}{chance.choice(chr(0) + chr(7) + chr(27) + chr(0x202E))}",
    "another word": lambda _, chance: chance.choice(["unheard_of", "None", "NULL", "0", "../../x", "2031"]),
    "very long": lambda text, _: text * 5000 or "x" * 20_000,
    "quotes": lambda text, _: f'"{text}"',
}
EVERY: dict[str, Change] = {"nothing": lambda _, __: ""}
ONCE_EMPTY: dict[str, Change] = {"something": lambda _, chance: chance.choice(["0", "1", "x", "2031", "none", " "])}


def is_number(text: str) -> bool:
    """Return whether a cell holds a plain number."""
    return text.lstrip("-").replace(".", "", 1).isdigit() and text.isascii()


def fields(cells: Cells) -> bytes:
    """Return rows as a CSV file, in the form that the project writes."""
    frame = pd.DataFrame(cells[1:], columns=pd.Index(cells[0]), dtype="str")
    return frame.to_csv(index=False, lineterminator="\n").encode()


def changed_cell(cells: Cells, chance: random.Random) -> tuple[str, str, int, Cells]:
    """Return what was done, the column, the row, and the rows with one cell changed."""
    row, column = chance.randrange(1, len(cells)), chance.randrange(len(cells[0]))
    text = cells[row][column]
    kinds = (NUMBERS if is_number(text) else TEXTS) | EVERY if text else ONCE_EMPTY
    kind = chance.choice(sorted(kinds))
    copy = [list(one) for one in cells]
    copy[row][column] = kinds[kind](text, chance)
    return kind, cells[0][column], row + 1, copy


def row_doubled(cells: Cells, chance: random.Random) -> Cells:
    """Return the rows with one of them twice."""
    row = chance.randrange(1, len(cells))
    return [*cells[: row + 1], *cells[row:]]


def row_lost(cells: Cells, chance: random.Random) -> Cells:
    """Return the rows without one of them."""
    row = chance.randrange(1, len(cells))
    return [*cells[:row], *cells[row + 1 :]]


def rows_swapped(cells: Cells, chance: random.Random) -> Cells:
    """Return the rows with the cells of one column swapped between two of them."""
    column = chance.randrange(len(cells[0]))
    one, other = (chance.randrange(1, len(cells)) for _ in range(2))
    copy = [list(row) for row in cells]
    copy[one][column], copy[other][column] = copy[other][column], copy[one][column]
    return copy


def column_lost(cells: Cells, chance: random.Random) -> Cells:
    """Return the rows without one of their columns."""
    column = chance.randrange(len(cells[0]))
    return [[*row[:column], *row[column + 1 :]] for row in cells]


def heads_swapped(cells: Cells, chance: random.Random) -> Cells:
    """Return the rows with the names of two columns swapped."""
    at = chance.randrange(max(1, len(cells[0]) - 1))
    head = [*cells[0][:at], *cells[0][at + 1 : at + 2], cells[0][at], *cells[0][at + 2 :]]
    return [head, *cells[1:]]


def head_renamed(cells: Cells, chance: random.Random) -> Cells:
    """Return the rows with another name of a column."""
    at = chance.randrange(len(cells[0]))
    return [[*cells[0][:at], f"{cells[0][at]}_", *cells[0][at + 1 :]], *cells[1:]]


ROWS: dict[str, Callable[[Cells, random.Random], Cells]] = {
    "a row twice": row_doubled,
    "a row lost": row_lost,
    "two cells swapped": rows_swapped,
    "a column lost": column_lost,
    "two heads swapped": heads_swapped,
    "a head renamed": head_renamed,
}
FILES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut off": lambda content, chance: content[: chance.randrange(len(content))],
    "empty": lambda _, __: b"",
    "a byte order mark": lambda content, _: b"\xef\xbb\xbf" + content,
    "Latin 1": lambda content, _: content.decode(errors="replace").encode("latin-1", "replace") + b"\xe9",
    "UTF-16": lambda content, _: content.decode(errors="replace").encode("utf-16"),
    "a zero byte": lambda content, chance: content[: (at := chance.randrange(len(content)))] + b"\0" + content[at:],
    "semicolons": lambda content, _: content.replace(b",", b";"),
    "old line ends": lambda content, _: content.replace(b"\n", b"\r"),
    "line ends of Windows": lambda content, _: content.replace(b"\n", b"\r\n"),
    "an open quote": lambda content, chance: content[: (at := chance.randrange(len(content)))] + b'"' + content[at:],
    "a lost byte": lambda content, chance: content[: (at := chance.randrange(len(content)))] + content[at + 1 :],
    "a field more": lambda content, _: content.rstrip(b"\n") + b",1\n",
    "twice": lambda content, _: content + content,
}


def read_cells(content: bytes, is_parquet: bool) -> Cells:
    """Return the rows of a table as written; of a Parquet file, its cells as text."""
    if is_parquet:
        frame = pd.read_parquet(BytesIO(content)).astype("string").fillna("")
    else:
        frame = pd.read_csv(BytesIO(content), dtype="str", keep_default_na=False, encoding="utf-8")
    return [list(map(str, frame.columns)), *frame.astype("str").to_numpy().tolist()]


def parquet_with(content: bytes, row: int, column: str, value: object) -> bytes:
    """Return a Parquet file with another value in a cell, of the type that its column has."""
    frame = pd.read_parquet(BytesIO(content))
    frame.loc[row - 2, column] = value
    written = BytesIO()
    frame.to_parquet(written, index=False)
    return written.getvalue()


def in_parquet(file: str, content: bytes, chance: random.Random) -> Mutation:
    """Return a mutation of a Parquet file: of a cell, in its type, or of the file as a whole."""
    if chance.random() < 0.3:
        kind = chance.choice(["cut off", "empty", "a lost byte"])
        return Mutation(file, kind, None, None, FILES[kind](content, chance))
    frame = pd.read_parquet(BytesIO(content))
    row, column = chance.randrange(len(frame)), chance.choice(list(frame.columns))
    value = frame.loc[row, column]
    if pd.isna(value):
        return Mutation(file, "none", column, row + 2, content)
    if isinstance(value, bool) or pd.api.types.is_bool_dtype(frame[column]):
        return Mutation(file, "the other one", column, row + 2, parquet_with(content, row + 2, column, not value))
    if pd.api.types.is_numeric_dtype(frame[column]):
        other = value * chance.choice([10, -1, 2]) + chance.choice([0, 1])
        return Mutation(file, "another number", column, row + 2, parquet_with(content, row + 2, column, other))
    kind = chance.choice(sorted(TEXTS | EVERY))
    text = (TEXTS | EVERY)[kind](str(value), chance)
    return Mutation(file, kind, column, row + 2, parquet_with(content, row + 2, column, text))


def mutated(file: str, content: bytes, chance: random.Random) -> Mutation:
    """Return a file of a table with one thing changed: three times of four a cell, else rows, columns or bytes."""
    if file.endswith(".parquet"):
        return in_parquet(file, content, chance)
    cells = read_cells(content, is_parquet=False)
    if chance.random() < 0.75 and len(cells) > 1:
        kind, column, row, changed = changed_cell(cells, chance)
        return Mutation(file, kind, column, row, fields(changed))
    if chance.random() < 0.5 and len(cells) > 1:
        kind = chance.choice(sorted(ROWS))
        return Mutation(file, kind, None, None, fields(ROWS[kind](cells, chance)))
    kind = chance.choice(sorted(FILES))
    return Mutation(file, kind, None, None, FILES[kind](content, chance))


def mutations(data: Path, files: Sequence[str], number: int, seed: int) -> Iterator[Mutation]:
    """Yield mutations of the files of a data folder, each file as often as any other; the same for the same seed."""
    chance = random.Random(seed)
    contents = {file: (data / file).read_bytes() for file in files}
    found = 0
    while found < number:
        file = files[chance.randrange(len(files))]
        one = mutated(file, contents[file], chance)
        if one.content != contents[file]:
            found += 1
            yield one
