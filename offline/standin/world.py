"""What exists, so that one resource's attributes can depend on another's.

AWS knows a load balancer's VPC from its subnets; the stand-in must too, although each provider
runs in a process of its own and each command starts new ones. They share a file to which every
creation and deletion appends one line. Secrets are never written to it.

A second file can describe what exists without the stack's doing: made by hand, by another stack, or
changed since the stack made it. It is JSON, ids as keys:

    {
      "vpc-0abc": {"__type": "aws:ec2/vpc:Vpc", "cidrBlock": "10.0.0.0/16"},
      "rtb-0abc": {"__type": "aws:ec2/routeTable:RouteTable", "vpcId": "vpc-0abc",
                   "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-0abc"}]},
      "app-global": {"globalClusterMembers": [{"dbClusterArn": "...", "isWriter": true}]},
      "app-east": null
    }

Properties have Pulumi's names. `__type` says what it is, for lookups that search and for parts of
other resources; a read by id needs none. What is said of a resource of the stack is true instead of
what the stack left (after a switchover west writes); null means that it does not exist (deleted
outside), until the file says otherwise.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from offline.standin.identity import kind_of

Described = Mapping[str, Mapping[str, Any] | None]


class World:
    """Outputs of what exists.

    path: the shared file, or None to remember in memory. described: what else exists, as above.
    """

    def __init__(self, path: Path | None = None, described: Described | None = None) -> None:
        self._path = path
        self._described = dict(described or {})
        self._read = 0
        self._lock = threading.Lock()
        # An accepter has the id of its peering, so an id alone names no resource.
        self._known: dict[tuple[str, str], dict[str, Any]] = {}
        # Kinds by id, the one made last at the end.
        self._kinds: dict[str, list[str]] = {}
        self._deleted_arns: set[str] = set()

    def __getstate__(self) -> dict[str, Any]:
        """What a copy of it has: all but the lock, which is of one world alone."""
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._lock = threading.Lock()

    def put(self, token: str, outputs: Mapping[str, Any]) -> None:
        """Remember a resource's outputs, `id` among them, secrets already removed."""
        self._append({**outputs, "__type": token})

    def remove(self, token: str, identity: str) -> None:
        """Remember that a resource was deleted."""
        self._append({"id": identity, "__type": token, "__deleted": True})

    def describe(self, described: Described) -> None:
        """Let more exist without the stack's doing, or what the stack made be shown otherwise."""
        self._described.update(described)

    def described(self, identity: str) -> Mapping[str, Any]:
        """Return what the description says of an id, or an empty mapping."""
        return self._described.get(identity) or {}

    def is_gone(self, identity: str) -> bool:
        """Whether the description says that nothing of that id exists."""
        return identity in self._described and self._described[identity] is None

    def get(self, identity: str, kind: str | None = None) -> dict[str, Any]:
        """Return the outputs of the resource with that id, or an empty dict.

        kind: module and class, to tell resources that share an id; else the one made last.
        """
        if identity not in self._kinds:
            self._catch_up()
        if self.is_gone(identity):
            return {}
        described = self.described(identity)
        kinds = [each for each in self._kinds.get(identity, []) if kind in (None, each)]
        if kinds:
            return {**self._known[kinds[-1], identity], **described}
        fits = described and (kind is None or _kind(described) in (kind, ""))
        return {**described, "id": identity} if fits else {}

    def by_arn(self, arn: str) -> dict[str, Any]:
        """Return the outputs of the resource with that ARN, or an empty dict."""
        return self.find("arn", arn) if arn else {}

    def find(self, name: str, value: Any) -> dict[str, Any]:
        """Return the outputs of a resource whose output `name` is `value`, or an empty dict."""
        return next((item for item in self.all() if item.get(name) == value), {})

    def parts(self, kinds: tuple[str, ...], name: str, value: Any) -> list[dict[str, Any]]:
        """Return the resources of some kinds whose output `name` is `value`, oldest first."""
        return [item for item in self.all() if _kind(item) in kinds and item.get(name) == value]

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Return the resources of one kind, oldest first."""
        return [item for item in self.all() if _kind(item) == kind]

    def was_deleted(self, arn: str) -> bool:
        """Whether a resource of that ARN existed and does no more."""
        self._catch_up()
        gone = (item for item in self._known.values() if self.is_gone(str(item["id"])))
        return arn in self._deleted_arns or any(item.get("arn") == arn for item in gone)

    def all(self) -> Iterator[dict[str, Any]]:
        """Yield the outputs of every resource, oldest first."""
        self._catch_up()
        for item in list(self._known.values()):
            identity = str(item["id"])
            if not self.is_gone(identity):
                yield {**item, **self.described(identity)}
        for identity, described in self._described.items():
            if described is not None and not self._kinds.get(identity):
                yield {**described, "id": identity}

    def _append(self, entry: dict[str, Any]) -> None:
        # A process takes its own entries at once, and once more from the file: harmless.
        with self._lock:
            self._take(entry)
        if self._path is None:
            return
        line = json.dumps(entry, default=str) + "\n"
        # One write to a file opened for appending is not torn apart by other processes'.
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)

    def _take(self, entry: dict[str, Any]) -> None:
        identity, kind = str(entry["id"]), _kind(entry)
        kinds = self._kinds.setdefault(identity, [])
        if entry.get("__deleted"):
            arn = self._known.pop((kind, identity), {}).get("arn")
            if kind in kinds:
                kinds.remove(kind)
            if arn:
                self._deleted_arns.add(arn)
            return
        self._known[kind, identity] = entry
        if kind not in kinds:
            kinds.append(kind)
        self._deleted_arns.discard(str(entry.get("arn")))

    def _catch_up(self) -> None:
        """Read what has been written since the last time."""
        if self._path is None or not self._path.exists():
            return
        # A provider answers several requests at once: two that read on together would each count
        # what both have read, and the next would begin within a line.
        with self._lock, self._path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                self._take(json.loads(line))


def load_description(path: Path) -> Described:
    """Return the description of what exists that a file holds; see above for its form."""
    found: Described = json.loads(path.read_text())
    return found


def _kind(item: Mapping[str, Any]) -> str:
    token = item.get("__type")
    return kind_of(str(token)) if token else ""
