"""The certificates that listeners, distributions and API domains name by an ARN in the program.

A certificate of ACM is named by a UUID, so that no other ARN is one, whatever the account.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.dns.certificates import is_of_a_certificate, is_of_an_example, literal_certificates
from ..model.resource import Resource
from ..rule import Violation


def placeholders(part: Resource, model: Model, answer: str) -> Iterator[Violation]:
    """The ARNs that cannot be those of certificates. `answer` is what AWS says to them."""
    for path, arn in _told_here(part, model):
        if not is_of_a_certificate(arn):
            yield Violation(
                part,
                f"{part.label} has a {path} that is not the ARN of a certificate (a "
                "placeholder, for example).",
                effect=answer,
                fix="Use the ARN of a certificate in AWS Certificate Manager, which ends with "
                "certificate/ and a UUID, or of a server certificate in IAM.",
            )


def of_example_accounts(part: Resource, model: Model) -> Iterator[Violation]:
    """The ARNs that have the form of a certificate's, and an account that nobody has."""
    if part.provider is not None and part.provider.properties.get("endpoints"):
        return  # What stands in for AWS there has an account of its own, often one of these.
    for path, arn in _told_here(part, model):
        if is_of_a_certificate(arn) and is_of_an_example(arn):
            yield Violation(
                part,
                f"{part.label} has a {path} of an account that AWS only uses in examples.",
                effect="does not find the certificate, and refuses what names it.",
                fix="Use the ARN of a certificate of your own account.",
            )


def _told_here(part: Resource, model: Model) -> Iterator[tuple[str, str]]:
    """The ARNs in the program but for those of another region: `region-local-references` tells of
    them, whatever their form."""
    abroad = {each.path for each in model.regional_references.of(part).abroad}
    return ((path, arn) for path, arn in literal_certificates(part) if path not in abroad)
