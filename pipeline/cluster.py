"""Workers of a running Dask cluster: the only module that imports Dask.

The scheduler and its workers are started by whoever runs the machines (docs/cluster.md). The case
lies on a file system that all of them see; blocks of sources travel to workers, so that sources
need be seen by the machine with the command alone, but for PDFs, which workers open by path.
"""

from __future__ import annotations

import secrets
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from distributed import Client, KilledWorker, Security

from pipeline import __version__
from pipeline.case import write_private
from pipeline.errors import ConfigError

PATIENCE = "30s"
"""How long a scheduler may take to answer, and workers to be there."""


class Cluster:
    """Workers behind a scheduler that runs already."""

    def __init__(
        self, address: str, work: Path, tls: tuple[str, str, str] | None, *, insecure: bool = False
    ) -> None:
        """Start nothing yet.

        Args:
            address: of the scheduler, ``tls://host:8786``.
            work: folder of the case that workers write to.
            tls: paths of the authority's certificate, and of our certificate and key.
            insecure: whether a connection without TLS is meant.

        Raises:
            ConfigError: a plain connection was not asked for, or certificates are missing.
        """
        if tls is None and not insecure:
            raise ConfigError(
                f"--scheduler {address}: evidence would travel in the clear; give --tls-ca, "
                "--tls-cert and --tls-key, or --insecure if the network is closed"
            )
        if tls is not None and not address.startswith("tls://"):
            raise ConfigError(f"--scheduler {address}: with certificates it is tls://host:port")
        for path in tls or ():
            if not Path(path).is_file():
                raise ConfigError(f"{path}: no such file (certificates for --scheduler)")
        self._address = address
        self._work = work
        self._tls = tls
        self._client: Any = None
        self._executor: Executor | None = None
        self._width = 1

    @property
    def width(self) -> int:
        """Tasks that run at once: one for each worker."""
        self.start()
        return self._width

    def start(self) -> Executor:
        """Connect, and make sure that the workers are like us and see the case.

        Raises:
            ConfigError: they are not, or nobody answers.
        """
        if self._executor is None:
            self._client = self._connected()
            self._width = self._checked()
            self._executor = self._client.get_executor(pure=False)
        return self._executor

    def stop(self, *, now: bool) -> None:
        """Leave the cluster; ``now``: what is at work is cancelled."""
        if self._client is not None:
            if self._executor is not None:
                self._executor.shutdown(wait=not now)
            self._client.close(timeout=5)
            self._client = self._executor = None

    def rest(self) -> None:
        """Leave the workers as they are: they are not ours."""

    def is_death(self, error: BaseException | None) -> bool:
        """Whether the scheduler says that a task killed several workers."""
        return isinstance(error, KilledWorker)

    def retries(self) -> bool:
        """Whether the cluster sends a task again itself: the scheduler does, three times."""
        return True

    def _connected(self) -> Any:
        security = None
        if self._tls is not None:
            authority, certificate, key = self._tls
            security = Security(
                tls_ca_file=authority, tls_client_cert=certificate, tls_client_key=key,
                require_encryption=True,
            )  # fmt: skip
        try:
            client = Client(self._address, security=security, timeout=PATIENCE)
            client.wait_for_workers(1, timeout=PATIENCE)
        except Exception as error:
            raise ConfigError(
                f"--scheduler {self._address}: no scheduler with workers answers "
                f"({type(error).__name__}); docs/cluster.md says how to start them"
            ) from error
        return client

    def _checked(self) -> int:
        """Look at every worker; return how many there are."""
        name = f".cluster-{secrets.token_hex(8)}"
        token = self._work / name
        write_private(token, name.encode())
        try:
            found: dict[str, tuple[str, bool]] = self._client.run(probe, str(token))
        except Exception as error:
            raise ConfigError(
                f"--scheduler {self._address}: its workers cannot load this tool "
                f"({type(error).__name__}); install it there as here"
            ) from error
        finally:
            token.unlink(missing_ok=True)
        for worker, (version, sees) in sorted(found.items()):
            if version != __version__:
                raise ConfigError(f"{worker}: has version {version}, this machine {__version__}")
            if not sees:
                raise ConfigError(
                    f"{worker}: does not see {self._work}; the case must lie on a file system "
                    "that all workers share, under the same path"
                )
        threads = self._client.nthreads()
        wide = [worker for worker, count in threads.items() if count != 1]
        if wide:
            raise ConfigError(f"{wide[0]}: start workers with --nthreads 1 (and --nworkers N)")
        return len(threads)


def probe(token: str) -> tuple[str, bool]:
    """Say, on a worker, its version of this tool and whether it sees a file of the case."""
    return __version__, Path(token).is_file()
