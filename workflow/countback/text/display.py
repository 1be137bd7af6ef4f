"""Tables for readers: a table with its schema becomes a well-set great_tables table, the same in HTML and PDF.

- Titles, units and alignment come from the schema; a caption belongs to the chapter, not to the table.
- A missing value shows as a dash, never as zero.
- A table that offers a file shows numbers of that file. What a chapter computes from them is named as derived.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from countback.io.errors import DataError
from countback.io.package import fields_of
from countback.io.tables import read_table
from countback.look import color, look
from countback.text.typography import typographic
from countback.text.units import UNITS, format_number

if TYPE_CHECKING:
    from great_tables import GT

MISSING = "–"
NUMERIC = {"integer", "number"}  # a year is a label: it stands left


def cell_formatter(field: Mapping[str, Any], decimals: int | None = None, signed: bool = False) -> Callable[[Any], str]:
    """Return the function that prints a cell of a field: by its unit if it has one, else as it is."""
    kind, unit = field["type"], field.get("unit")
    if kind == "year":
        unit = "year"

    def text(value: Any) -> str:
        if pd.isna(value):
            return MISSING
        if kind == "boolean":
            return "yes" if value else "no"
        return format_number(float(value), unit, decimals, signed) if unit in UNITS else typographic(str(value))

    return text


def cell_texts(
    column: pd.Series, field: Mapping[str, Any], units: pd.Series | None, decimals: int | None, signed: bool
) -> list[str]:
    """Return a column as printed; `units`, along the rows, serve where a number's field has no unit of its own."""
    if units is None or field["type"] != "number" or field.get("unit"):
        return [cell_formatter(field, decimals, signed)(value) for value in column]
    # a year that is an estimate, not a date, prints with a decimal
    digits = {"year": 1} if decimals is None else {}
    return [
        cell_formatter({"type": "number", "unit": unit}, digits.get(unit, decimals), signed)(value)
        for value, unit in zip(column, units, strict=True)
    ]


def with_names(
    frame: pd.DataFrame, column: str = "provider", organizations: str = "data/organizations/organizations.csv"
) -> pd.DataFrame:
    """Return the frame with the name of each organization in a column `name`."""
    names = read_table(organizations).set_index("organization")["name"]
    return frame.assign(name=frame[column].map(names))


def subset_titles(subsets: pd.Series, organizations: str = "data/organizations/organizations.csv") -> list[str]:
    """Return titles of subsets of providers, such as `Without Discord`, from their ids."""
    names = read_table(organizations).set_index("organization")["name"]
    titles = [" ".join(str(names.get(word, word)) for word in subset.split()) for subset in subsets]
    return [title[:1].upper() + title[1:] for title in titles]


