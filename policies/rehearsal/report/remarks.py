"""What people should know of a takeover although nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...model import Model
from ...model.answers import No
from ...model.resource import Resource
from ...model.takeover.counterparts import names_a_role
from ...model.takeover.parity import lacking
from ...model.takeover.parts import HTTP_API, REST_API, SERVING
from ...model.takeover.regions import Loss
from ...model.takeover.sources import sources
from ...model.values import Known
from ...model.vocabulary import (
    BUCKET,
    CLASSIC_LOAD_BALANCER,
    DISTRIBUTION,
    ENDPOINT_GROUP,
    LOAD_BALANCER,
    METRIC_ALARM,
    RECORD,
    RECORDS_EXCLUSIVE,
)
from ...model.words import enumerated, listed

_ALARMS: Final = (METRIC_ALARM, "aws:cloudwatch/compositeAlarm:CompositeAlarm")
_ANSWERING: Final = (
    LOAD_BALANCER,
    CLASSIC_LOAD_BALANCER,
    REST_API,
    HTTP_API,
    "aws:lambda/functionUrl:FunctionUrl",
    "aws:appsync/graphQLApi:GraphQLApi",
)
_DOMAINS: Final = (
    "aws:apigateway/domainName:DomainName",
    "aws:apigatewayv2/domainName:DomainName",
    "aws:appsync/domainName:DomainName",
)
"""What a record leads to in place of an API."""
_LEADING: Final = (RECORD, RECORDS_EXCLUSIVE, ENDPOINT_GROUP, DISTRIBUTION)
_NO_NAMES: Final = ("aws:", "aws-native:", "pulumi:", "random:", "tls:", "time:", "command:")
"""Types of what leads nobody anywhere, but for those above. Others may: a DNS service's do."""


def remarks(model: Model, loss: Loss) -> Iterator[str]:
    """The lines of the report that are no findings, each a sentence or two."""
    yield from _of_replication(model, loss)
    yield from _of_alarms(model, loss)
    yield from _of_entry_points(model, loss)
    yield from _of_names(model, loss)
    yield from _of_settings(model, loss)
    yield from _of_the_program(model, loss)


def _of_replication(model: Model, loss: Loss) -> Iterator[str]:
    """S3 alone: other stores are copied by their service, which tells how one fails back."""
    known = model.takeover.copies
    homes = model.takeover.homes
    one_way = [
        copy.original.label
        for copy in known.edges()
        if copy.resource is not None
        and copy.original.kind == copy.resource.kind == BUCKET
        and homes.is_in(copy.original, loss.region)
        and not homes.is_in(copy.resource, loss.region)
        and isinstance(known.has_copy(copy.resource, loss.region), No)
    ]
    if one_way:
        buckets = list(dict.fromkeys(one_way))
        yield (
            f"Replicated one way: {enumerated(buckets)}. What is written to a copy after the "
            f"failover does not come back to {loss.region} by itself."
        )


def _of_alarms(model: Model, loss: Loss) -> Iterator[str]:
    homes = model.takeover.homes
    alarms = [homes.of(each) for each in model.stack.of(*_ALARMS)]
    of_lost = sum(home == Known(loss.region) for home in alarms)
    if of_lost and of_lost == len(alarms):
        yield (
            f"{_counted(of_lost, 'alarm is', 'alarms are')} in {loss.region} and none is in "
            f"{listed(loss.left)}: after the failover, none of them tells what goes wrong."
        )


def _of_entry_points(model: Model, loss: Loss) -> Iterator[str]:
    homes = model.takeover.homes
    led_to = _led_to(model)
    for region in loss.left:
        ways = [
            each for each in model.stack.of(*_ANSWERING, *_DOMAINS) if homes.is_in(each, region)
        ]
        answering = [
            each
            for each in ways
            if each.kind in _ANSWERING and each.flag("internal") != Known(True)
        ]
        if answering and not any(each.urn in led_to for each in ways):
            yield (
                f"No record, accelerator or distribution of the stack leads clients to "
                f"{enumerated([each.label for each in answering])} in {region}. If their names "
                "are kept elsewhere, they have to be changed there."
            )


def _of_names(model: Model, loss: Loss) -> Iterator[str]:
    """Names without a routing policy that stay with the lost region. One that has a region or a
    role in it is meant to."""
    homes = model.takeover.homes
    led_to = {record: _ends(record, model) for record in model.stack.of(RECORD)}
    named = {end.urn for ends in led_to.values() for end in ends}
    for record, ends in led_to.items():
        name = record.text("name")
        if not isinstance(name, Known) or names_a_role(name.value) or record.sets("setIdentifier"):
            continue
        if not ends or not all(homes.is_in(each, loss.region) for each in ends):
            continue
        copies = [
            copy.resource
            for end in ends
            for copy in model.takeover.copies.of(end)
            if copy.is_certain
            and copy.resource is not None
            and any(homes.is_in(copy.resource, region) for region in loss.left)
        ]
        if copies and named.isdisjoint(each.urn for each in copies):
            yield (
                f"{record.label} leads to {enumerated([each.label for each in ends])} in "
                f"{loss.region} alone, although {copies[0].label} is its copy: in a failover, "
                "somebody has to change the record."
            )


def _ends(record: Resource, model: Model) -> tuple[Resource, ...]:
    """What a record leads to, of what serves."""
    return tuple(
        each
        for name in ("aliases", "records")
        for each in sources(model.stack, record, name, *SERVING)
    )


def _of_settings(model: Model, loss: Loss) -> Iterator[str]:
    takeover = model.takeover
    for region in loss.left:
        for each in lacking(
            model.stack, takeover.homes, takeover.counterparts, loss.region, region
        ):
            yield (
                f"{each.standby.label} in {region} runs the code of {each.function.label} without "
                f"{_settings(each.names)}."
            )


def _settings(names: tuple[str, ...]) -> str:
    return f"its setting{'' if len(names) == 1 else 's'} {enumerated(list(names))}"


def _led_to(model: Model) -> frozenset[str]:
    """URNs of what clients are led to, by the stack's own names or by those of a provider that is
    not AWS."""
    found: set[str] = set()
    leading = [
        each
        for each in model.stack.resources
        if each.kind in _LEADING
        or (each.provider is not None and not each.type.startswith(_NO_NAMES))
    ]
    for each in leading:
        found |= model.stack.waits_for(each)
        found |= {
            source.urn
            for name in ("aliases", "records", "endpointConfigurations", "origins")
            for source in sources(model.stack, each, name)
        }
    return frozenset(found)


def _of_the_program(model: Model, loss: Loss) -> Iterator[str]:
    homes = model.takeover.homes
    if any(homes.is_in(each, loss.region) for each in model.stack.resources):
        yield (
            f"The stack has resources in {loss.region} too, so pulumi up and pulumi refresh "
            f"ask {loss.region} and fail while it is lost. Change what is left with --target."
        )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
