"""NCMEC's yearly report to OJJDP: the numbers that stand in its sentences instead of its tables.

- Stocks: what had been added, registered or reviewed "as of" a day. Every number of a sentence that names such a day
  must be read by a pattern, or the report is refused: nothing is passed over.
- A number after "over" or "more than", or in millions, is rounded and marked so.
- The introduction repeats the count of the first year, not always as the appendix prints it: it is a fact of its own.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd

from countback.ingest.ncmec_ojjdp import FACT_COLUMNS, NUMBER
from countback.ingest.tagged_pdf import Document, Paragraph
from countback.io.errors import DataError

AS_OF = re.compile(r"\b[Aa]s of ([A-Z][a-z]+ \d{1,2}, \d{4})")
SENTENCE = re.compile(r"(?<=[a-z.]\.) (?=[A-Z])")
OPENING = re.compile(rf"became operational in CY (\d{{4}}), NCMEC received ({NUMBER}) reports")
COUNTED = re.compile(r"(?<![\w,])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d,]*\d)")  # not the digit of "MD5"
YEAR = re.compile(r"\bCY \d{4}\b")
ROUNDED = re.compile(r"\b(over|more than|approximately|nearly|about) $")

# what a sentence says (# is a number), and subject, item and measure of each number; * is the initiative spoken of
SUBJECTS = {
    "Non-Governmental": "hashes_non_governmental",
    "Exploitative": "hashes_exploitative",
    "Industry": "hashes_industry",
}
Key = tuple[str, str, str]
PATTERNS: list[tuple[str, list[Key]]] = [
    (r"NCMEC has (?:added|contributed) # hashes to the", [("*", "added_by_ncmec", "hashes")]),
    (r"organizations have submitted an additional # hashes", [("*", "added_by_others", "hashes")]),
    (
        r"ESPs have added # MD5 hashes and # PhotoDNA signatures to the",
        [("*", "added_by_service_providers", "md5_hashes"), ("*", "added_by_service_providers", "photodna_signatures")],
    ),
    (
        r"# ESPs and # ?(?:non-governmental|other) organizations have voluntarily chosen to access this",
        [("*", "service_providers", "participants"), ("*", "other_organizations", "participants")],
    ),
    (r"# ESPs have voluntarily chosen to access this", [("*", "service_providers", "participants")]),
    (r"# total ESPs had access to report", [("esps_registered", "total", "service_providers")]),
    (r"NCMEC has reviewed over # million images and videos", [("identification", "reviewed", "files")]),
    (r"relating to more than # identified child victims", [("identification", "identified", "victims")]),
]
MILLION = re.compile(r" million\b")

STOCK_COLUMNS = ["subject", "item", "measure", "as_of", "value", "value_printed", "warnings", "page", "source"]


def parse_ojjdp_stocks(document: Document, file: Path, source: str) -> pd.DataFrame:
    """Read what a report says of stocks.

    Parameters
    ----------
    document
        The report's text and tables.
    file
        The file, for messages.
    source
        The release's id.

    Returns
    -------
    pandas.DataFrame
        One row per subject, item, measure and day (`STOCK_COLUMNS`).

    Raises
    ------
    DataError
        If a sentence that names a day has a number that no pattern reads.
    """
    rows = [
        (*stock, paragraph.page, source)
        for paragraph in document.paragraphs
        for stock in paragraph_stocks(paragraph, file)
    ]
    return pd.DataFrame(rows, columns=STOCK_COLUMNS).drop_duplicates(ignore_index=True)


def parse_opening(document: Document, source: str) -> pd.DataFrame:
    """Return the count of the first year as the introduction prints it, as facts like those of the tables."""
    found = [
        (
            "introduction",
            "all",
            "reports",
            int(match[1]),
            float(match[2].replace(",", "")),
            "count",
            match[2],
            None,
            None,
            paragraph.page,
            source,
        )
        for paragraph in document.paragraphs
        if (match := OPENING.search(paragraph.text))
    ]
    return pd.DataFrame(found, columns=FACT_COLUMNS).astype({"value": "Float64", "year": "int64"})


def paragraph_stocks(paragraph: Paragraph, file: Path) -> Iterator[tuple[object, ...]]:
    """Yield the stocks that a paragraph tells, as `STOCK_COLUMNS` without page and source.

    Raises
    ------
    DataError
        If a day is none, or a sentence that names one has a number that no pattern reads.
    """
    as_of: str | None = None
    said = ""
    for sentence in SENTENCE.split(paragraph.text):
        said += sentence
        day = AS_OF.search(sentence)
        as_of = _day(day[1], paragraph, file) if day else as_of
        if as_of is None:
            continue
        rest = AS_OF.sub("", sentence)
        for pattern, keys in PATTERNS:
            match = re.search(pattern.replace("#", NUMBER), rest)
            if match is None:
                continue
            numbers = COUNTED.findall(match[0])
            for key, number in zip(keys, numbers, strict=True):
                yield (*_subject(key, said), as_of, *_value(number, rest, match.start()))
            rest = rest[: match.start()] + rest[match.end() :]
        if day and (left := COUNTED.findall(YEAR.sub("", rest))):
            raise DataError(
                file,
                f"page {paragraph.page}, {sentence!r}",
                found=f"{', '.join(left)} in a sentence about {day[1]}",
                expected="a sentence whose numbers the patterns of ncmec_ojjdp_text.py read",
                fix="Look at the page; add a pattern for what the sentence says.",
            )


def _day(printed: str, paragraph: Paragraph, file: Path) -> str:
    try:
        return datetime.strptime(printed, "%B %d, %Y").date().isoformat()
    except ValueError as error:
        place = f"page {paragraph.page}, 'as of {printed}'"
        raise DataError(file, place, None, printed, "a day such as May 4, 2023", "Look at the page.") from error


def _subject(key: Key, said: str) -> Key:
    """Return the key, a star in it replaced by the initiative that was named last."""
    named = max(SUBJECTS, key=lambda word: said.rfind(f"{word} "))
    return (SUBJECTS[named], *key[1:]) if key[0] == "*" else key


def _value(number: str, sentence: str, start: int) -> tuple[float, str, str | None]:
    at = sentence.index(number, start)
    is_million = MILLION.match(sentence, at + len(number)) is not None
    printed = f"{number} million" if is_million else number
    is_rounded = is_million or ROUNDED.search(sentence[:at]) is not None
    return int(number.replace(",", "")) * (1_000_000 if is_million else 1), printed, "rounded" if is_rounded else None
