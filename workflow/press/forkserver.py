"""Kernels forked from one process that has loaded what most chapters load: a chapter's start then costs little.

- `serve` loads, then forks a kernel for every request on its socket.
- `join` is what Jupyter starts in place of a kernel: it hands its arguments, folder, environment and streams to the
  server, and ends when the kernel does; the kernel ends when it does.
- Nothing here may start a thread, R, or pyplot before the fork: none of them survives it whole.
"""

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

LOADED = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "IPython.core.magics",
    "pandas",
    "pyarrow.parquet",
    "great_tables",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "rpy2.rinterface",
)


def _end_with(connection: socket.socket) -> None:
    connection.recv(1)
    os._exit(1)


def _become_kernel(connection: socket.socket, request: dict[str, object], streams: list[int]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    environment, arguments = request["environment"], request["arguments"]
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(request["folder"]))
    tempfile.tempdir = None  # the environment names another folder than the server's
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    # Without the number of its parent a kernel watches for the wrong one.
    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    sys.exit(0)


def serve(listener: socket.socket) -> None:
    """Fork a kernel for every request until the process is ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for name in LOADED:
        # Whatever is missing is reported by the chapter that wants it.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    while True:
        connection, _ = listener.accept()
        message, streams, _, _ = socket.recv_fds(connection, 1 << 20, 3)
        if os.fork() == 0:
            listener.close()
            _become_kernel(connection, json.loads(message), streams)
        connection.close()
        for stream in streams:
            os.close(stream)


def join(path: str, arguments: list[str]) -> None:
    """Ask for a kernel and stay until it ends."""

    def end(number: int, _frame: FrameType | None) -> None:
        os._exit(128 + number)

    signal.signal(signal.SIGTERM, end)
    # Jupyter interrupts before it asks a kernel to end; the answer is the kernel's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    request = {"arguments": arguments, "folder": str(Path.cwd()), "environment": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        socket.send_fds(connection, [json.dumps(request).encode()], [0, 1, 2])
        connection.recv(1)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(socket.socket(fileno=int(sys.argv[2])))
    else:
        join(sys.argv[2], sys.argv[3:])
