"""The profile for SLURM: complete without one, and the same bytes where one is started."""

import re
import tempfile
from pathlib import Path

import pytest
import yaml
from builds import copy_project, snakemake
from one_node import missing, one_node
from tiny import make_tiny

# Across groups and languages: tidied, modeled in R, drawn in Python.
TARGETS = ["results/tables/agreement_pairs.csv", "figures/growth.svg"]
MADE = ["results/tables/*.csv", "results/tables/*.parquet", "figures/growth.*"]
# Rules that only name files, or that no build of the report runs.
ALONE = {"all", "validate", "figures", "exports", "ready", "verify", "fetch"}


def profile(project):
    return yaml.safe_load((project / "profiles" / "slurm" / "config.yaml").read_text())


def test_every_rule_of_a_build_is_in_a_group_and_no_group_names_one_that_is_gone(project):
    run = snakemake(project, "--list-rules")
    assert run.status == 0, run.output
    rules = set(re.findall(r"^[a-z]\w+$", run.output, re.MULTILINE))
    apart = {name for name in rules if name.startswith(("ingest", "calibrat")) or name == "interval_coverage"}
    assert set(profile(project)["groups"]) == rules - apart - ALONE


def test_resources_are_set_for_rules_that_exist(project):
    settings = profile(project)
    assert set(settings["set-resources"]) <= set(settings["groups"])
    assert {"mem_mb", "runtime"} <= set(settings["default-resources"])


@pytest.mark.slurm
def test_a_build_on_slurm_gives_the_same_bytes_as_one_without(tmp_path):
    assert not missing(), f"SLURM: found no {', '.join(missing())}; README.md says how to install them"
    here, there = (make_tiny(copy_project(tmp_path / name)) for name in ("here", "there"))
    local = snakemake(here, *TARGETS)
    assert local.status == 0, local.output
    with tempfile.TemporaryDirectory() as folder, one_node(Path(folder)) as environment:
        cluster = ["--profile", "profiles/slurm", "--slurm-status-command", "squeue", "--latency-wait", "5"]
        run = snakemake(there, *cluster, "--", *TARGETS, **environment)
    assert run.status == 0, run.output
    assert len(re.findall("has been submitted with SLURM jobid", run.output)) == 4, run.output
    made = [path.relative_to(here) for pattern in MADE for path in here.glob(pattern)]
    assert len(made) > 20
    assert [str(path) for path in made if (there / path).read_bytes() != (here / path).read_bytes()] == []
