"""Source files of a year that nobody has seen, made up from those of the last one in the newest layout of each.

- Documents about whole years are made up of the year after the last that any source is about, or each of the year after
  its own last one. Meta's and Discord's are of their next quarter and half.
- What the sources already say of the year is kept: a new document agrees with the compilation about older years.
- Each publisher brings what only a maintainer can decide: names of providers, a place, a label. `decisions` are the
  rows to write.
"""

import calendar
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from random import Random
from typing import NamedTuple

import pandas as pd
from documents import count_document, counts, with_total
from next_report import NEW_ITEM, NEW_ROW_IN, next_report

from countback.ingest.compiled import meanings, read_facts
from countback.ingest.sources import read_releases
from countback.io.files import file_with, files_by_name
from countback.io.tables import read_table
from countback.periods import Period, parse_period
from scripts.ingest.ingest_compiled_facts import LAYOUTS

SEED = 13
MONTHS = list(calendar.month_name)[1:]
NEW_PROVIDERS = {"Quillmark Inc.": 42, "Zephyr Attic, LLC": 1_011}
RESPELLED = "{}, and the Like"


class Decision(NamedTuple):
    """What a maintainer writes: a table of `data/` and a row for it, without what explains it."""

    table: str
    row: str


def text_of(rows: Iterable[Sequence[object]], end: str = "\n") -> str:
    """Return rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows(rows)
    return out.getvalue()


def scaled(numbers: Mapping[str, int], total: int) -> dict[str, int]:
    """Return numbers in the same proportions, and at least one each, that add up to a total."""
    before = sum(numbers.values())
    made = {name: max(number * total // before, 1) for name, number in numbers.items()}
    largest = max(made, key=lambda name: made[name])
    made[largest] += total - sum(made.values())
    return made


# Meta, Discord


def quarter_after(label: str) -> str:
    """Return the quarter or half that follows.

    Examples
    --------
    >>> quarter_after("2025 Q4"), quarter_after("2024 H1")
    ('2026 Q1', '2024 H2')
    """
    year, part, number = int(label[:4]), label[5], int(label[6])
    most = {"Q": 4, "H": 2}[part]
    return f"{year + number // most} {part}{number % most + 1}"


def next_quarter(content: str, label: str, chance: Random) -> str:
    """Return Meta's next release: all facts of the last one, a new quarter, a label respelled and a value revised."""
    header, *rows = csv.reader(io.StringIO(content.strip() + "\n", newline=""))
    last = max(row[3] for row in rows)
    new = quarter_after(f"{last[:4]} {last[4:]}").replace(" ", "")
    made: list[list[str]] = []
    for _, series in groupby(rows, key=lambda row: row[:3]):
        listed = list(series)
        made += listed
        if listed[-1][3] == last:
            made.append([*listed[-1][:3], new, moved(listed[-1][4], chance)])
    revised = next(row for row in made if "," in row[4] and row[3] != new and row[1] != label)
    revised[4] = moved(revised[4], chance)
    made = [[row[0], RESPELLED.format(label) if row[1] == label else row[1], *row[2:]] for row in made]
    return text_of([header, *made])


def label_to_respell(data: Path) -> str:
    """Return the first of Meta's policy areas, as last printed, about which no other table says anything."""
    history, labels = (read_table(data / "histories" / f"{name}.csv") for name in ("meta", "meta_labels"))
    series, spans = (read_table(data / "histories" / f"{name}.csv") for name in ("meta_series", "spanning_labels"))
    taken = {*labels["aligned"], *labels["printed"], *series["policy_area"], *spans["aligned"]}
    return min(set(history["policy_area"]) - taken)


def moved(printed: str, chance: Random) -> str:
    """Return another count of the same form; percentages and what is missing stay."""
    if "%" in printed or printed == "N/A":
        return printed
    number = int(printed.replace(",", ""))
    step = 10 ** max(len(str(number)) - 2, 0)
    return f"{number + step * chance.randint(1, 9):,}"


def next_half(content: str, before: Period, after: Period) -> str:
    """Return Discord's next file: its months and its title are those of the next half-year, its numbers the same."""
    span = slice(before.start.month - 1, before.end.month), slice(after.start.month - 1, after.end.month)
    named = dict(zip(MONTHS[span[0]], MONTHS[span[1]], strict=True)) | {str(before.year): str(after.year)}
    return re.sub(rf"\b({'|'.join(named)})\b", lambda match: named[match[0]], content)


