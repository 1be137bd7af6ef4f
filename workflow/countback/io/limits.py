"""Ends what takes too long or too much memory, whatever library does it."""

import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = Path("/proc/self/statm")
# seconds: what is raised within a callback, such as one of the garbage collector, is lost
AGAIN = 1.0


class _TimeUp(BaseException):
    """No exception that a library would take for one of its own."""


@contextmanager
def at_most(seconds: float, fault: Callable[[], Exception]) -> Iterator[None]:
    """Break off what is done within, wherever it waits: a server can send a byte at a time, headers as well.

    Only the main thread can be broken off; another one is left alone.

    Parameters
    ----------
    seconds
        How long it may take.
    fault
        Gives what is raised if it takes longer.
    """

    def stop(*_: object) -> None:
        raise _TimeUp

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    except _TimeUp:
        raise fault() from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def within_memory(spare: int) -> Iterator[None]:
    """Raise `MemoryError` where this process would grow by more than so many bytes, where the system can tell."""
    if not SIZE.exists():
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = int(SIZE.read_text().split()[0]) * resource.getpagesize() + spare
    known = [limit for limit in (before, most, wanted) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(known), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))
