"""Single edits of the reference stack: for each policy one that it must find, and a harmless one.

An edit changes inputs or options of resources by their names, sets configuration, or adds a few
resources. `finds` names the resources on which the policy must report, and nothing else may be
reported; a harmless edit gives no finding at all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pulumi
import pulumi_aws as aws
import pulumi_random as random

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from policies import RULES
from policies.refusal import Inputs

Made: TypeAlias = Mapping[tuple[str, str], Any]
"""Resources by the last part of their type and their name."""


def _nothing(made: Made) -> None:
    return None


@dataclass(frozen=True)
class Change:
    """What becomes of one resource: inputs that differ, and options that are added."""

    kind: str
    name: str
    inputs: Callable[[Made], dict[str, Any]] = lambda made: {}
    options: Callable[[Made], pulumi.ResourceOptions] = lambda made: pulumi.ResourceOptions()
    forgets_order: bool = False


@dataclass(frozen=True)
class Edit:
    """One edit; `says` describes it in a table. `parts` are those that it is made of, if any."""

    policy: str
    says: str
    finds: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Made], None] = _nothing
    after: Callable[[Made], None] = _nothing
    parts: tuple[Edit, ...] = ()

    @property
    def name(self) -> str:
        own = f"{self.policy} {'found' if self.finds else 'harmless'}"
        return ",".join(each.name for each in self.parts) or own


def put(kind: str, name: str, /, **inputs: Any) -> Change:
    """Set inputs to values; a function of what is made so far gives its result."""

    def values(made: Made) -> dict[str, Any]:
        return {key: each(made) if callable(each) else each for key, each in inputs.items()}

    return Change(kind, name, inputs=values)


def ids(kind: str, *names: str) -> Callable[[Made], list[Any]]:
    return lambda made: [made[(kind, name)].id for name in names]


def id_of(kind: str, name: str) -> Callable[[Made], Any]:
    return lambda made: made[(kind, name)].id


def by_provider(kind: str, name: str, provider: str) -> Change:
    """Make a resource with another provider, as a copied line does."""
    return Change(
        kind,
        name,
        options=lambda made: pulumi.ResourceOptions(provider=made[("aws", provider)]),
    )


def in_primary(made: Made) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(provider=made[("aws", "primary")])


def add_cluster(name: str, **inputs: Any) -> Callable[[Made], None]:
    """Add a cluster that belongs to no global database."""

    def add(made: Made) -> None:
        aws.rds.Cluster(
            name,
            master_username="reports",
            master_password=pulumi.Output.secret("not-a-real-one"),
            skip_final_snapshot=True,
            opts=in_primary(made),
            **inputs,
        )

    return add


def add_sourced_database(name: str, standby: bool = True, **inputs: Any) -> Callable[[Made], None]:
    """Add a global database that is made from a cluster, and has a secondary or none."""

    def add(made: Made) -> None:
        add_cluster(name, **MYSQL, **inputs)(made)
        aws.rds.GlobalCluster(
            f"{name}-global",
            global_cluster_identifier=name,
            source_db_cluster_identifier=made[("Cluster", name)].arn,
            force_destroy=True,
            opts=in_primary(made),
        )
        if standby:
            add_standby(name, made)

    return add


def add_standby(name: str, made: Made) -> None:
    writer = aws.rds.ClusterInstance(
        f"{name}-writer",
        cluster_identifier=made[("Cluster", name)].id,
        engine=MYSQL["engine"],
        instance_class="db.r6g.large",
        opts=in_primary(made),
    )
    there = pulumi.ResourceOptions(provider=made[("aws", "secondary")], depends_on=[writer])
    aws.rds.Cluster(
        f"{name}-standby",
        global_cluster_identifier=made[("GlobalCluster", f"{name}-global")].id,
        skip_final_snapshot=True,
        opts=there,
        **MYSQL,
    )


def add_copy_abroad(name: str, *, key: bool = True, group: bool = True) -> Callable[[Made], None]:
    """Add an encrypted instance and a replica of it in the secondary region, with a key and a DB
    subnet group of its own or without."""

    def add(made: Made) -> None:
        orders = aws.rds.Instance(
            f"{name}-source",
            engine="postgres",
            engine_version="17",
            instance_class="db.m7g.large",
            allocated_storage=100,
            storage_encrypted=True,
            backup_retention_period=7,
            username="orders",
            password=pulumi.Output.secret("not-a-real-one"),
            skip_final_snapshot=True,
            opts=in_primary(made),
        )
        there = pulumi.ResourceOptions(provider=made[("aws", "secondary")])
        aws.rds.Instance(
            name,
            replicate_source_db=orders.arn,
            instance_class="db.m7g.large",
            kms_key_id=aws.kms.Key(name, opts=there).arn if key else None,
            db_subnet_group_name="orders" if group else None,
            skip_final_snapshot=True,
            opts=there,
        )

    return add


def add_parameters(name: str, family: str) -> Callable[[Made], None]:
    """Add a cluster with parameters of this family."""

    def add(made: Made) -> None:
        group = aws.rds.ClusterParameterGroup(name, family=family, opts=in_primary(made))
        add_cluster(name, **MYSQL, db_cluster_parameter_group_name=group.name)(made)

    return add


def add_internet_gateway(attached: bool) -> Callable[[Made], None]:
    """Add an internet gateway, attached to the primary VPC or to none."""

    def add(made: Made) -> None:
        vpc = made[("Vpc", "primary-vpc")].id if attached else None
        aws.ec2.InternetGateway("second", vpc_id=vpc, opts=in_primary(made))

    return add


def add_endpoint(private_dns: bool) -> Callable[[Made], None]:
    """Add a VPC with an endpoint. The VPC's DNS knows no host names."""

    def add(made: Made) -> None:
        here = in_primary(made)
        vpc = aws.ec2.Vpc("tools", cidr_block="10.91.0.0/16", opts=here)
        aws.ec2.VpcEndpoint(
            "tools",
            vpc_id=vpc.id,
            vpc_endpoint_type="Interface",
            service_name="com.amazonaws.us-east-1.logs",
            private_dns_enabled=private_dns,
            opts=here,
        )

    return add


def add_route_beside(listed: bool) -> Callable[[Made], None]:
    """Add a route table with a route of its own, and perhaps one inside."""

    def add(made: Made) -> None:
        here = in_primary(made)
        gateway = made[("InternetGateway", "primary-internet-gateway")].id
        table = aws.ec2.RouteTable(
            "more",
            vpc_id=made[("Vpc", "primary-vpc")].id,
            routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway}] if listed else None,
            opts=here,
        )
        aws.ec2.Route(
            "more",
            route_table_id=table.id,
            destination_cidr_block="192.0.2.0/24",
            gateway_id=gateway,
            opts=here,
        )

    return add


