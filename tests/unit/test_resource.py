"""What a resource says that its program set, and what AWS may have added."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policies.model.answers import CannotTell, No, Yes
from policies.model.resource import Resource
from policies.model.values import UNKNOWN, Known, Tree, Unknown
from policies.model.vocabulary import CLUSTER

EXISTING: Mapping[str, Tree] = {"id": "orders", "arn": "arn:aws:rds:us-east-1:1:cluster:orders"}
NEW: Mapping[str, Tree] = {"id": UNKNOWN, "arn": UNKNOWN}


def cluster(
    actual: Mapping[str, Tree], declared: Mapping[str, Tree] | None, *derived: str
) -> Resource:
    return Resource(
        urn="urn:orders",
        type=CLUSTER,
        name="orders",
        actual=actual,
        declared=declared,
        property_dependencies=dict.fromkeys(derived, ()),
    )


@pytest.mark.parametrize("outputs", [NEW, EXISTING])
@pytest.mark.parametrize("value", ["admin", UNKNOWN, 0, False])
def test_a_program_declares_what_stands_in_its_inputs(
    outputs: Mapping[str, Tree], value: Tree
) -> None:
    assert cluster(outputs, {"masterUsername": value}).declares("masterUsername") == Yes()


@pytest.mark.parametrize("value", [None, "", {}, []])
def test_an_empty_property_is_not_declared(value: Tree) -> None:
    said = cluster(EXISTING, {"engine": "aurora-mysql", "masterUsername": value})
    assert said.declares("masterUsername") == No()


def test_a_lone_block_is_a_list_of_one() -> None:
    said = cluster(EXISTING, {"s3Import": {"bucketName": "copies"}})
    assert said.items("s3Import") == Known(({"bucketName": "copies"},))


@pytest.mark.parametrize("empty", [{}, UNKNOWN])
def test_what_an_empty_block_says_of_a_list_is_not_known(empty: Tree) -> None:
    assert isinstance(cluster(EXISTING, {"s3Import": empty}).items("s3Import"), Unknown)


@pytest.mark.parametrize("computed", ["admin", UNKNOWN])
def test_what_aws_computed_is_not_declared(computed: Tree) -> None:
    shown = {**EXISTING, "masterUsername": computed}
    assert cluster(shown, {"engine": "aurora-mysql"}).declares("masterUsername") == No()


def test_without_inputs_a_known_value_of_a_new_resource_is_the_programs() -> None:
    assert cluster({**NEW, "masterUsername": "admin"}, None).declares("masterUsername") == Yes()
    assert cluster({**NEW, "masterUsername": UNKNOWN}, None).declares("masterUsername") == No()


def test_without_inputs_what_depends_on_something_is_the_programs() -> None:
    for outputs in ({**NEW, "masterUsername": UNKNOWN}, {**EXISTING, "masterUsername": "admin"}):
        assert cluster(outputs, None, "masterUsername").declares("masterUsername") == Yes()


def test_without_inputs_a_value_of_what_exists_may_be_anyones() -> None:
    said = cluster({**EXISTING, "masterUsername": "admin"}, None).declares("masterUsername")
    assert isinstance(said, CannotTell)
    assert cluster(EXISTING, None).declares("masterUsername") == No()


def test_of_a_resource_of_which_nothing_is_known_nothing_can_be_told() -> None:
    assert isinstance(cluster({}, None).declares("masterUsername"), CannotTell)
    assert isinstance(cluster({}, {}).declares("masterUsername"), CannotTell)
