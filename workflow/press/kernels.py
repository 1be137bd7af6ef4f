"""Starts the kernels of chapters: see `forkserver.py` for why by forking."""

import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

SERVER = Path(__file__).parent / "forkserver.py"


class Kernels:
    """A server of kernels, for the time of a `with` block.

    Parameters
    ----------
    environment
        The environment of the server and of each kernel.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.folder = tempfile.TemporaryDirectory(prefix="press-")
        self.path = f"{self.folder.name}/server"

    def __enter__(self) -> Self:
        # Bound here, so that kernels can ask from the start; who asks early waits until all is loaded.
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.path)
            listener.listen()
            number = listener.fileno()
            command = [sys.executable, "-P", str(SERVER), "serve", str(number)]
            self.server = subprocess.Popen(command, env=self.environment, pass_fds=[number])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.terminate()
        self.server.wait()
        self.folder.cleanup()

    def manager_class(self) -> type[AsyncKernelManager]:
        """Return a class of managers whose kernels come from this server."""
        arguments = [sys.executable, "-I", "-S", str(SERVER), "join", self.path, "-f", "{connection_file}"]

        class Specs(KernelSpecManager):
            def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
                return KernelSpec(argv=arguments, display_name=kernel_name, language="python")

        class Manager(AsyncKernelManager):
            def __init__(self, **options: Any) -> None:
                super().__init__(kernel_spec_manager=Specs(), **options)

        return Manager