def add_spoke(internal: bool) -> Callable[[Made], None]:
    """Add a VPC that leaves through a transit gateway, with a network load balancer."""

    def add(made: Made) -> None:
        here = in_primary(made)
        vpc = aws.ec2.Vpc("spoke", cidr_block="10.90.0.0/16", opts=here)
        subnet = aws.ec2.Subnet(
            "spoke",
            vpc_id=vpc.id,
            cidr_block="10.90.0.0/24",
            availability_zone="us-east-1a",
            opts=here,
        )
        attachment = aws.ec2transitgateway.VpcAttachment(
            "spoke", transit_gateway_id=HUB, vpc_id=vpc.id, subnet_ids=[subnet.id], opts=here
        )
        table = aws.ec2.RouteTable(
            "spoke",
            vpc_id=vpc.id,
            routes=[{"cidr_block": "0.0.0.0/0", "transit_gateway_id": HUB}],
            opts=pulumi.ResourceOptions.merge(
                here, pulumi.ResourceOptions(depends_on=[attachment])
            ),
        )
        aws.ec2.RouteTableAssociation(
            "spoke", subnet_id=subnet.id, route_table_id=table.id, opts=here
        )
        aws.ec2.Instance(
            "spoke",
            ami="ami-0123456789abcdef0",
            instance_type="m7g.large",
            subnet_id=subnet.id,
            opts=here,
        )
        aws.lb.LoadBalancer(
            "spoke",
            load_balancer_type="network",
            internal=internal,
            subnets=[subnet.id],
            opts=here,
        )

    return add


def add_foreign_group(made: Made) -> None:
    """A VPC of the primary region that holds a security group only."""
    here = pulumi.ResourceOptions(provider=aws.Provider("beside", region="us-east-1"))
    vpc = aws.ec2.Vpc("beside", cidr_block="10.91.0.0/16", opts=here)
    aws.ec2.SecurityGroup("beside", vpc_id=vpc.id, opts=here)


def add_copied_bucket(status: str) -> Callable[[Made], None]:
    """Add a bucket that replicates to another one, whose versioning has this status."""

    def add(made: Made) -> None:
        here = in_primary(made)
        home, copy = (aws.s3.Bucket(name, opts=here) for name in ("documents", "documents-copy"))
        kept = [
            aws.s3.BucketVersioning(
                name,
                bucket=bucket.id,
                versioning_configuration={"status": said},
                opts=here,
            )
            for name, bucket, said in (
                ("documents", home, "Enabled"),
                ("documents-copy", copy, status),
            )
        ]
        aws.s3.BucketReplicationConfig(
            "documents",
            bucket=home.id,
            role="arn:aws:iam::111122223333:role/replication",
            rules=[{"status": "Enabled", "destination": {"bucket": copy.arn}}],
            opts=pulumi.ResourceOptions.merge(here, pulumi.ResourceOptions(depends_on=kept)),
        )

    return add


def add_bucket_with_acl(ownership: str) -> Callable[[Made], None]:
    def add(made: Made) -> None:
        here = in_primary(made)
        bucket = aws.s3.Bucket("delivered", opts=here)
        owner = aws.s3.BucketOwnershipControls(
            "delivered", bucket=bucket.id, rule={"object_ownership": ownership}, opts=here
        )
        aws.s3.BucketAcl(
            "delivered",
            bucket=bucket.id,
            acl="log-delivery-write",
            opts=pulumi.ResourceOptions.merge(here, pulumi.ResourceOptions(depends_on=[owner])),
        )

    return add


