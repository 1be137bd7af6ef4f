"""Processes of Pandoc that read and write chapters, step by step: `book.lua` says which steps there are."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import pypandoc

from press.errors import PressError
from press.project import environment

LUA = Path(__file__).parent
N_AT_ONCE = 2  # the machine that the workflow is made for has two cores

Fields = dict[str, Any]


def program() -> Path:
    """Return where Pandoc is."""
    return Path(pypandoc.get_pandoc_path())


def without_nothing(value: object) -> object:
    """Return a request without what is nothing: in Lua, what JSON calls null is something."""
    if isinstance(value, dict):
        return {key: without_nothing(one) for key, one in value.items() if one is not None}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


class Pandoc:
    """A process that reads chapters once and keeps them until it ends."""

    def __init__(self) -> None:
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        # pandoc words the bibliography in the language of the locale
        self.process = subprocess.Popen(
            [program(), "lua", LUA / "book.lua"],
            env=os.environ | environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            text=True,
            encoding="utf-8",
        )
        self.files: set[str] = set()

    def ask(self, step: str, **request: object) -> Fields:
        """Return the answer to a request.

        Raises
        ------
        PressError
            Where Pandoc ends instead, with what it says.
        """
        assert self.process.stdin and self.process.stdout, "both are pipes"
        try:
            print(json.dumps(without_nothing({"step": step, **request})), file=self.process.stdin, flush=True)
            answer: Fields = json.loads(self.process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            self.process.wait()
            self.said.seek(0)
            said = self.said.read().decode(errors="replace").strip()
            raise PressError("_quarto.yml", None, "Pandoc can't read the book.", f"It says: {said}") from None
        return answer

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.communicate()
        self.said.close()


class Pandocs:
    """As many processes as chapters and processors allow, each with its share of the chapters that are read."""

    def __init__(self) -> None:
        self.started: list[Pandoc] = []
        self.problems: list[Fields] = []

    def __enter__(self) -> "Pandocs":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for one in self.started:
            one.end()

    def any(self, step: str, **request: object) -> Fields:
        """Return what one process answers, whichever it is."""
        if not self.started:
            self.started.append(Pandoc())
        return self._kept(self.started[0].ask(step, **request))

    def read(self, chapters: Iterable[Mapping[str, Any]]) -> list[Fields]:
        """Read chapters, the longest first, each by the process that has the least to read."""
        longest_first = sorted(chapters, key=lambda chapter: -len(chapter["markdown"]))
        while len(self.started) < min(N_AT_ONCE, len(longest_first)):
            self.started.append(Pandoc())
        shares: list[list[Mapping[str, Any]]] = [[] for _ in self.started]
        for chapter in longest_first:
            least = min(shares, key=lambda share: sum(len(one["markdown"]) for one in share))
            least.append(chapter)
        for one, share in zip(self.started, shares, strict=True):
            one.files |= {chapter["file"] for chapter in share}
        return self.each("read", longest_first)

    def each(self, step: str, chapters: Iterable[Mapping[str, Any]], **request: object) -> list[Fields]:
        """Return what all processes answer on chapters, each asked for those that it has read."""
        asked = list(chapters)
        shares = [(one, [chapter for chapter in asked if chapter["file"] in one.files]) for one in self.started]
        with ThreadPoolExecutor() as pool:
            running = [pool.submit(one.ask, step, chapters=share, **request) for one, share in shares if share]
            answers = [self._kept(one.result()) for one in running]
        return [found for answer in answers for found in answer["chapters"]]

    def _kept(self, answer: Fields) -> Fields:
        self.problems += answer["problems"]
        return answer
