"""A two-region disaster-recovery stack on AWS. README.md says what it builds and how to use it."""

import re
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from dr.alarms import ROUTE53_METRICS_REGION, HealthCheckAlarms, HealthCheckAlarmsArgs
from dr.backups import Backups, BackupsArgs
from dr.certificates import Certificates, CertificatesArgs
from dr.credentials import Credentials, CredentialsArgs
from dr.database_tier import DATABASE_NAME, ENGINE
from dr.documents import Documents, DocumentsArgs
from dr.failover import Failover, FailoverArgs
from dr.heartbeat import Heartbeat, HeartbeatArgs
from dr.peering import Peering, PeeringArgs, PeeringSide
from dr.region import Region, RegionArgs
from dr.sessions import Sessions, SessionsArgs
from dr.settings import Settings

settings = Settings.load()
# RDS takes letters, digits and single hyphens in its identifiers; stack names may hold more.
namespace = "dr-" + re.sub(r"[^a-z0-9]+", "-", pulumi.get_stack().lower()).strip("-")


def provider(name: str, region: str) -> aws.Provider:
    """Make an explicit provider: nothing here depends on the region of the environment."""
    tags = {"Project": pulumi.get_project(), "Stack": pulumi.get_stack()}
    return aws.Provider(name, region=region, default_tags={"tags": tags})


providers = {
    "primary": provider("primary", settings.primary.region),
    "secondary": provider("secondary", settings.secondary.region),
}
in_primary = pulumi.ResourceOptions(provider=providers["primary"])
in_secondary = pulumi.ResourceOptions(provider=providers["secondary"])

zone_id: pulumi.Input[str]
if settings.hosted_zone_id is None:
    zone = aws.route53.Zone(
        "zone", name=settings.domain, tags={"Name": settings.domain}, opts=in_primary
    )
    zone_id = zone.zone_id
    pulumi.export("nameServers", zone.name_servers)
else:
    zone_id = settings.hosted_zone_id

certificate_arns: Mapping[str, pulumi.Output[str]] = {}
if settings.https:
    certificate_arns = Certificates(
        "certificates",
        CertificatesArgs(domain=settings.domain, zone_id=zone_id, providers=providers),
        opts=in_primary,
    ).arns

global_cluster = aws.rds.GlobalCluster(
    "global-database",
    global_cluster_identifier=f"{namespace}-global",
    engine=ENGINE,
    engine_version=settings.database.engine_version,
    database_name=DATABASE_NAME,
    storage_encrypted=True,
    deletion_protection=settings.deletion_protection,
    tags={"Name": "global-database"},
    opts=in_primary,
)

primary = Region(
    "primary",
    RegionArgs(
        location=settings.primary,
        peer=settings.secondary,
        application=settings.application,
        database=settings.database,
        database_identifier=f"{namespace}-primary",
        global_cluster_id=global_cluster.id,
        master=settings.master,
        database_after=[],
        certificate_arn=certificate_arns.get("primary"),
        alarm_email=settings.alarm_email,
        deletion_protection=settings.deletion_protection,
    ),
    opts=in_primary,
)
secondary = Region(
    "secondary",
    RegionArgs(
        location=settings.secondary,
        peer=settings.primary,
        application=settings.application,
        database=settings.database,
        database_identifier=f"{namespace}-secondary",
        global_cluster_id=global_cluster.id,
        master=None,
        # AWS has nothing to replicate until the primary cluster has an instance.
        database_after=[primary.database_tier.writer],
        certificate_arn=certificate_arns.get("secondary"),
        alarm_email=settings.alarm_email,
        deletion_protection=settings.deletion_protection,
    ),
    opts=in_secondary,
)

Peering(
    "peering",
    PeeringArgs(
        requester=PeeringSide("primary", settings.primary, primary.network, providers["primary"]),
        accepter=PeeringSide(
            "secondary", settings.secondary, secondary.network, providers["secondary"]
        ),
    ),
)

failover = Failover(
    "failover",
    FailoverArgs(
        zone_id=zone_id,
        domain=settings.domain,
        https=settings.https,
        primary=primary.public_tier.load_balancer,
        secondary=secondary.public_tier.load_balancer,
    ),
    opts=in_primary,
)

Documents("documents", DocumentsArgs(providers=providers), opts=in_primary)
sessions = Sessions(
    "sessions",
    SessionsArgs(
        table_name=f"{namespace}-sessions",
        replica_region=settings.secondary.region,
        deletion_protection=settings.deletion_protection,
    ),
    opts=in_primary,
)
for role, location in {"primary": settings.primary, "secondary": settings.secondary}.items():
    Heartbeat(
        f"{role}-heartbeat",
        HeartbeatArgs(
            function_name=f"{namespace}-heartbeat",
            region=location.region,
            table=sessions.table,
        ),
        opts=pulumi.ResourceOptions(provider=providers[role]),
    )
credentials = Credentials(
    "credentials",
    CredentialsArgs(
        master=settings.master,
        host=global_cluster.endpoint,
        replica_region=settings.secondary.region,
    ),
    opts=in_primary,
)
Backups(
    "backups",
    BackupsArgs(resource_arns=[sessions.table.arn], providers=providers),
    opts=in_primary,
)

HealthCheckAlarms(
    "health-checks",
    HealthCheckAlarmsArgs(health_check_ids=failover.health_check_ids, email=settings.alarm_email),
    opts=pulumi.ResourceOptions(provider=provider("route53-metrics", ROUTE53_METRICS_REGION)),
)

pulumi.export("url", f"{'https' if settings.https else 'http'}://{settings.domain}")
pulumi.export("globalClusterIdentifier", global_cluster.global_cluster_identifier)
pulumi.export("sessionsTable", sessions.table.name)
pulumi.export("credentialsArn", credentials.secret.arn)
pulumi.export("databaseWriterEndpoint", global_cluster.endpoint)
for role, region in {"primary": primary, "secondary": secondary}.items():
    pulumi.export(f"{role}Endpoint", region.public_tier.load_balancer.dns_name)
    pulumi.export(f"{role}DatabaseClusterArn", region.database_tier.cluster.arn)
    pulumi.export(f"{role}AutoScalingGroup", region.application_tier.group.name)
