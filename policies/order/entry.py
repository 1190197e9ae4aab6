"""What must be in place before an entry is made: an issued certificate, an alarm, a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ..edge.distribution_parts import NO_ACLS
from ..entry.health_check_targets import NO_ALARM
from ..model import Model
from ..model.answers import Yes
from ..model.dns.certificates import is_public, name_fault, validations
from ..model.dns.health_checks import alarms
from ..model.inputs import Declared
from ..model.references import target
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Known, text
from ..model.vocabulary import (
    BUCKET_OWNERSHIP,
    CERTIFICATE,
    DISTRIBUTION,
    HEALTH_CHECK,
    HOSTED_ZONE,
    KEY_SIGNING_KEY,
    LISTENER,
    LISTENER_CERTIFICATE,
)
from .race import Needed

_DNSSEC: Final = "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec"
_CERTIFICATES: Final[Mapping[str, Sequence[str]]] = {
    LISTENER: ("certificateArn",),
    LISTENER_CERTIFICATE: ("certificateArn",),
    DISTRIBUTION: ("viewerCertificate.acmCertificateArn",),
    "aws:apigateway/domainName:DomainName": ("certificateArn", "regionalCertificateArn"),
    "aws:apigatewayv2/domainName:DomainName": ("domainNameConfiguration.certificateArn",),
}
"""Where these kinds name a certificate, which must be issued by then."""

_UNSUPPORTED: Final = (
    "UnsupportedCertificate: The certificate 'arn:...' must have a fully-qualified domain name, a "
    "supported signature, and a supported key size."
)
_NOT_ISSUED: Final[Mapping[str, str]] = {
    LISTENER: f"CreateListener answers {_UNSUPPORTED}",
    LISTENER_CERTIFICATE: f"AddListenerCertificates answers {_UNSUPPORTED}",
    DISTRIBUTION: "CreateDistribution answers InvalidViewerCertificate: The specified SSL "
    "certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid "
    "certificate chain.",
}
"""What AWS answers about a certificate that is not issued yet, in public deployment logs."""


def certificate(resource: Resource, model: Model) -> Iterator[Needed]:
    """A new certificate must be issued, for which a CertificateValidation waits."""
    for path in _CERTIFICATES[resource.kind]:
        said = text(Declared(resource).at(path))
        name = path.partition(".")[0]
        found = target(model.stack.resolve(resource, name, said, CERTIFICATE))
        if found is None or not found.is_new or found.urn not in _sources(resource, name):
            continue
        if is_public(found) is Truth.TRUE and name_fault(found) is None:
            yield Needed(
                f"until {found.label} is issued",
                _NOT_ISSUED.get(resource.kind, "AWS refuses the certificate."),
                validations(model.stack, found),
                otherwise="a CertificateValidation",
            )


def _sources(resource: Resource, name: str) -> Sequence[str]:
    return resource.depends_on(name) or ()


def log_bucket(distribution: Resource, model: Model) -> Iterator[Needed]:
    """A new log bucket must have the ownership controls that allow ACLs."""
    bucket = model.buckets.of_logs(distribution)
    if bucket is None or not bucket.is_new:
        return
    controls = [each for each, _ in model.stack.naming(bucket, "bucket", BUCKET_OWNERSHIP)]
    if controls and isinstance(model.buckets.takes_acls(bucket), Yes):
        yield Needed(
            f"until {bucket.label} allows ACLs",
            NO_ACLS,
            controls,
        )


def alarm(check: Resource, model: Model) -> Iterator[Needed]:
    """An alarm that is named as text does not exist before it is made."""
    watched = alarms(model.stack, check)
    if isinstance(check.text("cloudwatchAlarmName"), Known) and watched:
        yield Needed(
            f"for {watched[0].label}, which it names as text",
            NO_ALARM,
            tuple(watched),
        )


def signing_key(dnssec: Resource, model: Model) -> Iterator[Needed]:
    """A zone is signed with a key that it has."""
    zone = target(model.stack.reference(dnssec, "hostedZoneId", HOSTED_ZONE))
    if zone is None:
        return
    keys = tuple(each for each, _ in model.stack.naming(zone, "hostedZoneId", KEY_SIGNING_KEY))
    if keys:
        yield Needed(
            f"for the key-signing key of {zone.label}",
            "EnableHostedZoneDNSSEC answers KeySigningKeyWithActiveStatusNotFound: A key-signing "
            "key (KSK) with ACTIVE status wasn't found.",
            keys,
        )


FIRST: Final[Mapping[str, Sequence[Callable[[Resource, Model], Iterator[Needed]]]]] = {
    **dict.fromkeys(_CERTIFICATES, (certificate,)),
    DISTRIBUTION: (certificate, log_bucket),
    HEALTH_CHECK: (alarm,),
    _DNSSEC: (signing_key,),
}
"""What to ask about resources of these kinds."""
