"""Write down the jobs of a build, so that they can be run without Snakemake: what the floor and start-up take.

- Run in the project that is measured: `python -m scripts.bench.plan FOLDER`. Nothing is built. With `--needed`, the
  jobs are those that a build would run now; without it, all.
- Each job gets what Snakemake would give its script: the object for one of Python, its text before the script for R.
- Jobs stand in an order in which each comes after those that it needs.
"""

import json
import pickle
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from countback.io.files import atomic_write, write_text


@dataclass(frozen=True)
class Job:
    """A job of the build.

    Attributes
    ----------
    rule, script
        The name of its rule, and the path of its script.
    given
        The file with what its script is given: a pickled object, or a script of R that begins with it.
    makes
        Its outputs and its log: their folders have to be there.
    needs
        The positions, in the plan, of jobs that come before.
    """

    rule: str
    script: str
    given: str
    makes: list[str]
    needs: list[int]

    @property
    def is_r(self) -> bool:
        """Tell whether the script is written in R."""
        return self.script.endswith(".R")


def read_plan(folder: Path) -> list[Job]:
    """Return the jobs that a plan lists."""
    lines = (folder / "jobs.jsonl").read_text(encoding="utf-8").splitlines()
    return [Job(**json.loads(line)) for line in lines]


def write_plan(snakefile: Path, folder: Path, is_whole: bool = True) -> None:
    """Write the jobs of a whole build, or those that one would run now, one a line, and beside them what each gets."""
    from snakemake.api import SnakemakeApi
    from snakemake.settings.enums import Quietness
    from snakemake.settings.types import DAGSettings, OutputSettings, ResourceSettings

    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        workflow = api.workflow(ResourceSettings(cores=2), snakefile=snakefile)
        workflow.dag(DAGSettings(forceall=is_whole)).execute_workflow(pseudo_executor="dryrun")
        dag = workflow._workflow.dag
        scripted = [job for job in in_order(dag) if job.rule.script and dag.needrun(job)]
        places = {job: place for place, job in enumerate(scripted)}
        jobs = [_job(job, places, dag, folder, workflow._workflow) for job in scripted]
    lines = "".join(f"{json.dumps(asdict(job))}\n" for job in jobs)
    write_text(lines, folder / "jobs.jsonl")


def in_order(dag: Any) -> Iterable[Any]:
    """Return the jobs of a build, each after those that it needs."""
    return [job for level in dag.toposorted() for job in sorted(level, key=lambda job: job.rule.name)]


def _job(job: Any, places: dict[Any, int], dag: Any, folder: Path, workflow: Any) -> Job:
    script = (Path(job.rule.basedir.get_path_or_uri(secret_free=True)) / job.rule.script).resolve()
    given = folder / f"{places[job]}{'.R' if script.suffix == '.R' else '.pickle'}"
    if script.suffix == ".R":
        write_text(_preamble_of_r(job, script, workflow) + script.read_text(encoding="utf-8"), given)
    else:
        atomic_write(given, pickle.dumps(_object(job, script, workflow)))
    needs = sorted(places[other] for other in dag.dependencies[job] if other in places)
    return Job(job.rule.name, str(script), str(given), [*map(str, job.output), *map(str, job.log)], needs)


def _object(job: Any, script: Path, workflow: Any) -> Any:
    from snakemake.script import Snakemake

    return Snakemake(
        job.input,
        job.output,
        job.params,
        job.wildcards,
        job.threads,
        job.resources,
        job.log,
        workflow.config,
        job.rule.name,
        None,
        str(script.parent),
    )


def _preamble_of_r(job: Any, script: Path, workflow: Any) -> str:
    from snakemake.script import RScript
    from snakemake.sourcecache import LocalSourceFile

    unused = dict.fromkeys(
        ("conda_env", "container_img", "singularity_args", "env_modules", "bench_record", "cleanup_scripts")
    )
    text: str = RScript.generate_preamble(
        LocalSourceFile(str(script)),
        "",
        str(script.parent),
        job.input._plainstrings(),
        job.output._plainstrings(),
        job.params,
        job.wildcards,
        job.threads,
        job.resources,
        job.log._plainstrings(),
        workflow.config,
        job.rule.name,
        jobid=job.jobid,
        bench_iteration=None,
        shadow_dir=None,
        **unused,
    )
    return text


if __name__ == "__main__":
    write_plan(Path("Snakefile"), Path(sys.argv[1]), is_whole="--needed" not in sys.argv)
