"""Property values between the wire and Python.

On the wire a property bag is a protobuf Struct in which unknown values are magic strings and
secrets are objects with a magic key. In Python they are UNKNOWN, Secret(...) and plain values;
lists and dicts are fresh copies that may be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2

# The magic strings of Pulumi's wire format (pulumi.runtime.rpc has the same).
_UNKNOWNS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
# The engine reads each of them as "unknown"; Pulumi's own bridge sends the one for strings.
UNKNOWN_ON_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"


class _Unknown:
    """The type of UNKNOWN. Equal to nothing but itself."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()
"""A value that is not known before the deployment."""


@dataclass(frozen=True)
class Secret:
    """A value that the engine must keep encrypted. `value` may be UNKNOWN, never a Secret."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(...)"


def read_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Return a Struct's fields as Python values."""
    return {key: _read(value) for key, value in struct.fields.items()}


def _read(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_read(item) for item in value.list_value.values]
    if kind == "struct_value":
        fields = read_struct(value.struct_value)
        if fields.get(_SIGNATURE) == _SECRET_SIGNATURE:
            inner = fields.get("value")
            return inner if isinstance(inner, Secret) else Secret(inner)
        return fields
    return None


def write_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return Python values as a Struct."""
    struct = struct_pb2.Struct()
    for key, value in values.items():
        _write(struct.fields[key], value)
    return struct


def _write(target: struct_pb2.Value, value: Any) -> None:
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif value is UNKNOWN:
        target.string_value = UNKNOWN_ON_WIRE
    elif isinstance(value, Secret):
        fields = target.struct_value.fields
        fields[_SIGNATURE].string_value = _SECRET_SIGNATURE
        _write(fields["value"], value.value)
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        for key, item in value.items():
            _write(target.struct_value.fields[key], item)
    else:
        target.list_value.SetInParent()
        for item in value:
            _write(target.list_value.values.add(), item)


def plain(value: Any) -> Any:
    """Return a value with its secrets opened, at every depth."""
    return _map(value, lambda item: item.value if isinstance(item, Secret) else item)


def without_secrets(value: Any) -> Any:
    """Return a value with every secret replaced by None, for what is kept outside the state."""
    return _map(value, lambda item: None if isinstance(item, Secret) else item)


def without_defaults(value: Any) -> Any:
    """Return a value without the `__defaults` marks that Check adds to objects."""
    if isinstance(value, Secret):
        return Secret(without_defaults(value.value))
    if isinstance(value, dict):
        return {k: without_defaults(v) for k, v in value.items() if k != "__defaults"}
    if isinstance(value, list):
        return [without_defaults(item) for item in value]
    return value


def _map(value: Any, change: Callable[[Any], Any]) -> Any:
    value = change(value)
    if isinstance(value, dict):
        return {key: _map(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_map(item, change) for item in value]
    return value


def has_unknown(value: Any) -> bool:
    """Whether a value is unknown or contains something unknown."""
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def has_secret(value: Any) -> bool:
    """Whether a value is a secret or contains one."""
    if isinstance(value, dict):
        return any(has_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(has_secret(item) for item in value)
    return isinstance(value, Secret)
