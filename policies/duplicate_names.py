"""Names that two resources of a stack ask for, and AWS gives once.

It is the slip of a stack that makes the same things in two regions: roles and buckets do not belong
to a region, so the second one fails although the first is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .model import Model
from .model.names import NAMESPACES, Scope
from .model.resource import Resource
from .rule import (
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Violation,
)

_WHERE: Final = {
    Scope.REGION: "within an account and region",
    Scope.ACCOUNT: "within an account, across all regions",
    Scope.WORLD: "across all accounts and regions",
}


def has_a_name_of_its_own(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A name that AWS gives once must be asked for once. What exists keeps its name; of new
    resources the first in the order of URNs does, since nothing tells which is made first."""
    earlier = [
        each
        for each in model.names.namesakes(resource)
        if each.precedence < resource.precedence and not model.names.are_one(resource, each)
    ]
    if earlier:
        space = NAMESPACES[resource.kind]
        yield Violation(
            resource,
            f"{resource.label} has the same {resource.own_name(space.property)} as "
            f"{earlier[0].label}, but the {_called(space.property)} of {_an(space.of)} must be "
            f"unique {_WHERE[space.scope]}.",
            effect=f"the call for whichever is created second answers {space.answer}.",
            parties=(earlier[0],),
        )


def _called(name: str) -> str:
    return "URL" if name == "url" else "name"


def _an(what: str) -> str:
    return f"{'an' if what[0].lower() in 'aeio' else 'a'} {what}"


DUPLICATE_NAMES = StackRule(
    name="duplicate-names",
    title="Unique names",
    description="Two resources must not have the same name where AWS requires it to be unique.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "iam", "s3", "disaster-recovery"),
    evidence=(
        Evidence(
            "EntityAlreadyExists: Role with name ... already exists.",
            "CreateRole, public deployment logs",
            "2026-11-26",
        ),
        Evidence(
            "BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded "
            "and you already own it.",
            "CreateBucket, public deployment logs",
            "2026-11-26",
        ),
        Evidence(
            "OriginAccessControlAlreadyExists",
            "CreateOriginAccessControl; "
            "https://github.com/terraform-aws-modules/terraform-aws-cloudfront/issues/184",
            "2025-12-04",
        ),
        Evidence(
            "InvalidInput: Service role name ... has been taken in this account, please try a "
            "different suffix.",
            "CreateServiceLinkedRole; https://github.com/Rayraegah/terraform-aws-hasura/issues/17",
            "2026-11-27",
        ),
        Evidence(
            "The other services answer likewise, each with an error of its own.",
            "the API references of the services",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Put the region or the purpose of the resource (primary, standby) into its name, or "
    "leave the name to Pulumi. What is global, such as an IAM role, can also be created once and "
    "used in all regions.",
    kinds=tuple(NAMESPACES),
    check=has_a_name_of_its_own,
)
