"""What an RO-Crate of a workflow's run has to have, and whether its files are as it says."""

import hashlib

from countback.metadata.crate import METADATA, RUN_PROFILES


def ids(values):
    return [one["@id"] for one in (values if isinstance(values, list) else [values])]


def references(value):
    """Yield every identifier that a part of the metadata refers to."""
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        yield value["@id"]


def musts(content):
    """Yield what the profiles of RO-Crate 1.1, of workflows and of their runs ask for and a crate lacks."""
    graph = {one["@id"]: one for one in content["@graph"]}
    root, told = graph["./"], graph["ro-crate-metadata.json"]
    yield from (
        f"the root has no {name}" for name in ("name", "description", "datePublished", "license") if not root[name]
    )
    if told["about"] != {"@id": "./"} or "https://w3id.org/ro/crate/1.1" not in ids(told["conformsTo"]):
        yield "the metadata are not about the root, by RO-Crate 1.1"
    yield from (f"{one} is not stated" for one in RUN_PROFILES if one not in ids(root["conformsTo"]))
    yield from (f"{one} is no CreativeWork" for one in RUN_PROFILES if graph[one]["@type"] != "CreativeWork")
    main = graph[root["mainEntity"]["@id"]]
    if set(main["@type"]) != {"File", "SoftwareSourceCode", "ComputationalWorkflow"}:
        yield "the main entity is no workflow"
    if graph[main["programmingLanguage"]["@id"]]["@type"] != "ComputerLanguage":
        yield "the workflow has no language"
    actions = [one for one in graph.values() if one["@type"] == "CreateAction"]
    if not actions or any(one["instrument"] != {"@id": main["@id"]} for one in actions):
        yield "no run of the workflow"
    if ids(root["mentions"]) != [one["@id"] for one in actions]:
        yield "the run is not mentioned"
    yield from (f"{name} has no type" for name, one in graph.items() if not one.get("@type"))
    yield from (
        f"{name}, {key}: {other} is not in the crate"
        for name, one in graph.items()
        for key, value in one.items()
        for other in references(value)
        if other not in graph and not other.startswith("https://")
    )


def damaged(crate, files):
    """Return the files of a crate that its metadata do not tell of as they are."""
    told = {one.id: (one["contentSize"], one["sha256"]) for one in crate.data_entities}
    held = {
        name: (str(len(content)), hashlib.sha256(content).hexdigest())
        for name, content in files.items()
        if name != METADATA
    }
    return {name for name in told.keys() | held.keys() if told.get(name) != held.get(name)}
