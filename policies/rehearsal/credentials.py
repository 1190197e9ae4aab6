"""Who takes a database over needs its password.

A replica and a secondary cluster have the credentials of their source. A secret is kept in its
region alone unless it has replicas; then the database survives, and nobody can log in.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.answers import CannotTell, No, Yes
from ..model.databases.passwords import PASSWORDS
from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.takeover.counterparts import is_called_a_place_for_reports
from ..model.takeover.credentials import Holding
from ..model.takeover.parts import SECRET
from ..model.takeover.stated_copies import Copy, How
from ..model.values import Absent, Known
from ..model.words import enumerated, listed
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


def is_kept_where_the_database_is(
    secret: Resource, model: Model, settings: Settings
) -> Iterator[Outcome]:
    """A secret that holds the password of a database should be where its copies are, too."""
    takeover = model.takeover
    told: set[str] = set()
    for lost, database, copies in model.once(_taken_over, settings):
        if lost in told or not takeover.homes.is_in(secret, lost):
            continue
        held = takeover.credentials.holding(secret, database)
        if held is None:
            continue
        answers = [takeover.copies.survives(secret, lost)]
        if isinstance(held, Holding):
            elsewhere = takeover.credentials.is_elsewhere(held, lost)
            answers += [elsewhere, _opens(held, copies), _are_for_reports(copies)]
        if any(isinstance(each, Yes) for each in answers):
            continue
        parties = tuple(each.resource for each in copies if each.resource is not None)
        doubts = [each.why for each in (held, *answers) if isinstance(each, CannotTell)]
        if doubts:
            yield Unverified(secret, doubts[0], parties=parties, lost=lost)
        elif isinstance(held, Holding):
            told.add(lost)
            yield _out_of_reach(held, copies, lost, parties)


class _TakenOver(NamedTuple):
    """A database of a region that is lost, and its copies that are left."""

    lost: str
    database: Resource
    copies: tuple[Copy, ...]


def _taken_over(model: Model, settings: Settings) -> tuple[_TakenOver, ...]:
    """The databases with a password that have certain copies where they are lost."""
    takeover = model.takeover
    found = (
        _TakenOver(lost, database, _left(database, model, left))
        for lost, left in losses(model, settings)
        for database in model.stack.of(*PASSWORDS)
        if takeover.homes.is_in(database, lost)
    )
    return tuple(each for each in found if each.copies)


def _left(database: Resource, model: Model, left: tuple[str, ...]) -> tuple[Copy, ...]:
    """The certain copies of the database in the regions that are left."""
    return tuple(
        each
        for each in model.takeover.copies.of(database)
        if each.is_certain
        and each.how is How.LIVE
        and isinstance(each.region, Known)
        and each.region.value in left
    )


def _opens(held: Holding, copies: tuple[Copy, ...]) -> CannotTell | No:
    """Whether something else than the password may open the database."""
    for each in (held.database, *(copy.resource for copy in copies)):
        if each is not None and each.flag("iamDatabaseAuthenticationEnabled") not in (
            Absent(),
            Known(False),
        ):
            return CannotTell(f"clients may log in to {each.label} with IAM instead")
    return No()


def _are_for_reports(copies: tuple[Copy, ...]) -> CannotTell | No:
    """Whether all copies may be there for something else than to take over."""
    made_for_it = [
        each.resource is not None and is_called_a_place_for_reports(each.resource)
        for each in copies
    ]
    if not all(made_for_it):
        return No()
    return CannotTell(
        f"by {'its name' if len(copies) == 1 else 'their names'}, "
        f"{enumerated([each.label for each in copies])} may be there for reports and not to take "
        "over"
    )


def _out_of_reach(
    held: Holding, copies: tuple[Copy, ...], lost: str, parties: tuple[Resource, ...]
) -> Violation:
    secret, database = held.secret, held.database
    regions = sorted({each.region.value for each in copies if isinstance(each.region, Known)})
    labels = [each.label for each in copies]
    replicas = listed([f"{{ region: {each} }}" for each in regions])
    return Violation(
        secret,
        f"{secret.label} is kept in {lost} only, and {enumerated(labels)} "
        f"{'takes' if len(labels) == 1 else 'take'} over with the password in it:",
        chains=tuple(
            (
                f"{secret.label} ({lost})",
                f"{held.name} of {database.label}",
                label,
            )
            for label in labels
        ),
        effect=f"keeps a secret in its region unless it has replicas: with {lost}, the password is "
        "out of reach.",
        fix=f"Add {replicas} to {secret.own_name('replicas')} of {secret.label}, and read it by "
        "its name, since its ARN names the lost region.",
        parties=parties,
        lost=lost,
    )


STANDBY_CREDENTIALS = StackRule(
    name="standby-credentials",
    title="A password that is there when its database takes over",
    description="The password of a database that takes over should be kept in its region too.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    tags=("aws", "secretsmanager", "rds", "aurora", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            "keeps a secret in the region that it is made in; a replica in another region has the "
            "same name, and an ARN of its own.",
            "https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Give the secret a replica in each region that takes over, and read it by its name.",
    in_doubt="give the secret a replica in the region that takes over",
    options=(REGIONS, PRIMARY),
    asked=Asked.ALWAYS,
    kinds=(SECRET,),
    check=is_kept_where_the_database_is,
)
