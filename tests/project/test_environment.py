"""Both lanes name the same packages, and whatever the code imports is named.

- Python: pyproject.toml names, envs/requirements.lock pins, envs/environment.yml repeats to the minor version.
- R: envs/apt.txt and envs/apt-test.txt name, envs/environment.yml repeats.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
ENVS = PROJECT / "envs"
LOCKS = ("requirements.lock", "installer.lock")

# Programs of the conda lane that the other lane takes from Debian, or does without.
CONDA_TOOLS = {"git", "make", "pip", "python", "quarto", "r-base"}
# One conda package stands for three on PyPI.
RPY2_PARTS = {"rpy2-rinterface", "rpy2-robjects"}
BASE_R = {"base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel", "splines", "stats"}
BASE_R |= {"stats4", "tools", "utils"}


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pyproject_requirements() -> dict[str, str]:
    """Return the version range of each direct dependency, those of the tests included."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["test"]
    matches = (re.fullmatch(r"([A-Za-z0-9._-]+)\s*([<>=!~0-9.,\s]*)", line) for line in lines)
    return {normalized(match[1]): match[2] for match in matches if match}


def locked_versions(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def lock() -> dict[str, str]:
    return locked_versions((ENVS / "requirements.lock").read_text())


def conda_packages() -> tuple[dict[str, str], dict[str, str]]:
    """Return name and version of what conda installs, and of what pip installs beside it."""
    entries = yaml.safe_load((ENVS / "environment.yml").read_text())["dependencies"]
    by_conda = (entry.partition("=") for entry in entries if isinstance(entry, str))
    by_pip = (line.partition("==") for entry in entries if isinstance(entry, dict) for line in entry["pip"])
    return {name: version for name, _, version in by_conda}, {normalized(name): version for name, _, version in by_pip}


def debian_packages(name: str) -> set[str]:
    lines = (line.split("#")[0].strip() for line in (ENVS / name).read_text().splitlines())
    return {line for line in lines if line}


def is_within(version: str, bounds: str) -> bool:
    """Tell whether a release lies in a range such as `>=5.18,<6`."""

    def parts(text: str) -> list[int]:
        numbers = [int(number) for number in text.split(".")]
        return numbers + [0] * (6 - len(numbers))

    tests = {">=": parts(version).__ge__, "<": parts(version).__lt__, "==": parts(version).__eq__}
    pairs = re.findall(r"(>=|==|<)\s*([0-9.]+)", bounds)
    assert ",".join(a + b for a, b in pairs) == bounds.replace(" ", ""), f"an operator that is not read here: {bounds}"
    return all(tests[operator](parts(bound)) for operator, bound in pairs)


def code_files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in PROJECT.glob(pattern))


