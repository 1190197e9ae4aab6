"""The public tier of one region: an application load balancer and what it listens to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

HEALTH_CHECK_PATH = "/health"
APPLICATION_PORT = 8080

_ANYWHERE = "0.0.0.0/0"
_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


@dataclass(frozen=True)
class PublicTierArgs:
    """What a region's load balancer is built from."""

    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    internet_gateway: aws.ec2.InternetGateway
    certificate_arn: pulumi.Input[str] | None
    """Certificate of this region to serve HTTPS with; None serves HTTP."""
    deletion_protection: bool


class PublicTier(pulumi.ComponentResource):
    """An internet-facing load balancer in front of the application tier.

    With a certificate, it serves HTTPS and redirects HTTP to it; without one, it serves HTTP.
    """

    load_balancer: aws.lb.LoadBalancer
    security_group: aws.ec2.SecurityGroup
    target_group: aws.lb.TargetGroup
    listener: aws.lb.Listener
    """The listener that forwards to the application."""

    def __init__(
        self, name: str, args: PublicTierArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:PublicTier", name, None, opts)
        self._prefix = name
        self._child = pulumi.ResourceOptions(parent=self)

        self.security_group = aws.ec2.SecurityGroup(
            f"{name}-lb",
            description="Load balancer",
            vpc_id=args.vpc_id,
            tags={"Name": f"{name}-lb"},
            opts=self._child,
        )
        self.load_balancer = aws.lb.LoadBalancer(
            f"{name}-lb",
            load_balancer_type="application",
            internal=False,
            ip_address_type="ipv4",
            subnets=args.subnet_ids,
            security_groups=[self.security_group.id],
            drop_invalid_header_fields=True,
            enable_deletion_protection=args.deletion_protection,
            tags={"Name": f"{name}-lb"},
            # AWS refuses an internet-facing load balancer while its VPC has no gateway, and
            # subnets alone do not make it wait for one.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.internet_gateway]),
        )
        self.target_group = aws.lb.TargetGroup(
            f"{name}-app",
            vpc_id=args.vpc_id,
            target_type="instance",
            protocol="HTTP",
            port=APPLICATION_PORT,
            deregistration_delay=30,
            health_check={
                "path": HEALTH_CHECK_PATH,
                "matcher": "200",
                "interval": 10,
                "timeout": 5,
                "healthy_threshold": 2,
                "unhealthy_threshold": 3,
            },
            tags={"Name": f"{name}-app"},
            opts=self._child,
        )
        self._admit(80)
        if args.certificate_arn is None:
            self.listener = self._forward("http", 80, "HTTP")
        else:
            self._admit(443)
            self.listener = self._forward("https", 443, "HTTPS", args.certificate_arn)
            self._redirect_to_https()
        self.register_outputs({"dnsName": self.load_balancer.dns_name})

    def _admit(self, port: int) -> None:
        """Let clients, and Route 53's health checkers among them, reach a port."""
        label = f"{self._prefix}-lb-from-internet-{port}"
        aws.vpc.SecurityGroupIngressRule(
            label,
            security_group_id=self.security_group.id,
            cidr_ipv4=_ANYWHERE,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags={"Name": label},
            opts=self._child,
        )

    def _forward(
        self,
        suffix: str,
        port: int,
        protocol: str,
        certificate_arn: pulumi.Input[str] | None = None,
    ) -> aws.lb.Listener:
        label = f"{self._prefix}-{suffix}"
        return aws.lb.Listener(
            label,
            load_balancer_arn=self.load_balancer.arn,
            port=port,
            protocol=protocol,
            certificate_arn=certificate_arn,
            ssl_policy=None if certificate_arn is None else _TLS_POLICY,
            default_actions=[{"type": "forward", "target_group_arn": self.target_group.arn}],
            tags={"Name": label},
            opts=self._child,
        )

    def _redirect_to_https(self) -> None:
        label = f"{self._prefix}-http"
        aws.lb.Listener(
            label,
            load_balancer_arn=self.load_balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                {
                    "type": "redirect",
                    "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"},
                }
            ],
            tags={"Name": label},
            opts=self._child,
        )
