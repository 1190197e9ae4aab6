"""The policies that AWS manages, by their ARNs: under which path AWS has each.

IAM names are unique within an account, and AWS's own policies are those of one account: a name that
AWS has under one path, it has under no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from . import data_files
from .plain import NamedTuple

FILE: Final = "managed_policies.json"
_ARN: Final = "arn:aws:iam::aws:policy/"
"""Of the partition that the list is of."""
_OF_SERVICES: Final = "aws-service-role"


class _Policies(NamedTuple):
    paths: Mapping[str, str]
    missing: Mapping[str, str | None]


def is_of_a_service(arn: str) -> bool:
    """Whether the policy is for the roles that services make, and for no other."""
    return arn.startswith(f"{_ARN}{_OF_SERVICES}/")


def own_path(arn: str) -> str | None:
    """Path and name under which AWS has the policy that an ARN names with another path; None where
    the path is right or the name is not known."""
    path, name = _parts(arn)
    proper = _policies().paths.get(name)
    return None if proper is None or path in (proper, None) else _joined(proper, name)


def is_missing(arn: str) -> bool:
    """Whether AWS is known to have no policy of that name."""
    return _parts(arn)[1] in _policies().missing


def is_unlisted(arn: str) -> bool:
    """Whether AWS had no policy of that name when the list was made, and none is known to be
    missing: it may be newer."""
    path, name = _parts(arn)
    known = _policies()
    is_known = name in known.paths or name in known.missing
    return path is not None and bool(name) and not is_known


def instead(arn: str) -> str | None:
    """Path and name of the policy that AWS has in place of a missing one."""
    return _policies().missing.get(_parts(arn)[1])


def _parts(arn: str) -> tuple[str | None, str]:
    """Path and name in the ARN of a managed policy; of another one, none."""
    if not arn.startswith(_ARN):
        return None, ""
    path, _, name = arn.removeprefix(_ARN).rpartition("/")
    return path, name


def _joined(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


@cache
def _policies() -> _Policies:
    """The data file, read once."""
    content = data_files.read(FILE)
    by_path = data_files.mapping(content.get("by_path"), "by_path")
    paths = {name: path for path in by_path for name in data_files.texts(by_path, path)}
    missing = {
        data_files.text(entry, "name"): data_files.optional_text(entry, "instead")
        for entry in data_files.entries(content, "missing")
    }
    return _Policies(paths, missing)