def _allowing(service: str) -> str:
    principal = {"Service": f"{service}.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def add_encrypted_log_group(service: str) -> Callable[[Made], None]:
    """Add a log group, and its key, whose policy lets this service in."""

    def add(made: Made) -> None:
        here = in_primary(made)
        key = aws.kms.Key("app-logs", policy=_allowing(service), opts=here)
        aws.cloudwatch.LogGroup("app-logs", kms_key_id=key.arn, opts=here)

    return add


def add_trail(service: str) -> Callable[[Made], None]:
    """Add a trail, and its bucket, whose policy lets this service in."""

    def add(made: Made) -> None:
        here = in_primary(made)
        bucket = aws.s3.Bucket("audit", opts=here)
        access = aws.s3.BucketPolicy(
            "audit", bucket=bucket.id, policy=_allowing(service), opts=here
        )
        aws.cloudtrail.Trail(
            "audit",
            s3_bucket_name=bucket.id,
            opts=pulumi.ResourceOptions.merge(here, pulumi.ResourceOptions(depends_on=[access])),
        )

    return add


def add_roles(*names: str) -> Callable[[Made], None]:
    """Add a role for each region, of these names."""

    def add(made: Made) -> None:
        for place, name in zip(("us-east-1", "us-west-2"), names, strict=True):
            aws.iam.Role(
                f"reports-{place}",
                name=name,
                assume_role_policy=_allowing("lambda"),
                opts=pulumi.ResourceOptions(
                    provider=aws.Provider(f"reports-{place}", region=place)
                ),
            )

    return add


def add_private_names(*regions: str) -> Callable[[Made], None]:
    """Add a private zone with names that fail over, for clients of these regions."""

    def add(made: Made) -> None:
        here = in_primary(made)
        places = {"primary": "us-east-1", "secondary": "us-west-2"}
        zone = aws.route53.Zone(
            "inside",
            name="inside.dr-preflight.net",
            vpcs=[
                {"vpc_id": made[("Vpc", f"{role}-vpc")].id, "vpc_region": place}
                for role, place in places.items()
                if place in regions
            ],
            opts=here,
        )
        for role in places:
            balancer = made[("LoadBalancer", f"{role}-lb")]
            aws.route53.Record(
                f"inside-{role}",
                zone_id=zone.zone_id,
                name="orders.inside.dr-preflight.net",
                type="A",
                set_identifier=role,
                failover_routing_policies=[{"type": role.upper()}],
                aliases=[
                    {
                        "name": balancer.dns_name,
                        "zone_id": balancer.zone_id,
                        "evaluate_target_health": True,
                    }
                ],
                opts=here,
            )

    return add


def add_checked_function(authorization: str) -> Callable[[Made], None]:
    """Add a function URL with this authorization, and a health check of it."""

    def add(made: Made) -> None:
        url = aws.lambda_.FunctionUrl(
            "orders",
            function_name="orders",
            authorization_type=authorization,
            opts=in_primary(made),
        )
        host = url.function_url.apply(lambda said: said.removeprefix("https://").strip("/"))
        aws.route53.HealthCheck(
            "orders",
            type="HTTPS",
            fqdn=host,
            port=443,
            request_interval=30,
            failure_threshold=3,
            opts=in_primary(made),
        )

    return add


def add_named_api(has_domain: bool) -> Callable[[Made], None]:
    """Add an API in the secondary region and a name that leads to it."""

    def add(made: Made) -> None:
        there = pulumi.ResourceOptions(provider=aws.Provider("apis", region="us-west-2"))
        api = aws.apigatewayv2.Api("orders", protocol_type="HTTP", opts=there)
        host = api.api_endpoint.apply(lambda said: said.removeprefix("https://"))
        if has_domain:
            certificate = "arn:aws:acm:us-west-2:111122223333:certificate/"
            domain = aws.apigateway.DomainName(
                "orders",
                domain_name="api.dr-preflight.net",
                regional_certificate_arn=certificate + "01234567-89ab-cdef-0123-456789abcdef",
                endpoint_configuration={"types": "REGIONAL"},
                security_policy="TLS_1_2",
                opts=there,
            )
            host = domain.regional_domain_name
        aws.route53.Record(
            "orders-api",
            zone_id="Z0123456789ABCDEFGHIJ",
            name="api.dr-preflight.net",
            type="CNAME",
            ttl=60,
            records=[host],
            opts=in_primary(made),
        )

    return add


HUB = "tgw-0123456789abcdef0"
MYSQL: dict[str, Any] = {"engine": "aurora-mysql", "engine_version": "8.0.mysql_aurora.3.10.1"}
MEMBERS = ("global-database", "primary-db", "secondary-db")
PUBLIC = ("primary-public-a", "primary-public-b", "primary-public-c")
APP = ("primary-app-a", "primary-app-b", "primary-app-c")


def rerouted(*names: str, **target: Any) -> tuple[Change, ...]:
    """Give routes another target."""
    none = {"nat_gateway_id": None, "vpc_peering_connection_id": None}
    return tuple(put("Route", name, **{**none, **target}) for name in names)


OWN = (
    Edit(
        "aurora-global-backtrack",
        "backtrack on the primary cluster",
        ("primary-db",),
        (put("Cluster", "primary-db", backtrack_window=3600),),
    ),
    Edit(
        "aurora-global-backtrack",
        "a backtrack window of 0",
        changes=(put("Cluster", "primary-db", backtrack_window=0),),
    ),
    Edit(
        "aurora-global-source-backtrack",
        "a second global database, made from a cluster with backtrack",
        ("aurora-global-source-backtrack",),
        after=add_sourced_database("aurora-global-source-backtrack", backtrack_window=3600),
    ),
    Edit(
        "aurora-global-source-backtrack",
        "a second global database, made from a cluster without backtrack",
        after=add_sourced_database("aurora-global-source-backtrack"),
    ),
    Edit(
        "aurora-backtrack-engine",
        "one more cluster, PostgreSQL with backtrack",
        ("aurora-backtrack-engine",),
        after=add_cluster(
            "aurora-backtrack-engine",
            engine="aurora-postgresql",
            engine_version="17.7",
            backtrack_window=3600,
        ),
    ),
    Edit(
        "aurora-backtrack-engine",
        "one more cluster, MySQL with backtrack",
        after=add_cluster("aurora-backtrack-engine", **MYSQL, backtrack_window=3600),
    ),
    Edit(
        "aurora-global-engine-version",
        "databaseEngineVersion 15.4",
        MEMBERS,
        config={"databaseEngineVersion": "15.4"},
    ),
    Edit(
        "aurora-global-engine-version",
        "databaseEngineVersion 16.8",
        config={"databaseEngineVersion": "16.8"},
    ),
    Edit(
        "aurora-serverless-v1",
        "one more cluster, in engine mode serverless",
        ("aurora-serverless-v1",),
        after=add_cluster("aurora-serverless-v1", **MYSQL, engine_mode="serverless"),
    ),
    Edit(
        "aurora-serverless-v1",
        "one more cluster, with serverless v2 scaling",
        after=add_cluster(
            "aurora-serverless-v1",
            **MYSQL,
            serverlessv2_scaling_configuration={"min_capacity": 1, "max_capacity": 8},
        ),
    ),
    Edit(
        "engine-version-retired",
        "databaseEngineVersion 16.4",
        MEMBERS,
        config={"databaseEngineVersion": "16.4"},
    ),
    Edit(
        "engine-version-retired",
        "databaseEngineVersion 15.10",
        config={"databaseEngineVersion": "15.10"},
    ),
    Edit(
        "engine-version-ending",
        "databaseEngineVersion 15.7",
        ("global-database",),
        config={"databaseEngineVersion": "15.7"},
    ),
    Edit(
        "engine-version-ending",
        "databaseEngineVersion 16.8",
        config={"databaseEngineVersion": "16.8"},
    ),
    Edit(
        "aurora-global-members",
        "another version on the secondary cluster",
        ("secondary-db",),
        (put("Cluster", "secondary-db", engine_version="16.8"),),
    ),
    Edit(
        "aurora-global-members",
        "no version on the secondary's writer",
        changes=(put("ClusterInstance", "secondary-db-writer", engine_version=None),),
    ),
    Edit(
        "aurora-global-secondary",
        "a master user on the secondary cluster",
        ("secondary-db",),
        (
            put(
                "Cluster",
                "secondary-db",
                master_username="dradmin",
                master_password=pulumi.Output.secret("not-a-real-one"),
            ),
        ),
    ),
    Edit(
        "aurora-global-secondary",
        "another master user on the primary cluster",
        changes=(put("Cluster", "primary-db", master_username="admin2"),),
    ),
    Edit(
        "aurora-global-managed-password",
        "a managed password on the primary cluster",
        ("primary-db",),
        (put("Cluster", "primary-db", manage_master_user_password=True, master_password=None),),
    ),
    Edit(
        "aurora-global-managed-password",
        "a longer backup retention on the primary cluster",
        config={"backupRetentionDays": 30},
    ),
    Edit(
        "aurora-global-instance-class",
        "a burstable writer in the secondary region",
        ("secondary-db-writer",),
        (put("ClusterInstance", "secondary-db-writer", instance_class="db.t4g.medium"),),
    ),
    Edit(
        "aurora-global-instance-class",
        "a serverless v2 writer in the secondary region",
        changes=(
            put(
                "Cluster",
                "secondary-db",
                serverlessv2_scaling_configuration={"min_capacity": 1, "max_capacity": 8},
            ),
            put("ClusterInstance", "secondary-db-writer", instance_class="db.serverless"),
        ),
    ),
    Edit(
        "aurora-global-standby",
        "a second global database, of one cluster",
        ("aurora-global-standby-global",),
        after=add_sourced_database("aurora-global-standby", standby=False),
    ),
    Edit(
        "aurora-global-standby",
        "a second global database, of two clusters",
        after=add_sourced_database("aurora-global-standby"),
    ),
    Edit(
        "standby-database-source",
        "the secondary cluster outside of the global database",
        ("secondary-db",),
        (
            put(
                "Cluster",
                "secondary-db",
                global_cluster_identifier=None,
                master_username="dradmin",
                master_password=pulumi.Output.secret("not-a-real-one"),
            ),
        ),
    ),
    Edit(
        "standby-database-source",
        "another database, whose standby is a member of its global database",
        after=add_sourced_database("standby-database-source"),
    ),
    Edit(
        "standby-credentials",
        "a secret without a replica that holds the master password",
        ("credentials",),
        (
            put("Cluster", "primary-db", master_password=pulumi.Output.secret("not-a-real-one")),
            put("Secret", "credentials", replicas=None),
            put(
                "SecretVersion",
                "credentials",
                secret_string=pulumi.Output.secret('{"password": "not-a-real-one"}'),
            ),
        ),
    ),
    Edit(
        "standby-credentials",
        "a secret without a replica that holds another password",
        changes=(
            put("Secret", "credentials", replicas=None),
            put(
                "SecretVersion",
                "credentials",
                secret_string=pulumi.Output.secret('{"password": "of-something-else"}'),
            ),
        ),
    ),
    Edit(
        "alb-public-subnets",
        "the load balancer in the application subnets",
        ("primary-lb",),
        (put("LoadBalancer", "primary-lb", subnets=ids("Subnet", *APP)),),
    ),
    Edit(
        "alb-public-subnets",
        "an internal load balancer in the application subnets, which no health check asks",
        changes=(
            put("LoadBalancer", "primary-lb", subnets=ids("Subnet", *APP), internal=True),
            put("HealthCheck", "primary-endpoint", disabled=True),
        ),
    ),
    Edit(
        "alb-availability-zones",
        "the load balancer in one subnet",
        ("primary-lb",),
        (put("LoadBalancer", "primary-lb", subnets=ids("Subnet", PUBLIC[0])),),
    ),
    Edit(
        "alb-availability-zones",
        "the load balancer in two subnets",
        changes=(put("LoadBalancer", "primary-lb", subnets=ids("Subnet", *PUBLIC[:2])),),
    ),
    Edit(
        "nlb-internet-gateway",
        "a spoke VPC without a gateway and an internet-facing NLB in it",
        ("spoke",),
        after=add_spoke(internal=False),
    ),
    Edit(
        "nlb-internet-gateway",
        "the same spoke with an internal NLB",
        after=add_spoke(internal=True),
    ),
    Edit(
        "hosted-zone-reserved-name",
        "domain app.example.com",
        ("zone",),
        config={"domain": "app.example.com"},
    ),
    Edit(
        "hosted-zone-reserved-name",
        "domain app.tap-example.com",
        config={"domain": "app.tap-example.com"},
    ),
    Edit(
        "hosted-zone-undelegable-name",
        "domain app.dr.internal",
        ("zone",),
        config={"domain": "app.dr.internal"},
    ),
    Edit(
        "hosted-zone-undelegable-name",
        "domain internal.dr-reference-stack.net",
        config={"domain": "internal.dr-reference-stack.net"},
    ),
    Edit(
        "failover-record-health",
        "the primary record looks at no health",
        ("primary-endpoint",),
        (
            put(
                "Record",
                "primary-endpoint",
                health_check_id=None,
                aliases=lambda made: [
                    {
                        "name": made[("LoadBalancer", "primary-lb")].dns_name,
                        "zone_id": made[("LoadBalancer", "primary-lb")].zone_id,
                        "evaluate_target_health": False,
                    }
                ],
            ),
        ),
    ),
    Edit(
        "failover-record-health",
        "the secondary record has no health check of its own",
        changes=(put("Record", "secondary-endpoint", health_check_id=None),),
    ),
    Edit(
        "failover-record-pair",
        "another name on the secondary record",
        ("primary-endpoint", "secondary-endpoint"),
        (put("Record", "secondary-endpoint", name="other.app.dr-reference-stack.net"),),
    ),
    Edit(
        "failover-record-pair",
        "the same name in capitals, with a trailing dot",
        changes=(put("Record", "secondary-endpoint", name="APP.dr-reference-stack.net."),),
        config={"domain": "app.dr-reference-stack.net"},
    ),
    Edit(
        "record-sets",
        "one setIdentifier for both records",
        ("secondary-endpoint",),
        (put("Record", "secondary-endpoint", set_identifier="primary"),),
    ),
    Edit(
        "record-sets",
        "other setIdentifiers",
        changes=(put("Record", "secondary-endpoint", set_identifier="standby"),),
    ),
    Edit(
        "nat-gateway-public-subnet",
        "a NAT gateway in a subnet that it serves",
        ("primary-nat-a",),
        (put("NatGateway", "primary-nat-a", subnet_id=id_of("Subnet", APP[0])),),
    ),
    Edit(
        "nat-gateway-public-subnet",
        "a NAT gateway in another public subnet",
        changes=(put("NatGateway", "primary-nat-b", subnet_id=id_of("Subnet", PUBLIC[0])),),
    ),
    Edit(
        "vpc-peering-accepted",
        "an accepter that does not accept",
        ("peering",),
        (put("VpcPeeringConnectionAccepter", "peering-accepter", auto_accept=False),),
    ),
    Edit(
        "vpc-peering-accepted",
        "other tags on the accepter",
        changes=(put("VpcPeeringConnectionAccepter", "peering-accepter", tags={"team": "dr"}),),
    ),
    Edit(
        "vpc-peering-cidr-overlap",
        "secondaryCidr equal to primaryCidr",
        ("peering",),
        config={"secondaryCidr": "10.10.0.0/16"},
    ),
    Edit(
        "vpc-peering-cidr-overlap",
        "secondaryCidr beside primaryCidr",
        config={"secondaryCidr": "10.11.0.0/16"},
    ),
    Edit(
        "vpc-peering-routes",
        "all routes back to the primary region go elsewhere",
        ("peering",),
        rerouted(
            *(f"secondary-{tier}-to-primary" for tier in ("app-a", "app-b", "app-c", "db")),
            transit_gateway_id=HUB,
        ),
    ),
    Edit(
        "vpc-peering-routes",
        "one of the routes back to the primary region goes elsewhere",
        changes=rerouted("secondary-app-a-to-primary", transit_gateway_id=HUB),
    ),
    Edit(
        "network-tiers",
        "the default routes of the application tier lead to the other region",
        ("primary-vpc",),
        rerouted(
            *(f"{name}-to-internet" for name in APP),
            vpc_peering_connection_id="pcx-0123456789abcdef0",
        ),
    ),
    Edit(
        "network-tiers",
        "a NAT instance in one zone",
        changes=rerouted("primary-app-a-to-internet", network_interface_id="eni-0123456789abcdef0"),
    ),
    Edit(
        "failover-health-check",
        "a health check of a function URL that asks for a signature",
        ("orders",),
        after=add_checked_function("AWS_IAM"),
    ),
    Edit(
        "failover-health-check",
        "a health check of a function URL that everybody may ask",
        after=add_checked_function("NONE"),
    ),
    Edit(
        "failover-api-domain",
        "a name that leads to an API of the secondary region",
        ("orders-api",),
        after=add_named_api(has_domain=False),
    ),
    Edit(
        "failover-api-domain",
        "a name that leads to the domain name of an API",
        after=add_named_api(has_domain=True),
    ),
    Edit(
        "private-zone-regions",
        "a private zone with failover records for the primary VPC",
        ("inside",),
        after=add_private_names("us-east-1"),
    ),
    Edit(
        "private-zone-regions",
        "a private zone with failover records for both VPCs",
        after=add_private_names("us-east-1", "us-west-2"),
    ),
    Edit(
        "standby-load-balancer-targets",
        "no target group for the instances of the secondary region",
        ("secondary-lb",),
        (put("Group", "secondary-app", target_group_arns=[]),),
    ),
    Edit(
        "standby-load-balancer-targets",
        "the target group as a traffic source of the instances",
        changes=(
            put(
                "Group",
                "secondary-app",
                target_group_arns=None,
                traffic_sources=lambda made: [
                    {
                        "identifier": made[("TargetGroup", "secondary-app")].arn,
                        "type": "elbv2",
                    }
                ],
            ),
        ),
    ),
    Edit(
        "region-local-references",
        "the other region's provider on one rule of a security group",
        ("secondary-lb-from-internet-80",),
        (by_provider("SecurityGroupIngressRule", "secondary-lb-from-internet-80", "primary"),),
    ),
    Edit(
        "zone-in-region",
        "a zone of the other region for a database cluster",
        ("secondary-db",),
        (put("Cluster", "secondary-db", availability_zones=["us-east-1a"]),),
    ),
    Edit(
        "zone-in-region",
        "a zone of its own region for a database cluster",
        changes=(put("Cluster", "secondary-db", availability_zones=["us-west-2a"]),),
    ),
    Edit(
        "region-local-references",
        "another provider of the same region on one rule of a security group",
        changes=(
            Change(
                "SecurityGroupIngressRule",
                "secondary-lb-from-internet-80",
                options=lambda made: pulumi.ResourceOptions(
                    provider=aws.Provider("again", region="us-west-2")
                ),
            ),
        ),
    ),
    Edit(
        "vpc-local-references",
        "a security group of another VPC on the load balancer",
        ("primary-lb",),
        (put("LoadBalancer", "primary-lb", security_groups=ids("SecurityGroup", "beside")),),
        before=add_foreign_group,
    ),
    Edit(
        "vpc-local-references",
        "the same VPC and security group, used by nobody",
        before=add_foreign_group,
    ),
    Edit(
        "db-subnet-group-zones",
        "a DB subnet group of one subnet",
        ("primary-db",),
        (put("SubnetGroup", "primary-db", subnet_ids=ids("Subnet", "primary-db-a")),),
    ),
    Edit(
        "db-subnet-group-zones",
        "a DB subnet group of two subnets",
        changes=(
            put(
                "SubnetGroup",
                "primary-db",
                subnet_ids=ids("Subnet", "primary-db-a", "primary-db-b"),
            ),
        ),
    ),
    Edit(
        "subnet-cidr",
        "a subnet outside the range of its VPC",
        ("primary-app-a",),
        (put("Subnet", "primary-app-a", cidr_block="10.99.0.0/24"),),
    ),
    Edit(
        "subnet-cidr",
        "public addresses for what starts in one subnet",
        changes=(put("Subnet", "primary-public-a", map_public_ip_on_launch=True),),
    ),
    Edit(
        "vpc-wiring",
        "a second internet gateway of one VPC",
        ("second",),
        after=add_internet_gateway(attached=True),
    ),
    Edit(
        "vpc-wiring",
        "a second internet gateway that is attached to none",
        after=add_internet_gateway(attached=False),
    ),
    Edit(
        "vpc-endpoints",
        "an endpoint with private DNS in a VPC without host names",
        ("tools",),
        after=add_endpoint(private_dns=True),
    ),
    Edit(
        "vpc-endpoints",
        "an endpoint without private DNS in a VPC without host names",
        after=add_endpoint(private_dns=False),
    ),
    Edit(
        "network-risks",
        "a route table with routes inside and beside",
        ("more",),
        after=add_route_beside(listed=True),
    ),
    Edit(
        "network-risks",
        "a route table with routes beside alone",
        after=add_route_beside(listed=False),
    ),
    Edit(
        "rds-read-replica",
        "a replica in the other region of an encrypted instance, without a key",
        ("rds-read-replica",),
        after=add_copy_abroad("rds-read-replica", key=False),
    ),
    Edit(
        "rds-read-replica",
        "a replica in the other region of an encrypted instance, with a key",
        after=add_copy_abroad("rds-read-replica"),
    ),
    Edit(
        "documented-copies",
        "a replica in the other region without a DB subnet group",
        ("documented-copies",),
        after=add_copy_abroad("documented-copies", group=False),
    ),
    Edit(
        "documented-copies",
        "a replica in the other region with a DB subnet group",
        after=add_copy_abroad("documented-copies"),
    ),
    Edit(
        "rds-matching-parts",
        "one more cluster, MySQL 8.0 with parameters of MySQL 5.7",
        ("rds-matching-parts",),
        after=add_parameters("rds-matching-parts", "aurora-mysql5.7"),
    ),
    Edit(
        "rds-matching-parts",
        "one more cluster, MySQL 8.0 with parameters of MySQL 8.0",
        after=add_parameters("rds-matching-parts", "aurora-mysql8.0"),
    ),
    Edit(
        "creation-order",
        "the secondary cluster waits for nothing",
        ("secondary-db",),
        (Change("Cluster", "secondary-db", forgets_order=True),),
    ),
    Edit(
        "creation-order",
        "the secondary's writer waits for nothing more",
        changes=(Change("ClusterInstance", "secondary-db-writer", forgets_order=True),),
    ),
    Edit(
        "unverifiable-reference",
        "the load balancer in subnets of another stack",
        ("primary-http", "primary-lb"),
        (
            put(
                "LoadBalancer",
                "primary-lb",
                subnets=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            ),
        ),
    ),
    Edit(
        "unverifiable-reference",
        "a machine image of another stack",
        config={"imageParameter": "/dr/images/app"},
    ),
    Edit(
        "s3-versioning",
        "a bucket that replicates to one whose versioning is suspended",
        ("documents",),
        after=add_copied_bucket("Suspended"),
    ),
    Edit(
        "s3-versioning",
        "a bucket that replicates to one that is versioned",
        after=add_copied_bucket("Enabled"),
    ),
    Edit(
        "s3-acl",
        "an ACL for a bucket that belongs to its owner with all its objects",
        ("delivered",),
        after=add_bucket_with_acl("BucketOwnerEnforced"),
    ),
    Edit(
        "s3-acl",
        "an ACL for a bucket whose ownership controls allow ACLs",
        after=add_bucket_with_acl("BucketOwnerPreferred"),
    ),
    Edit(
        "log-group-key-policy",
        "a log group with a key that lets another service in",
        ("app-logs",),
        after=add_encrypted_log_group("rds"),
    ),
    Edit(
        "log-group-key-policy",
        "a log group with a key that lets CloudWatch Logs in",
        after=add_encrypted_log_group("logs.us-east-1"),
    ),
    Edit(
        "cloudtrail-bucket-policy",
        "a trail whose bucket lets another service in",
        ("audit",),
        after=add_trail("config"),
    ),
    Edit(
        "cloudtrail-bucket-policy",
        "a trail whose bucket lets CloudTrail in",
        after=add_trail("cloudtrail"),
    ),
    Edit(
        "duplicate-names",
        "a role of the same name for each region",
        ("reports-us-west-2",),
        after=add_roles("reports", "reports"),
    ),
    Edit(
        "duplicate-names",
        "a role for each region",
        after=add_roles("reports-east", "reports-west"),
    ),
)


_VISIBILITY = {
    "cloudwatchMetricsEnabled": True,
    "metricName": "site",
    "sampledRequestsEnabled": True,
}
REQUIRED: dict[str, dict[str, Any]] = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"vpcId": "vpc-0a1b2c3d4e5f67890"},
    "aws:wafv2/webAcl:WebAcl": {
        "defaultAction": {"allow": {}},
        "visibilityConfig": _VISIBILITY,
    },
    "aws:cloudfront/distribution:Distribution": {
        "enabled": True,
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        "origins": [
            {
                "originId": "east",
                "domainName": "api-us-east-1.acme-corp.com",
                "customOriginConfig": {
                    "httpPort": 80,
                    "httpsPort": 443,
                    "originProtocolPolicy": "https-only",
                    "originSslProtocols": ["TLSv1.2"],
                },
            }
        ],
        "defaultCacheBehavior": {
            "targetOriginId": "east",
            "viewerProtocolPolicy": "redirect-to-https",
            "allowedMethods": ["GET", "HEAD"],
            "cachedMethods": ["GET", "HEAD"],
        },
    },
    "aws:cloudtrail/trail:Trail": {"s3BucketName": "audit"},
    "aws:codepipeline/pipeline:Pipeline": {
        "roleArn": "arn:aws:iam::111122223333:role/release",
        "stages": [{"name": "Source", "actions": []}],
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"role": "app"},
    "aws:ecs/taskDefinition:TaskDefinition": {"family": "app", "containerDefinitions": "[]"},
    "aws:lb/listener:Listener": {
        "loadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/x",
        "defaultActions": [{"type": "fixed-response"}],
    },
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {
        "bucket": "documents",
        "role": "arn:aws:iam::111122223333:role/replication",
    },
}
"""What the provider asks for beside what a refusal is about."""