# the clearinghouse's tables of counts


def provider_document(rows: pd.DataFrame, year: int, total: int) -> bytes:
    """Return the table by provider of a year: those of an earlier year, and two names that nobody has seen.

    Parameters
    ----------
    rows
        Of `esp_reports.csv`, those of one year.
    """
    old = dict(zip(rows["esp_printed"], rows["reports"].astype(int), strict=True))
    made = scaled(old, total - sum(NEW_PROVIDERS.values())) | NEW_PROVIDERS
    printed = [(name, f"{made[name]:,}") for name in sorted(made, key=str.casefold)]
    table = counts(with_total(printed), ("ESP", "Number of Reports"), 380)
    return count_document(table, title=f"{year} CyberTipline Reports by Electronic Service Providers (ESP)")


def country_document(rows: pd.DataFrame, year: int, total: int, place: str) -> bytes:
    """Return the table by country of a year: the places of an earlier year, and one that was never listed.

    Parameters
    ----------
    rows
        Of `country_reports.csv`, those of one year.
    place
        The new place's name.
    """
    old = dict(zip(rows["country_printed"], rows["reports"].fillna(0).astype(int), strict=True))
    made = scaled(old, total - 7) | {place: 7}
    table = counts(with_total([(name, f"{number:,}") for name, number in made.items()]), width=380)
    return count_document(table, title=f"{year} CyberTipline Reports by Country / Territory")


def new_place(data: Path) -> Decision:
    """Return the row for a place that no table by country has listed, under a name of its own."""
    countries, aliases = (read_table(data / "reference" / f"{name}.csv") for name in ("countries", "country_aliases"))
    free = countries[(countries["code_status"] == "official") & ~countries["iso3"].isin(aliases["iso3"])]
    code, name = (free if len(free) else countries).iloc[-1][["iso3", "name"]]
    return Decision("reference/country_aliases.csv", f"{name} (Outer Isles),{code},")


# the compilation


def next_rows(content: str, year: int, factor: int, column: str, keep: bool = True) -> str:
    """Return a file of the compilation with rows of a year more: those of its last one, a factor larger.

    Parameters
    ----------
    column
        The column of the numbers.
    keep
        Whether the new rows stand below the others; else above.
    """
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    at, value = header.index("year"), header.index(column)
    last = max(row[at] for row in rows)
    made = [list(row) for row in rows if row[at] == last]
    for row in made:
        row[at] = str(year)
        row[value] = grown(row[value], factor)
    return text_of([header, *([*rows, *made] if keep else [*made, *rows])])


def next_columns(content: str, before: int, factor: int) -> str:
    """Return the compilation's file by country with the two columns of its next year.

    A year that the clearinghouse's own table is about has none: it can't be counted in two ways.
    """
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    last = max(name[3:] for name in header if name.startswith("ref"))
    year = int(last) + 1
    if year >= before:
        return content
    places = [header.index(f"{kind}{last}") for kind in ("ref", "info")]
    made = [[*row, *(grown(row[place], factor) for place in places)] for row in rows]
    return text_of([[*header, f"ref{year}", f"info{year}"], *made])


def grown(printed: str, factor: int) -> str:
    """Return a count that is a factor larger, with commas if it had some; nothing stays nothing."""
    if not printed:
        return ""
    number = int(printed.replace(",", "")) * factor
    return f"{number:,}" if "," in printed else str(number)


class Project(NamedTuple):
    """A copy of the project with source files, the year to make up, and what its documents were about until now."""

    root: Path
    year: int
    is_next_of_each: bool
    releases: pd.DataFrame

    @property
    def data(self) -> Path:
        """The folder of tables."""
        return self.root / "data"

    def last(self, prefix: str) -> Mapping[str, str]:
        """Return the last release whose id begins so."""
        ours = self.releases[self.releases["id"].str.startswith(prefix) & (self.releases["route"] == "parsed")]
        return ours.loc[ours["period"].map(lambda label: parse_period(label).end).idxmax()].to_dict()

    def file(self, release: Mapping[str, str]) -> Path:
        """Return the source file of a release."""
        return file_with(release["sha256"], files_by_name(self.data / "raw")[Path(release["file"]).name])

    def year_of(self, prefix: str) -> int:
        """Return the year that a made-up document is about."""
        is_next = self.is_next_of_each and prefix != "ncmec-country-"  # the compilation has years of this one's kind
        return int(self.last(prefix)["period"]) + 1 if is_next else self.year


