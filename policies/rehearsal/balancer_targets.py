"""A load balancer that takes over must lead to something.

AWS makes a listener whose target group is empty, and the load balancer answers 503 to everybody.
While the other region serves, nobody asks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model, values
from ..model.answers import Yes
from ..model.network.listeners import actions_of, balancer_of, target_groups
from ..model.network.load_balancers import is_application, is_network
from ..model.network.registrars import Registrars
from ..model.plain import NamedTuple
from ..model.references import ReferenceIndex
from ..model.resource import Resource
from ..model.values import Known, Unknown
from ..model.vocabulary import LISTENER, LISTENER_RULE, LOAD_BALANCER
from ..model.words import enumerated
from ..regions.standing_in import PRIMARY, REGIONS, losses
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

_NO_TARGETS: Final = (
    "HTTP 503: Service unavailable. The target groups for the load balancer have no registered "
    "targets."
)
_NO_CONNECTION: Final = (
    "takes the listener, but has nothing to send a client's connection to: it is not established."
)


def leads_to_targets(balancer: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """A load balancer of a region that takes over should have targets."""
    if not isinstance(is_application(balancer), Yes) and not isinstance(is_network(balancer), Yes):
        return
    homes = model.takeover.homes
    lost = next(
        (
            loss.region
            for loss in losses(model, settings)
            if any(homes.is_in(balancer, region) for region in loss.left)
        ),
        None,
    )
    if lost is None:
        return
    ways = model.once(_forwarders).of(balancer)
    found = _judged([_Way(*each) for each in ways], model)
    if isinstance(found, str):
        yield Unverified(balancer, found, lost=lost)
    elif found:
        yield _violation(balancer, found, model, lost)


class _Way(NamedTuple):
    """A listener or a rule that belongs to a load balancer, for sure or for all that is known."""

    forwarder: Resource
    is_certain: bool


def _forwarders(model: Model) -> ReferenceIndex[Resource]:
    """The listeners and rules, by their load balancers."""
    return ReferenceIndex(
        (balancer_of(model.stack, each), each) for each in model.stack.of(LISTENER, LISTENER_RULE)
    )


def _registrars(model: Model) -> Registrars:
    return Registrars(model.stack)


def _judged(ways: list[_Way], model: Model) -> tuple[_Way, ...] | str:
    """The ways that lead to groups, if nothing registers targets with any of them; nothing where
    something does or may; a clause where a value that is not known decides."""
    registrars = model.once(_registrars)
    leading: list[_Way] = []
    doubt: str | None = None
    for way in ways:
        named = target_groups(model.stack, way.forwarder)
        if any(each.literal is not None for each in named.outside):
            return ()
        if named.outside or named.strangers:
            doubt = f"the target group of {way.forwarder.label} is not known"
        match _answers(way.forwarder):
            case True:
                return ()
            case None:
                doubt = f"what {way.forwarder.label} does is not known"
        for group in named.possible:
            if registrars.of(group):
                return ()
            undecided = registrars.undecided(group)
            if undecided is not None:
                doubt = f"the target group of {undecided.label} is not known"
        if way.is_certain and named.possible:
            leading.append(way)
    if (not leading and doubt is None) or registrars.may_be_unseen:
        return ()
    return doubt or tuple(leading)


def _answers(forwarder: Resource) -> bool | None:
    """Whether the load balancer itself answers clients there; None where that is not known. That
    something is not found or forbidden is no answer: it stands for hosts and paths that nobody
    serves."""
    actions = forwarder.items(actions_of(forwarder))
    if not isinstance(actions, Known):
        return None if isinstance(actions, Unknown) else False
    found = [_is_an_answer(each) for each in actions.value]
    return True if True in found else None if None in found else False


def _is_an_answer(action: values.Tree) -> bool | None:
    said = values.text(values.field(action, "type"))
    if said != Known("fixed-response"):
        return None if isinstance(said, Unknown) else False
    fixed = values.field(action, "fixedResponse") or values.field(action, "fixedResponseConfig")
    code = values.text(values.field(fixed, "statusCode"))
    return not (isinstance(code, Known) and code.value in ("403", "404"))


def _violation(balancer: Resource, ways: tuple[_Way, ...], model: Model, lost: str) -> Violation:
    groups = {
        each.urn: each
        for way in ways
        for each in target_groups(model.stack, way.forwarder).possible
    }
    region = values.known_or_none(balancer.region)
    its = "its target group" if len(groups) == 1 else "any of its target groups"
    return Violation(
        balancer,
        f"{balancer.label} is in {region} when {lost} is lost, and nothing registers targets with "
        f"{its}:",
        chains=(
            (
                f"{balancer.label} ({region})",
                enumerated([way.forwarder.label for way in ways]),
                enumerated([each.label for each in groups.values()]),
                "no targets",
            ),
            *_over_there(balancer, model, lost),
        ),
        effect=None if isinstance(is_application(balancer), Yes) else _NO_CONNECTION,
        lost=lost,
        parties=tuple(groups.values()),
    )


def _over_there(balancer: Resource, model: Model, lost: str) -> Iterator[tuple[str, ...]]:
    """What the load balancer of the lost region leads to, where there is one like this one."""
    other = model.takeover.counterparts.of(balancer, lost)
    if other is None:
        return
    for forwarder, _ in model.once(_forwarders).of(other):
        for group in target_groups(model.stack, forwarder).certain:
            registrars = model.once(_registrars).of(group)
            if registrars:
                names = enumerated([each.label for each in registrars])
                yield (f"{other.label} ({lost})", forwarder.label, group.label, names)
                return


STANDBY_LOAD_BALANCER_TARGETS = StackRule(
    name="standby-load-balancer-targets",
    title="Load balancers that have targets when they take over",
    description="A load balancer of a region that takes over should have targets.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    tags=("aws", "elasticloadbalancing", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            _NO_TARGETS,
            "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
            "load-balancer-troubleshooting.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Attach an Auto Scaling group, an ECS service or targets to the target group. If they are "
    "registered by something outside of this stack, exempt the load balancer.",
    in_doubt="give listeners and what registers targets the ARN of a target group of this stack",
    options=(REGIONS, PRIMARY),
    asked=Asked.ALWAYS,
    kinds=(LOAD_BALANCER,),
    check=leads_to_targets,
)