def display_table(
    frame: pd.DataFrame,
    schema: str | Path | None,
    columns: Sequence[str],
    *,
    labels: Mapping[str, str] | None = None,
    groups: str | None = None,
    spanners: Mapping[str, Sequence[str]] | None = None,
    highlight: pd.Series | None = None,
    decimals: Mapping[str, int] | None = None,
    signed: Sequence[str] = (),
    counts: Sequence[str] = (),
    like: Mapping[str, str] | None = None,
    unit_column: str | None = None,
    note: str | None = None,
    data: str | None = None,
    derived: Sequence[str] = (),
    right: Sequence[str] = (),
    addresses: pd.Series | None = None,
    links: pd.Series | None = None,
    beside: pd.Series | None = None,
    also: pd.Series | None = None,
) -> "GT":
    """Return a table set for readers.

    Parameters
    ----------
    frame, schema
        Rows to show, in order; a table of the data package, whose fields give titles, types and units, or None: text.
    columns, labels
        What to show, in order; other titles than the schema's, by column.
    groups, spanners
        A column whose values become group headings of rows; titles over several columns.
    highlight, note
        Rows that the text speaks of, as a boolean series; a line under the table in markdown: source, counter, marks.
    decimals, signed, right
        Digits after the point by column, where not the unit's own; columns whose positive numbers carry a plus sign;
        columns of text that stand right: numbers as they are printed, each in its own unit.
    counts, like, unit_column
        Columns that the schema lacks: counts, such as those of a pivot; others by the column that each is shown like; a
        column that holds the unit of the row's numbers, where rows have units of their own.
    data, derived
        The file of all numbers shown, offered after the note, else the schema's; columns derived from it, as noted.
    addresses, links, beside, also
        Along the rows: the id by which a page leads to the row; where the first cell leads, such as
        `platforms.qmd#provider-acme`; words in brackets beside that cell; unseen names that the search knows it by.
    """
    labels, fields = labels or {}, _fields(schema, counts, like or {})
    shown = [*([groups] if groups else []), *columns]
    texts = _texts(frame, shown, fields, frame[unit_column] if unit_column else None, decimals or {}, signed)
    is_linked = addresses is not None or links is not None
    if is_linked:
        texts[columns[0]] = addressed(texts[columns[0]], addresses, links, beside, also)
    titles = {name: typographic(labels.get(name) or fields.get(name, {}).get("title", name)) for name in columns}
    numeric = [name for name in columns if fields.get(name, {}).get("type") in NUMERIC]
    check_held(frame[[name for name in numeric if name not in derived]], file := data or str(schema or ""))
    table = _assemble(pd.DataFrame(texts, index=frame.index), groups, titles, [*numeric, *right], spanners or {})
    if is_linked:
        table = table.fmt(str, columns=columns[0])  # as it is: it was escaped above
    return with_look(_annotate(table, highlight, f"{typographic(note or '')} {data_link(file)}".strip()))


def _texts(
    frame: pd.DataFrame,
    columns: Sequence[str],
    fields: Mapping[str, Mapping[str, Any]],
    units: pd.Series | None,
    decimals: Mapping[str, int],
    signed: Sequence[str],
) -> dict[str, list[str]]:
    """Return the cells of columns as they are printed."""
    return {
        name: cell_texts(frame[name], fields.get(name, {"type": "string"}), units, decimals.get(name), name in signed)
        for name in columns
    }


def addressed(
    texts: Sequence[str],
    addresses: pd.Series | None,
    links: pd.Series | None,
    beside: pd.Series | None = None,
    also: pd.Series | None = None,
) -> list[str]:
    """Return the first cells of rows as HTML: address and other names around the text, the link within, words beside.

    Examples
    --------
    >>> addressed(["A & B", "C"], pd.Series(["place-A", None]), pd.Series([None, "#place-C"]), pd.Series([None, "D"]))
    ['<span id="place-A">A &amp; B</span>', '<a href="#place-C">C</a> (D)']
    >>> addressed(["A"], pd.Series(["place-A"]), None, also=pd.Series(["Alpha; AA"]))
    ['<span id="place-A" data-also="Alpha; AA">A</span>']
    """
    nothing = pd.Series([None] * len(texts), dtype=object)
    along = [nothing if one is None else one for one in (addresses, links, beside, also)]
    found = []
    for text, address, link, words, names in zip(texts, *along, strict=True):
        shown = escape(text, quote=False)
        shown = f'<a href="{link}">{shown}</a>' if pd.notna(link) else shown
        found_by = f' data-also="{escape(names)}"' if pd.notna(names) else ""
        shown = f'<span id="{address}"{found_by}>{shown}</span>' if pd.notna(address) else shown
        found.append(f"{shown} ({escape(typographic(str(words)), quote=False)})" if pd.notna(words) else shown)
    return found


