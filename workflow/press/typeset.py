"""Makes pages and the body of the PDF of chapters; what a chapter gave is kept until it, or what it refers to, changes.

- An outline is what a chapter tells the others: its labels with their numbers, its addresses, its citations.
- What is written of a chapter depends on its own text, on the outlines of all, and on its citations in words.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from press.pandoc import LUA, Fields, Pandocs, program
from press.project import atomic_write


def digest_of(*parts: object) -> str:
    """Return a short name of anything that JSON can hold."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def tools() -> str:
    """Return a name of the programs that read and write chapters."""
    of_pandoc = program().stat()
    return digest_of(of_pandoc.st_size, of_pandoc.st_mtime_ns, [path.read_text() for path in sorted(LUA.glob("*.lua"))])


class Kept:
    """What earlier runs made of chapters, a file for each in a folder; without folder, nothing is kept.

    Attributes
    ----------
    folder
        Where files lie; made when the first is written.
    used
        Names of those that this run has read or written.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.used: set[str] = set()

    def get(self, name: str) -> Fields | None:
        """Return what is kept under a name, or nothing."""
        if self.folder is None:
            return None
        try:
            found: Fields = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        self.used.add(name)
        return found

    def put(self, name: str, content: Fields) -> None:
        """Keep something under a name."""
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            atomic_write(self.folder / f"{name}.json", json.dumps(content).encode())
            self.used.add(name)

    def forget_others(self) -> None:
        """Delete what this run did not use."""
        for path in self.folder.glob("*.json") if self.folder else ():
            if path.stem not in self.used:
                path.unlink(missing_ok=True)


def numbers(chapters: Iterable[Fields], is_numbered: dict[str, bool]) -> Iterator[str | None]:
    """Yield the number of each chapter: figures, or letters for appendices."""
    n_chapters, n_appendices = 0, 0
    for chapter in chapters:
        if not is_numbered[chapter["file"]]:
            yield None
        elif chapter["is_appendix"]:
            n_appendices += 1
            yield chr(64 + n_appendices)
        else:
            n_chapters += 1
            yield str(n_chapters)


def opened_parts(chapters: list[Fields]) -> list[str | None]:
    """Return for each chapter the part of the book that begins with it."""
    parts = [chapter.get("part") for chapter in chapters]
    return [part if part != before else None for part, before in zip(parts, [None, *parts[:-1]], strict=True)]


class Typesetting:
    """The way of a book through Pandoc.

    Parameters
    ----------
    job
        Its `chapters`, each with `file` and `markdown`, and what they share: `lang`, `number_depth`, `bibliography`.
    formats
        `html`, `pdf`, both or none.
    kept
        What earlier runs made.
    """

    def __init__(self, job: Fields, formats: Collection[str], kept: Kept) -> None:
        self.job, self.formats, self.kept = job, sorted(formats), kept
        self.chapters: dict[str, Fields] = {chapter["file"]: chapter for chapter in job["chapters"]}
        common = [tools(), job["lang"], job["number_depth"]]
        self.names = {file: digest_of(*common, chapter) for file, chapter in self.chapters.items()}
        self.outlines: dict[str, Fields] = {}
        self.loaded: set[str] = set()

    def run(self) -> Fields:
        """Return pages, Typst, sheets, images and problems."""
        with Pandocs() as pandocs:
            self.pandocs = pandocs
            self.outline()
            problems = [*pandocs.problems, *self.doubles()]
            words: Fields = {"chapters": [], "ids": [], "bibliography": None} if problems else self.cite()
            written = self.write(words)
            problems = [*problems, *(one for one in pandocs.problems if one not in problems)]
        return collected(written, problems)

    def load(self, files: Iterable[str]) -> dict[str, bool]:
        """Read chapters and return which get a number."""
        wanted = [self.chapters[file] for file in files if file not in self.loaded]
        self.loaded |= {chapter["file"] for chapter in wanted}
        return {one["file"]: one["is_numbered"] for one in self.pandocs.read(wanted)} if wanted else {}

    def outline(self) -> None:
        """Find the outline of each chapter: the one that is kept, if its number is the same, else a new one."""
        kept = {file: found for file, name in self.names.items() if (found := self.kept.get(name))}
        is_numbered = {file: bool(found["number"]) for file, found in kept.items()}
        is_numbered |= self.load(file for file in self.chapters if file not in kept)
        given = dict(zip(self.chapters, numbers(self.job["chapters"], is_numbered), strict=True))
        self.numbers = given
        self.outlines = {file: found for file, found in kept.items() if found["number"] == given[file]}
        self.number(file for file in self.chapters if file not in self.outlines)

    def number(self, files: Iterable[str]) -> None:
        """Read chapters, number what they hold, and keep their outlines."""
        wanted = list(files)
        self.load(wanted)
        asked = [{"file": file, "number": self.numbers[file]} for file in wanted]
        for one in self.pandocs.each("number", asked, number_depth=self.job["number_depth"]):
            file = one["file"]
            self.outlines[file] = one | {"number": self.numbers[file], "entries": one["entries"] or {}}
            if not any(problem["file"] == file for problem in self.pandocs.problems):
                self.kept.put(self.names[file], self.outlines[file])

    def doubles(self) -> Iterator[Fields]:
        """Yield a problem for each label or address that a chapter before has too."""
        taken: set[str] = set()
        for file in self.chapters:
            found = [*self.outlines[file]["entries"], *self.outlines[file]["addresses"]]
            yield from ({"kind": "duplicate", "id": name, "file": file} for name in found if name in taken)
            taken.update(found)

    def cite(self) -> Fields:
        """Return the citations of all chapters in words, and the bibliography."""
        asked: Fields = {name: self.job[name] for name in ("bibliography", "lang", "csl", "nocite") if name in self.job}
        asked["chapters"] = [{"file": file, "citations": self.outlines[file]["citations"]} for file in self.chapters]
        files = [*asked["bibliography"], *([asked["csl"]] if "csl" in asked else [])]
        sources = [Path(file).read_text(encoding="utf-8") for file in files]
        name = digest_of(tools(), asked, sources)
        words = self.kept.get(name)
        if words is None:
            words = self.pandocs.any("cite", **asked)
            if not words.pop("problems"):
                self.kept.put(name, words)
        return words

    def places(self, words: Fields) -> list[Fields]:
        """Return for each chapter its place in the book: what it tells the others, its part, its citations."""
        with_list = next((file for file in self.chapters if "refs" in self.outlines[file]["ids"]), [*self.chapters][-1])
        in_words = {one["file"]: one["citations"] for one in words["chapters"]}
        return [
            {
                "file": file,
                "number": self.numbers[file],
                "part": part,
                "ids": [*self.outlines[file]["ids"], *(words["ids"] if file == with_list else [])],
                "unprinted": self.outlines[file]["unprinted"],
                "citations": in_words.get(file),
                "bibliography": words["bibliography"] if file == with_list else None,
            }
            for file, part in zip(self.chapters, opened_parts(self.job["chapters"]), strict=True)
        ]

    def write(self, words: Fields) -> list[Fields]:
        """Return what is written of each chapter, in their order; what is kept is not written again."""
        entries: Fields = {}
        for outline in self.outlines.values():
            entries |= outline["entries"]
        places = self.places(words)
        book = [{key: place[key] for key in ("file", "ids", "unprinted")} for place in places]
        told = {
            "book": book,
            "entries": entries,
            "site": self.job.get("site"),
            "formats": dict.fromkeys(self.formats, True),
        }
        shared = digest_of(told)
        names = {place["file"]: digest_of(self.names[place["file"]], place, shared) for place in places}
        found = {file: one for file, name in names.items() if (one := self.kept.get(name))}
        missing = [place for place in places if place["file"] not in found]
        self.number(place["file"] for place in missing if place["file"] not in self.loaded)
        for one in self.pandocs.each("write", missing, **told):
            found[one["file"]] = one
            if not any(problem["file"] == one["file"] for problem in self.pandocs.problems):
                self.kept.put(names[one["file"]], one)
        return [found[file] for file in self.chapters]


def collected(written: list[Fields], problems: list[Fields]) -> dict[str, Any]:
    """Return what was written of all chapters by what it is for."""
    bodies = [one["typst"] for one in written if "typst" in one]
    return {
        "pages": [one["page"] for one in written if "page" in one],
        "images": [image for one in written for image in one["images"]],
        "typst": "\n".join(bodies) if bodies else None,
        "sheets": [{"file": one["file"], "typst": one["sheet"]} for one in written if "sheet" in one],
        "problems": problems,
    }
