"""What RDS watches a database by: logs, enhanced monitoring, Performance Insights."""

from __future__ import annotations

import re
from typing import Final

from ..model.aurora.version_strings import MYSQL, RDS_MYSQL
from ..model.databases.engines import AURORAS, MARIADB, MYSQLS, POSTGRESQLS
from ..model.inputs import Block
from ..model.truth import Truth
from ..model.vocabulary import CLUSTER, CLUSTER_INSTANCE, DB_INSTANCE
from ..refusal import Refusal
from ..rule import Evidence, Kind

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_LOGS: Final = "enabledCloudwatchLogsExports"
_LOGS_OF_MYSQL: Final = ("audit", "error", "general", "slowquery")
_LOGS_OF_POSTGRESQL: Final = ("postgresql", "upgrade")
"""Types that belong to one family of engines. Both have others, and may get new ones."""
_SMALLEST: Final = r"db\.(t2|t3|t4g)\.(micro|small)"


def _monitors_without_a_role(database: Block) -> Truth:
    return (database.number("monitoringInterval") > 0) & database.lacks("monitoringRoleArn")


def _is_too_small_for_insights(instance: Block) -> Truth:
    """Performance Insights has no such limit for PostgreSQL."""
    return instance.says("engine", RDS_MYSQL, MARIADB) & instance.holds(
        "instanceClass", lambda said: bool(re.fullmatch(_SMALLEST, said))
    )


