"""The record of a build as an RO-Crate, by the profile of workflow runs: what was made of what, with what, by what.

- The crate is the data package with the workflow's main file, the settings and the locks beside it, so that each file
  that it tells of is in it. Sources may not be handed on: each stands with its address, its size and its SHA-256.
- No time of day is in it: the date is that of the version. The profile asks for the end of a run only as advice.
- Nothing is read from disk here, and no identifier is drawn by lot: same files, same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rocrate.model import ComputationalWorkflow, ContextEntity, File
from rocrate.rocrate import ROCrate

from countback.metadata.facts import Facts, author_name, known
from countback.metadata.schema_org import media_type
from countback.text.words import slug

VERSION = "1.1"  # of RO-Crate, which the profiles build on
TERMS = "https://w3id.org/ro/terms/workflow-run/context"
WORKFLOW_PROFILE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
RUN_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    WORKFLOW_PROFILE: "Workflow RO-Crate",
}
WORKFLOW = "Snakefile"
METADATA = "ro-crate-metadata.json"
# what the build reads; everything else in the crate is made by it, or says how to use it
READ = ("data/", "config/", "envs/", "corrections.yml", "pyproject.toml")
MADE = ("results/", "exports/", "codebook.md")


@dataclass(frozen=True)
class Tool:
    """A program or package that took part in the build."""

    name: str
    version: str
    purpose: str = ""
    of: str = "Python"

    @property
    def identifier(self) -> str:
        """Return the tool's identifier within the crate."""
        return f"#tool-{slug(self.of, '-')}-{slug(self.name, '-')}"


@dataclass(frozen=True)
class Run:
    """What is known of the build beside its files; no commit where the checkout has none, or was changed since."""

    tools: Sequence[Tool]
    sources: Sequence[Mapping[str, Any]]
    based_on: Mapping[str, Sequence[str]]
    commit: str = ""

    @property
    def state(self) -> str:
        """Return which code was run, in words."""
        return f"Commit {self.commit}." if self.commit else "Code that is not exactly that of a commit."


