"""What `pulumi stack export` wrote: one stack's state, or several joined.

Source of the format: pulumi/pulumi, `sdk/go/common/apitype/core.go` (`UntypedDeployment`,
`DeploymentV3`, `ResourceV3`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

from ..model.plain import NamedTuple
from ..model.urns import StackName, stack_of

_KNOWN_VERSIONS: Final = (3, 4)
"""Versions of a deployment whose resources look as they are read here; 4 is 3 with features."""

_AGAIN: Final = "Fix: write it with `pulumi stack export --file FILE`"


SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
"""What marks a secret in a state: pulumi/pulumi, `sdk/go/common/resource/sig/sig.go`."""

_TIME: Final = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)"

NEVER: Final = datetime.min.replace(tzinfo=timezone.utc)

JOINED: Final = "joined"
"""Where a joined file keeps, by the name of each stack, when the stack was last changed and when
its own file was written. The CLI reads past it."""
CHANGED: Final = "changed"
WRITTEN: Final = "written"


class ExportError(Exception):
    """A file is not what it should be; the text names the file and says what to do."""


class Export(NamedTuple):
    """The state of one stack, or of several that were joined. `name` is how messages call it."""

    name: str
    content: Mapping[str, Any]
    file_time: datetime = NEVER
    """When the file was written; `NEVER` where nobody says."""

    @property
    def deployment(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.content["deployment"]
        return found

    @property
    def resources(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.deployment["resources"]
        return found

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What wrote the state, and when."""
        found = self.deployment.get("manifest")
        return found if isinstance(found, Mapping) else {}

    def changed(self, stack: StackName) -> datetime:
        """When a stack was last changed; `NEVER` where the file does not say."""
        own = self._said(stack, CHANGED)
        return time_in(self.manifest.get("time")) if own is None else own

    def written(self, stack: StackName) -> datetime:
        """When what the file says of a stack was written, before it was joined with others."""
        own = self._said(stack, WRITTEN)
        return self.file_time if own in (None, NEVER) else own

    def _said(self, stack: StackName, what: str) -> datetime | None:
        """What a joined file says of a stack; None in another file."""
        joined = self.content.get(JOINED)
        said = joined.get(str(stack)) if isinstance(joined, Mapping) else None
        return time_in(said.get(what)) if isinstance(said, Mapping) else None

    @property
    def stacks(self) -> tuple[StackName, ...]:
        """The stacks whose resources it holds, sorted."""
        return tuple(sorted({stack_of(each["urn"]) for each in self.resources}))


def time_in(text: object) -> datetime:
    """The time that a text in a file tells; `NEVER` where it tells none."""
    found = re.fullmatch(_TIME, str(text))
    if found is None:
        return NEVER
    second, fraction, zone = found.groups()
    zone = "+00:00" if zone == "Z" else zone
    try:
        time = datetime.fromisoformat(f"{second}.{(fraction or '')[:6]:0<6}{zone}")
        return time.astimezone(timezone.utc)
    except (ValueError, OverflowError):  # The second, at the ends of time.
        return NEVER


def read_file(file: Path) -> Export:
    """The export in a file. Raises ExportError, and OSError where it cannot be read."""
    try:
        written = datetime.fromtimestamp(file.stat().st_mtime, timezone.utc)
    except (ValueError, OverflowError):  # A time that no calendar has.
        written = NEVER
    return read(file.read_bytes(), str(file), written)


def read(text: bytes, name: str, file_time: datetime = NEVER) -> Export:
    """The export that a file holds, which was written at `file_time`. Raises ExportError."""
    try:
        content = json.loads(text)
    except RecursionError:
        raise ExportError(f"{name} is nested too deeply for an export. {_AGAIN}.") from None
    except ValueError:
        what = "is not JSON" if text.strip() else "is empty"
        raise ExportError(f"{name} {what}. {_AGAIN}.") from None
    deployment = content.get("deployment") if isinstance(content, dict) else None
    if not isinstance(deployment, dict):
        raise ExportError(f"{name} is not the export of a stack. {_hint(content)}{_AGAIN}.")
    version = content.get("version")
    if version not in _KNOWN_VERSIONS:
        raise ExportError(
            f"{name} is an export of version {json.dumps(version)}, and the versions "
            f"{' and '.join(map(str, _KNOWN_VERSIONS))} are known here. {_AGAIN} of a current "
            "Pulumi CLI, and use a version of this pack that knows it."
        )
    resources = deployment.get("resources")
    if not resources:
        raise ExportError(
            f"{name} is the export of a stack without resources. Fix: leave it out, or export the "
            "stack once it is deployed."
        )
    features = content.get("features")
    is_whole = isinstance(resources, list) and all(map(_is_resource, resources))
    if not is_whole or not _is_list_of_texts(features):
        raise ExportError(f"{name} is damaged: not all that it holds is a resource. {_AGAIN}.")
    return Export(name, content, file_time)


def _is_resource(entry: object) -> bool:
    """Whether an entry has the form of a resource, so that whoever reads it need not ask again."""
    if not isinstance(entry, dict):
        return False
    named = [entry.get(each) for each in ("type", "urn", "parent", "provider")]
    listed = [entry.get(each) for each in ("dependencies", "ignoreChanges")]
    blocks = [entry.get(each) or {} for each in ("inputs", "outputs", "propertyDependencies")]
    if not all(isinstance(each, dict) for each in blocks):
        return False
    urn = str(entry.get("urn"))
    return (
        all(isinstance(each, str) for each in named[:2])
        and all(isinstance(each or "", str) for each in named)
        and all(map(_is_list_of_texts, (*listed, *blocks[-1].values())))
        and urn.startswith("urn:pulumi:")
        and urn.count("::") > 2
    )


def _is_list_of_texts(value: object) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(each, str) for each in value)
    )


def _hint(content: object) -> str:
    """What the file is instead, where that is easily told."""
    if isinstance(content, dict) and "checkpoint" in content:
        return "It is a state file of a backend. "
    if isinstance(content, dict) and {"steps", "config"} & set(content):
        return "It looks like the output of `pulumi preview --json`. "
    return ""
