"""What the resources of a stack say of a certificate of ACM, and of how it is validated."""

from __future__ import annotations

from ..inputs import Declared
from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..values import Known
from ..vocabulary import CERTIFICATE, CERTIFICATE_VALIDATION
from .zone_names import NameFault, reserved, undelegable


def is_public(certificate: Resource) -> Truth:
    """Whether ACM issues it for a name of the public DNS: not one that is imported or that a
    private authority signs."""
    said = Declared(certificate)
    imported = said.has("privateKey") | said.has("privateKeyWo") | said.has("certificateBody")
    return ~(imported | said.has("certificateAuthorityArn"))


def name_fault(certificate: Resource) -> NameFault | None:
    """Why nobody can have the domain of a public certificate in the public DNS."""
    domain = certificate.text("domainName")
    if is_public(certificate) is not Truth.TRUE or not isinstance(domain, Known):
        return None
    name = domain.value.removeprefix("*.")
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
