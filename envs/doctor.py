"""Say what was found on this machine, what is missing, and how to get it.

- Needs nothing but the standard library, so that it runs before set-up.
- What only the tests need, and what is merely better to have, never fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONDA = "conda env create --file envs/environment.yml && conda activate countback"
SET_UP = "make report (sets up what is missing on Debian 12), or the conda lane: " + CONDA
LOCALES = "apt-get install locales-all (Debian), or any package of locales that write UTF-8"
SET_UP_TESTS = "make test (sets up what is missing on Debian 12)"
OLDEST_QUARTO = (1, 9)
ROOM_MB = 2500
OK, MISSING, NOTE = "ok", "MISSING", "note"


@dataclass
class Finding:
    """One thing looked for: `state` is ok, MISSING (fails) or note (does not), `fix` what to do about it."""

    state: str
    what: str
    found: str
    fix: str = ""


def output_of(*command: str) -> str | None:
    """Return what a command prints, or None where it can't be run, fails or hangs."""
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout.strip()


def needed(what: str, found: str | None, fix: str = SET_UP, state: str = MISSING) -> Finding:
    """Return a finding that is ok where something was found, else `state`."""
    return Finding(OK, what, found) if found else Finding(state, what, "not found", fix)


def listed(name: str) -> list[str]:
    """Return the packages that a list in envs/ names."""
    lines = (line.split("#")[0].strip() for line in (ROOT / "envs" / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def conda_prefix() -> Path | None:
    """Return the active conda environment if it was made for this project, as set-up judges it."""
    prefix = os.environ.get("CONDA_PREFIX")
    programs = ("python", "R", "snakemake")
    if prefix and all((Path(prefix) / "bin" / name).exists() for name in programs):
        return Path(prefix)
    return None


def interpreter() -> Path | None:
    """Return the Python that the commands of the Makefile run."""
    python = (conda_prefix() or ROOT / ".venv") / "bin" / "python"
    return python if python.exists() else None


def look_at_system() -> list[Finding]:
    """Look at the operating system, the lane and the disk."""
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        text = ""
    release = {key: value.strip("\"'") for key, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)}
    name = release.get("PRETTY_NAME", sys.platform)
    is_tested = (release.get("ID"), release.get("VERSION_ID")) == ("debian", "12")
    conda = conda_prefix()
    untested = Finding(NOTE, "system", f"{name}: set-up was tested on Debian 12 only", "conda lane: " + CONDA)
    lane = f"conda, {conda}" if conda else "Debian packages and .venv"
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    is_roomy = free_mb >= ROOM_MB or interpreter() is not None
    room = "make room on this disk: set-up needs 2500 MB"
    return [
        Finding(OK, "system", name) if is_tested or conda else untested,
        Finding(OK, "lane", lane),
        Finding(OK if is_roomy else MISSING, "free disk", f"{free_mb} MB", "" if is_roomy else room),
        *look_at_home(),
        needed("git", output_of("git", "--version")),
        needed("make", (output_of("make", "--version") or "").partition("\n")[0]),
    ]


def look_at_home() -> list[Finding]:
    """Look whether Snakemake can keep its cache: it ends with a traceback where it can't."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME", "/")) / ".cache")
    there = next(place for place in (cache, *cache.parents) if place.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        return []
    fix = "use make, which puts it into the checkout, or first run: export XDG_CACHE_HOME=$PWD/.snakemake/cache"
    return [Finding(NOTE, "cache", f"{cache} can't be written", fix)]


def look_at_locale() -> list[Finding]:
    """Look for a locale that writes UTF-8: in another, R writes other names than the data have."""
    sys.path.insert(0, str(ROOT / "workflow"))
    from countback.io.environment import PROJECT, utf8_locale, variables
    from countback.io.errors import ConfigError

    try:
        found: str | None = utf8_locale(variables(PROJECT / "_environment")["LC_ALL"])
    except ConfigError:
        found = None
    return [needed("locale", found, LOCALES)]


def locked() -> dict[str, str]:
    """Return the version of each package that the lock names."""
    text = (ROOT / "envs" / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE))


def installed(python: Path) -> dict[str, str]:
    """Return the version of each package that an interpreter can import."""
    code = "import importlib.metadata as m\nfor d in m.distributions(): print(d.metadata['Name'], d.version)"
    rows = (line.split() for line in (output_of(str(python), "-c", code) or "").splitlines())
    return {re.sub(r"[-_.]+", "-", row[0]).lower(): row[1] for row in rows if len(row) == 2}


def look_at_python(python: Path | None) -> list[Finding]:
    """Look at the interpreter and compare its packages with the lock."""
    if python is None:
        return [Finding(MISSING, "Python packages", "no .venv, and no conda environment of this project", SET_UP)]
    version = output_of(str(python), "--version")
    is_right = bool(version and version.startswith("Python 3.11."))
    findings = [Finding(OK if is_right else MISSING, "Python", f"{version}, {python}", "" if is_right else SET_UP)]
    have, want = installed(python), locked()
    if conda_prefix():
        # There the direct dependencies are named, and conda picks the others.
        return [*findings, Finding(OK, "Python packages", f"{len(have)}, chosen by conda")]
    wrong = [f"{name} {have.get(name, 'missing')}, not {want[name]}" for name in want if have.get(name) != want[name]]
    if wrong:
        text = f"{len(wrong)} of {len(want)} differ from the lock: {', '.join(wrong[:5])}"
        return [*findings, Finding(MISSING, "Python packages", text, "rm .venv/set-up-python, then make report")]
    return [*findings, Finding(OK, "Python packages", f"all {len(want)} as locked")]


def look_at_r(python: Path | None) -> list[Finding]:
    """Look at R, its packages, and whether rpy2 can start it."""
    expression = "writeLines(with(as.data.frame(installed.packages()), paste(tolower(Package), Version)))"
    r_version = output_of("Rscript", "--vanilla", "-e", "cat(R.version.string)")
    rows = (line.split() for line in (output_of("Rscript", "--vanilla", "-e", expression) or "").splitlines())
    have = {row[0]: row[1] for row in rows if len(row) == 2}
    findings = [needed("R", r_version)]
    for name, state, fix in (("apt.txt", MISSING, SET_UP), ("apt-test.txt", NOTE, SET_UP_TESTS)):
        packages = [package[len("r-cran-") :] for package in listed(name) if package.startswith("r-cran-")]
        findings += [needed(f"R package {package}", have.get(package), fix, state) for package in packages]
    if python is not None:
        code = "from rpy2 import robjects, situation; print(robjects.r('R.home()')[0])"
        home = output_of(str(python), "-c", code)
        fix = "envs/README.md, section When rpy2 can't start R"
        findings.append(needed("rpy2", f"starts R in {home.splitlines()[-1]}" if home else None, fix))
    return findings


def quarto_version() -> tuple[str | None, bool]:
    """Return the version of Quarto, if any, and whether it is recent enough."""
    version = output_of("quarto", "--version")
    digits = re.match(r"(\d+)\.(\d+)", version or "")
    return version, bool(digits and tuple(int(part) for part in digits.groups()) >= OLDEST_QUARTO)


def wanted_renderer() -> str:
    """Return the renderer that the environment or the configuration asks for."""
    config = ROOT / "config" / "config.yaml"
    text = config.read_text(encoding="utf-8") if config.exists() else ""
    configured = re.search(r"^renderer:\s*(\w+)", text, re.MULTILINE)
    return os.environ.get("COUNTBACK_RENDERER") or (configured.group(1) if configured else "auto")


def look_at_renderers(python: Path | None) -> list[Finding]:
    """Look at Quarto, at the parts of the press, and say which of the two would be used."""
    quarto, is_recent = quarto_version()
    wanted = wanted_renderer()
    renderer = wanted if wanted != "auto" else ("quarto" if is_recent else "press")
    fix = "not needed: the press renders the same report; Quarto 1.9 or later is in the conda lane"
    state = MISSING if renderer == "quarto" else NOTE
    findings = [
        Finding(OK, "Quarto", str(quarto)) if is_recent else Finding(state, "Quarto", quarto or "not found", fix),
        Finding(OK, "renderer", f"{renderer} (asked for: {wanted})"),
    ]
    if python is not None:
        pandoc = "import pypandoc; print(pypandoc.get_pandoc_version())"
        typst = "import importlib.metadata as m, typst; print(m.version('typst'))"
        findings += [
            needed("pandoc of the press", output_of(str(python), "-c", pandoc)),
            needed("typst of the press", output_of(str(python), "-c", typst)),
        ]
        names = ("font-source-sans-pro", "font-source-serif-pro")
        have = installed(python)
        findings += [needed(f"font {name}", have.get(name)) for name in names]
    return findings


def look_at_test_tools() -> list[Finding]:
    """Look at what the tests of the built pages use."""
    chromium = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    return [
        needed("Chromium (tests)", chromium, SET_UP_TESTS, NOTE),
    ]


def main() -> int:
    """Print every finding, then what to do about it; return 1 where something that is needed is missing."""
    python = interpreter()
    findings = look_at_system() + look_at_locale() + look_at_python(python) + look_at_r(python)
    findings += look_at_renderers(python) + look_at_test_tools()
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        print(f"{finding.state:8} {finding.what:{width}}  {finding.found}")
    fixes: dict[str, list[str]] = {}
    for finding in findings:
        if finding.fix:
            fixes.setdefault(finding.fix, []).append(finding.what)
    for fix, what in fixes.items():
        print(f"\n{', '.join(what)}:\n  {fix}")
    n_missing = sum(finding.state == MISSING for finding in findings)
    print(f"\n{n_missing} missing" if n_missing else "\nNothing that is needed is missing.")
    return 1 if n_missing else 0


if __name__ == "__main__":
    sys.exit(main())
