"""The stack's configuration, read once. Types, defaults and descriptions are in Pulumi.yaml."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from dr.application_tier import ApplicationSettings
from dr.database_tier import DatabaseSettings, MasterCredentials
from dr.location import Location


@dataclass(frozen=True)
class Settings:
    """Everything that one deployment of the stack may choose."""

    primary: Location
    secondary: Location
    domain: str
    hosted_zone_id: str | None
    https: bool
    application: ApplicationSettings
    database: DatabaseSettings
    master: MasterCredentials
    alarm_email: str | None
    deletion_protection: bool

    @classmethod
    def load(cls) -> Settings:
        """Read the configuration of the current stack."""
        config = pulumi.Config()
        deletion_protection = config.require_bool("deletionProtection")
        return cls(
            primary=_location(config, "primary"),
            secondary=_location(config, "secondary"),
            domain=config.require("domain"),
            hosted_zone_id=config.get("hostedZoneId") or None,
            https=config.require_bool("https"),
            application=ApplicationSettings(
                instance_type=config.require("instanceType"),
                image_parameter=config.require("imageParameter"),
                min_instances=config.require_int("minInstances"),
                max_instances=config.require_int("maxInstances"),
            ),
            database=DatabaseSettings(
                engine_version=config.require("databaseEngineVersion"),
                instance_class=config.require("databaseInstanceClass"),
                backup_retention_days=config.require_int("backupRetentionDays"),
                deletion_protection=deletion_protection,
                final_snapshot=config.require_bool("finalSnapshot"),
            ),
            master=MasterCredentials(
                username=config.require("databaseUsername"),
                password=config.require_secret("databasePassword"),
            ),
            alarm_email=config.get("alarmEmail") or None,
            deletion_protection=deletion_protection,
        )


def _location(config: pulumi.Config, role: str) -> Location:
    return Location(
        region=config.require(f"{role}Region"),
        zones=config.require_object(f"{role}Zones"),
        cidr=config.require(f"{role}Cidr"),
    )
