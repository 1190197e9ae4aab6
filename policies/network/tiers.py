"""Does each region have what it needs to run alone, and a way to the other one?

A region takes over only if its own network is complete: a public tier for what clients reach, a way
out for what runs code, and a link to the other region where there is traffic between them (a warm
standby with a global database needs none). AWS accepts a network without any of them,
so this advises. Of 31 public programs with VPCs in two regions 3 had all of it, and several of the
others are known to have deployed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.answers import Answer, CannotTell, No, Yes
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.values import Known
from ..model.vocabulary import VPC
from ..model.words import listed
from ..regions.standing_in import REGIONS, regions
from ..rule import (
    Asked,
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)


class _Gaps:
    """What a VPC lacks, and why something could not be decided."""

    def __init__(self) -> None:
        self.chains: list[tuple[str, ...]] = []
        self.lacks: list[str] = []
        self.doubts: list[str] = []

    def note(self, answer: Answer, what: str, vpc: Resource) -> None:
        if isinstance(answer, No):
            self.lacks.append(what)
            chain = answer.chain if answer.chain[0] == vpc.label else (vpc.label, *answer.chain)
            self.chains.append(chain)
        elif isinstance(answer, CannotTell):
            self.doubts.append(answer.why)


def is_complete(vpc: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """A VPC of a stack in several regions should have its tiers and a link to the other region."""
    tiers = model.tiers
    subnets = tiers.subnets_of(vpc)
    if vpc.is_default or not tiers.are_used(subnets):
        return  # A VPC for databases alone is fine on its own.
    if not _is_of_the_pair(vpc, model.stack, regions(settings)):
        return
    if tiers.is_closed_on_purpose(vpc):
        return  # What runs in it reaches AWS through endpoints.
    gaps = _Gaps()
    link = tiers.has_link(vpc)
    inside = [subnet for subnet in subnets if tiers.runs_code(subnet)]
    ways_out = [tiers.has_way_out(subnet) for subnet in inside]
    is_elsewhere = _leaves_through_another_network(link, ways_out)
    if not is_elsewhere and not _is_told_of_its_gateways(vpc, model):
        gaps.note(_has_public_tier(vpc, subnets, model), "a public tier", vpc)
    missing = next(
        (
            answer
            for subnet, answer in zip(inside, ways_out, strict=True)
            if isinstance(answer, No) and not tiers.may_do_with_endpoints(vpc, subnet)
        ),
        None,
    )
    doubtful = next((answer for answer in ways_out if isinstance(answer, CannotTell)), None)
    gaps.note(missing or doubtful or Yes(), "a way out for what runs in its private tier", vpc)
    if tiers.has_traffic_between_regions(vpc):
        gaps.note(link, "a link to the other region", vpc)
    if gaps.lacks:
        yield Violation(
            vpc,
            f"{vpc.label} lacks {listed(gaps.lacks)}:",
            chains=tuple(gaps.chains),
        )
    elif gaps.doubts:
        yield Unverified(vpc, gaps.doubts[0])


def _is_of_the_pair(vpc: Resource, stack: Stack, named: frozenset[str]) -> bool:
    """Whether another region counts on this VPC's."""
    if named:
        return isinstance(vpc.region, Known) and vpc.region.value in named
    return _spans_regions(vpc, stack)


def _spans_regions(vpc: Resource, stack: Stack) -> bool:
    """Whether the system that the VPC is of has VPCs in several regions."""
    found = {
        other.region.value
        for other in stack.of(VPC)
        if isinstance(other.region, Known) and stack.are_of_one_system(vpc, other)
    }
    return len(found) > 1


def _has_public_tier(vpc: Resource, subnets: tuple[Resource, ...], model: Model) -> Answer:
    answers = [model.network().is_public(subnet) for subnet in subnets]
    for wanted in (Yes, CannotTell):
        for answer in answers:
            if isinstance(answer, wanted):
                return answer
    return No((vpc.label, "no subnet leads to an internet gateway"))


def _is_told_of_its_gateways(vpc: Resource, model: Model) -> bool:
    """Whether something in the VPC faces the internet: of that, alb-public-subnets,
    nlb-internet-gateway or nat-gateway-public-subnet tell what is missing."""
    return vpc.urn in model.network().users_of_gateways


def _leaves_through_another_network(link: Answer, ways_out: list[Answer]) -> bool:
    """Whether it may be a spoke, whose public tier is in the hub."""
    return (
        bool(ways_out)
        and not isinstance(link, No)
        and all(not isinstance(answer, No) for answer in ways_out)
    )


NETWORK_TIERS = StackRule(
    name="network-tiers",
    title="A complete network in each region",
    description="Each VPC of a stack that spans regions should have a public tier, a way out for "
    "its private tier, and a link to the other region if there is traffic between them.",
    asked=Asked.ALWAYS,
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "vpc", "networking", "failover", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="accepts such a network; what fails over to it cannot be reached, cannot reach "
            "what it needs, or cannot reach the other region.",
            source="https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html",
            date="2026-04-08",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Give each region public subnets behind an internet gateway, NAT gateways (or a transit "
    "gateway) for its private subnets, and a peering or transit gateway to the other region; "
    "exempt a VPC that is meant to stand alone.",
    options=(REGIONS,),
    in_doubt="create the route tables of the VPC in this stack",
    kinds=(VPC,),
    check=is_complete,
)