def year_after(data: Path) -> int:
    """Return the year after the last one that reports are counted of."""
    return int(read_table(data / "cybertipline" / "reports.csv")["year"].max()) + 1


def write_next_year(root: Path, raw: Path, is_next_of_each: bool = False) -> Project:
    """Add made-up source files to a copy of the project, with their lines in the table of releases.

    Parameters
    ----------
    root
        The copy; source files are brought to its `data/raw/`.
    raw
        Where the source files are.
    is_next_of_each
        Whether a document about a year is about the one after the publisher's last; else all are about one year.
    """
    data = root / "data"
    (data / "raw" / "made-up").mkdir(parents=True)
    (data / "raw" / "published").symlink_to(raw)
    project = Project(root, year_after(data), is_next_of_each, read_releases(data / "releases.csv"))
    compiled, facts = compiled_files(project)
    contents = {**documents(project, facts), **histories(project)}
    lines = [release_line(project, release, changes, content) for (release, content, changes) in contents.values()]
    replaced = [release_line(project, release, {}, content) for release, content in compiled.items()]
    table = pd.concat([project.releases, pd.DataFrame(lines)], ignore_index=True).set_index("id")
    for line in replaced:
        table.loc[line["id"], ["bytes", "sha256"]] = line["bytes"], line["sha256"]
    table.sort_index().reset_index().to_csv(data / "releases.csv", index=False, lineterminator="\n")
    return project


Made = tuple[str, bytes, dict[str, str]]  # the release that a new one follows, the file, what differs in its line


def release_line(project: Project, before: str, changes: Mapping[str, str], content: bytes) -> dict[str, str]:
    """Write a source file, and return its line in the table of releases."""
    line = project.releases.set_index("id").loc[before].to_dict() | {"id": before, "note": "Made up."} | changes
    (project.data / "raw" / "made-up" / Path(line["file"]).name).write_bytes(content)
    return line | {"bytes": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}


def following(before: Mapping[str, str], period: str) -> dict[str, str]:
    """Return what the line of a next release has other than the one before: wherever its period is named."""
    forms = {before["period"]: period, before["period"].lower().replace(" ", "-"): period.lower().replace(" ", "-")}
    changed = {}
    for column in ("id", "title", "period", "url", "file"):
        text = before[column]
        for old, new in forms.items():
            text = text.replace(old, new)
        changed[column] = text
    return changed


def histories(project: Project) -> dict[str, Made]:
    """Return Meta's next quarter and Discord's next half-year."""
    meta, discord = project.last("meta-"), project.last("discord-")
    after = parse_period(quarter_after(discord["period"]))
    text = project.file(meta).read_text(encoding="utf-8-sig")
    quarter = next_quarter(text, label_to_respell(project.data), Random(SEED))
    half = next_half(project.file(discord).read_text(), parse_period(discord["period"]), after)
    return {
        "meta": (meta["id"], quarter.encode(), following(meta, quarter_after(meta["period"]))),
        "discord": (discord["id"], half.encode(), following(discord, after.label)),
    }


