"""A headless Chromium, driven by the DevTools protocol: what it draws, requests and complains of."""

import base64
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import urllib3
import websocket

__all__ = ["CHROMIUM", "Page", "opened"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
_LISTENING = re.compile(r"listening on ws://127\.0\.0\.1:(\d+)/")

Json = dict[str, Any]


class Page:
    """A page of the browser.

    Attributes:
        requests: the addresses that it asked for, its own among them.
        complaints: errors and warnings of its console, and exceptions.
    """

    def __init__(self, connection: websocket.WebSocket) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self.requests: list[str] = []
        self.complaints: list[Json] = []
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> Json:
        """Call a method of the protocol, and note what the page did meanwhile."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while (message := self._next()).get("id") != number:
            pass
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        found: Json = message["result"]
        return found

    def open(self, path: Path) -> None:
        """Open a file, and wait until it is loaded."""
        self.call("Page.navigate", url=path.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def look(self, *, width: int = 1000, height: int = 800, scheme: str = "light", media: str = "screen") -> None:
        """Set how large the window is, in pixels, and what the reader prefers."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def screenshot(self) -> bytes:
        """Return what the window shows, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])

    def pdf(self, *, width: float, height: float) -> bytes:
        """Return the page as it is printed on paper of that size, in inches."""
        printed = self.call("Page.printToPDF", paperWidth=width, paperHeight=height, preferCSSPageSize=False)
        return base64.b64decode(printed["data"])

    def evaluate(self, expression: str) -> Any:
        """Return what an expression of JavaScript is worth, or what its promise is fulfilled with."""
        params = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        return self.call("Runtime.evaluate", **params)["result"].get("value")

    def _next(self) -> Json:
        message: Json = json.loads(self._connection.recv())
        method, params = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            self.complaints.append(params)
        return message


@contextmanager
def opened(profile: Path) -> Iterator[Page]:
    """Start Chromium with an empty profile, and end it."""
    command = [str(CHROMIUM), *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        output = ""
        while (line := process.stderr.readline()) and not (found := _LISTENING.search(line)):
            output += line
        assert line, output
        assert found
        with closing(websocket.create_connection(_page(found[1]), timeout=20)) as connection:
            yield Page(connection)
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stderr.close()


def _page(port: str) -> str:
    targets = urllib3.request("GET", f"http://127.0.0.1:{port}/json/list").json()
    return str(next(t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page"))
