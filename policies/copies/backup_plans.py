"""AWS Backup plans and vaults that AWS takes.

CreateBackupPlan and UpdateBackupPlan check lifecycles and windows rule by rule; the lifecycle of a
copy is checked like that of the rule. The provider fills in a start window of 60 minutes and a
completion window of 180 minutes (terraform-provider-aws, `internal/service/backup/plan.go`), so
that a longer start window alone is refused.
"""

from __future__ import annotations

from typing import Final

from ..model.inputs import Block
from ..model.truth import Truth
from ..refusal import Refusal, Topic, family
from ..rule import Evidence

PLAN: Final = "aws:backup/plan:Plan"
VAULT: Final = "aws:backup/vault:Vault"
_LOCK: Final = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_DAYS_COLD: Final = 90
_DAYS_CONTINUOUS: Final = 35
_START_WINDOW: Final = 60
_COMPLETION_WINDOW: Final = 180
"""In minutes."""


def _leaves_cold_storage_early(lifecycle: Block) -> Truth:
    kept, cold = lifecycle.number("deleteAfter"), lifecycle.number("coldStorageAfter")
    return (kept > 0) & (cold > 0) & (kept < cold + _DAYS_COLD)


def _completes_early(rule: Block) -> Truth:
    start = rule.number("startWindow", default=_START_WINDOW)
    return rule.number("completionWindow", default=_COMPLETION_WINDOW) < start + 60


def _keeps_too_long(rule: Block) -> Truth:
    """Where they are moved to cold storage as well, that is told."""
    return (
        rule.is_true("enableContinuousBackup")
        & (rule.number("lifecycle.deleteAfter") > _DAYS_CONTINUOUS)
        & ~_moves_to_cold_storage(rule)
    )


def _moves_to_cold_storage(rule: Block) -> Truth:
    return rule.is_true("enableContinuousBackup") & (rule.number("lifecycle.coldStorageAfter") > 0)


def _is_no_cron_expression(schedule: str) -> bool:
    return bool(schedule.strip()) and not schedule.strip().lower().startswith("cron(")


def _rule(**said: object) -> dict[str, object]:
    return {"rules": [said]}


