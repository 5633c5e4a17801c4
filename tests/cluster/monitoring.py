"""What watches a cluster in the tests: metrics like those of kube-state-metrics, a Prometheus, a collector of spans."""

import json
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from ..fixtures_http import soon
from ..servers import Handler, Scripted, answer
from .conftest import Api

__all__ = ["PROMETHEUS", "Spans", "attributes", "prometheus", "prometheus_protocol"]

PROMETHEUS = shutil.which("prometheus")


class Sample(NamedTuple):
    """One line of the metrics."""

    name: str
    labels: dict[str, str]
    value: int

    @property
    def line(self) -> str:
        """As Prometheus scrapes it."""
        return f"{self.name}{{{','.join(f'{k}={json.dumps(v)}' for k, v in self.labels.items())}}} {self.value}"


def samples(api: Api, ns: str) -> Iterator[Sample]:
    """The two metrics of kube-state-metrics that the experiment asks for."""
    for deployment in api.deployments(ns):
        labels = {"namespace": ns, "deployment": deployment["metadata"]["name"]}
        available = (deployment.get("status") or {}).get("availableReplicas", 0)
        yield Sample("kube_deployment_status_replicas_available", labels, available)
    for pod in api.core.list_namespaced_pod(ns).items:
        for state in pod.status.container_statuses or []:
            if state.state.waiting:
                labels = {"namespace": ns, "pod": pod.metadata.name, "reason": state.state.waiting.reason}
                yield Sample("kube_pod_container_status_waiting_reason", labels, 1)


def metrics(api: Api, ns: str) -> Scripted:
    """Return a server of these metrics, for Prometheus to scrape."""

    def play(handler: Handler) -> None:
        text = "".join(f"{sample.line}\n" for sample in samples(api, ns))
        answer(text.encode(), Content_Type="text/plain")(handler)

    return Scripted(play)


@contextmanager
def prometheus(api: Api, ns: str, folder: Path) -> Iterator[str]:
    """Run Prometheus until it has scraped the metrics; the address of its API."""
    with metrics(api, ns) as exporter, socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        targets = [{"targets": [urlsplit(exporter.url).netloc]}]
        jobs = [{"job_name": "kube-state-metrics", "static_configs": targets}]
        (folder / "prometheus.yml").write_text(
            json.dumps({"global": {"scrape_interval": "200ms"}, "scrape_configs": jobs})
        )
        options = ["config.file=prometheus.yml", f"web.listen-address={address}", "storage.tsdb.path=tsdb"]
        command = [str(PROMETHEUS), *(f"--{option}" for option in options)]
        with (folder / "prometheus.log").open("w") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            assert soon(lambda: _has_scraped(f"http://{address}")), (folder / "prometheus.log").read_text()
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(timeout=60)


def _has_scraped(url: str) -> bool:
    query = quote("kube_deployment_status_replicas_available > 0")
    try:
        with urllib.request.urlopen(f"{url}/api/v1/query?query={query}", timeout=5) as response:
            return bool(json.load(response)["data"]["result"])
    except OSError:  # it starts
        return False


@contextmanager
def prometheus_protocol(api: Api, ns: str, folder: Path) -> Iterator[str]:
    """Answer as Prometheus' API does, for queries of one metric: with what it is at present."""

    def play(handler: Handler) -> None:
        url = urlsplit(handler.path)
        asked = {k: v[0] for k, v in parse_qs(url.query).items()}
        found = [s for s in samples(api, ns) if asked["query"].startswith(s.name)]
        if url.path == "/api/v1/query":
            vector = [{"metric": s.labels, "value": [0, str(s.value)]} for s in found]
            data: dict[str, Any] = {"resultType": "vector", "result": vector}
        else:
            matrix = [{"metric": s.labels, "values": [[asked["end"], str(s.value)]]} for s in found]
            data = {"resultType": "matrix", "result": matrix}
        answer({"status": "success", "data": data}, Content_Type="application/json")(handler)

    with Scripted(play) as server:
        yield server.url


class Spans:
    """A collector of spans, by OTLP over HTTP."""

    def __init__(self) -> None:
        self.found: list[Any] = []

    def play(self, handler: Handler) -> None:
        """Take what an exporter sends."""
        request = ExportTraceServiceRequest.FromString(handler.body)
        for resource in request.resource_spans:
            self.found += [span for scope in resource.scope_spans for span in scope.spans]
        answer(b"", Content_Type="application/x-protobuf")(handler)

    def named(self, name: str) -> list[Any]:
        """The spans of a name."""
        return [span for span in self.found if span.name == name]

    def path(self, span: Any) -> list[str]:
        """The names from the root to a span."""
        above = [s for s in self.found if s.span_id == span.parent_span_id]
        return [*(self.path(above[0]) if above else []), str(span.name)]


def attributes(span: Any) -> dict[str, Any]:
    """The attributes of a span; all that Chaos Toolkit's are: text or yes and no."""
    return {a.key: getattr(a.value, str(a.value.WhichOneof("value"))) for a in span.attributes}
