"""Sessions of the application: one DynamoDB table that both regions read and write."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True)
class SessionsArgs:
    """What the table is built from. It is made in one region; the other one gets a replica."""

    table_name: str
    """The same in every region."""
    replica_region: str
    deletion_protection: bool


class Sessions(pulumi.ComponentResource):
    """A global table. Writes of either region reach the other one within about a second."""

    table: aws.dynamodb.Table

    def __init__(
        self, name: str, args: SessionsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Sessions", name, None, opts)
        self.table = aws.dynamodb.Table(
            name,
            name=args.table_name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="id",
            attributes=[{"name": "id", "type": "S"}],
            # Replication reads the stream. AWS would switch it on by itself, and the next update
            # would then try to switch it off.
            stream_enabled=True,
            stream_view_type="NEW_AND_OLD_IMAGES",
            ttl={"attribute_name": "expires", "enabled": True},
            point_in_time_recovery={"enabled": True},
            deletion_protection_enabled=args.deletion_protection,
            replicas=[
                {
                    "region_name": args.replica_region,
                    "point_in_time_recovery": True,
                    "propagate_tags": True,
                }
            ],
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"tableName": self.table.name})