def add(name: str, kind: str, inputs: Inputs) -> Callable[[Made], None]:
    """Add a resource with no more than these inputs and what the provider asks for."""

    def make(made: Made) -> None:
        given = {**REQUIRED.get(kind, {}), **inputs}
        pulumi.CustomResource(kind, name, given, in_primary(made))

    return make


Lone: TypeAlias = tuple[str, Inputs]
"""What an edit says in a table, and the inputs of the resource that it adds."""

FAMILIES = tuple(
    edit
    for rule in RULES
    for row in rule.refusals[:1]
    for edit in (
        Edit(
            rule.name,
            f"a resource that {row.says}",
            (rule.name,),
            after=add(rule.name, row.kinds[0], row.refused),
        ),
        Edit(
            rule.name,
            "a resource that does not",
            after=add(rule.name, row.kinds[0], row.accepted[0]),
        ),
    )
)
"""Of a family, its first refusal."""


def pair(policy: str, kind: str, found: Lone, harmless: Lone) -> tuple[Edit, Edit]:
    """A resource that is added, in a form that is found and in one that is not."""
    return (
        Edit(policy, found[0], (policy,), after=add(policy, kind, found[1])),
        Edit(policy, harmless[0], after=add(policy, kind, harmless[1])),
    )


def replicated(**replica: Any) -> Inputs:
    """A DynamoDB table with a key of its own and a replica."""
    return {
        "serverSideEncryption": {"enabled": True, "kmsKeyArn": "arn:aws:kms:us-east-1::key/1"},
        "replicas": [{"regionName": "us-west-2", **replica}],
        "streamEnabled": True,
    }


