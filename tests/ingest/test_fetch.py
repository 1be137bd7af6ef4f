"""Source files are fetched whole or not at all, and what is not the file that a release names is never taken for it."""

import gzip
import hashlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from builds import copy_project, snakemake

from countback.io.errors import CountbackError
from scripts.ingest.fetch import Limits, fetch

QUICK = Limits(repeats=2, connect=2, silence=2, whole=20, spare=1000)
CONTENT = bytes(range(256)) * 40


class Publisher(ThreadingHTTPServer):
    """A server on the loopback interface that does for each path what it is told, once for each request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.faults: dict[str, list[str]] = {}
        self.asked: list[str] = []

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Answer(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        faults = self.server.faults.get(self.path, [])
        fault = faults.pop(0) if faults else ""
        headers = self.server.headers.get(self.path, {})
        if fault.isdecimal() or self.path not in self.server.files:
            self.send(int(fault or 404), b"no", headers)
        elif fault in ("drip", "drip of headers"):
            self.drip(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if fault == "drip" else b""))
        else:
            content = self.server.files[self.path]
            self.send(200, content[: len(content) // 2] if fault == "break off" else content, headers, len(content))

    def send(self, status: int, body: bytes, headers: dict[str, str], length: int | None = None) -> None:
        self.send_response(status)
        kind = "text/html; charset=utf-8" if body.startswith(b"<html") else "application/octet-stream"
        stated = str(len(body) if length is None else length)
        for name, value in {"Content-Length": stated, "Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self, start: bytes) -> None:
        """Send something all the time, and never an end, until the other side leaves."""
        self.wfile.write(start)
        try:
            while True:
                self.wfile.write(b"x")
                time.sleep(0.02)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let pooch not wait, but note how long it would have."""
    waited: list[float] = []
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=waited.append))
    return waited


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
        self.lines = ["id,url,file,bytes,sha256"]

    def want(self, name: str, url: str, content: bytes = CONTENT) -> None:
        digest = hashlib.sha256(content).hexdigest()
        self.lines.append(f"{name.split('.')[0]},{url},{name},{len(content)},{digest}")

    def write(self) -> None:
        """Write the table of releases, with one that has no file."""
        self.releases.write_text("\n".join([*self.lines, "page,https://example.org/,,,"]) + "\n")

    def fetch(self, **limits: float) -> str:
        """Fetch, and return the fault, or nothing where all is there."""
        self.write()
        try:
            fetch(self.releases, self.raw, QUICK._replace(**limits))
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


def test_missing_files_are_fetched_and_right_ones_are_not_asked_for_again(publisher, desk, capsys):
    put(publisher, desk, "a.pdf")
    put(publisher, desk, "b.csv")
    (desk.raw / "deep").mkdir(parents=True)
    (desk.raw / "deep" / "b.csv").write_bytes(CONTENT)
    assert desk.fetch() == ""
    assert desk.files() == {"a.pdf": CONTENT, "deep/b.csv": CONTENT}
    assert publisher.asked == ["/a.pdf"]
    assert capsys.readouterr().out.splitlines() == ["1 of 2 source files are here.", "  a.pdf: fetched"]
    assert desk.fetch() == ""
    assert len(publisher.asked) == 1


def test_a_transfer_that_breaks_off_is_asked_for_again(publisher, desk, waits, capsys):
    put(publisher, desk, "a.pdf", CONTENT, "break off", "break off")
    assert desk.fetch() == ""
    assert desk.files() == {"a.pdf": CONTENT}
    assert len(publisher.asked) == 3 and len(waits) == 2
    assert capsys.readouterr().out.count("asking again") == 2


def test_a_server_that_breaks_off_again_and_again_is_given_up_and_leaves_nothing(publisher, desk):
    put(publisher, desk, "a.pdf", CONTENT, *["break off"] * 9)
    put(publisher, desk, "b.pdf")
    fault = desk.fetch()
    assert "a.pdf: " in fault and "given up after 3 attempts" in fault
    assert publisher.asked == ["/a.pdf"] * 3 + ["/b.pdf"]
    assert list(desk.files()) == ["b.pdf"]


