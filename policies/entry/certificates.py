"""Certificates of ACM that are issued.

A public certificate is issued when ACM finds its validation record in the public DNS. A
CertificateValidation waits 75 minutes for that and then fails (terraform-provider-aws,
`internal/service/acm/certificate_validation.go`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from ..model import Model
from ..model.accounts import share_account
from ..model.dns.certificates import (
    NAMING_CERTIFICATES,
    certificate_of,
    may_have_a_record,
    name_fault,
)
from ..model.dns.public_zones import is_in_a_useless_zone
from ..model.dns.record_sets import zone_of
from ..model.dns.zone_names import normalise
from ..model.inputs import Declared
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.twins import before
from ..model.values import Known, Unknown
from ..model.vocabulary import CERTIFICATE, CERTIFICATE_VALIDATION, RECORD
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation
from .certificate_arns import of_example_accounts

_Place: TypeAlias = "tuple[str | None, str | None]"
_NEVER: Final = "never issues it: it stays PENDING_VALIDATION, and what uses or waits for it fails."


def is_issued(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A certificate must be for a name that can be validated, by a record that is made once; what
    uses one must name one that there is."""
    yield from _CHECKS[subject.kind](subject, model)


def _certificate(certificate: Resource, model: Model) -> Iterator[Outcome]:
    fault = name_fault(certificate)
    domain = certificate.text("domainName")
    is_told = isinstance(domain, Known) and is_in_a_useless_zone(model.stack, domain.value)
    if fault is not None and not is_told:
        yield Violation(
            certificate,
            f"{certificate.label} is for a domain that nobody can validate: {fault.reason}.",
            effect=_NEVER,
            fix="Use a domain that you own, or a private certificate authority "
            "(certificateAuthorityArn).",
        )


def _validation(validation: Resource, model: Model) -> Iterator[Outcome]:
    """Somebody must make the validation record."""
    certificate = certificate_of(model.stack, validation)
    if certificate is None or not certificate.is_new or name_fault(certificate) is not None:
        return
    is_by_dns = Declared(certificate).says("validationMethod", "DNS")
    is_alone = Declared(validation).lacks("validationRecordFqdns")
    if (is_by_dns & is_alone) is Truth.TRUE and not may_have_a_record(model.stack, certificate):
        yield Violation(
            validation,
            f"{validation.label} waits for {certificate.label}, but nothing in this stack "
            "creates its validation record.",
            effect="the certificate stays PENDING_VALIDATION: the deployment waits for 75 "
            "minutes and fails, unless somebody creates the record by then.",
            fix="Add a Record for each of the certificate's domainValidationOptions, and name "
            "their fqdns in validationRecordFqdns.",
            parties=(certificate,),
        )


def _record(record: Resource, model: Model) -> Iterator[Outcome]:
    """ACM validates a domain by one record, in whatever region the certificate is."""
    certificate = _validates(record, model)
    if certificate is None:
        return
    validated = model.once(_validation_records)[_place(record, certificate, model)]
    for other in before(record, validated):
        its = validated[other]
        if its is not certificate and share_account(its, certificate):
            yield Violation(
                record,
                f"{record.label} validates {certificate.label} and {other.label} validates "
                f"{its.label}, but ACM gives the certificates of one domain the same record.",
                effect="ChangeResourceRecordSets answers InvalidChangeBatch: Tried to create "
                "resource record set [name='_...', type='CNAME'] but it already exists",
                fix="Create the record once for both certificates, or set allowOverwrite to true.",
                parties=(other,),
            )
            return


def _validation_records(model: Model) -> Mapping[_Place, Mapping[Resource, Resource]]:
    """The certificate that each record validates, by what ACM tells such records by."""
    found: dict[_Place, dict[Resource, Resource]] = {}
    for record in model.stack.of(RECORD):
        certificate = _validates(record, model)
        if certificate is not None:
            place = _place(record, certificate, model)
            found.setdefault(place, {})[record] = certificate
    return found


def _user(part: Resource, model: Model) -> Iterator[Outcome]:
    yield from of_example_accounts(part, model)


def _place(record: Resource, certificate: Resource, model: Model) -> _Place:
    """The domain that is validated and the zone that the record is in."""
    return _domain(certificate), zone_of(model.stack, record)


def _domain(certificate: Resource) -> str | None:
    """The domain that is validated: for `*.acme-corp.com` it is acme-corp.com."""
    said = certificate.text("domainName")
    return normalise(said.value).removeprefix("*.") if isinstance(said, Known) else None


def _validates(record: Resource, model: Model) -> Resource | None:
    """The certificate of one domain whose validation record it is, where nothing overwrites it and
    its zone is known."""
    source = record.depends_on("name") or ()
    certificate = model.stack.get(source[0]) if len(source) == 1 else None
    if certificate is None or certificate.kind != CERTIFICATE:
        return None
    overwrites = Declared(record).is_true("allowOverwrite") is not Truth.FALSE
    has_names = Declared(certificate).lacks("subjectAlternativeNames") is not Truth.TRUE
    is_open = _domain(certificate) is None or zone_of(model.stack, record) is None
    if overwrites or has_names or is_open:
        return None
    return certificate if isinstance(record.text("name"), Unknown) else None


_CHECKS: Final[Mapping[str, Callable[[Resource, Model], Iterator[Outcome]]]] = {
    CERTIFICATE: _certificate,
    CERTIFICATE_VALIDATION: _validation,
    RECORD: _record,
    **dict.fromkeys(NAMING_CERTIFICATES, _user),
}

CERTIFICATE_ISSUED = StackRule(
    name="certificate-validation",
    reads_native=False,
    unread="CloudFormation creates the validation records of a certificate itself",
    title="Certificates that can be issued",
    description="A public certificate should be for a domain that can be validated, its "
    "validation record should be created exactly once, and a certificate's ARN should not be of an "
    "account from AWS's examples.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "acm", "route53", "disaster-recovery"),
    evidence=(
        Evidence(
            "After ACM requests the certificate, its status is Pending validation until you "
            "prove that you own the domain.",
            "https://docs.aws.amazon.com/acm/latest/userguide/domain-ownership-validation.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "InvalidChangeBatch: Tried to create resource record set [name='_...', type='CNAME'] "
            "but it already exists \u2013 as the record of a certificate in another region",
            "https://github.com/aws-quickstart/quickstart-aws-acm-certificate/issues/5",
            "2020-04-30",
        ),
        Evidence(
            "CertificateNotFound: Certificate 'arn:aws:acm:ap-southeast-1:000000000000:"
            "certificate/...' not found \u2013 AWS uses the account in examples only",
            "CreateListener, public deployment logs",
            "2026-11-26",
        ),
    ),
    fix="Use a domain that you own, and create its validation record once.",
    kinds=tuple(_CHECKS),
    check=is_issued,
)
