"""Passwords that a program has generated, and that AWS may not take.

RandomPassword and RandomString of the random provider draw from special characters of which
databases and caches refuse some. Each deployment is a draw of its own: the stack that worked is
refused in the second region, or when it is made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..copies.elasticache import GROUP
from ..model import Model
from ..model.answers import Yes
from ..model.databases.origins import is_made_afresh
from ..model.databases.passwords import OF_CACHES, OF_DATABASES, PASSWORDS, Form
from ..model.inputs import Declared
from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Unknown
from ..model.vocabulary import CLUSTER
from ..rule import Asked, Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

_DRAWN: Final = (
    "random:index/randomPassword:RandomPassword",
    "random:index/randomString:RandomString",
)
_PROPERTIES: Final[Mapping[str, tuple[str, ...]]] = {**PASSWORDS, GROUP: ("authToken",)}


class _Service(NamedTuple):
    """What takes a password, and what it answers to another."""

    form: Form
    example: str
    evidence: Evidence


_DATABASE: Final = _Service(
    OF_DATABASES,
    "!#$%&*()-_=+[]{}<>:?",
    Evidence(
        "CreateDBCluster and CreateDBInstance answer InvalidParameterValue: The parameter "
        "MasterUserPassword is not a valid password. Only printable ASCII characters besides "
        "'/', '@', '\"', ' ' may be used.",
        "CreateDBInstance, public deployment logs",
        "2026-11-26",
    ),
)
_CACHE: Final = _Service(
    OF_CACHES,
    "!&#$^<>-",
    Evidence(
        "CreateReplicationGroup answers InvalidParameterValue: Invalid AUTH token provided. Please "
        "check valid AUTH token format.",
        "CreateReplicationGroup, public deployment logs; "
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html",
        "2026-11-26",
    ),
)


def draws_what_is_taken(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """What a password is drawn from must be what the service takes."""
    service = _CACHE if resource.kind == GROUP else _DATABASE
    if is_made_afresh(Declared(resource)) is not Truth.TRUE or _is_secondary(resource, model):
        return
    for name in _PROPERTIES[resource.kind]:
        generated = _generated(resource, name, model)
        cure = _cure(generated, service) if generated is not None else None
        if generated is not None and cure is not None:
            yield Violation(
                resource,
                f"{resource.label} has a generated password that AWS may refuse:",
                chains=((resource.label, resource.own_name(name), generated.label),),
                parties=(generated,),
                effect=service.evidence.effect,
                fix=cure,
            )


def _is_secondary(resource: Resource, model: Model) -> bool:
    """Whether aurora-global-secondary rejects that it has a password at all."""
    return resource.kind == CLUSTER and isinstance(model.aurora.is_secondary(resource), Yes)


def _generated(resource: Resource, name: str, model: Model) -> Resource | None:
    """The random password that the property comes from, and from nothing else, and which is not
    drawn yet: one that is known is judged by itself."""
    if not isinstance(resource.text(name), Unknown):
        return None
    match resource.depends_on(name):
        case (urn,):
            found = model.stack.get(urn)
            return found if found is not None and found.type in _DRAWN else None
    return None


def _cure(generated: Resource, service: _Service) -> str | None:
    """What would keep the draw to what the service takes; None where it does already, as far as is
    known. Letters and digits are always taken."""
    drawn, form = Declared(generated), service.form
    is_refused = drawn.lacks("overrideSpecial") | drawn.holds(
        "overrideSpecial", lambda said: not form.takes(said)
    )
    if (drawn.is_true("special", default=True) & is_refused) is Truth.TRUE:
        return (
            f"Set overrideSpecial of {generated.label} to characters that are allowed, such as "
            f"{service.example}, or special to false."
        )
    return None


GENERATED_PASSWORD = StackRule(
    name="generated-password",
    title="Generated passwords that AWS takes",
    description="A RandomPassword or RandomString that is the password of a database or the AUTH "
    "token of a cache should be drawn from characters that AWS accepts there.",
    asked=Asked.AT_CREATION,
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "rds", "elasticache", "disaster-recovery"),
    evidence=(
        _DATABASE.evidence,
        _CACHE.evidence,
        Evidence(
            "RandomPassword and RandomString draw their special characters from "
            "!@#$%&*()-_=+[]{}<>:? unless overrideSpecial says others.",
            "https://www.pulumi.com/registry/packages/random/api-docs/randompassword/",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Set overrideSpecial to characters that are allowed.",
    kinds=tuple(_PROPERTIES),
    check=draws_what_is_taken,
)
