"""What is wrong with the settings of a build, a sentence for each fault."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from countback.io.errors import ConfigError
from countback.io.package import read_json

SETTINGS = "config/config.yaml"
LONGEST = 200


def wrong_settings(settings: Mapping[str, Any], schema: Path) -> ConfigError:
    """Return what a schema refuses in settings: each fault with its place, without the schema.

    Parameters
    ----------
    settings
        Those of the file and of the command line together.
    schema
        A JSON Schema.
    """
    import jsonschema

    found = jsonschema.Draft202012Validator(read_json(schema)).iter_errors(dict(settings))
    lines = [
        f"{SETTINGS}{''.join(f', {step}' for step in fault.absolute_path)}: {_shortened(fault.message)}."
        for fault in sorted(found, key=lambda fault: str(fault.absolute_path))
    ]
    fix = f"Correct the file, or what follows --config; {schema} says what each setting may be."
    return ConfigError("\n".join([*lines, fix]))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
