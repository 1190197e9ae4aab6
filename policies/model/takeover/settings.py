"""What is given to what runs: the settings of a region, and which of them lead to another one.

A setting is certain to lead elsewhere where its text does, or where it is not known yet and nothing
else explains that the engine derives it from a thing of the other region. Where a copy answers to
the name that is given, all is well. Code is not read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Final

from ..answers import CannotTell, No, Yes
from ..plain import NamedTuple
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..values import Known, Unknown
from ..vocabulary import (
    AUTO_SCALING_GROUP,
    BUCKET,
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_INSTANCE,
    DOCDB_CLUSTER,
    DOCDB_CLUSTER_INSTANCE,
    DOCDB_GLOBAL_CLUSTER,
    GLOBAL_CLUSTER,
    INSTANCE,
    KMS_KEY,
    KMS_REPLICA_KEY,
    LAMBDA_FUNCTION,
    LAUNCH_TEMPLATE,
    NEPTUNE_CLUSTER,
    NEPTUNE_CLUSTER_INSTANCE,
    NEPTUNE_GLOBAL_CLUSTER,
    STATE_MACHINE,
    TASK_DEFINITION,
    TOPIC,
)
from .automation import Automation
from .copies import Copies
from .counterparts import Counterparts, words
from .homes import Homes
from .leaves import Leaf, leaves
from .parts import PARAMETER, SECRET, TIERS, Tier
from .sources import named_in, sources
from .stated_copies import REPOSITORY

SECRET_VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"

TAKERS: Final[Mapping[str, tuple[str, ...]]] = {
    LAMBDA_FUNCTION: ("environment",),
    TASK_DEFINITION: ("containerDefinitions",),
    INSTANCE: ("userData", "userDataBase64"),
    LAUNCH_TEMPLATE: ("userData",),
    "aws:ec2/launchConfiguration:LaunchConfiguration": ("userData", "userDataBase64"),
    "aws:apigateway/integration:Integration": ("uri",),
    "aws:apigatewayv2/integration:Integration": ("integrationUri",),
    "aws:apprunner/service:Service": ("sourceConfiguration",),
    "aws:batch/jobDefinition:JobDefinition": ("containerProperties",),
    "aws:elasticbeanstalk/environment:Environment": ("settings",),
    "aws:glue/job:Job": ("defaultArguments",),
    PARAMETER: ("value", "insecureValue"),
    SECRET_VERSION: ("secretString",),
    STATE_MACHINE: ("definition",),
}
"""By kind, the properties in which what runs is told what to work with. What receives from another
region (subscriptions, targets of events) keeps a standby warm, and is not here."""

_DATABASES: Final = (
    *(CLUSTER, CLUSTER_INSTANCE, DB_INSTANCE, GLOBAL_CLUSTER),
    *("aws:rds/clusterEndpoint:ClusterEndpoint", "aws:rds/proxy:Proxy"),
    "aws:rds/proxyEndpoint:ProxyEndpoint",
)
_ALIKE: Final = (
    _DATABASES,
    (DOCDB_CLUSTER, DOCDB_CLUSTER_INSTANCE, DOCDB_GLOBAL_CLUSTER),
    (NEPTUNE_CLUSTER, NEPTUNE_CLUSTER_INSTANCE, NEPTUNE_GLOBAL_CLUSTER),
    (SECRET, SECRET_VERSION),
    (KMS_KEY, KMS_REPLICA_KEY),
    ("aws:apigateway/restApi:RestApi", "aws:apigateway/stage:Stage"),
    ("aws:apigatewayv2/api:Api", "aws:apigatewayv2/stage:Stage"),
)
"""Kinds one of which stands for the other where a setting names it."""
_CENTRAL: Final = (
    *(BUCKET, TOPIC, "aws:cloudwatch/eventBus:EventBus", "aws:kinesis/stream:Stream"),
    *("aws:cognito/userPool:UserPool", "aws:cognito/userPoolClient:UserPoolClient"),
    *("aws:sqs/queue:Queue", "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"),
)
"""What a company may have once on purpose: a log, a bus, a directory of users."""
_NOT_NAMED: Final = (INSTANCE, AUTO_SCALING_GROUP, TASK_DEFINITION)
_NAMED: Final = (
    *sorted(
        frozenset(
            kind
            for kind, tier in TIERS.items()
            if tier in (Tier.FRONT, Tier.COMPUTE, Tier.DATA, Tier.SECRETS)
            and kind not in _NOT_NAMED
        )
        | frozenset(_CENTRAL)
        | frozenset(kind for group in _ALIKE for kind in group)
        | {REPOSITORY}
    ),
)
"""The kinds that settings name."""
_NAMES: Final = ("name", "bucket", "clusterIdentifier", "identifier", "keyId", "replicationGroupId")

_VALUES: Final = (PARAMETER, SECRET_VERSION)
"""What holds one setting, and is called as it is."""
_BLOCKS: Final = frozenset(
    {"variables", "environment", "secrets", "imageRepository", "codeRepository"}
    | {"runtimeEnvironmentVariables", "runtimeEnvironmentSecrets", "imageConfiguration"}
)
"""What holds settings and is none."""
_ADDRESSES: Final = ("uri", "integrationUri")
"""The properties that hold one address and nothing else."""
_BY_ADDRESS: Final = (SECRET, SECRET_VERSION, REPOSITORY)
"""What has replicas that answer to its name, but is often named by what leads to one region."""
_SMALL: Final = frozenset({"port", "user", "username", "id", "region", "zone", "engine", "version"})
"""The last words of settings that lead nowhere by themselves."""
_ABROAD: Final = frozenset(
    {"primary", "source", "origin", "remote", "peer", "target", "destination", "dest"}
)
"""The words of settings that are meant to lead to another region."""
_WATCHING: Final = frozenset(
    {"canary", "monitor", "probe", "prober", "watcher", "watchdog", "healthcheck"}
)
"""The words of what is in one region to look at another."""

_ARN: Final = r"arn:aws[\w-]*:([\w-]+):([a-z0-9-]+):\d*:[^\s\"',;]+"
_HOST: Final = (
    r"(?:[\w-]+\.)*([\w-]+)\.([a-z]{2,4}(?:-[a-z]+)+-\d)\.(?:([a-z-]+)\.)?"
    r"(?:amazonaws\.com|on\.aws)"
)
"""Hosts say their service before the region (`execute-api.us-east-1.amazonaws.com`), or after it
(`us-east-1.rds.amazonaws.com`)."""
_FROM_ONE_REGION: Final = frozenset(
    {"acm", "wafv2", "cloudfront", "route53", "iam", "organizations", "pricing", "ce", "health"}
)
"""The services that are asked in one region wherever one is; certificates and web ACLs of
CloudFront are among them."""
_SHARED: Final = frozenset(
    {"sns", "sqs", "events", "kinesis", "firehose", "logs", "s3", "cognito-idp", "cognito-identity"}
)
"""The services of which a company may have one thing on purpose."""


class Verdict(Enum):
    """Whether a setting leads to what is lost."""

    CERTAIN = "certain"
    OPEN = "open"


class Lead(NamedTuple):
    """A setting that leads, or may lead, to a thing of another region: the way to the setting, and
    what it leads to: a resource, or a text that names something outside of the stack."""

    path: str
    to: Resource | str
    verdict: Verdict
    why: str = ""
    """Where it is open, the clause that says why."""


class _Given(NamedTuple):
    """What a property gives to a taker that is in `home`."""

    taker: Resource
    name: str
    home: str
    leaves: tuple[Leaf, ...]
    sources: tuple[Resource, ...]


class RuntimeSettings:
    """Where the settings of what runs lead."""

    def __init__(
        self,
        stack: Stack,
        homes: Homes,
        copies: Copies,
        counterparts: Counterparts,
        automation: Automation,
    ) -> None:
        self._stack = stack
        self._homes = homes
        self._copies = copies
        self._counterparts = counterparts
        self._automation = automation

    def leads(self, taker: Resource, home: str, lost: str) -> Iterator[Lead]:
        """The settings of what is in `home` that lead to the region that is lost."""
        for name in TAKERS[taker.kind]:
            named = sources(self._stack, taker, name, *_NAMED)
            given = _Given(taker, name, home, _read(leaves(taker, name)), named)
            abroad = [each for each in named if self._is_at_stake(each, lost)]
            literal = list(_literals(given.leaves, home, lost))
            if not abroad and not literal:
                continue
            takes_part = self._automation.takes_part(taker)
            if takes_part is Truth.TRUE:
                return
            for each in (*self._to_resources(given, abroad), *self._to_others(literal)):
                is_plain = takes_part is Truth.FALSE and not _is_called_so(taker)
                lead = each if is_plain else _perhaps_meant(each)
                yield _without_keys(lead, name) if taker.kind in _VALUES else lead

    def _to_resources(self, given: _Given, abroad: Iterable[Resource]) -> Iterator[Lead]:
        for each in abroad:
            if not self._knows_both(given, each):
                lead = self._lead(given, each)
                if lead is not None:
                    yield lead

    def _to_others(self, literal: Iterable[_Place]) -> Iterator[Lead]:
        """What the settings name of what the stack does not make."""
        for place in literal:
            if not named_in(self._stack, place.text, *_NAMED):
                yield _outside(place)

    def _is_at_stake(self, resource: Resource, lost: str) -> bool:
        return self._homes.is_in(resource, lost)

    def _knows_both(self, given: _Given, abroad: Resource) -> bool:
        """Whether the settings hold one of the kind for each region, or the taker's counterpart
        leads back: then the two are linked on purpose."""
        alike = next((group for group in _ALIKE if abroad.kind in group), (abroad.kind,))
        others = [each for each in given.sources if each.kind in alike and each is not abroad]
        if any(not self._homes.is_elsewhere(each, given.home) for each in others):
            return True
        lost = self._homes.of(abroad)
        if not isinstance(lost, Known):
            return True
        twin = self._counterparts.of(given.taker, lost.value)
        back = sources(self._stack, twin, given.name, *_NAMED) if twin is not None else ()
        return any(each.kind in alike and self._homes.is_in(each, given.home) for each in back)

    def _lead(self, given: _Given, abroad: Resource) -> Lead | None:
        """Where the settings lead to the resource, by what of it stands in them."""
        known = [each for each in given.leaves if isinstance(each.value, Known)]
        by_itself = [
            each for each in known if abroad in named_in(self._stack, _text(each), abroad.kind)
        ]
        by_name = [
            each for each in known if each not in by_itself and _holds_name(_text(each), abroad)
        ]
        copy = self._copies.has_named_copy(abroad, given.home)
        if by_itself:
            path = by_itself[0].path
            if abroad.kind in (SECRET, SECRET_VERSION) and not isinstance(copy, No):
                why = f"{path} names {abroad.label} by its ARN, which is not that of its replica"
                return Lead(path, abroad, Verdict.OPEN, why)
            return self._certainly(by_itself[0], abroad, given.home)
        if by_name:
            match copy:
                case Yes():
                    return None
                case CannotTell(why):
                    return Lead(by_name[0].path, abroad, Verdict.OPEN, why)
            if self._has_namesake(abroad, given.home):
                return None
            return self._certainly(by_name[0], abroad, given.home)
        return self._by_unknown(given, abroad)

    def _by_unknown(self, given: _Given, abroad: Resource) -> Lead | None:
        """Where values that are not known yet may lead to the resource."""
        hidden = [each for each in given.leaves if isinstance(each.value, Unknown)]
        telling = [each for each in hidden if not _is_small(each)]
        if not telling:
            return None
        is_whole = any(_is_whole(each) for each in telling)
        path = telling[0].path if len(telling) == 1 else given.name
        copy = self._copies.has_named_copy(abroad, given.home)
        if not isinstance(copy, No):
            says_arn = any("arn" in words(each.key) for each in telling)
            if says_arn or (abroad.kind in _BY_ADDRESS and (is_whole or _names(abroad))):
                why = f"whether {path} names {abroad.label} by its ARN or by its name is not known"
                if abroad.kind == REPOSITORY:
                    why = f"whether {path} leads to the registry of {given.home} is not known"
                return Lead(path, abroad, Verdict.OPEN, why)
            return None
        texts = {_text(each) for each in given.leaves if isinstance(each.value, Known)}
        if is_whole or not texts.isdisjoint(_said(abroad)):
            why = f"what {path} takes from {abroad.label} is not known before the deployment"
            return Lead(path, abroad, Verdict.OPEN, why)
        leads = [self._certainly(each, abroad, given.home) for each in telling]
        least = next((each for each in leads if each.verdict is Verdict.OPEN), leads[0])
        return least._replace(path=path)

    def _certainly(self, leaf: Leaf, abroad: Resource, home: str) -> Lead:
        """A setting that leads to the resource, unless it may be meant to."""
        if not _ABROAD.isdisjoint(words(leaf.key)):
            why = _on_purpose(leaf.path, abroad.label)
            return Lead(leaf.path, abroad, Verdict.OPEN, why)
        if abroad.kind in _CENTRAL and not self.instead(abroad, home):
            why = f"{leaf.path} leads to {abroad.label}, which may be one for all regions"
            return Lead(leaf.path, abroad, Verdict.OPEN, why)
        return Lead(leaf.path, abroad, Verdict.CERTAIN)

    def instead(self, abroad: Resource, home: str) -> Resource | None:
        """What the region has in the resource's place: its copy or, by its name, its
        counterpart."""
        for copy in self._copies.of(abroad):
            if copy.resource is not None and copy.region == Known(home):
                return copy.resource
        return self._counterparts.of(abroad, home)

    def _has_namesake(self, abroad: Resource, home: str) -> bool:
        """Whether the region has a thing of that kind and that very name."""
        return any(
            each is not abroad
            and self._homes.is_in(each, home)
            and not _names(each).isdisjoint(_names(abroad))
            for each in self._stack.of(abroad.kind)
        )


def _read(found: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """The leaves, what is written in Base64 (user data) as it reads."""
    return tuple(
        each._replace(value=Known(_decoded(each.value.value)))
        if isinstance(each.value, Known) and each.key in ("userData", "userDataBase64")
        else each
        for each in found
    )


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text


def _text(leaf: Leaf) -> str:
    return leaf.value.value if isinstance(leaf.value, Known) else ""


def _names(resource: Resource) -> frozenset[str]:
    """What the program calls it, as far as it is known."""
    said = (resource.text(name) for name in _NAMES)
    return frozenset(each.value for each in said if isinstance(each, Known))


def _holds_name(text: str, resource: Resource) -> bool:
    return any(
        re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text) for name in _names(resource)
    )


def _said(resource: Resource) -> frozenset[str]:
    """All texts that stand directly in the resource, and are more than a word or two."""
    return frozenset(
        value for value in resource.actual.values() if isinstance(value, str) and value
    )


def _is_whole(leaf: Leaf) -> bool:
    """Whether a value that is not known stands for many settings, or for a text that may hold
    anything."""
    return leaf.key in _BLOCKS or (len(leaf.way) == 1 and leaf.key not in _ADDRESSES)


def _is_small(leaf: Leaf) -> bool:
    said = words(leaf.key)
    return bool(said) and said[-1] in _SMALL and "arn" not in said


class _Place(NamedTuple):
    """An ARN or a host name of AWS in a setting."""

    leaf: Leaf
    text: str
    service: str
    region: str


def _literals(found: tuple[Leaf, ...], home: str, lost: str) -> Iterator[_Place]:
    """The ARNs and host names of the lost region, from settings that name nothing of the service in
    their own region."""
    named = [each for leaf in found for each in _places(leaf)]
    own = {each.service for each in named if each.region == home}
    for each in named:
        if each.region == lost and each.service not in own | _FROM_ONE_REGION:
            yield each


def _places(leaf: Leaf) -> Iterator[_Place]:
    text = _text(leaf)
    if "arn:" in text:
        for each in re.finditer(_ARN, text):
            yield _Place(leaf, each[0], each[1], each[2])
    if "amazonaws.com" in text or ".on.aws" in text:
        for each in re.finditer(_HOST, text):
            yield _Place(leaf, each[0], each[3] or each[1], each[2])


def _is_called_so(taker: Resource) -> bool:
    """Whether the taker's own name says that it is meant to lead to another region: that of what
    watches, and of a parameter or a secret, whose name is what its value is called."""
    called = {*words(taker.name)}
    if taker.kind not in _VALUES:
        return not called.isdisjoint(_WATCHING)
    match taker.text("name"):
        case Known(said):
            called.update(words(said))
        case Unknown():
            return True
    return not called.isdisjoint(_ABROAD)


def _perhaps_meant(lead: Lead) -> Lead:
    """A setting of what may be there to fail over."""
    what = lead.to if isinstance(lead.to, str) else lead.to.label
    return lead._replace(verdict=Verdict.OPEN, why=lead.why or _on_purpose(lead.path, what))


def _without_keys(lead: Lead, name: str) -> Lead:
    """A lead from a text that is secret as a whole, with the keys in it."""
    return lead._replace(path=name, why=lead.why.replace(lead.path, name))


def _on_purpose(path: str, what: str) -> str:
    return f"{path} leads to {what}, perhaps on purpose"


def _outside(place: _Place) -> Lead:
    """A setting that names something of the lost region that the stack does not make. Of a longer
    text, which may hold a secret, only the service is said."""
    leaf = place.leaf
    what = place.text if _text(leaf) == place.text else f"{place.service} of {place.region}"
    if place.service in _SHARED or not _ABROAD.isdisjoint(words(leaf.key)):
        return Lead(leaf.path, what, Verdict.OPEN, _on_purpose(leaf.path, what))
    return Lead(leaf.path, what, Verdict.CERTAIN)
