"""The database tier of one region: one member cluster of the Aurora global database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

ENGINE = aws.rds.EngineType.AURORA_POSTGRESQL
DATABASE_NAME = "app"

_PORT = 5432


@dataclass(frozen=True)
class DatabaseSettings:
    """What every member of the global database has in common."""

    engine_version: str
    instance_class: str
    backup_retention_days: int
    deletion_protection: bool
    final_snapshot: bool


@dataclass(frozen=True)
class MasterCredentials:
    """The master user of the global database.

    RDS cannot manage this password in Secrets Manager: that does not work in a global database.
    """

    username: str
    password: pulumi.Output[str]


@dataclass(frozen=True)
class DatabaseTierArgs:
    """What a region's member of the global database is built from."""

    settings: DatabaseSettings
    identifier: str
    """Name of the cluster; must differ between the regions."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    application_security_group_id: pulumi.Input[str]
    peer_application_cidr: str
    """The other region's application tier, which writes here while the primary cluster is here."""
    global_cluster_id: pulumi.Input[str]
    master: MasterCredentials | None
    """Credentials make this the primary cluster; a secondary takes over the primary's."""
    after: Sequence[pulumi.Resource]
    """What must exist before the cluster."""


class DatabaseTier(pulumi.ComponentResource):
    """An encrypted cluster over every zone with one instance, reachable from the applications."""

    cluster: aws.rds.Cluster
    writer: aws.rds.ClusterInstance
    """The instance that writes while this is the primary cluster."""

    def __init__(
        self, name: str, args: DatabaseTierArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:DatabaseTier", name, None, opts)
        self._prefix = name
        self._child = pulumi.ResourceOptions(parent=self)

        # Keys do not leave their region: each member of an encrypted global database has its own.
        key = aws.kms.Key(
            f"{name}-db",
            description=f"Storage of database cluster {args.identifier}",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            tags={"Name": f"{name}-db"},
            opts=self._child,
        )
        subnet_group = aws.rds.SubnetGroup(
            f"{name}-db",
            description="Isolated database subnets",
            subnet_ids=args.subnet_ids,
            tags={"Name": f"{name}-db"},
            opts=self._child,
        )
        security_group = self._security_group(args)
        self.cluster = self._cluster(args, key, subnet_group, security_group)
        self.writer = aws.rds.ClusterInstance(
            f"{name}-db-writer",
            identifier=f"{args.identifier}-writer",
            cluster_identifier=self.cluster.id,
            engine=ENGINE,
            instance_class=args.settings.instance_class,
            db_subnet_group_name=subnet_group.name,
            publicly_accessible=False,
            # Has no effect in a global database; stated so that nobody counts on it.
            auto_minor_version_upgrade=False,
            tags={"Name": f"{name}-db-writer"},
            opts=self._child,
        )
        self.register_outputs({"clusterArn": self.cluster.arn})

    def _cluster(
        self,
        args: DatabaseTierArgs,
        key: aws.kms.Key,
        subnet_group: aws.rds.SubnetGroup,
        security_group: aws.ec2.SecurityGroup,
    ) -> aws.rds.Cluster:
        settings = args.settings
        master = args.master
        return aws.rds.Cluster(
            f"{self._prefix}-db",
            cluster_identifier=args.identifier,
            global_cluster_identifier=args.global_cluster_id,
            engine=ENGINE,
            engine_version=settings.engine_version,
            database_name=None if master is None else DATABASE_NAME,
            master_username=None if master is None else master.username,
            master_password=None if master is None else master.password,
            storage_encrypted=True,
            kms_key_id=key.arn,
            db_subnet_group_name=subnet_group.name,
            vpc_security_group_ids=[security_group.id],
            backup_retention_period=settings.backup_retention_days,
            preferred_backup_window="03:00-04:00",
            preferred_maintenance_window="sun:05:00-sun:06:00",
            copy_tags_to_snapshot=True,
            enabled_cloudwatch_logs_exports=["postgresql"],
            deletion_protection=settings.deletion_protection,
            # Either region may hold the only current copy after a failover, so both take one.
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=f"{args.identifier}-final",
            tags={"Name": f"{self._prefix}-db"},
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=args.after,
                # AWS fills this in on a secondary, and a failover turns either member into one.
                # Left alone, the next update would "remove" it, which promotes the cluster out of
                # the global database.
                ignore_changes=["replicationSourceIdentifier"],
            ),
        )

    def _security_group(self, args: DatabaseTierArgs) -> aws.ec2.SecurityGroup:
        """Admit the application tier of this region and of the other one."""
        group = aws.ec2.SecurityGroup(
            f"{self._prefix}-db",
            description="Database instances",
            vpc_id=args.vpc_id,
            tags={"Name": f"{self._prefix}-db"},
            opts=self._child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self._prefix}-db-from-app",
            security_group_id=group.id,
            referenced_security_group_id=args.application_security_group_id,
            ip_protocol="tcp",
            from_port=_PORT,
            to_port=_PORT,
            tags={"Name": f"{self._prefix}-db-from-app"},
            opts=self._child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self._prefix}-db-from-peer-app",
            security_group_id=group.id,
            # By range: a security group of another region cannot be referenced over a peering.
            cidr_ipv4=args.peer_application_cidr,
            ip_protocol="tcp",
            from_port=_PORT,
            to_port=_PORT,
            tags={"Name": f"{self._prefix}-db-from-peer-app"},
            opts=self._child,
        )
        return group