def _refer(identifiers: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """Return references: the specification advises against lists of one."""
    found = [{"@id": one} for one in identifiers]
    return found[0] if len(found) == 1 else found


def _described(package: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return name and description of the tables of a packed descriptor, by their paths as CSV and as Parquet."""
    told = {one["path"]: {"name": one["title"], "description": one["description"]} for one in package["resources"]}
    parquet = {one["parquet"]: told[one["path"]] for one in package["resources"]}
    return told | parquet


def _file(crate: ROCrate, path: str, content: bytes, more: Mapping[str, Any]) -> None:
    properties = {
        "name": path,
        "encodingFormat": media_type(path),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
        **more,
    }
    kind = ComputationalWorkflow if path == WORKFLOW else File
    crate.add(kind(crate, dest_path=path, properties=properties))


def _publisher(name: str) -> str:
    return f"#publisher-{slug(name, '-')}"


def _source(release: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entity for a source; what `data/releases.csv` does not say of it is left out."""
    return known(
        {
            "@id": f"#source-{release['id']}",
            "@type": "CreativeWork",
            "name": release["title"],
            "alternateName": release["file"],
            "publisher": {"@id": _publisher(release["publisher"])},
            "url": release["url"],
            "temporalCoverage": release["period"],
            "contentSize": release["bytes"],
            "sha256": release["sha256"],
            "conditionsOfAccess": release["terms"],
            "description": release["note"],
        }
    )


def _add_context(crate: ROCrate, entities: Iterable[Mapping[str, Any]]) -> None:
    for one in entities:
        rest = {key: value for key, value in one.items() if key != "@id"}
        crate.add(ContextEntity(crate, one["@id"], properties=rest))


def _authors(told: Facts) -> list[dict[str, str]]:
    return [
        {
            "@id": one.get("orcid") or f"#author-{at}",
            "@type": "Organization" if "name" in one else "Person",
            "name": author_name(one),
        }
        for at, one in enumerate(told.authors, 1)
    ]


def _tell_root(crate: ROCrate, told: Facts, authors: Sequence[Mapping[str, str]]) -> None:
    root = crate.root_dataset
    properties = {
        "name": f"{told.title}: the data and the record of their build",
        "description": told.description,
        "datePublished": told.date,
        "version": told.version,
        "license": {"@id": told.license_url},
        "author": _refer(one["@id"] for one in authors),
        "keywords": ", ".join(told.keywords),
        "url": told.site,
        "identifier": told.doi_url,
        "isBasedOn": _refer(one["path"] for one in told.sources),
        "conformsTo": _refer(RUN_PROFILES),
        "mainEntity": {"@id": WORKFLOW},
        "mentions": _refer(["#build"]),
    }
    for name, value in known(properties).items():
        root[name] = value
    _add_context(crate, authors)
    licensed = {"@id": told.license_url, "@type": "CreativeWork", "name": told.license_name}
    based_on = [{"@id": one["path"], "@type": "CreativeWork", "name": one["title"]} for one in told.sources]
    profiles = [
        {"@id": one, "@type": "CreativeWork", "name": name, "version": one.rpartition("/")[2]}
        for one, name in RUN_PROFILES.items()
    ]
    _add_context(crate, [licensed, *based_on, *profiles])


def _tell_workflow(crate: ROCrate, told: Facts, run: Run, authors: Sequence[Mapping[str, str]]) -> None:
    language = {
        "@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake",
        "@type": "ComputerLanguage",
        "name": "Snakemake",
        "identifier": {"@id": "https://doi.org/10.1093/bioinformatics/bts480"},
        "url": {"@id": "https://snakemake.readthedocs.io"},
        "version": next((tool.version for tool in run.tools if tool.name == "snakemake"), ""),
    }
    rules = sorted(one.id for one in crate.data_entities if one.id.startswith("workflow/rules/"))
    code = {"@id": "#license-of-code", "@type": "CreativeWork", "name": "Apache-2.0"}
    tools = [
        known(
            {
                "@id": tool.identifier,
                "@type": "SoftwareApplication",
                "name": tool.name,
                "softwareVersion": tool.version,
                "description": tool.purpose,
                "applicationSuite": tool.of,
            }
        )
        for tool in run.tools
    ]
    _add_context(crate, [known(language), code, *tools])
    workflow = crate.dereference(WORKFLOW)
    properties = {
        "name": f"{told.name}: the workflow's main file",
        "programmingLanguage": {"@id": language["@id"]},
        "author": _refer(one["@id"] for one in authors),
        "creator": _refer(one["@id"] for one in authors),
        "license": {"@id": code["@id"]},
        "version": run.commit or told.version,
        "hasPart": _refer(rules),
        "codeRepository": told.repository,
        "softwareRequirements": _refer(tool.identifier for tool in run.tools),
    }
    for name, value in known(properties).items():
        workflow[name] = value


def _tell_build(crate: ROCrate, run: Run, paths: Sequence[str], authors: Sequence[Mapping[str, str]]) -> None:
    sources = [_source(release) for release in run.sources]
    publishers = {_publisher(name): name for name in (release["publisher"] for release in run.sources)}
    _add_context(crate, ({"@id": key, "@type": "Organization", "name": name} for key, name in publishers.items()))
    _add_context(crate, sources)
    build = {
        "@id": "#build",
        "@type": "CreateAction",
        "name": "The build that made these files",
        "description": f"snakemake --cores all, with config/config.yaml as it is here. {run.state}",
        "instrument": {"@id": WORKFLOW},
        "agent": {"@id": authors[0]["@id"]},
        "object": _refer([*(one["@id"] for one in sources), *(path for path in paths if path.startswith(READ))]),
        "result": _refer(path for path in paths if path.startswith(MADE)),
    }
    _add_context(crate, [build])


def run_crate(told: Facts, run: Run, files: Mapping[str, bytes]) -> bytes:
    """Return the metadata of a crate.

    Parameters
    ----------
    told, run
        The facts of the data set, and what is known of its build.
    files
        What is in the crate, by its path there: the unpacked data package, the Snakefile among the rest.
    """
    crate = ROCrate(version=VERSION)
    crate.metadata.extra_contexts.append(TERMS)
    described = _described(json.loads(files["datapackage.json"]))
    paths = sorted(files)
    for path in paths:
        stem = path.rpartition(".")[0]
        based_on = [one for one in run.based_on.get(stem, ()) if one in files]
        more = dict(described.get(path, {})) | ({"isBasedOn": _refer(based_on)} if based_on else {})
        more |= {"about": {"@id": "./"}} if path == "README.md" else {}
        _file(crate, path, files[path], more)
    authors = _authors(told)
    _tell_root(crate, told, authors)
    _tell_workflow(crate, told, run, authors)
    _tell_build(crate, run, paths, authors)
    crate.metadata["conformsTo"] = _refer([crate.metadata.profile, WORKFLOW_PROFILE])
    return (json.dumps(crate.metadata.generate(), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
