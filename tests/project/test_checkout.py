"""A clone works whatever the user's Git is set to."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FILES = ["envs/setup.sh", "Makefile", "data/releases.csv", "workflow/R/tables.R", "index.qmd"]


def git(folder: Path, *arguments: str) -> None:
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, env=os.environ | nobody | names)


@pytest.mark.parametrize("setting", ["core.autocrlf=true", "core.eol=crlf"])
def test_a_clone_has_line_feeds_whatever_git_is_set_to(project: Path, tmp_path: Path, setting: str) -> None:
    origin = tmp_path / "origin"
    for name in [".gitattributes", *FILES]:
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project / name, origin / name)
    git(tmp_path, "init", "-q", "origin")
    git(origin, "add", ".")
    git(origin, "commit", "-qm", "Files")
    git(tmp_path, "clone", "-q", "-c", setting, "origin", "clone")
    for name in FILES:
        assert (tmp_path / "clone" / name).read_bytes() == (project / name).read_bytes()
        assert b"\r" not in (tmp_path / "clone" / name).read_bytes()