def failing_over(second: str) -> Inputs:
    """An endpoint of two event buses, of which the second has this name."""
    return {
        "roleArn": "arn:aws:iam::123456789012:role/events",
        "eventBuses": [
            {"eventBusArn": "arn:aws:events:us-east-1:123456789012:event-bus/orders"},
            {"eventBusArn": f"arn:aws:events:us-west-2:123456789012:event-bus/{second}"},
        ],
        "routingConfig": {
            "failoverConfig": {"primary": {}, "secondary": {"route": "us-west-2"}},
        },
    }


def redriving(queue: str) -> Inputs:
    """A standard queue whose dead letters go to this one."""
    arn = f"arn:aws:sqs:us-east-1:123456789012:{queue}"
    return {"redrivePolicy": f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 3}}'}


def secure(certificate: str) -> Inputs:
    """A listener with a certificate of this ARN."""
    return {"port": 443, "protocol": "HTTPS", "certificateArn": certificate}


def logging_to(bucket: str) -> Inputs:
    """The logging of a web ACL to a bucket."""
    acl = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/site/1"
    return {"resourceArn": acl, "logDestinationConfigs": [f"arn:aws:s3:::{bucket}"]}


def protecting(balancer: str) -> Inputs:
    """The association of a web ACL with a load balancer of this type and name."""
    acl = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/site/1"
    return {"resourceArn": f"{_BALANCERS}/{balancer}", "webAclArn": acl}


