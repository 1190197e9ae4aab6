"""What the resources of a stack say of a certificate of ACM, and of how it is validated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..arns import parse_arn
from ..inputs import Block, Declared
from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..values import Known, text
from ..vocabulary import (
    CERTIFICATE,
    CERTIFICATE_VALIDATION,
    DISTRIBUTION,
    LISTENER,
    LISTENER_CERTIFICATE,
)
from .zone_names import NameFault, reserved, undelegable

API_DOMAIN: Final = "aws:apigateway/domainName:DomainName"
HTTP_API_DOMAIN: Final = "aws:apigatewayv2/domainName:DomainName"
NAMING_CERTIFICATES: Final[Mapping[str, tuple[str, ...]]] = {
    LISTENER: ("certificateArn",),
    LISTENER_CERTIFICATE: ("certificateArn",),
    DISTRIBUTION: ("viewerCertificate.acmCertificateArn",),
    API_DOMAIN: ("certificateArn", "regionalCertificateArn"),
    HTTP_API_DOMAIN: ("domainNameConfiguration.certificateArn",),
}
"""What uses a certificate, and the properties that name it."""

_FORMS: Final = (
    r"arn:[\w-]+:acm:[\w-]+:\d{12}:certificate/[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|arn:[\w-]+:iam::\d{12}:server-certificate/.+"
)
_EXAMPLES: Final = ("000000000000", "123456789012")
"""Accounts that AWS writes in its documentation, and gives to nobody."""


def literal_certificates(part: Resource) -> Iterator[tuple[str, str]]:
    """The ARNs of certificates that stand in the program, each after the path of its property: not
    what comes from a resource or a lookup, whose answer a stand-in makes up."""
    for path in NAMING_CERTIFICATES[part.kind]:
        match Block(part.tree).text(path):
            case Known(arn) if part.depends_on(path.partition(".")[0]) is None:
                yield path, arn


def is_of_a_certificate(arn: str) -> bool:
    """Whether an ARN has the form of a certificate's, of ACM or of IAM."""
    return re.fullmatch(_FORMS, arn) is not None


def is_of_an_example(arn: str) -> bool:
    """Whether an ARN is of an account that AWS's documentation has as an example."""
    parsed = parse_arn(arn)
    return parsed is not None and parsed.account in _EXAMPLES


def is_public(certificate: Resource) -> Truth:
    """Whether ACM issues it for a name of the public DNS: not one that is imported or that a
    private authority signs."""
    said = Declared(certificate)
    imported = said.has("privateKey") | said.has("privateKeyWo") | said.has("certificateBody")
    return ~(imported | said.has("certificateAuthorityArn"))


def name_fault(certificate: Resource) -> NameFault | None:
    """Why nobody can have a domain of a public certificate in the public DNS. It is issued once all
    of its names are validated."""
    if is_public(certificate) is not Truth.TRUE:
        return None
    others = certificate.items("subjectAlternativeNames")
    listed = map(text, others.value) if isinstance(others, Known) else ()
    for said in (certificate.text("domainName"), *listed):
        fault = _fault(said.value.removeprefix("*.")) if isinstance(said, Known) else None
        if fault is not None:
            return fault
    return None


def _fault(name: str) -> NameFault | None:
    return (reserved(name) if "." in name else None) or undelegable(name)


def validations(stack: Stack, certificate: Resource) -> tuple[Resource, ...]:
    """What waits until the certificate is issued, for all that is known."""
    return tuple(
        each for each, _ in stack.naming(certificate, "certificateArn", CERTIFICATE_VALIDATION)
    )


def certificate_of(stack: Stack, validation: Resource) -> Resource | None:
    """The certificate of this stack that a CertificateValidation waits for."""
    return target(stack.reference(validation, "certificateArn", CERTIFICATE))


def may_have_a_record(stack: Stack, certificate: Resource) -> bool:
    """Whether something of the stack may make its validation record: a record of Route 53, or what
    another provider makes of it."""
    return any(
        each.kind.startswith("aws:route53/") or not each.kind.startswith(("aws:", "aws-native:"))
        for each in stack.dependents(certificate)
    )
