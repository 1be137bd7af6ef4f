"""Reading YAML that people write: corrections, settings, front matter.

- Whatever a file holds, a reader gets its content or a DataError.
- Aliases are refused: few of them, each made of those before, unfold to billions of entries.
"""

from pathlib import Path
from typing import Any

import yaml

from countback.io.errors import DataError


class PlainLoader(yaml.SafeLoader):
    """Loads plain YAML: no tags of its own, no aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return the next node, unless it is an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "found an alias", self.current_event.start_mark)
        return super().compose_node(parent, index)


def parse_yaml(text: str) -> Any:
    """Return the content of YAML.

    Raises
    ------
    ValueError
        If it is none, or has aliases; the message says where.

    Examples
    --------
    >>> parse_yaml("year: 2023")
    {'year': 2023}
    """
    try:
        return yaml.load(text, Loader=PlainLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(str(error)) from None
    except Exception as error:  # such as the KeyError of `!!bool x`
        raise ValueError(f"a value that is none of its kind ({type(error).__name__}: {error})") from None


def read_yaml(path: Path, expected: str = "a YAML file") -> Any:
    """Return the content of a YAML file.

    Parameters
    ----------
    path
        The file.
    expected
        What it should hold, for the message.

    Raises
    ------
    DataError
        If there is no file, or it holds no YAML, nothing at all, or aliases.
    """
    try:
        content = parse_yaml(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(path, found=str(error), expected=expected, fix="Correct the file.") from None
    if content is None:
        raise DataError(path, found="nothing", expected=expected, fix="Restore the file.")
    return content