def forwarding(**inputs: str) -> Inputs:
    """A target of EventBridge in another region."""
    return {
        "rule": "orders",
        "arn": "arn:aws:events:us-west-2:123456789012:event-bus/orders",
        **inputs,
    }


def targeting(region: str) -> Inputs:
    """A target of EventBridge: a queue in this region."""
    return {"rule": "orders", "arn": f"arn:aws:sqs:{region}:123456789012:orders"}


def add_two(
    name: str, first: tuple[str, Inputs], kind: str, inputs: Callable[[pulumi.CustomResource], Any]
) -> Callable[[Made], None]:
    """Add a resource, and one that names it; the second has the name."""

    def make(made: Made) -> None:
        given = {**REQUIRED.get(first[0], {}), **first[1]}
        named = pulumi.CustomResource(first[0], f"{name}-named", given, in_primary(made))
        add(name, kind, inputs(named))(made)

    return make


def add_datastore(node_type: str) -> Callable[[Made], None]:
    """Add a global datastore of nodes of this type."""

    def make(made: Made) -> None:
        group = aws.elasticache.ReplicationGroup(
            "sessions", description="sessions", node_type=node_type, opts=in_primary(made)
        )
        aws.elasticache.GlobalReplicationGroup(
            "sessions-global",
            global_replication_group_id_suffix="sessions",
            primary_replication_group_id=group.id,
            opts=in_primary(made),
        )

    return make