def test_a_busy_server_is_asked_again_when_it_says(publisher, desk, monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr("scripts.ingest.fetch.time", SimpleNamespace(sleep=slept.append))
    publisher.headers["/a.pdf"] = {"Retry-After": "3600"}
    put(publisher, desk, "a.pdf", CONTENT, "503", "429")
    assert desk.fetch() == ""
    assert slept == [60, 60]


def test_a_server_that_stays_busy_is_given_up(publisher, desk):
    put(publisher, desk, "a.pdf", CONTENT, *["503"] * 9)
    assert "HTTP status 503; given up after 3 attempts" in desk.fetch()
    assert len(publisher.asked) == 3


@pytest.mark.parametrize("fault", ["drip", "drip of headers"])
def test_a_server_that_never_comes_to_an_end_is_left(publisher, desk, fault):
    put(publisher, desk, "a.pdf", CONTENT, fault)
    assert "a.pdf: not all of it came within 0.3 seconds" in desk.fetch(whole=0.3)
    assert desk.files() == {}


def test_a_file_far_larger_than_its_release_is_stopped(publisher, desk):
    publisher.files["/a.pdf"] = bytes(200_000)
    desk.want("a.pdf", publisher.address("/a.pdf"), b"%PDF")
    assert "serves more than 1,008 bytes, and a has 4: stopped" in desk.fetch()
    assert desk.files() == {}


def test_a_file_that_unpacks_to_far_more_than_its_release_is_stopped(publisher, desk):
    publisher.files["/a.pdf"] = gzip.compress(bytes(200_000))
    publisher.headers["/a.pdf"] = {"Content-Encoding": "gzip"}
    desk.want("a.pdf", publisher.address("/a.pdf"), b"%PDF")
    assert "serves more than 1,008 bytes" in desk.fetch()
    assert desk.files() == {}


def test_links_that_lead_in_a_circle_or_out_of_the_web_are_left(publisher, desk):
    for name, target in {"a.pdf": "/a.pdf", "b.pdf": "file:///etc/hostname"}.items():
        put(publisher, desk, name, CONTENT, *["302"] * 50)
        publisher.headers[f"/{name}"] = {"Location": target}
    fault = desk.fetch()
    assert "a.pdf: the address leads to no file: Exceeded 10 redirects" in fault
    assert "b.pdf: the address leads to no file: " in fault
    assert len(publisher.asked) == 12 and desk.files() == {}


def test_nothing_is_written_through_links(publisher, desk, tmp_path):
    outside = tmp_path / "outside"
    outside.write_bytes(b"precious")
    desk.raw.mkdir()
    for name in ("a.pdf", "a.pdf.part"):
        (desk.raw / name).symlink_to(outside)
    put(publisher, desk, "a.pdf")
    assert desk.fetch() == ""
    assert outside.read_bytes() == b"precious"
    assert (desk.raw / "a.pdf").read_bytes() == CONTENT and not (desk.raw / "a.pdf").is_symlink()


@pytest.mark.parametrize("name", ["..", ".", "candidates", "deep/..", "x" * 201, "a\x7f.pdf", "..\\b"])
def test_a_name_that_is_no_file_name_is_refused_with_its_release(desk, name):
    desk.lines.append(f"odd,http://127.0.0.1:9/a,{name},4,00")
    assert f"data/releases.csv, odd, column file: found {name!r}" in desk.fetch()


@pytest.mark.parametrize("release", ["../../b", "/b/b", "b/../../c", "..", "B", ""])
def test_no_id_of_a_release_leads_out_of_the_folder(publisher, desk, tmp_path, release):
    publisher.files["/all"] = CONTENT
    digest = hashlib.sha256(CONTENT).hexdigest()
    for number, name in enumerate(("spring", release)):
        desk.lines.append(f"{name},{publisher.address('/all')}?{number},all.csv,{len(CONTENT)},{digest}")
    assert f"data/releases.csv, column id: found {release!r}, expected small letters" in desk.fetch()
    assert publisher.asked == [] and [path.name for path in tmp_path.rglob("*")] == ["releases.csv"]


def test_a_size_of_thousands_of_digits_is_none(publisher, desk):
    publisher.files["/a.pdf"] = bytes(2000)
    desk.lines.append(f"a,{publisher.address('/a.pdf')},a.pdf,{'9' * 5000},00")
    assert "serves more than 1,000 bytes" in desk.fetch()


def test_a_folder_in_the_place_of_a_file_is_said(publisher, desk):
    put(publisher, desk, "a.pdf")
    (desk.raw / "a.pdf").mkdir(parents=True)
    assert "a.pdf: a folder has its name" in desk.fetch()


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
    assert publisher.asked == ["/a.pdf", "/b.pdf"]


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


def test_without_a_network_it_says_so_and_names_what_is_missing(desk, capsys):
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
    assert capsys.readouterr().out.count("asking again") == 2
    assert desk.files() == {}


def test_one_host_that_is_down_does_not_stop_the_others(publisher, desk):
    desk.want("c.pdf", "http://publisher.invalid/c.pdf", b"c")
    put(publisher, desk, "a.pdf")
    fault = desk.fetch()
    assert "network" not in fault and "1 of 2" in fault
    assert desk.files() == {"a.pdf": CONTENT}


def test_an_address_that_is_none_is_reported(desk):
    desk.want("a.pdf", "ftp://example.org/a.pdf")
    desk.want("b.pdf", "")
    desk.want("c.pdf", "http://[::1")
    fault = desk.fetch()
    assert fault.count("the address leads to no file") == 3


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