def compiled_files(project: Project) -> tuple[dict[str, bytes], pd.DataFrame]:
    """Return the compilation's files with a year more, by their releases, and the facts that they then state."""
    release_of = {
        name: one for one in project.releases.query("route == 'parsed'")["id"]
        for name in [*LAYOUTS, "country-reports"] if one.startswith("diaphanous-") and one.endswith(name)
    }  # fmt: skip
    lines = project.releases.set_index("id")
    texts = {name: project.file(lines.loc[one]).read_text(encoding="utf-8-sig") for name, one in release_of.items()}
    totals = read_table(project.data / "cybertipline" / "reports.csv").query("submitter == 'all'").set_index("year")
    base = max(row["year"] for row in csv.DictReader(io.StringIO(texts["report-contents"])))
    factor = int(totals["reports"].max() // totals["reports"][int(base)]) + 1  # more reports than ever
    made = {
        name: next_rows(texts[name], project.year, factor, column)
        for name, (_, column) in LAYOUTS.items()
        if name not in ("reports-per-year", "esp-reports")
    }
    made["country-reports"] = next_columns(texts["country-reports"], project.year, factor)
    every = int(totals["reports"][int(base)]) * factor
    providers = 99 * every // 100
    made["reports-per-year"] = texts["reports-per-year"].replace("\n", f"\n{project.year},{every}\n", 1)
    selected = next_rows(texts["esp-reports"], project.year, 1, "reports")
    for label, number in (("ESP Total", providers), ("Total", every)):
        selected = re.sub(rf"^{project.year},{label},.*$", f"{project.year},{label},{number},", selected, flags=re.M)
    made["esp-reports"] = selected
    return {release_of[name]: text.encode() for name, text in made.items()}, facts_of(project, made, release_of)


def facts_of(project: Project, texts: Mapping[str, str], release_of: Mapping[str, str]) -> pd.DataFrame:
    """Return what the compilation's files state, under the ids of the tables of the reports to OJJDP."""
    labels = read_table(project.data / "reference" / "compiled_labels.csv")
    found = []
    for name, (columns, value) in LAYOUTS.items():
        file = project.data / "raw" / "made-up" / "compiled.csv"
        file.write_text(texts[name])
        facts = read_facts(file, release_of[name], columns, value)
        if columns == ["platform"]:
            facts = facts[facts["first_label"].isin(set(labels["first_label"]))]
        found.append(meanings(facts, labels))
        file.unlink()
    return pd.concat(found, ignore_index=True)


def documents(project: Project, facts: pd.DataFrame) -> dict[str, Made]:
    """Return the clearinghouse's next documents: by provider, by country, to OJJDP, and its platform's files."""
    submitted = facts[facts["table"] == "submitters"].set_index(["item", "year"])["value"]
    made: dict[str, Made] = {}
    place = new_place(project.data).row.split(",")[0]
    makers = {
        "ncmec-esp-": ("esp_reports", "service_providers", provider_document),
        "ncmec-country-": ("country_reports", "all", lambda *parts: country_document(*parts, place)),
    }
    for prefix, (name, item, make) in makers.items():
        rows, year = read_table(project.data / "cybertipline" / f"{name}.csv"), project.year_of(prefix)
        content = make(rows[rows["year"] == rows["year"].max()], year, int(submitted[item, year]))
        made[prefix] = add(project, prefix, year, content)
    year = project.year_of("ncmec-ojjdp-")
    labels = read_table(project.data / "reference" / "ojjdp_labels.csv")
    reports = read_table(project.data / "cybertipline" / "reports.csv").query("submitter == 'all'")
    last = project.file(project.last("ncmec-ojjdp-"))
    content = next_report(last, year, labels, facts, dict(zip(reports["year"], reports["reports"], strict=True)))
    made["ncmec-ojjdp-"] = add(project, "ncmec-ojjdp-", year, content)
    for prefix in ("ncmec-platform-reports-", "ncmec-platform-esps-"):
        header, *rows = csv.reader(io.StringIO(project.file(project.last(prefix)).read_text(), newline=""))
        made[prefix] = add(project, prefix, project.year, text_of([header, *rows[::-1]]).encode())
    return made


def add(project: Project, prefix: str, year: int, content: bytes) -> Made:
    """Return a document that follows the last one whose id begins so."""
    before = project.last(prefix)
    return before["id"], content, following(before, str(year))


def decisions(project: Project) -> list[Decision]:
    """Return the rows that a maintainer writes for what the made-up documents bring."""
    meta, label = project.last("meta-"), label_to_respell(project.data)
    release = following(meta, quarter_after(meta["period"]))["id"]
    item = NEW_ITEM.lower().replace(" ", "_")
    rows = [
        Decision(
            "histories/meta_labels.csv",
            text_of([[release, "", "policy_area", RESPELLED.format(label), label, "", "", "Made up."]]),
        ),
        Decision("reference/ojjdp_labels.csv", f"{NEW_ROW_IN},item,{NEW_ITEM},{item},,,"),
        Decision("reference/relationship_groups.csv", f"ncmec,{NEW_ITEM},known,supervisory,"),
        new_place(project.data),
    ]
    for name in NEW_PROVIDERS:
        quoted, esp = text_of([[name]]).strip(), re.sub(r"\W+", "_", name.lower()).strip("_")
        rows += [
            Decision("cybertipline/esp_aliases.csv", f"{quoted},{esp},single,manual,"),
            Decision("cybertipline/esps.csv", f"{esp},{quoted},service,,"),
            Decision("cybertipline/esp_brands.csv", f"{quoted},,false,"),
        ]
    return rows


def write_row(data: Path, decision: Decision) -> None:
    """Add a row to a table."""
    file = data / decision.table
    header, *rows = file.read_text().splitlines()
    file.write_text("\n".join([header, *rows, decision.row.strip()]) + "\n")
