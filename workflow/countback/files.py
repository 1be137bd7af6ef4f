"""Writes files so that a finished one is never half-written."""

import os
from pathlib import Path


def atomic_write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all; its folder is made if missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(path)
