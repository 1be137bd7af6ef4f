"""What earlier versions of the data set held: their headline numbers, the sizes of their tables, what was corrected.

Tables of `data/versions/` record each version when it is published; what the current version holds is computed.
"""

import csv
from pathlib import Path

HEADLINES = Path("data/versions/headline_numbers.csv")


def version_key(version: str) -> tuple[int, ...]:
    """Return what sorts versions.

    Examples
    --------
    >>> sorted(["0.10.0", "0.2.0"], key=version_key)
    ['0.2.0', '0.10.0']
    """
    return tuple(int(part) for part in version.split("."))


def version_before(versions: set[str], current: str) -> str | None:
    """Return the newest recorded version before the current one; None where there is none."""
    earlier = [version for version in versions if version_key(version) < version_key(current)]
    return max(earlier, key=version_key, default=None)


def headline_uses(headlines: Path = HEADLINES) -> list[tuple[str, tuple[str, int]]]:
    """Return the ids of the headline numbers, each with the file and the line that names it; none without the file."""
    if not headlines.is_file():
        return []
    with headlines.open(encoding="utf-8", newline="") as stream:
        return [(row["id"], (str(headlines), line)) for line, row in enumerate(csv.DictReader(stream), start=2)]
