"""Rules of network ACLs that EC2 takes: a number once in each direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.inputs import Block
from ..model.network.permissions import number_of
from ..model.resource import Resource
from ..model.truth import Truth, some
from ..model.values import Known, Reading
from ..model.vocabulary import DEFAULT_NETWORK_ACL, NETWORK_ACL
from ..refusal import Refusal
from ..rule import Evidence, Outcome, Violation

_EXISTS: Final = Evidence(
    "CreateNetworkAclEntry answers NetworkAclEntryAlreadyExists: The network acl entry "
    "identified by ... already exists.",
    "https://github.com/badmintoncryer/cdk-preflight (pf-ec2-nacl-rule-number-unique)",
    "2026-09-08",
)
_NUMBER: Final = (
    "Give each rule of the network ACL its own number in its direction (ingress or egress)."
)


def numbered_once(rule: Resource, model: Model) -> Iterator[Outcome]:
    """Two resources must not say one number of one direction."""
    for other in model.wiring.acl_entries.before(rule):
        yield Violation(
            rule,
            f"{rule.label} has the same number and direction as {other.label} in the same "
            "network ACL.",
            effect=_EXISTS.effect,
            fix=_NUMBER,
            parties=(other,),
        )
        return


def _share_a_number(one: Block, other: Block) -> Truth:
    """Two blocks that are equal throughout are one: the provider takes the list for a set."""
    return one.number("ruleNo").equals(other.number("ruleNo")) & (
        _differ(one.text("action"), other.text("action"))
        | some(_are_of_two_ranges(one, other, name) for name in ("cidrBlock", "ipv6CidrBlock"))
        | _differ(_protocol(one), _protocol(other))
        | some(
            _differ(one.number(name).reading, other.number(name).reading)
            for name in ("fromPort", "toPort")
        )
    )


def _are_of_two_ranges(one: Block, other: Block, name: str) -> Truth:
    """Whether the ranges differ, or one of the two has none of this kind."""
    return (
        _differ(one.text(name), other.text(name))
        | (one.has(name) & other.lacks(name))
        | (one.lacks(name) & other.has(name))
    )


def _protocol(rule: Block) -> Reading[str]:
    match rule.text("protocol"):
        case Known(said):
            return Known(number_of(said))
        case nothing:
            return nothing


def _differ(one: Reading[str] | Reading[float], other: Reading[str] | Reading[float]) -> Truth:
    match one, other:
        case Known(mine), Known(its):
            return Truth.of(mine != its)
    return Truth.UNKNOWN


REFUSED: Final = (
    Refusal(
        id="acl-number-twice",
        kinds=(NETWORK_ACL, DEFAULT_NETWORK_ACL),
        says="has two rules with the same number in one direction",
        when=lambda acl: (
            acl.some_two("ingress", _share_a_number) | acl.some_two("egress", _share_a_number)
        ),
        evidence=_EXISTS,
        fix=_NUMBER,
        refused={
            "ingress": [
                {"ruleNo": 100, "action": "allow"},
                {"ruleNo": 100, "action": "deny"},
            ]
        },
        accepted=(
            {
                "ingress": [
                    {"ruleNo": 100, "action": "allow"},
                    {"ruleNo": 110, "action": "deny"},
                ]
            },
            {"ingress": [{"ruleNo": 100, "action": "allow"}, {"ruleNo": 100, "action": "allow"}]},
            {"ingress": [{"ruleNo": 100, "fromPort": 80}, {"ruleNo": 100, "fromPort": 80}]},
            {"ingress": [{"ruleNo": 100, "protocol": "tcp"}, {"ruleNo": 100, "protocol": "6"}]},
            {
                "ingress": [{"ruleNo": 100, "action": "allow"}],
                "egress": [{"ruleNo": 100, "action": "deny"}],
            },
        ),
    ),
)
