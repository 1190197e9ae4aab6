"""What carries out a failover must be left when it is needed.

A function runs in its region only, and Route 53 takes changes of records in us-east-1 only: what
fails over from a region should need neither the region nor that control plane in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.resource import Resource
from ..model.takeover.automation import HOLDERS, OF_RECORDS, Actor
from ..model.takeover.counterparts import is_called_a_standby
from ..model.takeover.parts import SERVING
from ..model.takeover.regions import Loss
from ..model.truth import Truth
from ..model.values import Known, Unknown
from ..model.vocabulary import HOSTED_ZONE
from ..model.words import listed
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

_ROUTE53_IS_RUN_FROM: Final = "us-east-1"
_PLAN: Final = "aws:arcregionswitch/plan:Plan"
"""ARC Region switch runs a plan in the region that takes over."""
_SET_PRIMARY: Final = "set the policy's primary to the region that serves until it is lost"


def is_left_to_fail_over(holder: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """What fails over from a region should be outside of it, and not need Route 53's control plane
    there."""
    rehearsed = losses(model, settings)
    if not rehearsed or model.stack.of(_PLAN):
        return
    match model.takeover.automation.actor(holder):
        case Actor() as actor:
            yield from _of_actor(actor, rehearsed, model)
        case Unknown(why):
            for loss in _serving_first(rehearsed, model):
                if model.takeover.homes.is_in(holder, loss.region):
                    yield Unverified(
                        holder,
                        f"whether it carries out the failover from {loss.region}, in which it is, "
                        f"cannot be told: {why}",
                        lost=loss.region,
                    )


def _of_actor(actor: Actor, rehearsed: tuple[Loss, ...], model: Model) -> Iterator[Outcome]:
    serving = _serving_first(rehearsed, model)
    for loss in rehearsed:
        is_lost = model.takeover.homes.is_in(actor.resource, loss.region)
        needs_route53 = actor.moves_records and loss.region == _ROUTE53_IS_RUN_FROM
        if loss not in serving:
            if (is_lost or needs_route53) and not _standbys(loss.region, model) and not serving:
                yield Unverified(
                    actor.resource,
                    "which region it fails over from is not known",
                    cure=_SET_PRIMARY,
                    lost=loss.region,
                )
            continue
        if is_lost:
            yield from _lost_with_it(actor, loss, rehearsed, model)
        if needs_route53:
            yield from _by_records(actor, loss, model)


def _lost_with_it(
    actor: Actor, loss: Loss, rehearsed: tuple[Loss, ...], model: Model
) -> Iterator[Outcome]:
    """Says that the actor is lost with its region, unless something elsewhere may fail over."""
    automation, homes = model.takeover.automation, model.takeover.homes
    elsewhere = [each for each in model.stack.of(*HOLDERS) if not homes.is_in(each, loss.region)]
    answers = {each.label: automation.may_fail_over(each, actor.resource) for each in elsewhere}
    if Truth.TRUE in answers.values():
        return
    doubtful = [label for label, answer in answers.items() if answer is Truth.UNKNOWN]
    doubtful += [e.label for e in automation.others if not homes.is_in(e, loss.region)]
    if doubtful:
        yield Unverified(
            actor.resource,
            f"it runs in {loss.region}, and whether {doubtful[0]} may fail over in its place is "
            "not known",
            lost=loss.region,
        )
        return
    what = actor.resource
    role = (actor.role.label,) if actor.role is not None else ()
    starts = tuple(
        (*(_placed(each, model) for each in chain), what.label) for chain in actor.started_by
    )
    yield Violation(
        what,
        f"{what.label} runs in {loss.region}, and nothing elsewhere may fail over:",
        chains=(
            (_placed(what, model), *role, actor.right),
            *starts,
            *_named_so(loss, rehearsed, model),
        ),
        effect=f"runs it as long as {loss.region} works; it is lost with what it is to save.",
        fix=f"Make it, and what starts it, in {listed(loss.left)}.",
        parties=tuple(each for chain in actor.started_by for each in chain),
        lost=loss.region,
    )


def _by_records(actor: Actor, loss: Loss, model: Model) -> Iterator[Outcome]:
    zones = [each for each in model.stack.of(HOSTED_ZONE) if not each.sets("vpcs")]
    said = [each.flag("enableAcceleratedRecovery") for each in zones]
    if Known(True) in said:
        return
    if not zones or any(isinstance(each, Unknown) for each in said):
        yield Unverified(
            actor.resource,
            "whether the zone whose records it changes has accelerated recovery is not known",
            lost=loss.region,
        )
        return
    what = actor.resource
    role = (actor.role.label,) if actor.role is not None else ()
    yield Violation(
        what,
        f"{what.label} fails over from {loss.region} by changes of records, which Route 53 takes "
        "there alone:",
        chains=((_placed(what, model), *role, OF_RECORDS[0]),),
        effect="has the control plane of Route 53 in us-east-1, so that records may not be "
        "changed while that region is impaired; failover records and routing controls need none "
        "of it.",
        fix="Let failover records with health checks or routing controls lead clients away, or "
        "set enableAcceleratedRecovery on the zone.",
        parties=tuple(zones),
        lost=loss.region,
    )


def _serving_first(rehearsed: tuple[Loss, ...], model: Model) -> tuple[Loss, ...]:
    """The loss of the region that serves until it is lost: the primary or, where nothing says which
    that is, the one whose every counterpart is called a standby, and not the other way round."""
    if len(rehearsed) == 1:
        return rehearsed
    return tuple(
        loss
        for loss in rehearsed
        if not _standbys(loss.region, model) and all(_standbys(each, model) for each in loss.left)
    )


def _standbys(region: str, model: Model) -> tuple[Resource, ...]:
    """What is in the region and, by its name, stands in for something in another one."""
    return model.once(_by_region).get(region, ())


def _by_region(model: Model) -> dict[str, tuple[Resource, ...]]:
    homes, counterparts = model.takeover.homes, model.takeover.counterparts
    regions = model.takeover.regions.serving()
    found: dict[str, tuple[Resource, ...]] = {}
    for each in model.stack.of(*SERVING):
        home = homes.of(each)
        if isinstance(home, Known) and is_called_a_standby(each):
            others = (counterparts.of(each, region) for region in regions - {home.value})
            if any(other is not None and not is_called_a_standby(other) for other in others):
                found[home.value] = (*found.get(home.value, ()), each)
    return found


def _named_so(loss: Loss, rehearsed: tuple[Loss, ...], model: Model) -> Iterator[tuple[str, ...]]:
    """What tells which region is the standby, where names alone do."""
    if len(rehearsed) > 1:
        for region in loss.left:
            first = _standbys(region, model)[0]
            yield (_placed(first, model), f"stands in for {loss.region} by its name")


def _placed(resource: Resource, model: Model) -> str:
    home = model.takeover.homes.of(resource)
    return f"{resource.label} ({home.value})" if isinstance(home, Known) else resource.label


FAILOVER_AUTOMATION_REGION = StackRule(
    name="failover-automation-region",
    title="Failover automation that is left when it is needed",
    description="What carries out a failover should not run in the region that it fails over from, "
    "nor need Route 53's control plane there.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    tags=("aws", "lambda", "route53", "rds", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            "runs a function, a state machine or a runbook in its own region only.",
            "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"
            "rel_planning_for_recovery_auto_recovery.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "takes changes of records in us-east-1 alone; with accelerated recovery, those of "
            "public zones are possible again within about 60 minutes.",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Make the automation in the region that takes over.",
    in_doubt="give its role policies whose text is known before the deployment",
    options=(REGIONS, PRIMARY),
    reads_native=False,
    unread="roles of aws-native are not read",
    asked=Asked.ALWAYS,
    kinds=HOLDERS,
    check=is_left_to_fail_over,
)
