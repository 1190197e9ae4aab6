"""The application tier of one region: an auto-scaling group behind the load balancer."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dr.public_tier import APPLICATION_PORT, HEALTH_CHECK_PATH

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class ApplicationSettings:
    """What the application tier has in common in every region."""

    instance_type: str
    image_parameter: str
    min_instances: int
    max_instances: int


@dataclass(frozen=True)
class ApplicationTierArgs:
    """What a region's application tier is built from."""

    settings: ApplicationSettings
    region: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    load_balancer_security_group_id: pulumi.Input[str]
    target_group_arn: pulumi.Input[str]
    after: Sequence[pulumi.Resource]
    """What must exist before the first instance starts."""


class ApplicationTier(pulumi.ComponentResource):
    """Instances over every zone, replaced when the load balancer finds them unhealthy.

    Each region runs its full number of instances all the time: when a region fails, everybody who
    has planned to start instances in the other one asks for the same capacity at once.
    """

    security_group: aws.ec2.SecurityGroup
    group: aws.autoscaling.Group

    def __init__(
        self, name: str, args: ApplicationTierArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:ApplicationTier", name, None, opts)
        self._prefix = name
        self._child = pulumi.ResourceOptions(parent=self)

        self.security_group = aws.ec2.SecurityGroup(
            f"{name}-app",
            description="Application instances",
            vpc_id=args.vpc_id,
            tags={"Name": f"{name}-app"},
            opts=self._child,
        )
        self._open_paths(args.load_balancer_security_group_id)
        template = self._launch_template(args)
        self.group = aws.autoscaling.Group(
            f"{name}-app",
            min_size=args.settings.min_instances,
            max_size=args.settings.max_instances,
            vpc_zone_identifiers=args.subnet_ids,
            target_group_arns=[args.target_group_arn],
            health_check_type="ELB",
            health_check_grace_period=120,
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            instance_refresh={
                "strategy": "Rolling",
                "preferences": {"min_healthy_percentage": 90},
            },
            # The provider's default tags do not reach instances that a group starts.
            tags=[{"key": "Name", "value": f"{name}-app", "propagate_at_launch": True}],
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
        aws.autoscaling.Policy(
            f"{name}-app-cpu",
            autoscaling_group_name=self.group.name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration={
                "predefined_metric_specification": {
                    "predefined_metric_type": "ASGAverageCPUUtilization"
                },
                "target_value": 50,
            },
            opts=self._child,
        )
        self.register_outputs({"groupName": self.group.name})

    def _open_paths(self, load_balancer: pulumi.Input[str]) -> None:
        """Load balancer to instances on the application's port, instances to anywhere."""
        aws.vpc.SecurityGroupEgressRule(
            f"{self._prefix}-lb-to-app",
            security_group_id=load_balancer,
            referenced_security_group_id=self.security_group.id,
            ip_protocol="tcp",
            from_port=APPLICATION_PORT,
            to_port=APPLICATION_PORT,
            tags={"Name": f"{self._prefix}-lb-to-app"},
            opts=self._child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self._prefix}-app-from-lb",
            security_group_id=self.security_group.id,
            referenced_security_group_id=load_balancer,
            ip_protocol="tcp",
            from_port=APPLICATION_PORT,
            to_port=APPLICATION_PORT,
            tags={"Name": f"{self._prefix}-app-from-lb"},
            opts=self._child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._prefix}-app-to-anywhere",
            security_group_id=self.security_group.id,
            cidr_ipv4=_ANYWHERE,
            ip_protocol="-1",
            tags={"Name": f"{self._prefix}-app-to-anywhere"},
            opts=self._child,
        )

    def _launch_template(self, args: ApplicationTierArgs) -> aws.ec2.LaunchTemplate:
        label = f"{self._prefix}-app"
        return aws.ec2.LaunchTemplate(
            label,
            # EC2 resolves the parameter, in its own region, whenever an instance starts: no image
            # id to look up here, and none that exists in one region only.
            image_id=f"resolve:ssm:{args.settings.image_parameter}",
            instance_type=args.settings.instance_type,
            vpc_security_group_ids=[self.security_group.id],
            user_data=base64.b64encode(_user_data(args.region).encode()).decode(),
            metadata_options={"http_endpoint": "enabled", "http_tokens": "required"},
            tag_specifications=[{"resource_type": "volume", "tags": {"Name": label}}],
            tags={"Name": label},
            opts=self._child,
        )


def _user_data(region: str) -> str:
    """Start a stand-in for the real application: healthy, and it tells which region served."""
    return f"""#!/bin/bash
set -euo pipefail
mkdir -p /srv/app
echo ok > /srv/app/{HEALTH_CHECK_PATH.lstrip("/")}
echo "served from {region}" > /srv/app/index.html
cat > /etc/systemd/system/app.service <<'UNIT'
[Unit]
After=network-online.target
Wants=network-online.target
[Service]
DynamicUser=yes
ExecStart=/usr/bin/python3 -m http.server {APPLICATION_PORT} --directory /srv/app
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now app.service
"""
