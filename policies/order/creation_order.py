"""Races that fail a first deployment although every resource is right.

Pulumi makes resources side by side unless one waits for the other: because it uses an output of it,
or by the option dependsOn. The modules beside this one know what AWS needs in place first; the
second `pulumi up` succeeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ..entry.load_balancer_wiring import MAY_NOT_CALL
from ..model import Model
from ..model.resource import Resource
from ..model.vocabulary import CLUSTER, ECS_SERVICE, SCALABLE_TARGET, TARGET_GROUP_ATTACHMENT, VPC
from ..network.transit_gateways import NOT_ATTACHED
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation
from .beside import BESIDE, what_stands_beside
from .compute import (
    NO_BALANCER,
    SCALES_NOTHING,
    listener_of_a_service,
    permission_to_call,
    service_that_is_scaled,
)
from .databases import secondary, without_instance
from .entry import FIRST
from .gateways import NEEDS as OF_GATEWAYS
from .gateways import ROUTED_TOO_EARLY, WITHOUT_GATEWAY, behind_a_gateway
from .race import Needed, race_for

_Asks = Callable[[Resource, Model], Iterator[Needed]]

_RACES: Final[Mapping[str, Sequence[Callable[[Resource, Model], Iterator[Violation]]]]] = {
    CLUSTER: (secondary, without_instance),
    VPC: (behind_a_gateway,),
}
_TABLES: Final[Sequence[Mapping[str, Sequence[_Asks]]]] = (
    dict.fromkeys(BESIDE, (what_stands_beside,)),
    OF_GATEWAYS,
    {
        TARGET_GROUP_ATTACHMENT: (permission_to_call,),
        SCALABLE_TARGET: (service_that_is_scaled,),
        ECS_SERVICE: (listener_of_a_service,),
    },
    FIRST,
)
_NEEDS: Final[Mapping[str, Sequence[_Asks]]] = {
    kind: tuple(ask for table in _TABLES for ask in table.get(kind, ()))
    for kind in dict.fromkeys(kind for table in _TABLES for kind in table)
}


def waits_for_what_it_needs(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A resource must wait for what AWS needs in place before it."""
    for ask in _RACES.get(subject.kind, ()):
        yield from ask(subject, model)
    if subject.is_new:
        for needs in _NEEDS.get(subject.kind, ()):
            for needed in needs(subject, model):
                yield from race_for(subject, needed, model)


CREATION_ORDER = StackRule(
    name="creation-order",
    title="Wait for what AWS needs first",
    description="A resource should wait for what AWS needs before it can be created, or a first "
    "deployment may fail and a second one succeed.",
    is_told_once=True,
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "rds", "vpc", "elasticloadbalancing", "cloudtrail", "ecs", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="InvalidDBClusterStateFault: Source cluster is in a state which is not valid "
            "for physical replication",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/48769 (the "
            "example at https://www.pulumi.com/registry/packages/aws/api-docs/rds/globalcluster/ "
            "waits for the primary's instance)",
            date="2026-07-02",
        ),
        Evidence(
            effect="InvalidParameterValue: The parameter MasterUsername must be provided and must "
            "not be blank",
            source="https://github.com/hashicorp/terraform-provider-aws/pull/26033 (the cause "
            "was that the secondary cluster did not wait for the primary's instance)",
            date="2022-07-28",
        ),
        Evidence(
            effect="InvalidSubnet: VPC vpc-... has no internet gateway",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/4587",
            date="2026-11-24",
        ),
        Evidence(
            effect="InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected "
            "for bucket: ...",
            source="CreateTrail, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="InvalidRequest: Destination bucket must have versioning enabled.",
            source="PutBucketReplication, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="AccessControlListNotSupported: The bucket does not allow ACLs",
            source="PutBucketAcl, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="... has mount targets created in all availability zones the function will "
            "execute in, but not all are in the available life cycle state yet. Please wait ...",
            source="CreateFunction; https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-07",
        ),
        Evidence(
            effect="AccessDeniedException: Secrets Manager cannot invoke the specified Lambda "
            "function.",
            source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/"
            "troubleshoot_rotation.html",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(MAY_NOT_CALL, "public deployment logs", "2026-11-26"),
        Evidence(SCALES_NOTHING, "public deployment logs", "2026-11-26"),
        Evidence(
            NO_BALANCER,
            "public deployment logs; "
            "https://github.com/hashicorp/terraform-provider-aws/issues/3495",
            "2026-11-26",
        ),
        Evidence(
            effect=WITHOUT_GATEWAY,
            source="AssociateAddress, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect=ROUTED_TOO_EARLY,
            source="https://github.com/smoketurner/serverless-vpc-plugin/issues/147",
            date="2019-10-30",
        ),
        Evidence(
            effect=NOT_ATTACHED,
            source="https://github.com/hashicorp/terraform-provider-aws/issues/10025 (the provider "
            "repeats the call for five minutes: internal/service/ec2/vpc_route.go)",
            date="2026-11-26",
        ),
        Evidence(
            effect="InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID 'pcx-...' "
            "does not exist",
            source="CreateRoute, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="IncorrectState: tgw-attach-... is in invalid state",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/14228",
            date="2026-11-26",
        ),
        Evidence(
            effect="UnsupportedCertificate: The certificate 'arn:...' must have a fully-qualified "
            "domain name, a supported signature, and a supported key size.",
            source="CreateListener, public deployment logs",
            date="2026-11-26",
        ),
    ),
    fix="Name what the resource must wait for in its dependsOn option.",
    in_doubt="name what must exist first in the dependsOn option",
    kinds=tuple(dict.fromkeys((*_RACES, *_NEEDS))),
    check=waits_for_what_it_needs,
)