def cells(text: str, language: str) -> Iterator[str]:
    """Yield the code of a chapter's cells: those of Python without magics, those of R that rpy2 runs."""
    for cell in re.findall(r"^```\{python[^}\n]*\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        is_r = re.search(r"^%%R\b", cell, re.MULTILINE) is not None
        if is_r == (language == "R"):
            yield re.sub(r"^[%!].*$", "", cell, flags=re.MULTILINE)


def python_imports(text: str) -> set[str]:
    """Return the top-level modules that a Python text imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def snakefile_imports(text: str) -> set[str]:
    """Return the top-level modules that a Snakefile imports; its rules are not Python."""
    return set(re.findall(r"^(?:import|from)\s+(\w+)", text, re.MULTILINE))


def r_packages(text: str) -> set[str]:
    """Return the packages that an R text loads or names with `::`."""
    code = re.sub(r"#.*", "", text)
    loaded = re.findall(r"\b(?:library|require|requireNamespace|loadNamespace)\(\s*[\"']?([A-Za-z][\w.]*)", code)
    return set(loaded) | set(re.findall(r"\b([A-Za-z][\w.]*):::?[\w.`]", code))


def imports_by_file() -> dict[Path, set[str]]:
    files = {
        path: python_imports(path.read_text()) for path in code_files("workflow/**/*.py", "tests/**/*.py", "envs/*.py")
    }
    files |= {path: snakefile_imports(path.read_text()) for path in code_files("Snakefile", "workflow/rules/*.smk")}
    for path in code_files("*.qmd", "chapters/*.qmd"):
        files[path] = python_imports("\n".join(cells(path.read_text(), "Python")))
    return files


def own_modules() -> set[str]:
    files = code_files("workflow/*.py", "workflow/scripts/**/*.py", "tests/**/*.py")
    folders = (path for path in code_files("workflow/*") if path.is_dir())
    return {path.stem for path in [*files, *folders]} | {"tests"}


def r_by_file(*patterns: str) -> dict[Path, set[str]]:
    return {path: r_packages(path.read_text()) for path in code_files(*patterns)}


def unnamed(used: dict[Path, set[str]], allowed: Iterable[str]) -> dict[str, set[str]]:
    rest = {str(path.relative_to(PROJECT)): names - set(allowed) for path, names in used.items()}
    return {path: names for path, names in rest.items() if names}


def test_every_python_import_is_a_dependency() -> None:
    used = imports_by_file()
    assert {"pandas", "snakemake"} <= set().union(*used.values()), "the scan found next to nothing"
    direct = pyproject_requirements()
    distributions = packages_distributions()
    provided = {module for module, names in distributions.items() if any(normalized(name) in direct for name in names)}
    assert unnamed(used, provided | set(sys.stdlib_module_names) | own_modules()) == {}


def test_every_r_package_of_the_workflow_is_installed_with_it() -> None:
    used = r_by_file("workflow/**/*.R")
    for path in code_files("*.qmd", "chapters/*.qmd"):
        used[path] = r_packages("\n".join(cells(path.read_text(), "R")))
    assert "ggplot2" in set().union(*used.values()), "the scan found next to nothing"
    allowed = {name.removeprefix("r-cran-") for name in debian_packages("apt.txt")}
    lower = {path: {name.lower() for name in names - BASE_R} for path, names in used.items()}
    assert unnamed(lower, allowed) == {}


def test_every_r_package_of_the_tests_is_installed_for_them() -> None:
    packages = debian_packages("apt.txt") | debian_packages("apt-test.txt")
    allowed = {name.removeprefix("r-cran-") for name in packages}
    used = r_by_file("tests/**/*.R")
    lower = {path: {name.lower() for name in names - BASE_R} for path, names in used.items()}
    assert unnamed(lower, allowed) == {}


def test_both_lanes_name_the_same_python_packages() -> None:
    by_conda, by_pip = conda_packages()
    python = {normalized(name) for name in by_conda if not name.startswith("r-")} - CONDA_TOOLS
    assert not python & set(by_pip)
    assert python | set(by_pip) == set(pyproject_requirements()) - RPY2_PARTS


def test_both_lanes_have_the_same_minor_versions_of_python_packages() -> None:
    by_conda, by_pip = conda_packages()
    versions = {name: version for name, version in by_conda.items() if normalized(name) in lock()} | by_pip
    assert versions
    minor = {name: version.split(".")[:2] for name, version in versions.items()}
    assert minor == {name: lock()[normalized(name)].split(".")[:2] for name in versions}


def test_what_pip_installs_beside_conda_has_the_version_of_the_lock() -> None:
    _, by_pip = conda_packages()
    assert by_pip == {name: lock()[name] for name in by_pip}


def test_both_lanes_name_the_same_r_packages() -> None:
    packages = debian_packages("apt.txt") | debian_packages("apt-test.txt")
    debian = {name.removeprefix("r-cran-") for name in packages if name.startswith("r-cran-")}
    conda = {name.removeprefix("r-") for name in conda_packages()[0] if name.startswith("r-")} - {"base"}
    assert debian == conda and debian
    assert "r-base-core" in packages and conda_packages()[0]["r-base"] == "4.5"


def test_the_conda_lane_has_python_and_quarto_as_the_design_asks() -> None:
    by_conda, _ = conda_packages()
    assert by_conda["python"] == "3.11"
    assert tuple(int(part) for part in by_conda["quarto"].split(".")) >= (1, 9)
    assert yaml.safe_load((ENVS / "environment.yml").read_text())["channels"] == ["conda-forge", "nodefaults"]


def test_the_lock_satisfies_every_dependency() -> None:
    for name, bounds in pyproject_requirements().items():
        assert name in lock(), f"{name} is not in the lock: make it again as envs/README.md says"
        assert is_within(lock()[name], bounds), f"{name} {lock()[name]} is not {bounds}: make the lock again"


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_no_addresses(name: str) -> None:
    lines = (ENVS / name).read_text().splitlines()
    code = [line.strip() for line in lines if not line.startswith("#")]
    assert not [line for line in lines if "://" in line or " @ " in line or line.startswith("-")]
    assert sum("==" in line for line in code) == len(locked_versions("\n".join(lines))) > 1
    assert all(previous.endswith("\\") for previous, line in pairwise(code) if line.startswith("--hash"))


def test_the_installed_packages_fit_together() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_dependency_has_a_reason() -> None:
    lines = (PROJECT / "pyproject.toml").read_text().partition("\n[tool.")[0].splitlines()
    named = [line for line in lines if re.match(r'\s+"[A-Za-z]', line)]
    assert len(named) >= len(pyproject_requirements())
    assert [line for line in named if not re.search(r'",\s+# \w', line)] == []
    for name in ("apt.txt", "apt-test.txt"):
        packages = [line for line in (ENVS / name).read_text().splitlines() if line and line[0] != "#"]
        assert packages and all(re.fullmatch(r"\S+\s+# \w.*", line) for line in packages)


def test_imports_are_found_wherever_they_stand() -> None:
    text = "import a.b, c\ndef f():\n    from d.e import f\nfrom .g import h\n"
    assert python_imports(text) == {"a", "c", "d"}
    assert snakefile_imports("import a\nfrom b.c import d\n\nrule x:\n    input: 'e'\n") == {"a", "b"}


def test_r_packages_are_found_wherever_they_stand() -> None:
    text = 'library(a) # library(no)\nif (requireNamespace("b")) c::f(d:::g)\n'
    assert r_packages(text) == {"a", "b", "c", "d"}


def test_cells_are_told_apart_by_language() -> None:
    text = (
        "```{python}\n#| label: a\n%load_ext x\nimport b\n```\n\n```{python}\n#| label: c\n%%R -i d\nlibrary(e)\n```\n"
    )
    assert python_imports("".join(cells(text, "Python"))) == {"b"}
    assert r_packages("".join(cells(text, "R"))) == {"e"}


def test_versions_are_compared_by_number() -> None:
    assert is_within("5.21.0", ">=5.18,<6") and not is_within("6.0", ">=5.18,<6") and is_within("3.6.5", "==3.6.5")