REFUSED: Final = (
    Refusal(
        id="logs-of-mysql",
        kinds=(DB_INSTANCE, CLUSTER),
        says="exports logs that its engine, PostgreSQL, does not have",
        when=lambda database: (
            database.says("engine", *POSTGRESQLS) & database.lists(_LOGS, *_LOGS_OF_MYSQL)
        ),
        evidence=Evidence(
            "CreateDBInstance and CreateDBCluster answer: You cannot use the log types '...' "
            "with engine version postgres .... For supported log types, see the documentation.",
            f"CreateDBInstance and CreateDBCluster, public deployment logs; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set enabledCloudwatchLogsExports to one or more of postgresql, iam-db-auth-error, and "
        "upgrade (RDS) or instance (Aurora).",
        refused={"engine": "postgres", _LOGS: ["audit"]},
        accepted=(
            {"engine": "postgres", _LOGS: ["postgresql", "upgrade", "iam-db-auth-error"]},
            {"engine": "mysql", _LOGS: ["audit"]},
        ),
    ),
    Refusal(
        id="logs-of-postgresql",
        kinds=(DB_INSTANCE, CLUSTER),
        says="exports logs that its engine, MySQL or MariaDB, does not have",
        when=lambda database: (
            database.says("engine", *MYSQLS) & database.lists(_LOGS, *_LOGS_OF_POSTGRESQL)
        ),
        evidence=Evidence(
            "CreateDBInstance and CreateDBCluster answer: You cannot use the log types '...' "
            "with engine version .... For supported log types, see the documentation.",
            f"CreateDBInstance and CreateDBCluster; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set enabledCloudwatchLogsExports to some of audit, error, general and slowquery.",
        refused={"engine": "mysql", _LOGS: ["postgresql"]},
        accepted=(
            {"engine": "mysql", _LOGS: ["audit", "error", "general", "slowquery"]},
            {"engine": "aurora-mysql", _LOGS: ["instance"]},
            {"engine": "postgres", _LOGS: ["postgresql"]},
        ),
    ),
    Refusal(
        id="monitoring-role",
        kinds=(DB_INSTANCE, CLUSTER),
        says="has a monitoringInterval, but no monitoringRoleArn",
        when=_monitors_without_a_role,
        evidence=Evidence(
            "CreateDBInstance (or CreateDBCluster) answers: A MonitoringRoleARN value is required "
            "if you specify a MonitoringInterval value other than 0.",
            f"CreateDBInstance, public deployment logs; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set monitoringRoleArn to a role that monitoring.rds.amazonaws.com may assume, or "
        "set monitoringInterval to 0.",
        refused={"monitoringInterval": 60},
        accepted=(
            {"monitoringInterval": 0},
            {"monitoringInterval": 60, "monitoringRoleArn": "arn:aws:iam::111122223333:role/rds"},
        ),
    ),
    Refusal(
        id="performance-insights-class",
        kinds=(DB_INSTANCE,),
        says="has Performance Insights turned on, but its class is too small for that",
        when=lambda instance: (
            instance.is_true("performanceInsightsEnabled") & _is_too_small_for_insights(instance)
        ),
        evidence=Evidence(
            "CreateDBInstance answers InvalidParameterCombination: Performance Insights not "
            "supported for this configuration.",
            "CreateDBInstance, public deployment logs",
            "2026-11-26",
        ),
        fix="Use a larger instanceClass, or remove performanceInsightsEnabled.",
        refused={
            "engine": "mysql",
            "instanceClass": "db.t3.micro",
            "performanceInsightsEnabled": True,
        },
        accepted=(
            {
                "engine": "mysql",
                "instanceClass": "db.t3.medium",
                "performanceInsightsEnabled": True,
            },
            {
                "engine": "postgres",
                "instanceClass": "db.t3.micro",
                "performanceInsightsEnabled": True,
            },
            {"engine": "mysql", "instanceClass": "db.t3.micro"},
        ),
    ),
)

_SMALL_FOR_AURORA: Final = r"db\.(t3|t4g)\.(micro|small)|db\.t2\.micro"
_WITHOUT_INSIGHTS: Final = r"db\.(t2|t3)\.\w+|db\.t4g\.(micro|small)"


def _has_insights_on_a_class_without(instance: Block) -> Truth:
    """`aurora-class` tells of the smallest ones."""
    return (
        instance.is_true("performanceInsightsEnabled")
        & instance.holds("instanceClass", lambda said: bool(re.fullmatch(_WITHOUT_INSIGHTS, said)))
        & Truth.of(_is_too_small_for_aurora(instance) is not Truth.TRUE)
    )


def _is_too_small_for_aurora(instance: Block) -> Truth:
    """db.t3.small is a class of Aurora MySQL 2 (5.7), and of no later version."""
    may_have_it = instance.says("engine", MYSQL) & (
        instance.lacks("engineVersion")
        | instance.holds("engineVersion", lambda said: said.startswith("5.7"))
    )
    return (
        instance.says("engine", *AURORAS)
        & instance.holds("instanceClass", lambda said: bool(re.fullmatch(_SMALL_FOR_AURORA, said)))
        & ~(instance.says("instanceClass", "db.t3.small") & may_have_it)
    )


ADVICE: Final = (
    Refusal(
        id="aurora-insights-class",
        kinds=(CLUSTER_INSTANCE,),
        says="has Performance Insights turned on, but a class without it",
        when=lambda instance: (
            instance.says("engine", MYSQL) & _has_insights_on_a_class_without(instance)
        ),
        evidence=Evidence(
            "supports Performance Insights of Aurora MySQL (now Database Insights) neither on "
            "db.t2 and db.t3 nor on db.t4g.micro and db.t4g.small.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
            "USER_DatabaseInsights.Engines.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        fix="Use a db.r class (or db.t4g.medium or larger), or remove performanceInsightsEnabled.",
        refused={
            "engine": "aurora-mysql",
            "instanceClass": "db.t3.medium",
            "performanceInsightsEnabled": True,
        },
        accepted=(
            {
                "engine": "aurora-mysql",
                "instanceClass": "db.t4g.medium",
                "performanceInsightsEnabled": True,
            },
            {
                "engine": "aurora-postgresql",
                "instanceClass": "db.t3.medium",
                "performanceInsightsEnabled": True,
            },
            {"engine": "aurora-mysql", "instanceClass": "db.t3.medium"},
        ),
    ),
    Refusal(
        id="aurora-class",
        kinds=(CLUSTER_INSTANCE,),
        says="has an instanceClass that most versions of Aurora do not support",
        when=_is_too_small_for_aurora,
        evidence=Evidence(
            "CreateDBInstance answers: RDS does not support creating a DB instance with the "
            "following combination: DBInstanceClass=db.t3.small, Engine=aurora-mysql, "
            "EngineVersion=8.0.mysql_aurora.3.04.0, ...",
            "CreateDBInstance, public deployment logs",
            "2026-11-26",
        ),
        fix="Use a larger class; in a global database, a memory-optimized one, such as "
        "db.r6g.large.",
        refused={"engine": "aurora-postgresql", "instanceClass": "db.t3.small"},
        accepted=(
            {"engine": "aurora-postgresql", "instanceClass": "db.t3.medium"},
            {"engine": "aurora-mysql", "instanceClass": "db.t3.small"},
            {
                "engine": "aurora-mysql",
                "engineVersion": "5.7.mysql_aurora.2.12.5",
                "instanceClass": "db.t3.small",
            },
        ),
    ),
)