def add_topics(called: str, *names: str) -> Callable[[Made], None]:
    """Add topics of these names."""

    def make(made: Made) -> None:
        for which, name in zip(("first", "second"), names, strict=True):
            aws.sns.Topic(f"{called}-{which}", name=name, opts=in_primary(made))

    return make


def add_generated_token(**inputs: Any) -> Callable[[Made], None]:
    """Add a cache whose token is generated."""

    def make(made: Made) -> None:
        token = random.RandomPassword("generated-password", length=32, **inputs)
        aws.elasticache.ReplicationGroup(
            "generated-password",
            description="sessions",
            transit_encryption_enabled=True,
            auth_token=token.result,
            opts=in_primary(made),
        )

    return make


def add_service(**network: Any) -> Callable[[Made], None]:
    """Add a service, with or without a network, of a task that has addresses of its own."""

    def make(made: Made) -> None:
        task = aws.ecs.TaskDefinition(
            "reports",
            family="reports",
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu="256",
            memory="512",
            container_definitions="[]",
            opts=in_primary(made),
        )
        aws.ecs.Service("reports", task_definition=task.arn, opts=in_primary(made), **network)

    return make


SERVICE = (
    Edit(
        "ecs-service",
        "a service of tasks with addresses of their own, without a network",
        ("reports",),
        after=add_service(),
    ),
    Edit(
        "ecs-service",
        "a service of tasks with addresses of their own, with a network",
        after=add_service(network_configuration={"subnets": ["subnet-0a1b2c3d"]}),
    ),
)

DATASTORE = (
    Edit(
        "elasticache-global-datastore",
        "a global datastore of burstable nodes",
        ("sessions-global",),
        after=add_datastore("cache.t4g.medium"),
    ),
    Edit(
        "elasticache-global-datastore",
        "a global datastore of large nodes",
        after=add_datastore("cache.r7g.large"),
    ),
)

_BALANCERS = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer"

