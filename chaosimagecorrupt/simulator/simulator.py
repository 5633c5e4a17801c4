"""A simulated cluster with its API server, in a thread of its own."""

import asyncio
import os
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from .api import Api, User
from .clock import Clock, LoopClock, ManualClock
from .cluster import SimulatedCluster
from .components import default_manifests
from .credentials import Credentials, write_kubeconfig
from .rollouts import WORKLOADS, is_rolled_out
from .seed import seed
from .server import Server
from .types import Object

__all__ = ["Simulator"]

T = TypeVar("T")

_ADMIN = User("kubernetes-admin", ("system:masters",))

# How often, and after how many seconds of a manual clock each, the start checks that the workloads are rolled out
SETTLE_STEPS, SETTLE_SECONDS = 100, 0.05


class Simulator:
    """A cluster that exists as long as a `with` block runs.

    Example::

        with Simulator() as simulator:
            subprocess.run(["kubectl", "get", "deployments", "-A"], env={"KUBECONFIG": str(simulator.kubeconfig)})

    Args:
        manifests: the objects to start with; by default the five components.
        clock: the cluster's time; by default real time. With a `ManualClock`, nothing happens except in
            `advance`.
        kubeconfig: path of the kubeconfig; by default a new temporary file.
    """

    def __init__(
        self,
        manifests: Iterable[Object] | None = None,
        clock: Clock | None = None,
        kubeconfig: Path | None = None,
    ) -> None:
        self._manifests = default_manifests() if manifests is None else list(manifests)
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._credentials = Credentials()
        self._kubeconfig_path = kubeconfig
        self._files: list[Path] = []
        self._server: Server
        self._api: Api
        self.world: SimulatedCluster
        self.token = ""

    def __enter__(self) -> "Simulator":
        self._thread.start()
        try:
            self.call(self._build)
            asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(timeout=30)
            self.kubeconfig = self._new_kubeconfig({"token": self.token}, path=self._kubeconfig_path)
            self._settle()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _build(self) -> None:
        clock = self._clock or LoopClock(self._loop)
        self.world = SimulatedCluster(clock)
        self._api = Api(self.world.store)
        self.token = self._api.tokens.token_for(_ADMIN)
        self._server = self._new_server()
        seed(self._api, self._manifests)
        self.world.start()

    def _new_server(self) -> Server:
        return Server(self._api, self._credentials.server_context(), self._loop)

    def _settle(self) -> None:
        """Advance a manual clock until the seeded workloads are rolled out; other clocks have caught up already."""
        if isinstance(self._clock, ManualClock):
            for _ in range(SETTLE_STEPS):
                if self.call(self._rolled_out):
                    return
                self.advance(SETTLE_SECONDS)

    def _rolled_out(self) -> bool:
        return all(is_rolled_out(obj) for resource in WORKLOADS for obj in self.world.store.list(resource))

    def _stop(self) -> None:
        if hasattr(self, "_server"):
            asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(timeout=30)
            asyncio.run_coroutine_threadsafe(_cancel_the_rest(), self._loop).result(timeout=30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=30)
        self._loop.close()
        for path in self._files:
            path.unlink(missing_ok=True)

    @property
    def url(self) -> str:
        """Return the server's address."""
        return f"https://127.0.0.1:{self._server.port}"

    def call(self, run: Callable[[], T]) -> T:
        """Run a function in the simulator's thread, where it may use the store, and return its result.

        Args:
            run: has no parameters.
        """
        if threading.current_thread() is self._thread:
            return run()

        async def perform() -> T:
            return run()

        return asyncio.run_coroutine_threadsafe(perform(), self._loop).result(timeout=600)

    def advance(self, seconds: float) -> None:
        """Advance the cluster's time.

        Args:
            seconds: how long.

        Raises:
            TypeError: the simulator runs in real time.
        """
        clock = self._clock
        if not isinstance(clock, ManualClock):
            raise TypeError("only a simulator with a ManualClock can be advanced")
        self.call(lambda: clock.advance(seconds))

    def _new_kubeconfig(self, user: Object, namespace: str = "default", path: Path | None = None) -> Path:
        if path is None:
            handle, name = tempfile.mkstemp(prefix="chaosimagecorrupt-simulator-", suffix=".kubeconfig")
            os.close(handle)
            path = Path(name)
        self._files.append(path)
        write_kubeconfig(path, self.url, self._credentials.authority, user, namespace)
        return path


async def _cancel_the_rest() -> None:
    """Cancel the tasks that the server does not know."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
