"""One region of the stack, complete: network, tiers and alarms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dr.alarms import RegionAlarms, RegionAlarmsArgs
from dr.application_tier import ApplicationSettings, ApplicationTier, ApplicationTierArgs
from dr.database_tier import (
    DatabaseSettings,
    DatabaseTier,
    DatabaseTierArgs,
    MasterCredentials,
)
from dr.location import Location
from dr.network import Network, NetworkArgs
from dr.public_tier import PublicTier, PublicTierArgs


@dataclass(frozen=True)
class RegionArgs:
    """All that distinguishes one region from the other."""

    location: Location
    peer: Location
    application: ApplicationSettings
    database: DatabaseSettings
    database_identifier: str
    global_cluster_id: pulumi.Input[str]
    master: MasterCredentials | None
    """Given to the region that starts as the primary one."""
    database_after: Sequence[pulumi.Resource]
    """What must exist before this region's database cluster."""
    certificate_arn: pulumi.Input[str] | None
    alarm_email: str | None
    deletion_protection: bool


class Region(pulumi.ComponentResource):
    """Everything that serves traffic in one region.

    Either region can do all that the other one does. What makes one of them primary is in its
    arguments, and after a failover it is no longer true.
    """

    network: Network
    public_tier: PublicTier
    application_tier: ApplicationTier
    database_tier: DatabaseTier

    def __init__(
        self, name: str, args: RegionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Region", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        network = self.network = Network(name, NetworkArgs(location=args.location), opts=child)
        vpc_id = network.vpc.id
        public_tier = self.public_tier = PublicTier(
            name,
            PublicTierArgs(
                vpc_id=vpc_id,
                subnet_ids=_ids(network.public_subnets.values()),
                internet_gateway=network.internet_gateway,
                certificate_arn=args.certificate_arn,
                deletion_protection=args.deletion_protection,
            ),
            opts=child,
        )
        application_tier = self.application_tier = ApplicationTier(
            name,
            ApplicationTierArgs(
                settings=args.application,
                region=args.location.region,
                vpc_id=vpc_id,
                subnet_ids=_ids(network.application_subnets.values()),
                load_balancer_security_group_id=public_tier.security_group.id,
                target_group_arn=public_tier.target_group.arn,
                after=[*network.application_egress, public_tier.listener],
            ),
            opts=child,
        )
        database_tier = self.database_tier = DatabaseTier(
            name,
            DatabaseTierArgs(
                settings=args.database,
                identifier=args.database_identifier,
                vpc_id=vpc_id,
                subnet_ids=_ids(network.database_subnets.values()),
                application_security_group_id=application_tier.security_group.id,
                peer_application_cidr=str(args.peer.application_cidr),
                global_cluster_id=args.global_cluster_id,
                master=args.master,
                after=args.database_after,
            ),
            opts=child,
        )
        RegionAlarms(
            name,
            RegionAlarmsArgs(
                peer_region=args.peer.region,
                load_balancer=public_tier.load_balancer,
                target_group=public_tier.target_group,
                cluster=database_tier.cluster,
                email=args.alarm_email,
            ),
            opts=child,
        )
        self.register_outputs({"endpoint": public_tier.load_balancer.dns_name})


def _ids(subnets: Iterable[aws.ec2.Subnet]) -> list[pulumi.Input[str]]:
    return [subnet.id for subnet in subnets]
