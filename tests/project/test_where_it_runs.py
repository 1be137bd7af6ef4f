"""Continuous integration, the container and the dev container set up and run what every other machine does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

Step = dict[str, Any]
DEBIAN = "debian:12"


@pytest.fixture(scope="module")
def workflow(project: Path) -> dict[str, Any]:
    return yaml.safe_load((project / ".github" / "workflows" / "ci.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile(project: Path) -> str:
    return (project / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def dev_container(project: Path) -> dict[str, Any]:
    return json.loads((project / ".devcontainer" / "devcontainer.json").read_text())


@pytest.fixture(scope="module")
def makefile(project: Path) -> str:
    return (project / "Makefile").read_text()


def steps(workflow: dict[str, Any]) -> Iterator[Step]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def stages(dockerfile: str) -> dict[str, str]:
    """Return the stages of a Dockerfile: what each is made from, by its name; that of the last one is empty."""
    return {name: base for base, name in re.findall(r"^FROM (\S+)(?: AS (\S+))?$", dockerfile, re.MULTILINE)}


def recipe(makefile: str, target: str) -> str:
    """Return a target of the Makefile with what it needs and its commands, or nothing."""
    found = re.search(rf"^{target}:.*\n(?:\t.*\n)*", makefile, re.MULTILINE)
    return found[0] if found else ""


def test_every_command_that_they_name_is_there(project, workflow, dockerfile, dev_container, makefile):
    texts = [step["run"] for step in steps(workflow) if "run" in step]
    texts += [*re.findall(r"^RUN (.+)$", dockerfile, re.MULTILINE), dev_container["postCreateCommand"]]
    texts += [" ".join(json.loads(re.findall(r"^CMD (.+)$", dockerfile, re.MULTILINE)[0]))]
    texts += [re.sub(r"#.*", "", (project / ".ci" / "run").read_text())]
    targets = {name for text in texts for name in re.findall(r"(?:^|&& |exec )make ([a-z-]+)", text, re.MULTILINE)}
    assert {"lint", "test", "report", "verify", "setup-test"} <= targets
    assert [name for name in targets if not recipe(makefile, name)] == []
    files = {name for text in texts for name in re.findall(r"(?<![\w/])(?:\.ci|envs|workflow)/[\w./-]+", text)}
    assert {".ci/run", "envs/setup.sh"} <= files
    assert [name for name in files if not (project / name).is_file()] == []


def test_all_of_them_set_up_with_one_script(workflow, dockerfile, dev_container, makefile):
    assert "sh envs/setup.sh --test" in recipe(makefile, "setup-test")
    assert "sh envs/setup.sh\n" in recipe(makefile, "setup")
    assert all("setup-test" in recipe(makefile, name).splitlines()[0] for name in ("test", "lint"))
    runs = re.findall(r"^RUN (.+)$", dockerfile, re.MULTILINE)
    assert runs and all(command.startswith("sh envs/setup.sh") for command in runs)
    assert dev_container["postCreateCommand"].endswith("make setup-test")
    # pip and apt are called by that script alone; what fetches the checkout is the exception
    others = [step["run"] for step in steps(workflow) if re.search(r"pip install|apt-get|conda install", str(step))]
    assert others and all(re.search(r"ca-certificates git make$", text) for text in others)


def test_continuous_integration_runs_the_lint_every_test_and_both_lanes(workflow):
    runs = {name: [step.get("run", "") for step in job["steps"]] for name, job in workflow["jobs"].items()}
    assert "make lint" in runs["lint"] and ".ci/run" in runs["test"]
    assert any(text.startswith("docker build") for text in runs["image"])
    conda = workflow["jobs"]["conda"]
    assert any(step.get("with", {}).get("environment-file") == "envs/environment.yml" for step in conda["steps"])
    assert [step["env"] for step in conda["steps"] if step.get("run") == "make report"] == [
        {"COUNTBACK_RENDERER": "quarto"}
    ]


def test_they_run_on_the_debian_that_set_up_knows(project, workflow, dockerfile):
    assert '"$(value_of VERSION_ID)" = 12' in (project / "envs" / "setup.sh").read_text()
    assert {job["container"] for job in workflow["jobs"].values() if "container" in job} == {DEBIAN}
    bases = set(stages(dockerfile).values()) - set(stages(dockerfile))
    assert bases == {f"{DEBIAN}-slim"}


def test_actions_are_pinned_by_commit_with_the_release_beside(project, workflow):
    text = (project / ".github" / "workflows" / "ci.yml").read_text()
    used = re.findall(r"uses: (.+)", text)
    assert len(used) == sum("uses" in step for step in steps(workflow)) > 0
    assert [one for one in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []
    releases = {one.partition(" # ")[::2] for one in used}
    assert len(releases) == len({one.partition("@")[0] for one, _ in releases}), "one action in two releases"


def test_jobs_may_read_the_repository_and_nothing_else(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow["jobs"].values())
    checkouts = [step for step in steps(workflow) if "actions/checkout" in step.get("uses", "")]
    assert checkouts and all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_every_job_ends(workflow):
    assert all(0 < job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())


def test_the_dev_container_is_the_stage_that_has_what_tests_need(project, dockerfile, dev_container):
    build = dev_container["build"]
    folder = project / ".devcontainer"
    assert (folder / build["dockerfile"]).resolve() == project / "Dockerfile"
    assert (folder / build["context"]).resolve() == project
    assert build["target"] in stages(dockerfile)
    (stage,) = re.findall(rf"AS {build['target']}\n(?:.+\n)*?RUN (.+)\n", dockerfile)
    assert stage.startswith("sh envs/setup.sh --test")
    # .venv names its interpreter by the whole path
    (place,) = re.findall(r"^WORKDIR (.+)$", dockerfile, re.MULTILINE)
    assert dev_container["workspaceFolder"] == place and f"target={place}," in dev_container["workspaceMount"]
    assert f"target={place}/.venv," in dev_container["mounts"][0]


def test_what_a_build_makes_stays_out_of_the_image(project, makefile):
    ignored = set((project / ".dockerignore").read_text().splitlines())
    made = set(re.findall(r"(?<= )(?:[._]?[a-z][\w.]*)(?=\s)", recipe(makefile, "clean").splitlines()[1] + " "))
    made = {name for name in made if name not in ("rm",) and not name.endswith(("_cache", ".hypothesis"))}
    assert {"results", "exports", "_book", ".snakemake"} <= made
    assert made - ignored == set()
    assert {".venv", "_*.local", "data/raw", "**/.*_cache", "**/__pycache__", "**/.hypothesis"} <= ignored
    git = {line.strip("/") for line in (project / ".gitignore").read_text().splitlines()}
    folders = {"results", "exports", "_book", "_book.part", "_book.old", "data/raw", ".venv", "site_libs", "_freeze"}
    assert folders <= git & ignored
