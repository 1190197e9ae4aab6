"""What EC2 refuses of one part of a network, whatever else is in the stack. The rows stand with
their topics."""

from __future__ import annotations

from ..refusal import Topic, family
from . import endpoints, flow_logs, nat_gateways, network_acls, routes, security_groups, subnets

NETWORK_DECLARATION = family(
    Topic(
        name="network-declaration",
        title="Parts of a network that EC2 takes",
        description="What a subnet, a route table, a security group, a NAT gateway, an endpoint or "
        "a flow log declares must go together.",
        tags=("aws", "ec2", "vpc", "disaster-recovery"),
        fix="Declare what EC2 takes together.",
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
