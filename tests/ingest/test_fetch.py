"""Source files are fetched whole or not at all, and what is not the file that a release names is never taken for it."""

import hashlib
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from builds import copy_project, snakemake

from countback.io.errors import CountbackError
from scripts.ingest.fetch import Pace, Terminal, fetch

QUICK = Pace(attempts=3, knocks=2, wait=0.01, connect=2, silence=2)
CONTENT = bytes(range(256)) * 800


class Publisher(ThreadingHTTPServer):
    """A server on the loopback interface that does for each path what it is told, once for each request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[str]] = {}
        self.ignores_range = False
        self.asked: list[tuple[str, str]] = []

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Answer(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append((self.path, wanted))
        faults = self.server.faults.get(self.path, [])
        fault = faults.pop(0) if faults else ""
        if fault.isdecimal() or self.path not in self.server.files:
            self.send(int(fault or 404), b"no", {"Retry-After": "0"})
            return
        content = self.server.files[self.path]
        start = int(re.sub(r"\D", "", wanted) or 0)
        if wanted and not self.server.ignores_range:
            if start >= len(content):
                self.send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                return
            place = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            self.send(206, content[start:], place, fault)
        else:
            self.send(200, content, {}, fault)

    def send(self, status: int, body: bytes, headers: dict[str, str], fault: str = "") -> None:
        self.send_response(status)
        kind = "text/html; charset=utf-8" if body.startswith(b"<html") else "application/octet-stream"
        for name, value in {"Content-Length": str(len(body)), "Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault == "break off" else body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


class Desk:
    """A table of releases and a folder for their files."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.releases = folder / "raw", folder / "releases.csv"
        self.lines = ["id,url,file,sha256"]

    def want(self, name: str, url: str, content: bytes = CONTENT) -> None:
        self.lines.append(f"{name.split('.')[0]},{url},{name},{hashlib.sha256(content).hexdigest()}")

    def write(self) -> None:
        """Write the table of releases, with one that has no file."""
        self.releases.write_text("\n".join([*self.lines, "page,https://example.org/,,"]) + "\n")

    def fetch(self) -> str:
        """Fetch, and return the fault, or nothing where all is there."""
        self.write()
        self.screen = StringIO()
        try:
            fetch(self.releases, self.raw, QUICK, Terminal(self.screen))
        except CountbackError as error:
            return str(error)
        return ""

    def files(self) -> dict[str, bytes]:
        return {str(file.relative_to(self.raw)): file.read_bytes() for file in self.raw.rglob("*") if file.is_file()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def put(publisher: Publisher, desk: Desk, name: str, content: bytes = CONTENT, *faults: str) -> None:
    publisher.files[f"/{name}"], publisher.faults[f"/{name}"] = content, list(faults)
    desk.want(name, publisher.address(f"/{name}"))


def candidate(name: str, content: bytes) -> str:
    return f"candidates/{name}.{hashlib.sha256(content).hexdigest()[:12]}"


def test_missing_files_are_fetched_and_right_ones_are_not_asked_for_again(publisher, desk):
    put(publisher, desk, "a.pdf")
    put(publisher, desk, "b.csv")
    (desk.raw / "deep").mkdir(parents=True)
    (desk.raw / "deep" / "b.csv").write_bytes(CONTENT)
    assert desk.fetch() == ""
    assert desk.files() == {"a.pdf": CONTENT, "deep/b.csv": CONTENT}
    assert publisher.asked == [("/a.pdf", "")]
    assert desk.screen.getvalue().splitlines() == ["1 of 2 source files are here.", "  a.pdf: fetched"]
    assert desk.fetch() == ""
    assert len(publisher.asked) == 1


def test_a_transfer_that_breaks_off_goes_on_where_it_stopped(publisher, desk):
    put(publisher, desk, "a.pdf", CONTENT, "break off", "break off")
    assert desk.fetch() == ""
    assert desk.files() == {"a.pdf": CONTENT}
    first, second, third = (int(re.sub(r"\D", "", wanted) or 0) for _, wanted in publisher.asked)
    assert first == 0 < len(CONTENT) // 4 < second <= len(CONTENT) // 2 < third <= len(CONTENT) * 3 // 4


def test_a_later_run_goes_on_where_an_earlier_one_was_killed(publisher, desk):
    put(publisher, desk, "a.pdf")
    desk.raw.mkdir()
    (desk.raw / "a.pdf.part").write_bytes(CONTENT[:1000])
    assert desk.fetch() == ""
    assert publisher.asked == [("/a.pdf", "bytes=1000-")]
    assert desk.files() == {"a.pdf": CONTENT}


def test_a_file_that_had_arrived_whole_before_the_run_was_killed_is_put_in_place(publisher, desk):
    put(publisher, desk, "a.pdf")
    desk.raw.mkdir()
    (desk.raw / "a.pdf.part").write_bytes(CONTENT)
    assert desk.fetch() == ""
    assert desk.files() == {"a.pdf": CONTENT}


@pytest.mark.parametrize("rest", [b"of another file", CONTENT + b"and more"], ids=["other bytes", "too long"])
def test_pieces_that_do_not_fit_together_are_fetched_anew(publisher, desk, rest):
    put(publisher, desk, "a.pdf")
    desk.raw.mkdir()
    (desk.raw / "a.pdf.part").write_bytes(rest)
    assert desk.fetch() == ""
    assert desk.files() == {"a.pdf": CONTENT}


def test_a_server_that_ignores_the_range_is_taken_from_the_start(publisher, desk):
    publisher.ignores_range = True
    put(publisher, desk, "a.pdf", CONTENT, "break off")
    assert desk.fetch() == ""
    assert [wanted[:6] for _, wanted in publisher.asked] == ["", "bytes="]
    assert desk.files() == {"a.pdf": CONTENT}


def test_a_server_that_breaks_off_at_the_same_place_again_and_again_is_given_up(publisher, desk):
    publisher.ignores_range = True
    put(publisher, desk, "a.pdf", CONTENT, *["break off"] * 20)
    assert "a.pdf" in (fault := desk.fetch()) and "given up after 3 attempts" in fault
    assert len(publisher.asked) == 4
    assert list(desk.files()) == ["a.pdf.part"]


def test_a_busy_server_is_asked_again(publisher, desk):
    put(publisher, desk, "a.pdf", CONTENT, "503", "429")
    assert desk.fetch() == ""
    assert desk.screen.getvalue().count("asking again") == 2


def test_a_server_that_stays_busy_is_given_up(publisher, desk):
    put(publisher, desk, "a.pdf", CONTENT, *["503"] * 9)
    assert "HTTP status 503; given up after 3 attempts" in desk.fetch()
    assert len(publisher.asked) == 3


def test_other_bytes_are_kept_beside_and_reported_never_accepted(publisher, desk):
    other = b"%PDF of next year"
    put(publisher, desk, "a.pdf", other)
    fault = desk.fetch()
    assert desk.files() == {candidate("a.pdf", other): other}
    assert "1 of 1 source files are missing" in fault
    assert re.search(
        r"a\.pdf: the publisher serves a file of no release \(17 bytes\): kept as .*a\.pdf\.\w{12};", fault
    )
    assert desk.fetch() == fault
    assert desk.files() == {candidate("a.pdf", other): other}


def test_a_file_here_that_is_not_the_release_is_kept_beside_when_the_right_one_comes(publisher, desk):
    put(publisher, desk, "a.pdf")
    (desk.raw / "deep").mkdir(parents=True)
    (desk.raw / "deep" / "a.pdf").write_bytes(b"edited")
    assert desk.fetch() == ""
    assert desk.files() == {"a.pdf": CONTENT, candidate("a.pdf", b"edited"): b"edited"}


def test_a_file_that_is_gone_is_named_with_its_address_while_the_others_come(publisher, desk):
    put(publisher, desk, "a.pdf", CONTENT, "404")
    put(publisher, desk, "b.pdf", CONTENT)
    fault = desk.fetch()
    assert "1 of 2 source files are missing" in fault
    assert (
        f"a.pdf: the publisher no longer serves it at this address (HTTP status 404) ({publisher.address('/a.pdf')})"
        in fault
    )
    assert list(desk.files()) == ["b.pdf"]
    assert publisher.asked == [("/a.pdf", ""), ("/b.pdf", "")]


def test_an_address_that_releases_share_is_asked_once_and_what_comes_is_known_by_its_digest(publisher, desk):
    publisher.files["/all"] = b"of spring"
    for name, content in {"spring.csv": b"of spring", "summer.csv": b"of summer"}.items():
        desk.want(name, publisher.address("/all"), content)
    fault = desk.fetch()
    assert desk.files() == {"spring.csv": b"of spring"}
    assert "summer.csv: its address serves another release now" in fault
    assert "the publisher serves the file of spring" in desk.fetch()
    assert len(publisher.asked) == 2


def test_a_web_page_is_not_taken_for_a_file(publisher, desk):
    publisher.files["/all"] = b"<html>Our reports</html>"
    for name in ("spring.csv", "summer.csv"):
        desk.want(name, publisher.address("/all"), name.encode())
    fault = desk.fetch()
    assert "spring.csv, summer.csv: the address is a web page: download the file from it by hand (http" in fault
    assert desk.files() == {}


def test_without_a_network_it_says_so_and_names_what_is_missing(desk):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    desk.want("a.pdf", f"http://127.0.0.1:{port}/a.pdf")
    desk.want("b.pdf", f"http://127.0.0.1:{port}/b.pdf")
    desk.want("c.pdf", "http://publisher.invalid/c.pdf")
    fault = desk.fetch()
    assert fault.startswith(f"No publisher could be reached (127.0.0.1:{port}: ")
    assert "Is there a network?\n3 of 3 source files are missing" in fault
    assert f"a.pdf, b.pdf: 127.0.0.1:{port} can't be reached" in fault
    assert "c.pdf: publisher.invalid can't be reached" in fault
    assert desk.screen.getvalue().count("asking again") == 1


def test_one_host_that_is_down_does_not_stop_the_others(publisher, desk):
    desk.want("c.pdf", "http://publisher.invalid/c.pdf", b"c")
    put(publisher, desk, "a.pdf")
    fault = desk.fetch()
    assert "network" not in fault and "1 of 2" in fault
    assert desk.files() == {"a.pdf": CONTENT}


def test_an_address_that_is_none_is_reported(desk):
    desk.want("a.pdf", "ftp://example.org/a.pdf")
    desk.want("b.pdf", "")
    fault = desk.fetch()
    assert fault.count("the address can't be asked") == 2


def test_the_rule_fetches_what_it_can_and_fails_while_a_file_is_missing(publisher, tmp_path):
    checkout = copy_project(tmp_path)
    desk = Desk(checkout / "data")
    put(publisher, desk, "a.pdf")
    put(publisher, desk, "b.pdf", b"gone", "410")
    desk.write()
    run = snakemake(checkout, "fetch")
    assert run.status != 0
    assert run.rules == {"fetch"}
    assert "b.pdf: the publisher no longer serves it" in run.output
    assert desk.files() == {"a.pdf": CONTENT}
    assert "a.pdf: fetched" in (checkout / "results" / "logs" / "fetch.log").read_text()
