"""TLS certificates: one a region, because a load balancer takes those of its own region only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True)
class CertificatesArgs:
    """What the certificates are for and how their domain is proven."""

    domain: str
    zone_id: pulumi.Input[str]
    providers: Mapping[str, aws.Provider]
    """Provider of each region that needs a certificate, by the region's role."""


class Certificates(pulumi.ComponentResource):
    """The same domain's certificate in several regions, proven by a record in its zone."""

    arns: Mapping[str, pulumi.Output[str]]
    """ARN of each region's certificate once it is valid, by the region's role."""

    def __init__(
        self, name: str, args: CertificatesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Certificates", name, None, opts)

        certificates = {
            role: aws.acm.Certificate(
                f"{role}-certificate",
                domain_name=args.domain,
                validation_method="DNS",
                tags={"Name": f"{role}-certificate"},
                opts=pulumi.ResourceOptions(parent=self, provider=provider),
            )
            for role, provider in args.providers.items()
        }
        # ACM asks an account for the same record in every region, so one of them answers for all.
        challenge = next(iter(certificates.values())).domain_validation_options[0]
        record = aws.route53.Record(
            "certificate-validation",
            zone_id=args.zone_id,
            name=challenge.resource_record_name,
            type=challenge.resource_record_type,
            records=[challenge.resource_record_value],
            ttl=60,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arns = {
            role: aws.acm.CertificateValidation(
                f"{role}-certificate",
                certificate_arn=certificate.arn,
                validation_record_fqdns=[record.fqdn],
                opts=pulumi.ResourceOptions(parent=self, provider=args.providers[role]),
            ).certificate_arn
            for role, certificate in certificates.items()
        }
        self.register_outputs({"arns": self.arns})
