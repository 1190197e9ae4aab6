"""Where AWS Backup looks for the vault of a plan, as it documents it.

What it was seen to refuse is in `backup_plans.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.inputs import Block, Declared
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import UNKNOWN, Known, Reading, Unknown, items
from ..relation import Broken, Relation
from ..rule import Evidence, Kind
from .backup_plans import PLAN, VAULT

_READ: Final = "2026-11-26"


def _rules(plan: Resource) -> Iterator[Block]:
    match items(Declared(plan).at("rules")):
        case Known(rules):
            yield from map(Block.within, rules)


def _names_a_vault_abroad(plan: Resource, model: Model) -> Broken | None:
    """A name is looked up in the plan's own region. Where that may have a vault of the name too,
    nothing is said."""
    vaults = model.stack.of(VAULT)
    for rule in _rules(plan):
        name = rule.text("targetVaultName")
        if name == Known("Default"):
            continue  # AWS Backup makes one of this name in a region by itself.
        if isinstance(name, Known):
            named = [each for each in vaults if each.text("name") == name]
            meant = [each for each in vaults if _may_have(each, name)]
        elif isinstance(name, Unknown) and not _copies_to_some_vault(plan):
            named = meant = list(model.stack.sources(plan, "rules", (VAULT,)))
        else:
            continue
        if named and all(each.shares_region_with(plan) is False for each in meant):
            return Broken(
                "keeps backups in a vault of its own region, but only another region has one of "
                "that name",
                (("rules.targetVaultName", named[0].label),),
                tuple(named),
            )
    return None


def _may_have(vault: Resource, name: Reading[str]) -> bool:
    own = vault.text("name")
    return own == name or not isinstance(own, Known)


def _copies_to_some_vault(plan: Resource) -> bool:
    """Whether a vault that the rules come from may be one that they copy to."""

    def is_some(action: Block) -> Truth:
        return Truth.of(action.at("destinationVaultArn") is UNKNOWN)

    def may_copy(rule: Block) -> Truth:
        return rule.some("copyActions", is_some)

    return Declared(plan).some("rules", may_copy) is not Truth.FALSE


ROWS: Final = (
    Relation(
        id="backup-vault-abroad",
        kinds=(PLAN,),
        check=_names_a_vault_abroad,
        evidence=Evidence(
            "looks the vault up by its name in the plan's own region; its jobs fail where there is "
            "none.",
            "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set targetVaultName to a vault in the plan's region, and copy to the other region "
        "with copyActions.",
    ),
)
