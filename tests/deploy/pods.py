"""Runs the container of a manifest's pod as a kubelet would, without a container runtime.

In namespaces of its own: a root file system that cannot be written to, with nothing in it but the system's programs,
Python and this package; its volumes; the service account's files; the user id and no capability; its environment and
no other. What stays the host's is the network, because the simulator is there.
"""

import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ..fixtures_http import soon

__all__ = ["ACCOUNT", "Host", "Pod", "needs_namespaces"]

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc")
ROOT = Path(__file__).parent.parent.parent

Object = dict[str, Any]


def _why_not() -> str:
    tools = [tool for tool in ("unshare", "setpriv", "nsenter", "pivot_root") if shutil.which(tool) is None]
    if tools:
        return f"not on the PATH: {', '.join(tools)}"
    command = ["unshare", "--mount", "--pid", "--fork", "sh", "-c", "mount -t tmpfs none /mnt"]
    tried = subprocess.run(command, capture_output=True, text=True)
    return "" if tried.returncode == 0 else f"no namespaces without root: {tried.stderr.strip()}"


_WHY_NOT = _why_not()
needs_namespaces = pytest.mark.skipif(bool(_WHY_NOT), reason=f"a pod cannot be run here: {_WHY_NOT}")


@dataclass(frozen=True)
class Host:
    """What a kubelet gets from elsewhere.

    Attributes:
        folder: for the files of its pods.
        address: host and port of the API server.
        token: of the pods' service account.
        authority: the certificate of the API server's authority, PEM.
        namespace: of its pods.
        config_maps: by name.
        user: the user id of a pod that names none.
    """

    folder: Path
    address: tuple[str, int]
    token: str
    authority: bytes
    namespace: str
    config_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    user: int = 1_000_680_000

    def claim(self, name: str) -> Path:
        """The folder of a persistent volume."""
        folder = self.folder / "claims" / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o777)
        return folder


