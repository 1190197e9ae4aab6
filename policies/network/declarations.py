"""What EC2 refuses of one part of a network, whatever else is in the stack. The rows stand with
their topics."""

from __future__ import annotations

from ..refusal import Topic, family
from . import endpoints, flow_logs, nat_gateways, network_acls, routes, security_groups, subnets

NETWORK_DECLARATION = family(
    Topic(
        name="network-declaration",
        title="Parts of a network that EC2 accepts",
        description="The settings of a VPC, subnet, route table, security group, network ACL, "
        "NAT gateway, VPC endpoint or flow log must be valid in combination.",
        tags=("aws", "ec2", "vpc", "disaster-recovery"),
        fix="Change the setting that EC2 refuses.",
        reads_native=True,
    ),
    *endpoints.REFUSED,
    *subnets.REFUSED,
    *routes.REFUSED,
    *nat_gateways.REFUSED,
    *security_groups.REFUSED,
    *network_acls.REFUSED,
    *flow_logs.REFUSED,
)
