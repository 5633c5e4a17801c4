"""The simulator's API, called in the process or over HTTP, with the same words."""

import base64
import http.client
import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from chaosimagecorrupt.simulator.api import Api, Request, User, Watch
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.cluster import SimulatedCluster
from chaosimagecorrupt.simulator.types import Object

from ..faulty_simulator import FaultySimulator

JSON = "application/json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
WEB = f"{DEPLOYMENTS}/web"
PODS = "/api/v1/namespaces/default/pods"
CONFIGS = "/api/v1/namespaces/default/configmaps"
REPLICASETS = "/apis/apps/v1/namespaces/default/replicasets"


@dataclass
class Answer:
    status: int
    content_type: str
    body: Any
    headers: dict[str, str]

    @property
    def message(self) -> str:
        return str(self.body["message"])

    @property
    def fields(self) -> list[str]:
        """The fields that a 422 complains of."""
        return [cause["field"] for cause in self.body["details"]["causes"]]


def parsed(content_type: str, body: bytes) -> Any:
    if content_type != JSON:
        return body.decode()
    lines = body.splitlines()
    return json.loads(body) if len(lines) == 1 else [json.loads(line) for line in lines]


class PureCalls:
    """The API without sockets, of a cluster whose time stands still."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        cluster = SimulatedCluster(self.clock)
        self.store = cluster.store
        self.api = Api(self.store)
        self.token = self.api.tokens.token_for(User("admin", ("system:masters",)))
        cluster.start()

    def __call__(
        self, method: str, path: str, body: Any = None, content_type: str = JSON, token: str | None = None, **more: str
    ) -> Answer:
        url = urlsplit(path)
        headers = {"authorization": f"Bearer {token or self.token}", "user-agent": "tester/1.0", **more}
        if body is not None:
            headers["content-type"] = content_type
        sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.api.handle(Request(method, unquote(url.path), dict(parse_qsl(url.query)), headers, sent))
        if isinstance(answer, Watch):
            return Answer(200, JSON, [json.loads(line) for line in answer.begin()], {})
        return Answer(
            answer.status, answer.content_type, parsed(answer.content_type, answer.body), dict(answer.headers)
        )

    def watch(self, path: str) -> Watch:
        url = urlsplit(path)
        headers = {"authorization": f"Bearer {self.token}"}
        answer = self.api.handle(Request("GET", url.path, dict(parse_qsl(url.query)), headers))
        assert isinstance(answer, Watch)
        return answer

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def account_token(self, namespace: str, name: str) -> str:
        return self.api.tokens.account_token(namespace, name)


class HttpCalls:
    """The API of a running simulator, over HTTPS."""

    def __init__(self, simulator: FaultySimulator) -> None:
        self.simulator = simulator
        self.store = simulator.world.store
        self.context = ssl.create_default_context(cadata=authority_of(simulator))
        self.connection = self.connect()

    def connect(self, timeout: float = 10.0) -> http.client.HTTPSConnection:
        port = urlsplit(self.simulator.url).port
        return http.client.HTTPSConnection("127.0.0.1", port, context=self.context, timeout=timeout)

    def __call__(
        self, method: str, path: str, body: Any = None, content_type: str = JSON, token: str | None = None, **more: str
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token or self.simulator.token}", "User-Agent": "tester/1.0", **more}
        if body is not None:
            headers["Content-Type"] = content_type
        sent = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        self.connection.request(method, path, sent, headers)
        response = self.connection.getresponse()
        shown = response.headers["Content-Type"]
        events = "watch=true" in path
        text = response.read()
        content = [json.loads(line) for line in text.splitlines()] if events else parsed(shown, text)
        return Answer(response.status, shown, content, dict(response.headers))

    def advance(self, seconds: float) -> None:
        self.simulator.advance(seconds)

    def account_token(self, namespace: str, name: str) -> str:
        config = json.loads(self.simulator.account_kubeconfig(namespace, name).read_text())
        return str(config["users"][0]["user"]["token"])

    def close(self) -> None:
        self.connection.close()


Calls = PureCalls | HttpCalls


def authority_of(simulator: FaultySimulator) -> str:
    config = json.loads(simulator.kubeconfig.read_text())
    return base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]).decode()


def deployment(name: str = "web", image: str = "example.org/app:v1", **spec: Any) -> Object:
    """A Deployment as someone would write it."""
    labels = {"app": name}
    template = {"metadata": {"labels": dict(labels)}, "spec": {"containers": [{"name": "app", "image": image}]}}
    content = {"replicas": 2, "selector": {"matchLabels": dict(labels)}, "template": template, **spec}
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": content}


def image_patch(image: str, container: str = "app") -> Object:
    return {"spec": {"template": {"spec": {"containers": [{"name": container, "image": image}]}}}}


def created(calls: PureCalls, **spec: Any) -> Answer:
    return calls("POST", DEPLOYMENTS, deployment(**spec))


def with_template(**spec: Any) -> Object:
    obj = deployment()
    obj["spec"]["template"]["spec"].update(spec)
    return obj


def with_container(**container: Any) -> Object:
    obj = deployment()
    obj["spec"]["template"]["spec"]["containers"][0].update(container)
    return obj


def listed(calls: PureCalls, query: str = "", path: str = CONFIGS) -> str:
    """The names of a list's items, joined."""
    answer = calls("GET", f"{path}?{query}")
    assert answer.status == 200, answer.body
    return "".join(item["metadata"]["name"] for item in answer.body["items"])
