"""DNS failover: clients get the primary region's address for as long as it is healthy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dr.public_tier import HEALTH_CHECK_PATH


@dataclass(frozen=True)
class FailoverArgs:
    """The name that clients use, and the load balancer that answers for it in each region."""

    zone_id: pulumi.Input[str]
    domain: str
    https: bool
    primary: aws.lb.LoadBalancer
    secondary: aws.lb.LoadBalancer


class Failover(pulumi.ComponentResource):
    """A primary and a secondary alias record for one name, each with a health check.

    The health check asks the load balancer from outside, as clients do. Together with
    `evaluate_target_health` it covers both a region that cannot be reached and one that can be
    reached but has no healthy instance left.
    """

    health_check_ids: Mapping[str, pulumi.Output[str]]
    """Health check of each region's load balancer, by the region's role."""

    def __init__(
        self, name: str, args: FailoverArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Failover", name, None, opts)
        self.health_check_ids = {
            "primary": self._route_to("primary", args.primary, args),
            "secondary": self._route_to("secondary", args.secondary, args),
        }
        self.register_outputs({"healthCheckIds": self.health_check_ids})

    def _route_to(
        self, role: str, load_balancer: aws.lb.LoadBalancer, args: FailoverArgs
    ) -> pulumi.Output[str]:
        label = f"{role}-endpoint"
        child = pulumi.ResourceOptions(parent=self)
        health_check = aws.route53.HealthCheck(
            label,
            fqdn=load_balancer.dns_name,
            type="HTTPS" if args.https else "HTTP",
            port=443 if args.https else 80,
            resource_path=HEALTH_CHECK_PATH,
            request_interval=10,
            failure_threshold=3,
            tags={"Name": label},
            opts=child,
        )
        aws.route53.Record(
            label,
            zone_id=args.zone_id,
            name=args.domain,
            type=aws.route53.RecordType.A,
            set_identifier=role,
            failover_routing_policies=[{"type": role.upper()}],
            aliases=[
                {
                    "name": load_balancer.dns_name,
                    "zone_id": load_balancer.zone_id,
                    "evaluate_target_health": True,
                }
            ],
            health_check_id=health_check.id,
            opts=child,
        )
        return health_check.id
