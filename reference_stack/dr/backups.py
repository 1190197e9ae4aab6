"""Backups that leave their region, against what replication copies faithfully: mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dr.trust import trust

_RETENTION_DAYS = 35


@dataclass(frozen=True)
class BackupsArgs:
    """What is backed up, and where the copies go."""

    resource_arns: Sequence[pulumi.Input[str]]
    """Resources of the primary region."""
    providers: Mapping[str, aws.Provider]


class Backups(pulumi.ComponentResource):
    """A daily backup in the primary region, and a copy of it in the other one."""

    def __init__(
        self, name: str, args: BackupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:Backups", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, provider=args.providers["primary"])
        vaults = {
            role: aws.backup.Vault(
                f"{role}-{name}",
                tags={"Name": f"{role}-{name}"},
                opts=pulumi.ResourceOptions(parent=self, provider=provider),
            )
            for role, provider in args.providers.items()
        }
        plan = aws.backup.Plan(
            name,
            rules=[
                {
                    "rule_name": "daily",
                    "target_vault_name": vaults["primary"].name,
                    "schedule": "cron(0 2 * * ? *)",
                    "lifecycle": {"delete_after": _RETENTION_DAYS},
                    "copy_actions": [
                        {
                            "destination_vault_arn": vaults["secondary"].arn,
                            "lifecycle": {"delete_after": _RETENTION_DAYS},
                        }
                    ],
                }
            ],
            tags={"Name": name},
            opts=child,
        )
        role = aws.iam.Role(
            name,
            assume_role_policy=trust("backup.amazonaws.com"),
            tags={"Name": name},
            opts=child,
        )
        for purpose, policy in _POLICIES.items():
            aws.iam.RolePolicyAttachment(
                f"{name}-{purpose}", role=role.name, policy_arn=policy, opts=child
            )
        aws.backup.Selection(
            name, plan_id=plan.id, iam_role_arn=role.arn, resources=args.resource_arns, opts=child
        )
        self.register_outputs({"planId": plan.id})


_SERVICE_ROLES = "arn:aws:iam::aws:policy/service-role"
_POLICIES = {
    "backup": f"{_SERVICE_ROLES}/AWSBackupServiceRolePolicyForBackup",
    "restore": f"{_SERVICE_ROLES}/AWSBackupServiceRolePolicyForRestores",
}