def check_held(shown: pd.DataFrame, file: str) -> None:
    """Raise an error if a result's file does not hold the numbers of a table that offers it.

    Parameters
    ----------
    shown
        Columns of numbers. Those that the file has too must stand together in one of its rows; numbers of
        other columns, such as those of a pivot, anywhere in it.
    file
        The file that the table offers; one that is no result is not offered, and one that is not there holds nothing
        to compare.

    Raises
    ------
    DataError
        If a row shows numbers that no row of the file holds, or a column one that the file does not hold.
    """
    if not data_link(file) or not Path(file).is_file():
        return
    held, texts = (frame.map(significant) for frame in (read_table(file).select_dtypes("number"), shown))
    common = [name for name in shown if name in held]
    rows = set(held[common].itertuples(index=False, name=None))
    lost = [row for row in texts[common].itertuples(index=False, name=None) if not holds(rows, row)]
    values: set[tuple[str, ...]] = {(value,) for name in held for value in held[name]}
    lost += [(value,) for name in texts if name not in common for value in texts[name] if not holds(values, (value,))]
    if lost:
        raise DataError(
            file,
            found=f"no {', '.join(lost[0])}, which a table shows and offers this file for",
            expected="the file that holds the numbers shown",
            fix="Offer the right file, or name the column as derived and say in the note how.",
        )


def holds(rows: set[tuple[str, ...]], row: tuple[str, ...]) -> bool:
    """Tell whether a row is among others, where a cell that shows nothing stands for any."""
    wanted = {at: text for at, text in enumerate(row) if text}
    return row in rows or not wanted or any(all(one[at] == wanted[at] for at in wanted) for one in rows)


def significant(value: Any) -> str:
    """Return a number by its first ten digits, as files and programs agree on it; nothing where it is missing.

    Examples
    --------
    >>> significant(1 / 3), significant(36210368), significant(None)
    ('0.3333333333', '36210368', '')
    """
    return "" if pd.isna(value) else f"{float(value):.10g}"


def _fields(schema: str | Path | None, counts: Sequence[str], like: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the fields of the schema's columns, of counts that it lacks, and of columns shown like others."""
    fields = fields_of(schema) if schema else {}
    fields |= {name: {"type": "integer", "unit": "count", "title": name} for name in counts}
    return fields | {name: {**fields[other], "title": name} for name, other in like.items()}


def data_link(file: str) -> str:
    """Return the words that offer a result's file from a chapter, which lies a folder below the project's root."""
    return f"Data: [{Path(file).name}](../{file})." if file.startswith("results/") else ""


def _assemble(
    texts: pd.DataFrame,
    groups: str | None,
    titles: Mapping[str, str],
    numeric: Sequence[str],
    spanners: Mapping[str, Sequence[str]],
) -> "GT":
    """Return a table of texts with its titles, alignment and spanners."""
    from great_tables import GT

    table = GT(texts.reset_index(drop=True), groupname_col=groups, id="table").cols_label(dict(titles))
    for align, names in {"right": list(numeric), "left": [name for name in titles if name not in numeric]}.items():
        table = table.cols_align(align, columns=names) if names else table
    for title, members in spanners.items():
        table = table.tab_spanner(label=title, columns=list(members))
    return table


def _annotate(table: "GT", highlight: pd.Series | None, note: str | None) -> "GT":
    """Return a table with the rows marked that the text speaks of, and with its note."""
    from great_tables import loc, md, style

    rows = [position for position, chosen in enumerate(highlight) if chosen] if highlight is not None else []
    if rows:
        table = table.tab_style(style=style.fill(color=color("highlight")), locations=loc.body(rows=rows))
    return table.tab_source_note(md(note)) if note else table


def with_look(table: "GT") -> "GT":
    """Return a table in the report's look: sans, thin rules, no stripes, full width."""
    line = color("line")
    return table.tab_options(
        table_font_names=[look()["fonts"]["sans"], "Helvetica", "Arial", "sans-serif"],
        table_font_size="14px",
        table_width="100%",
        table_background_color="transparent",
        column_labels_font_weight="600",
        column_labels_border_top_style="none",
        column_labels_border_bottom_color=color("muted"),
        column_labels_border_bottom_width="1px",
        table_border_top_style="none",
        table_border_bottom_style="none",
        table_body_border_bottom_color=color("muted"),
        table_body_border_bottom_width="1px",
        table_body_hlines_color=line,
        row_group_font_weight="600",
        row_group_border_top_color=line,
        row_group_border_bottom_color=line,
        source_notes_font_size="12.5px",
        data_row_padding="4px",
    )
