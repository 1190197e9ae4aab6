"""What has been created so far, so that one resource's attributes can depend on another's.

AWS knows a load balancer's VPC from its subnets; the stand-in must too, although each provider
runs in a process of its own and each command starts new ones. They share a file to which every
creation appends one line. Secrets are never written to it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class World:
    """Outputs of created resources by id. path: the shared file, or None to remember in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._read = 0
        self._known: dict[str, dict[str, Any]] = {}

    def put(self, token: str, outputs: Mapping[str, Any]) -> None:
        """Remember a resource's outputs, `id` among them, secrets already removed."""
        entry = {**outputs, "__type": token}
        self._known[str(outputs["id"])] = entry
        if self._path is not None:
            line = json.dumps(entry, default=str) + "\n"
            # One write to a file opened for appending is not torn apart by other processes'.
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, line.encode())
            finally:
                os.close(handle)

    def get(self, identity: str) -> dict[str, Any]:
        """Return the outputs of the resource with that id, or an empty dict."""
        if identity not in self._known:
            self._catch_up()
        return self._known.get(identity, {})

    def by_arn(self, arn: str) -> dict[str, Any]:
        """Return the outputs of the resource with that ARN, or an empty dict."""
        return self.find("arn", arn) if arn else {}

    def find(self, name: str, value: Any) -> dict[str, Any]:
        """Return the outputs of a resource whose output `name` is `value`, or an empty dict."""
        return next((item for item in self.all() if item.get(name) == value), {})

    def all(self) -> Iterator[dict[str, Any]]:
        """Yield the outputs of every resource."""
        self._catch_up()
        yield from list(self._known.values())

    def _catch_up(self) -> None:
        """Read what other processes have written since the last time."""
        if self._path is None or not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                entry = json.loads(line)
                self._known[str(entry["id"])] = entry