BACKUP_PLAN = family(
    Topic(
        name="backup-plan",
        title="Backup plans that AWS Backup accepts",
        description="A backup plan must have lifecycles, windows and schedules that AWS Backup "
        "accepts, and a vault lock must have valid retention days.",
        tags=("aws", "backup", "disaster-recovery"),
        unread="all settings of a plan are in one block, backupPlan, there",
        fix="Change the lifecycle, window, schedule or retention that AWS Backup refuses.",
    ),
    Refusal(
        id="cold-storage-90-days",
        kinds=(PLAN,),
        says="has a rule that deletes recovery points less than 90 days after moving them to "
        "cold storage",
        when=lambda plan: plan.some(
            "rules",
            lambda rule: (
                _leaves_cold_storage_early(rule.inner("lifecycle"))
                & ~rule.is_true("enableContinuousBackup")  # Of those, cold-storage is told.
            ),
        ),
        evidence=Evidence(
            "CreateBackupPlan answers InvalidParameterValueException: Error in some rules due to "
            ": Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from "
            "MoveToColdStorageAfterDays",
            f"CreateBackupPlan, public deployment logs; {_TESTED}",
            "2026-09-24",
        ),
        fix="Set deleteAfter to at least coldStorageAfter plus 90 days, or remove one of the two.",
        refused=_rule(lifecycle={"coldStorageAfter": 30, "deleteAfter": 119}),
        accepted=(
            _rule(lifecycle={"coldStorageAfter": 30, "deleteAfter": 120}),
            _rule(lifecycle={"coldStorageAfter": 30}),
            _rule(lifecycle={"deleteAfter": 7}),
        ),
    ),
    Refusal(
        id="copy-cold-storage-90-days",
        kinds=(PLAN,),
        says="has a copy action that deletes copies less than 90 days after moving them to cold "
        "storage",
        when=lambda plan: plan.some(
            "rules",
            lambda rule: rule.some(
                "copyActions", lambda copy: _leaves_cold_storage_early(copy.inner("lifecycle"))
            ),
        ),
        evidence=Evidence(
            "CreateBackupPlan answers InvalidParameterValueException: Error in some rules due to "
            ": Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from "
            "MoveToColdStorageAfterDays",
            f"CreateBackupPlan; {_TESTED}",
            "2026-09-24",
        ),
        fix="Set deleteAfter to at least coldStorageAfter plus 90 days, or remove one of the two.",
        refused=_rule(copyActions=[{"lifecycle": {"coldStorageAfter": 30, "deleteAfter": 119}}]),
        accepted=(
            _rule(copyActions=[{"lifecycle": {"coldStorageAfter": 30, "deleteAfter": 120}}]),
        ),
    ),
    Refusal(
        id="start-window",
        kinds=(PLAN,),
        says="has a rule with a startWindow of less than 60 minutes",
        when=lambda plan: plan.some("rules", lambda rule: rule.number("startWindow") < 60),
        evidence=Evidence(
            "CreateBackupPlan answers InvalidParameterValueException: StartWindowMinutes "
            "parameter is below minimum value. StartWindowMinutes minimum value is: 60 minutes",
            f"CreateBackupPlan; {_TESTED}",
            "2026-09-24",
        ),
        fix="Set startWindow to at least 60 minutes.",
        refused=_rule(startWindow=59),
        accepted=(_rule(startWindow=60), _rule()),
    ),
    Refusal(
        id="completion-window",
        kinds=(PLAN,),
        says="has a rule whose completionWindow is not at least 60 minutes longer than its "
        "startWindow",
        when=lambda plan: plan.some("rules", _completes_early),
        evidence=Evidence(
            "CreateBackupPlan answers InvalidParameterValueException: Error in some rules due to "
            ": CompleteWindowMinutes must be at least 60 minutes greater than StartWindowMinutes",
            f"CreateBackupPlan; {_TESTED}",
            "2026-09-24",
        ),
        fix="Set completionWindow (180 minutes by default) to at least 60 minutes more than "
        "startWindow (60 by default).",
        refused=_rule(startWindow=150),
        accepted=(_rule(startWindow=120), _rule(startWindow=150, completionWindow=210)),
    ),
    Refusal(
        id="continuous-cold-storage",
        kinds=(PLAN,),
        says="has a rule that moves continuous backups to cold storage",
        when=lambda plan: plan.some("rules", _moves_to_cold_storage),
        evidence=Evidence(
            "CreateBackupPlan answers InvalidParameterValueException: Error in some rules due to "
            ": Invalid lifecycle. MoveToColdStorageAfterDays is unavailable",
            f"CreateBackupPlan; {_TESTED}",
            "2026-09-24",
        ),
        fix="Remove coldStorageAfter and keep the backups for at most 35 days, or remove "
        "enableContinuousBackup.",
        refused=_rule(enableContinuousBackup=True, lifecycle={"coldStorageAfter": 30}),
        accepted=(
            _rule(enableContinuousBackup=True, lifecycle={"deleteAfter": 35}),
            _rule(lifecycle={"coldStorageAfter": 30}),
        ),
    ),
    Refusal(
        id="continuous-35-days",
        kinds=(PLAN,),
        says="has a rule that keeps continuous backups for more than 35 days",
        when=lambda plan: plan.some("rules", _keeps_too_long),
        evidence=Evidence(
            "CreateBackupPlan answers InvalidParameterValueException: Error in some rules due to "
            ": Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days. "
            "\u2013 it names another limit than the one that it applies.",
            f"CreateBackupPlan; {_TESTED}",
            "2026-09-24",
        ),
        fix="Set deleteAfter to at most 35 days, or remove enableContinuousBackup.",
        refused=_rule(enableContinuousBackup=True, lifecycle={"deleteAfter": 36}),
        accepted=(
            _rule(enableContinuousBackup=True, lifecycle={"deleteAfter": 35}),
            _rule(lifecycle={"deleteAfter": 36}),
        ),
    ),
    Refusal(
        id="schedule",
        kinds=(PLAN,),
        says="has a rule whose schedule is not a cron expression",
        when=lambda plan: plan.some(
            "rules",
            lambda rule: rule.holds("schedule", _is_no_cron_expression),
        ),
        evidence=Evidence(
            "CreateBackupPlan answers InvalidParameterValueException: Cron expression is not "
            "valid: Invalid cron expression",
            f"CreateBackupPlan; {_TESTED}",
            "2026-09-24",
        ),
        fix="Set schedule to a cron expression, for example cron(0 5 * * ? *).",
        refused=_rule(schedule="rate(1 day)"),
        accepted=(_rule(schedule="cron(0 5 * * ? *)"), _rule(schedule="")),
    ),
    Refusal(
        id="vault-lock-days",
        kinds=(_LOCK,),
        says="has minRetentionDays above its maxRetentionDays",
        when=lambda lock: lock.number("minRetentionDays") > lock.number("maxRetentionDays"),
        evidence=Evidence(
            "PutBackupVaultLockConfiguration answers InvalidParameterValueException: Backup "
            "vault Lock configuration retention days must be between 1 and 36,500, and minimum "
            "must be less than or equal to maximum.",
            f"PutBackupVaultLockConfiguration; {_TESTED}",
            "2026-09-24",
        ),
        fix="Set minRetentionDays to at most maxRetentionDays.",
        refused={"minRetentionDays": 8, "maxRetentionDays": 7},
        accepted=(
            {"minRetentionDays": 7, "maxRetentionDays": 7},
            {"minRetentionDays": 8},
        ),
    ),
)
