"""A run that was killed must not keep the next one from continuing.

Snakemake leaves its lock behind when it is killed, and then refuses to start. The process that works in a checkout
writes down its number; where that process is gone, its lock is stale.
"""

import os
from pathlib import Path


def is_running(process: int) -> bool:
    """Tell whether a process with this number exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def drop_stale_lock(folder: Path) -> None:
    """Remove the lock of a run that is gone, and note the present process as the one that works here.

    Parameters
    ----------
    folder
        Snakemake's folder in the checkout, `.snakemake`.
    """
    noted = folder / "process"
    number = noted.read_text(encoding="utf-8") if noted.is_file() else ""
    if number.isdigit() and int(number) != os.getpid() and is_running(int(number)):
        return
    for lock in (folder / "locks").glob("*.lock"):
        lock.unlink(missing_ok=True)
    folder.mkdir(exist_ok=True)
    noted.write_text(str(os.getpid()), encoding="utf-8")
