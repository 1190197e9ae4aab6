"""What can go wrong with a disaster-recovery stack on AWS: the table of contents."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from .advice import DOCUMENTED_REFUSALS
from .aurora.backtrack import BACKTRACK_ENGINE, GLOBAL_BACKTRACK, GLOBAL_SOURCE_BACKTRACK
from .aurora.engine_versions import GLOBAL_ENGINE_VERSION, SERVERLESS_V1
from .aurora.member_limits import GLOBAL_INSTANCE_CLASS, GLOBAL_MANAGED_PASSWORD
from .aurora.members import GLOBAL_MEMBERS
from .aurora.retired_versions import ENGINE_VERSION_ENDING, ENGINE_VERSION_RETIRED
from .aurora.secondaries import GLOBAL_SECONDARY
from .aurora.standby import GLOBAL_STANDBY
from .compute.auto_scaling import AUTO_SCALING
from .compute.ecs_services import ECS_SERVICES
from .compute.lambda_environment import LAMBDA_ENVIRONMENT
from .compute.task_definitions import ECS_TASK_DEFINITION
from .copies.backup_plans import BACKUP_PLAN
from .copies.bucket_replication import S3_REPLICATION
from .copies.bucket_versioning import S3_VERSIONING
from .copies.documented_copies import DOCUMENTED_COPIES
from .copies.dynamodb_replicas import DYNAMODB_REPLICAS
from .copies.elasticache import ELASTICACHE_DECLARATION, ELASTICACHE_GLOBAL_DATASTORE
from .copies.global_tables import DYNAMODB_GLOBAL_TABLES
from .copies.replica_references import REPLICA_REFERENCES
from .copies.replica_regions import REPLICA_REGIONS
from .databases.families import RDS_CREATION, RDS_DECLARATION
from .databases.generated_password import GENERATED_PASSWORD
from .databases.parts import RDS_MATCHING_PARTS
from .databases.replicas import RDS_READ_REPLICA
from .documented_parts import DOCUMENTED_PARTS
from .duplicate_names import DUPLICATE_NAMES
from .edge.accelerators import GLOBAL_ACCELERATOR
from .edge.distribution_parts import CLOUDFRONT_PARTS
from .edge.distributions import CLOUDFRONT_DECLARATION
from .edge.web_acls import WAF_DECLARATION, WAF_PARTS
from .entry.api_links import API_VPC_LINK
from .entry.certificates import CERTIFICATE_ISSUED
from .entry.failover_records import FAILOVER_RECORD_HEALTH, FAILOVER_RECORD_PAIR
from .entry.health_check_sources import HEALTH_CHECK_SOURCES
from .entry.health_check_targets import HEALTH_CHECK_TARGET
from .entry.health_checks import HEALTH_CHECK_DECLARATION
from .entry.hosted_zone_parts import HOSTED_ZONE_ANSWERS, HOSTED_ZONE_PARTS
from .entry.hosted_zones import HOSTED_ZONE_RESERVED_NAME, HOSTED_ZONE_UNDELEGABLE_NAME
from .entry.load_balancer_declarations import LOAD_BALANCER_DECLARATION
from .entry.load_balancer_wiring import LOAD_BALANCER_WIRING
from .entry.load_balancers import AVAILABILITY_ZONES, NLB_GATEWAY, PUBLIC_SUBNETS
from .entry.record_sets import RECORD_SETS
from .iam_names import IAM_NAMES
from .messaging.event_targets import EVENT_TARGETS
from .messaging.queue_kinds import QUEUE_KINDS
from .network.declarations import NETWORK_DECLARATION
from .network.endpoints import VPC_ENDPOINTS
from .network.nat_gateways import NAT_PUBLIC_SUBNET
from .network.risks import NETWORK_RISKS
from .network.subnets import DB_SUBNET_GROUP_ZONES, SUBNET_CIDR
from .network.tiers import NETWORK_TIERS
from .network.vpc_peering import PEERING_ACCEPTED, PEERING_CIDR_OVERLAP, PEERING_ROUTES
from .network.vpc_references import VPC_LOCAL_REFERENCES
from .network.wiring import VPC_WIRING
from .order.creation_order import CREATION_ORDER
from .program.output_text import OUTPUT_AS_TEXT
from .program.overwritten_names import OVERWRITTEN_NAMES
from .program.placeholder_names import PLACEHOLDER_NAME
from .regions.documented import DOCUMENTED_REGIONS
from .regions.local_references import REGION_LOCAL_REFERENCES
from .regions.pipelines import CODEPIPELINE_REGION
from .regions.zones import ZONE_IN_REGION
from .rehearsal.api_domains import FAILOVER_API_DOMAIN
from .rehearsal.balancer_targets import STANDBY_LOAD_BALANCER_TARGETS
from .rehearsal.credentials import STANDBY_CREDENTIALS
from .rehearsal.database_sources import STANDBY_DATABASE_SOURCE
from .rehearsal.failover_automation import FAILOVER_AUTOMATION_REGION
from .rehearsal.health_checks import FAILOVER_HEALTH_CHECK
from .rehearsal.private_zones import PRIVATE_ZONE_REGIONS
from .rehearsal.runtime_settings import STANDBY_RUNTIME_SETTINGS
from .rehearsal.standby_permissions import STANDBY_PERMISSIONS
from .rule import AnyRule
from .storage.bucket_acls import S3_ACL
from .storage.bucket_names import S3_BUCKET_NAME
from .storage.log_groups import LOG_GROUP_KEY_POLICY
from .storage.trails import CLOUDTRAIL_BUCKET_POLICY, CLOUDTRAIL_TRAIL
from .unverifiable import UNVERIFIABLE_REFERENCE

RULES: tuple[AnyRule, ...] = (
    GLOBAL_BACKTRACK,
    GLOBAL_SOURCE_BACKTRACK,
    BACKTRACK_ENGINE,
    GLOBAL_ENGINE_VERSION,
    SERVERLESS_V1,
    ENGINE_VERSION_RETIRED,
    ENGINE_VERSION_ENDING,
    GLOBAL_MEMBERS,
    GLOBAL_SECONDARY,
    GLOBAL_MANAGED_PASSWORD,
    GLOBAL_INSTANCE_CLASS,
    GLOBAL_STANDBY,
    PUBLIC_SUBNETS,
    NLB_GATEWAY,
    AVAILABILITY_ZONES,
    LOAD_BALANCER_DECLARATION,
    LOAD_BALANCER_WIRING,
    HOSTED_ZONE_RESERVED_NAME,
    HOSTED_ZONE_UNDELEGABLE_NAME,
    HOSTED_ZONE_PARTS,
    HOSTED_ZONE_ANSWERS,
    FAILOVER_RECORD_HEALTH,
    FAILOVER_RECORD_PAIR,
    RECORD_SETS,
    HEALTH_CHECK_DECLARATION,
    HEALTH_CHECK_SOURCES,
    HEALTH_CHECK_TARGET,
    CERTIFICATE_ISSUED,
    API_VPC_LINK,
    CLOUDFRONT_DECLARATION,
    CLOUDFRONT_PARTS,
    WAF_DECLARATION,
    WAF_PARTS,
    GLOBAL_ACCELERATOR,
    NAT_PUBLIC_SUBNET,
    PEERING_ACCEPTED,
    PEERING_CIDR_OVERLAP,
    PEERING_ROUTES,
    NETWORK_TIERS,
    REGION_LOCAL_REFERENCES,
    ZONE_IN_REGION,
    VPC_LOCAL_REFERENCES,
    DB_SUBNET_GROUP_ZONES,
    SUBNET_CIDR,
    NETWORK_DECLARATION,
    VPC_WIRING,
    VPC_ENDPOINTS,
    NETWORK_RISKS,
    BACKUP_PLAN,
    RDS_DECLARATION,
    RDS_CREATION,
    RDS_MATCHING_PARTS,
    RDS_READ_REPLICA,
    DYNAMODB_REPLICAS,
    DYNAMODB_GLOBAL_TABLES,
    REPLICA_REGIONS,
    REPLICA_REFERENCES,
    ELASTICACHE_DECLARATION,
    ELASTICACHE_GLOBAL_DATASTORE,
    LAMBDA_ENVIRONMENT,
    ECS_TASK_DEFINITION,
    ECS_SERVICES,
    AUTO_SCALING,
    QUEUE_KINDS,
    EVENT_TARGETS,
    OUTPUT_AS_TEXT,
    PLACEHOLDER_NAME,
    S3_REPLICATION,
    S3_VERSIONING,
    S3_BUCKET_NAME,
    S3_ACL,
    LOG_GROUP_KEY_POLICY,
    CLOUDTRAIL_TRAIL,
    CLOUDTRAIL_BUCKET_POLICY,
    CODEPIPELINE_REGION,
    DUPLICATE_NAMES,
    IAM_NAMES,
    CREATION_ORDER,
    DOCUMENTED_REFUSALS,
    DOCUMENTED_COPIES,
    DOCUMENTED_PARTS,
    DOCUMENTED_REGIONS,
    STANDBY_DATABASE_SOURCE,
    STANDBY_RUNTIME_SETTINGS,
    STANDBY_CREDENTIALS,
    STANDBY_PERMISSIONS,
    STANDBY_LOAD_BALANCER_TARGETS,
    FAILOVER_HEALTH_CHECK,
    FAILOVER_AUTOMATION_REGION,
    FAILOVER_API_DOMAIN,
    PRIVATE_ZONE_REGIONS,
    GENERATED_PASSWORD,
    OVERWRITTEN_NAMES,
    UNVERIFIABLE_REFERENCE,
)


def __getattr__(name: str) -> ModuleType:
    """`from policies import adapter`: loaded for those who serve the rules, not for all who read
    them, since it needs the policy SDK."""
    if name in ("adapter", "servicer"):
        return import_module(f".serving.{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
