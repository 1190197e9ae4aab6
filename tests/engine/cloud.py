"""As much of Pulumi Cloud as `pulumi policy publish` talks to, on this machine."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORGANIZATION = "acme"
_USER = {"githubLogin": "somebody", "name": "Somebody", "organizations": []}


@dataclass
class Cloud:
    """What was published. `pack`: what Pulumi Cloud is told of it; `archive`: what is uploaded."""

    url: str = ""
    pack: dict[str, Any] = field(default_factory=dict)
    archive: bytes = b""
    is_complete: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """The settings with which the CLI talks to it."""
        return {"PULUMI_BACKEND_URL": self.url, "PULUMI_ACCESS_TOKEN": "nobody's"}


@contextmanager
def serving() -> Iterator[Cloud]:
    """A Pulumi Cloud that is there for the block."""
    cloud = Cloud()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/api/user"):
                self._answer(_USER)
            elif "/policypacks/" in self.path:
                self._answer({**cloud.pack, "version": 1})
            else:
                self._answer({})

        def do_POST(self) -> None:
            body = self._body()
            if self.path.endswith("/policypacks"):
                cloud.pack = json.loads(body)
                self._answer({"version": 1, "uploadURI": f"{cloud.url}/upload"})
            else:
                cloud.is_complete = self.path.endswith("/complete")
                self._answer({})

        def do_PUT(self) -> None:
            cloud.archive = self._body()
            self._answer({})

        def log_message(self, *_: Any) -> None:
            pass

        def _body(self) -> bytes:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return gzip.decompress(body) if self.headers.get("Content-Encoding") else body

        def _answer(self, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cloud.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
