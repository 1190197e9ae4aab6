"""What makes things that are not read, and so may give out the id of any."""

from __future__ import annotations

from typing import Final

MAKERS: Final = ("aws:cloudformation/", "aws:cloudcontrol/")
"""What makes whatever its text says."""
_GIVERS: Final = (
    *MAKERS,
    *("aws:ssm/parameter:Parameter", "aws:lambda/invocation:Invocation"),
    "aws:efs/replicationConfiguration:ReplicationConfiguration",
    *("command:", "kubernetes:", "pulumi-nodejs:dynamic:", "pulumi-python:dynamic:"),
)


def may_give_any_id(kind: str) -> bool:
    """Whether an output of a resource of this kind may be the id of something that is not read."""
    return kind.startswith(_GIVERS)