class Pod:
    """A pod with one container that runs until it ends, or until the `with` block does.

    Args:
        spec: of the pod, as in the manifest.
        host: where it runs.
        name: of the pod.
        env: what its controller adds to the environment.
    """

    def __init__(self, spec: Object, host: Host, name: str = "pod", env: Mapping[str, str] | None = None) -> None:
        self._spec, self._host, self._name, self._env = spec, host, name, dict(env or {})
        (self._container,) = spec["containers"]
        self._folder = host.folder / name
        self._folder.mkdir(parents=True)
        self._log = self._folder / "log"

    def __enter__(self) -> "Pod":
        script = self._folder / "start"
        script.write_text(self._script())
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-eu", str(script)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        ready = self._folder / "ready"
        assert soon(lambda: ready.exists() and ready.stat().st_size, 60), self.log
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def log(self) -> str:
        """What it has printed."""
        return self._log.read_text(errors="replace")

    def wait(self, timeout: float = 120.0) -> int:
        """Wait until it ends, and return its exit code."""
        return self._process.wait(timeout)

    def kill(self) -> None:
        """Take the host's power away: SIGKILL to everything in the pod."""
        self._process.kill()
        self._process.wait(60)

    def delete(self) -> None:
        """Begin to end it as a kubelet does: the preStop hook, then SIGTERM to the container's first process."""
        hook = self._container["lifecycle"]["preStop"]["exec"]["command"]
        subprocess.run([*self._inside(), *self._drop(), *hook], check=True, timeout=60, env=self._environment())
        done = subprocess.run([*self._inside(), "kill", "-TERM", str(self._first())], timeout=60)
        # a pod that ends at once takes all processes in it along, this one too
        assert done.returncode in (0, -signal.SIGKILL), done

    def _output_of(self, *command: str) -> str:
        return subprocess.run([*self._inside(), *command], capture_output=True, text=True, timeout=60).stdout

    def _first(self) -> int:
        """The process id, inside the pod, of the container's first process; orphans become children of process 1."""
        if not self._spec.get("shareProcessNamespace"):
            return 1
        children = list[int]()

        def read() -> bool:
            children.extend(map(int, self._output_of("cat", "/proc/1/task/1/children").split()))
            return bool(children)

        assert soon(read, 60)
        return min(children)

    def _inside(self) -> list[str]:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return ["nsenter", "--target", children[0], "--mount", "--pid", "--root", "--wd=/"]

    def _script(self) -> str:
        root = self._folder / "root"
        lines = [
            f"exec 9>{self._folder / 'ready'}",
            "mount --make-rprivate /",
            f"mkdir -p {root}",
            f"mount -t tmpfs -o mode=755 none {root}",
        ]
        lines += [line for path in SYSTEM for line in _system(path, f"{root}{path}")]
        lines += [f"mkdir -p {root}/proc {root}/dev {root}/old", f"mount --rbind /dev {root}/dev"]
        lines += [line for volume in self._container["volumeMounts"] for line in self._mounted(volume, root)]
        for path in dict.fromkeys((sys.base_prefix, sys.prefix, str(ROOT))):
            if not path.startswith("/usr"):
                lines += _bound(path, f"{root}{path}")
        lines += self._account(root)
        read_only = self._container["securityContext"]["readOnlyRootFilesystem"]
        lines += [f"mount -o remount,ro {root}"] if read_only else []
        lines += [f"cd {root}", "pivot_root . old", "mount -t proc none /proc", "umount -l /old"]
        lines += [f"cd {self._container.get('workingDir', '/')}", "echo yes >&9", "exec 9>&-"]
        command = shlex.join([*self._drop(), *self._command()])
        environment = shlex.join(["env", "-i", *(f"{k}={v}" for k, v in self._environment().items())])
        if self._spec.get("shareProcessNamespace"):  # then the first process is one that does nothing but wait
            return "\n".join([*lines, f"{environment} {command} &", "wait $!", ""])
        return "\n".join([*lines, f"exec {environment} {command}", ""])

    def _mounted(self, mount: Object, root: Path) -> list[str]:
        (volume,) = [v for v in self._spec["volumes"] if v["name"] == mount["name"]]
        path = f"{root}{mount['mountPath']}"
        if "emptyDir" in volume:
            size = volume["emptyDir"]["sizeLimit"].lower().removesuffix("i")
            return [f"mkdir -p {path}", f"mount -t tmpfs -o mode=1777,size={size} none {path}"]
        if "configMap" in volume:
            folder = self._folder / mount["name"]
            folder.mkdir()
            for key, text in self._host.config_maps[volume["configMap"]["name"]].items():
                (folder / key).write_text(text)
            return _bound(str(folder), path)
        folder = self._host.claim(volume["persistentVolumeClaim"]["claimName"])
        return [f"mkdir -p {path}", f"mount --bind {folder} {path}"]

    def _account(self, root: Path) -> list[str]:
        folder = self._folder / "account"
        folder.mkdir()
        (folder / "token").write_text(self._host.token)
        (folder / "ca.crt").write_bytes(self._host.authority)
        (folder / "namespace").write_text(self._host.namespace)
        return _bound(str(folder), f"{root}{ACCOUNT}")

    def _drop(self) -> list[str]:
        security = self._spec["securityContext"]
        user = str(security.get("runAsUser", self._host.user))
        groups = [f"--groups={security['fsGroup']}"] if "fsGroup" in security else ["--clear-groups"]
        return [
            "setpriv",
            f"--reuid={user}",
            "--regid=0",
            *groups,
            "--no-new-privs",
            "--inh-caps=-all",
            "--bounding-set=-all",
        ]

    def _command(self) -> list[str]:
        entrypoint = self._container.get("command") or ["chaos"]
        environment = self._environment()

        def expanded(text: str) -> str:  # k8s.io/kubernetes/third_party/forked/golang/expansion
            for name, value in environment.items():
                text = text.replace(f"$({name})", value)
            return text

        return [expanded(word) for word in [*entrypoint, *self._container.get("args", [])]]

    def _environment(self) -> dict[str, str]:
        host, port = self._host.address
        found = {"PATH": f"{sys.prefix}/bin:/usr/bin:/bin", "KUBERNETES_SERVICE_HOST": host}
        found |= {"KUBERNETES_SERVICE_PORT": str(port), "HOSTNAME": self._name}
        for source in self._container.get("envFrom", []):
            found |= self._host.config_maps[source["configMapRef"]["name"]]
        of_the_pod = {"metadata.name": self._name, "metadata.namespace": self._host.namespace}
        for variable in self._container.get("env", []):
            path = variable.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
            found[variable["name"]] = variable["value"] if path is None else of_the_pod[path]
        return found | self._env


def _system(path: str, there: str) -> list[str]:
    """Lines that make a folder of the host visible, or a link to one."""
    if Path(path).is_symlink():
        return [f"ln -s {Path(path).readlink()} {there}"]
    return _bound(path, there) if Path(path).exists() else []


def _bound(path: str, there: str) -> list[str]:
    """Lines that make a folder visible, to be read only."""
    return [f"mkdir -p {there}", f"mount --rbind {path} {there}", f"mount -o remount,bind,ro {there}"]