LONE = (
    *pair(
        "load-balancer-wiring",
        "aws:lb/listener:Listener",
        (
            "a listener with a placeholder for its certificate",
            secure("arn:aws:acm:us-east-1:111122223333:certificate/placeholder"),
        ),
        (
            "a listener with the ARN of a certificate",
            secure(
                "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
            ),
        ),
    ),
    *pair(
        "certificate-validation",
        "aws:acm/certificate:Certificate",
        ("a certificate for a private name", {"domainName": "orders.internal"}),
        ("a certificate for a public name", {"domainName": "orders.dr-preflight.net"}),
    ),
    *pair(
        "api-vpc-link",
        "aws:apigateway/vpcLink:VpcLink",
        ("a VPC link to an Application Load Balancer", {"targetArn": f"{_BALANCERS}/app/web/1"}),
        ("a VPC link to a Network Load Balancer", {"targetArn": f"{_BALANCERS}/net/web/1"}),
    ),
    *pair(
        "global-accelerator",
        "aws:globalaccelerator/endpointGroup:EndpointGroup",
        (
            "an endpoint group that is checked every 20 seconds",
            {"listenerArn": "arn:listener", "healthCheckIntervalSeconds": 20},
        ),
        (
            "an endpoint group that is checked every 10 seconds",
            {"listenerArn": "arn:listener", "healthCheckIntervalSeconds": 10},
        ),
    ),
    *pair(
        "cloudfront-parts",
        "aws:cloudfront/distribution:Distribution",
        (
            "a distribution with a regional web ACL",
            {"webAclId": "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/site/1"},
        ),
        (
            "a distribution with a global web ACL",
            {"webAclId": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/1"},
        ),
    ),
    *pair(
        "waf-parts",
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        ("a web ACL that logs to a bucket with any name", logging_to("logs")),
        ("a web ACL that logs to a bucket with a name for it", logging_to("aws-waf-logs-site")),
    ),
    *pair(
        "documented-parts",
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        ("a web ACL for a Network Load Balancer", protecting("net/web/1")),
        ("a web ACL for an Application Load Balancer", protecting("app/web/1")),
    ),
    *pair(
        "health-check-target",
        "aws:route53/healthCheck:HealthCheck",
        (
            "a health check that waits for two of one child",
            {"type": "CALCULATED", "childHealthThreshold": 2, "childHealthchecks": ["one"]},
        ),
        (
            "a health check that waits for its one child",
            {"type": "CALCULATED", "childHealthThreshold": 1, "childHealthchecks": ["one"]},
        ),
    ),
    *pair(
        "output-as-text",
        "aws:ssm/parameter:Parameter",
        (
            "a parameter with the text of an Output",
            {"type": "String", "value": "https://Calling [toString] on an [Output<T>] is not..."},
        ),
        (
            "a parameter with a text about Outputs",
            {"type": "String", "value": "https://docs.acme-corp.com/Output<T>"},
        ),
    ),
    *pair(
        "placeholder-name",
        "aws:sns/topic:Topic",
        ("a topic that is named by nothing", {"name": "None-alerts"}),
        ("a topic that is named by its site", {"name": "east-alerts"}),
    ),
    *pair(
        "replica-references",
        "aws:cloudwatch/eventEndpoint:EventEndpoint",
        ("an endpoint of two event buses with different names", failing_over("others")),
        ("an endpoint of two event buses with one name", failing_over("orders")),
    ),
    *pair(
        "queue-kinds",
        "aws:sqs/queue:Queue",
        ("a standard queue with a FIFO queue for its dead letters", redriving("dead.fifo")),
        ("a standard queue with a standard queue for its dead letters", redriving("dead")),
    ),
    *pair(
        "event-targets",
        "aws:cloudwatch/eventTarget:EventTarget",
        ("an event bus of another region as a target without a role", forwarding()),
        (
            "an event bus of another region as a target with a role",
            forwarding(roleArn="arn:aws:iam::123456789012:role/events"),
        ),
    ),
    *pair(
        "documented-regions",
        "aws:cloudwatch/eventTarget:EventTarget",
        ("a queue of another region as a target", targeting("us-west-2")),
        ("a queue of its own region as a target", targeting("us-east-1")),
    ),
    *pair(
        "dynamodb-global-tables",
        "aws:dynamodb/table:Table",
        ("an encrypted table with a replica without a key", replicated()),
        (
            "an encrypted table with a replica that has a key",
            replicated(kmsKeyArn="arn:aws:kms:us-west-2::key/1"),
        ),
    ),
    # `make new-policy KIND=resource` adds here.
)
"""Of policies that need several resources, what one with literal names shows."""

_CHECK = "aws:route53/healthCheck:HealthCheck"


def two(
    policy: str,
    kind: str,
    inputs: Callable[[pulumi.CustomResource], Any],
    found: tuple[str, str, Inputs],
    harmless: tuple[str, str, Inputs],
) -> tuple[Edit, Edit]:
    """A resource that names another one: what that is, in a form that is found and in one that is
    not."""
    return (
        Edit(policy, found[0], (policy,), after=add_two(policy, found[1:], kind, inputs)),
        Edit(policy, harmless[0], after=add_two(policy, harmless[1:], kind, inputs)),
    )


_VPC = "aws:ec2/vpc:Vpc"
_ZONE = "aws:route53/zone:Zone"
_PRIVATE = {"name": "db.dr-preflight.net", "vpcs": [{"vpcId": "vpc-0a1b2c3d4e5f67890"}]}

TWO = (
    *two(
        "hosted-zone-parts",
        "aws:route53/zoneAssociation:ZoneAssociation",
        lambda zone: {"zoneId": zone.id, "vpcId": "vpc-0f1e2d3c4b5a69788"},
        ("a VPC that joins a public zone", _ZONE, {"name": "db.dr-preflight.net"}),
        ("a VPC that joins a private zone", _ZONE, _PRIVATE),
    ),
    *two(
        "hosted-zone-answers",
        _ZONE,
        lambda vpc: {"name": "cache.dr-preflight.net", "vpcs": [{"vpcId": vpc.id}]},
        ("a private zone of a VPC without host names", _VPC, {"cidrBlock": "10.250.0.0/16"}),
        (
            "a private zone of a VPC with host names",
            _VPC,
            {"cidrBlock": "10.250.0.0/16", "enableDnsHostnames": True},
        ),
    ),
    *two(
        "health-check-sources",
        _CHECK,
        lambda child: {
            "type": "CALCULATED",
            "childHealthThreshold": 1,
            "childHealthchecks": [child.id],
        },
        ("a health check calculated from a calculated one", _CHECK, {"type": "CALCULATED"}),
        (
            "a health check calculated from one of an endpoint",
            _CHECK,
            {"type": "HTTPS", "fqdn": "www.acme-corp.com"},
        ),
    ),
    Edit(
        "generated-password",
        "a token that is drawn from any special characters",
        ("generated-password",),
        after=add_generated_token(),
    ),
    Edit(
        "generated-password",
        "a token that is drawn from letters and digits",
        after=add_generated_token(special=False),
    ),
    Edit(
        "overwritten-names",
        "two topics of one name",
        ("overwritten-names-second",),
        after=add_topics("overwritten-names", "alerts", "alerts"),
    ),
    Edit(
        "overwritten-names",
        "two topics of two names",
        after=add_topics("overwritten-names", "alerts", "alarms"),
    ),
    # `make new-policy KIND=stack` adds here.
)
"""Of policies that need several resources, two that are added."""


def add_function(
    name: str,
    provider: str,
    statement: Mapping[str, Any],
    variables: Callable[[Made], dict[str, Any]] = lambda made: {"LOG_LEVEL": "info"},
) -> Callable[[Made], None]:
    """Add a function, in the region of a provider, whose role may do what a statement says."""

    def make(made: Made) -> None:
        opts = pulumi.ResourceOptions(provider=made[("aws", provider)])
        role = aws.iam.Role(
            name,
            assume_role_policy="{}",
            inline_policies=[
                {
                    "name": name,
                    "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
                }
            ],
            opts=opts,
        )
        aws.lambda_.Function(
            name,
            runtime="python3.13",
            handler="index.handler",
            role=role.arn,
            code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(*_): ...")}),
            environment={"variables": variables(made)},
            opts=opts,
        )

    return make


def host_of(cluster: str) -> Callable[[Made], dict[str, Any]]:
    """The setting that leads to a cluster."""
    return lambda made: {"DB_HOST": made[("Cluster", cluster)].endpoint}


def sessions_of(made: Made) -> dict[str, Any]:
    """The setting that names the table, which has that name in each region."""
    return {"SESSIONS_TABLE": made[("Table", "sessions")].name}


def reading(region: str) -> dict[str, Any]:
    """What lets a role read the table of a region, or its replica."""
    named = f"arn:aws:dynamodb:{region}:*:table/*"
    return {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": named}


MOVE = {"Effect": "Allow", "Action": "rds:FailoverGlobalCluster", "Resource": "*"}
LOG = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}

REHEARSED = (
    Edit(
        "standby-permissions",
        "a function in the other region that may read the table of the primary's region only",
        ("standby-permissions",),
        after=add_function("standby-permissions", "secondary", reading("us-east-1"), sessions_of),
    ),
    Edit(
        "standby-permissions",
        "a function in the other region that may read the replica there",
        after=add_function("standby-permissions", "secondary", reading("us-west-2"), sessions_of),
    ),
    Edit(
        "standby-runtime-settings",
        "a function in the other region that is given the endpoint of the primary cluster",
        ("standby-runtime-settings",),
        after=add_function("standby-runtime-settings", "secondary", LOG, host_of("primary-db")),
    ),
    Edit(
        "standby-runtime-settings",
        "a function in the other region that is given the endpoint of the cluster there",
        after=add_function("standby-runtime-settings", "secondary", LOG, host_of("secondary-db")),
    ),
    Edit(
        "failover-automation-region",
        "a function in the primary's region that fails the database over",
        ("failover-automation-region",),
        after=add_function("failover-automation-region", "primary", MOVE),
    ),
    Edit(
        "failover-automation-region",
        "a function in the other region that fails the database over",
        after=add_function("failover-automation-region", "secondary", MOVE),
    ),
)
"""Of what a rehearsal asks, what a function shows."""

ALL = (*OWN, *FAMILIES, *DATASTORE, *SERVICE, *LONE, *TWO, *REHEARSED)
ADDED = tuple(edit for edit in ALL if not (edit.changes or edit.config))
"""Those that only add resources, each of names of its own, so that all can be made at once."""


def together(edits: Iterable[Edit]) -> Edit:
    """Several edits in one."""
    parts = tuple(edits)

    def before(made: Made) -> None:
        for each in parts:
            each.before(made)

    def after(made: Made) -> None:
        for each in parts:
            each.after(made)

    return Edit(
        "several",
        "; ".join(each.says for each in parts),
        finds=tuple(name for each in parts for name in each.finds),
        changes=tuple(change for each in parts for change in each.changes),
        config={key: value for each in parts for key, value in each.config.items()},
        before=before,
        after=after,
        parts=parts,
    )


BY_NAME = {edit.name: edit for edit in ALL}


def named(names: str) -> Edit:
    """The edit of a name, or those of several names with commas between, in one."""
    return together(BY_NAME[name] for name in names.split(","))
