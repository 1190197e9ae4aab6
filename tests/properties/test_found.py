"""What the property tests have found, each as a small stack of its own."""

from __future__ import annotations

from google.protobuf.struct_pb2 import Struct, Value
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN as FROM_OUTSIDE
from policies.testing import Run, Stack
from tests import aws
from tests.properties.alterations import UNKNOWN, Place, put
from tests.properties.conversation import Conversation, mandatory, new_server
from tests.support import verdict


def test_a_default_table_of_an_unclear_vpc_may_be_the_main_table_of_any() -> None:
    """Where nothing told whose table a DefaultRouteTable adopts, every VPC was thought to have
    kept the bare table that it was born with."""
    stack = Stack()
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    stack.add(
        "aws:ec2/defaultRouteTable:DefaultRouteTable",
        "adopted",
        {
            "defaultRouteTableId": FROM_OUTSIDE,
            "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id}],
        },
    )
    subnets = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
    aws.balancer(stack, "alb", aws.ids(*subnets))
    for shows_inputs in (True, False):
        assert verdict(stack, "alb-public-subnets", shows_inputs=shows_inputs) == "cannot tell alb"


def test_an_id_of_an_earlier_run_may_name_what_gets_a_new_one() -> None:
    """An accepter that kept an old id (ignoreChanges) was taken for that of another peering."""
    stack = Stack()
    west = aws.vpc(stack, "west", "10.1.0.0/16")
    peering = aws.peering(stack, "peering", aws.vpc(stack, "east"), west)
    aws.accepter(stack, "accepter", peering, autoAccept=True)
    conversation = Conversation.about(stack, is_first=False)
    put(conversation, Place(peering.urn, ("id",)), UNKNOWN)
    assert not mandatory(conversation.answers())


def test_an_object_is_no_list_of_one_reference() -> None:
    """A subnet group whose subnetIds are an object was said to have one subnet."""
    stack = Stack()
    home = aws.vpc(stack)
    subnets = [aws.subnet(stack, f"db-{zone}", home, zone) for zone in "ab"]
    group = stack.add(
        "aws:rds/subnetGroup:SubnetGroup", "db", {"name": "db", "subnetIds": aws.ids(*subnets)}
    )
    conversation = Conversation.about(stack)
    put(conversation, Place(group.urn, ("subnetIds",)), Value(struct_value=Struct()))
    assert not mandatory(conversation.answers())


def test_a_second_remediation_takes_what_the_first_one_left() -> None:
    """Through the SDK's own servicer it raised, and with it the whole preview."""
    stack = Stack()
    cluster = stack.add(
        "aws:rds/cluster:Cluster",
        "db",
        {"engine": "aurora-mysql", "globalClusterIdentifier": "g", "backtrackWindow": 3600},
    )
    config = {"aurora-global-backtrack": "remediate", "aurora-backtrack-engine": "remediate"}
    for servicer in (PreflightServicer, _PolicyAnalyzerServicer):
        answer = new_server(servicer, config).Remediate(Run(stack).resource_request(cluster), None)
        assert [each.policyName for each in answer.remediations] == ["aurora-global-backtrack"]


def test_two_clusters_of_one_region_are_one_too_many_whichever_is_misplaced() -> None:
    """With the regions of the providers unknown, nothing shows any more that the subnet group of
    one of them is elsewhere; that both stand in one region, their ARNs show."""
    stack = Stack()
    world = aws.global_cluster(stack)
    group = stack.add("aws:rds/subnetGroup:SubnetGroup", "east", {"name": "db"})
    with aws.region(stack, "us-west-2"):
        east = aws.cluster(stack, "east", world, dbSubnetGroupName=group.id, masterUsername="u")
        west = aws.cluster(stack, "west", world)
    for each in (east, west):  # AWS asks at creation, and their ARNs are stated all the same.
        each.inputs = {**each.inputs, "arn": f"arn:aws:rds:us-west-2:111122223333:{each.name}"}
    conversation = Conversation.about(stack)
    assert mandatory(conversation.answers()) == {("region-local-references", east.urn)}
    put(conversation, Place(east.urn, ("region",), of_provider=True), UNKNOWN, "outputs")
    assert mandatory(conversation.answers()) == {("aurora-global-members", west.urn)}
