"""What is read from the SDK's classes, and that nothing needs to be imported for it."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path

import pytest

from offline.standin import lookups, model
from offline.standin.combinations import Choice
from offline.standin.identity import Newcomer, new_id
from offline.standin.schema import Property, Sdk, Type, UnknownTokenError, documented_default
from offline.standin.values import has_unknown, plain
from offline.standin.world import World


def package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))


@pytest.fixture(scope="module")
def aws_sdk() -> Sdk:
    return Sdk(package("pulumi_aws"))


@pytest.fixture(scope="module")
def native_sdk() -> Sdk:
    return Sdk(package("pulumi_aws_native"))


def test_inputs_say_what_is_required(aws_sdk: Sdk) -> None:
    cluster = aws_sdk.resource("aws:rds/cluster:Cluster")
    assert [name for name, item in cluster.inputs.items() if item.required] == ["engine"]
    peering = aws_sdk.resource("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")
    required = {name for name, item in peering.inputs.items() if item.required}
    assert required == {"vpcId", "peerVpcId"}


@pytest.mark.parametrize(
    ("token", "computed", "not_computed"),
    [
        (
            "aws:rds/cluster:Cluster",
            {"engineVersion", "kmsKeyId", "storageEncrypted", "masterUsername", "arn"},
            {"engine", "globalClusterIdentifier", "backtrackWindow", "masterPassword"},
        ),
        (
            "aws:lb/loadBalancer:LoadBalancer",
            {"internal", "subnets", "subnetMappings", "securityGroups", "vpcId"},
            {"loadBalancerType", "customerOwnedIpv4Pool"},
        ),
        ("aws:ec2/routeTable:RouteTable", {"routes", "propagatingVgws"}, {"vpcId", "tags"}),
        ("aws:ec2/internetGateway:InternetGateway", {"vpcId"}, {"tags"}),
        ("aws:ec2/natGateway:NatGateway", {"vpcId", "availabilityMode"}, {"subnetId"}),
        ("aws:rds/globalCluster:GlobalCluster", {"sourceDbClusterIdentifier"}, {"forceDestroy"}),
    ],
)
def test_outputs_say_what_is_computed(
    aws_sdk: Sdk, token: str, computed: set[str], not_computed: set[str]
) -> None:
    """The same table as in the documentation of the providers' attributes."""
    resource = aws_sdk.resource(token)
    assert {name for name in computed | not_computed if resource.computed(name)} == computed


def test_nested_objects_and_enums(aws_sdk: Sdk) -> None:
    table = aws_sdk.resource("aws:ec2/routeTable:RouteTable")
    routes = table.inputs["routes"].type
    assert (routes.kind, routes.of and routes.of.kind) == ("list", "object")
    assert "gatewayId" in table.input_objects[routes.of.ref if routes.of else ""]
    cluster = aws_sdk.resource("aws:rds/cluster:Cluster")
    # Union[str, 'EngineType'] in the class.
    assert cluster.inputs["engine"].type == Type("string")
    assert cluster.inputs["tags"].type == Type("map", of=Type("string"))


def test_functions(aws_sdk: Sdk, native_sdk: Sdk) -> None:
    zones = aws_sdk.function("aws:index/getAvailabilityZones:getAvailabilityZones")
    assert zones.outputs["names"].type == Type("list", of=Type("string"))
    assert "cidrBlock" in aws_sdk.function("aws:ec2/getVpc:getVpc").outputs
    assert "azs" in native_sdk.function("aws-native:index:getAzs").outputs


def test_replacing_properties_of_aws_native_are_in_its_classes(native_sdk: Sdk) -> None:
    cluster = native_sdk.resource("aws-native:rds:DbCluster")
    assert cluster.inputs["engineMode"].replaces
    assert not cluster.inputs["backtrackWindow"].replaces


def test_unknown_tokens_are_named(aws_sdk: Sdk) -> None:
    with pytest.raises(UnknownTokenError, match="aws:rds/claster:Claster is not a resource of"):
        aws_sdk.resource("aws:rds/claster:Claster")
    with pytest.raises(UnknownTokenError, match="aws:ec2/getNothing:getNothing is not a function"):
        aws_sdk.function("aws:ec2/getNothing:getNothing")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Engine mode. Defaults to: `provisioned`. Specify an", "string", "provisioned"),
        ("The default value is `application`.", "string", "application"),
        ('Description. Defaults to "Managed by Pulumi".', "string", "Managed by Pulumi"),
        ("Valid values are `monitor`, `defensive` (default), `strictest`.", "string", "defensive"),
        ("The default is 3600 seconds.", "integer", 3600),
        ("Default: 60.", "integer", 60),
        ("Whether it is. Default is `true`.", "boolean", True),
        ("Defaults to `false`.", "boolean", False),
        # Defaults under a condition are AWS's, not the schema's.
        ("defaults to `true` when `db_subnet_group_name` is not set", "boolean", None),
        ("The default is `false` for `provisioned` mode.", "boolean", None),
        ("Defaults to the Region set in the provider configuration.", "string", None),
        ("For gRPC the default is `12`. Otherwise the default is `200`.", "string", None),
        ("Defaults to 7 days if Performance Insights are enabled.", "string", None),
    ],
)
def test_documented_defaults(text: str, kind: str, expected: object) -> None:
    assert documented_default(text, Type(kind)) == expected


def test_what_was_read_is_kept_and_read_again(aws_sdk: Sdk, tmp_path: Path) -> None:
    token = "aws:lb/listener:Listener"
    first = Sdk(aws_sdk.package, tmp_path).resource(token)
    (kept,) = tmp_path.rglob("*.json")
    assert Sdk(aws_sdk.package, tmp_path).resource(token) == first == aws_sdk.resource(token)
    # The second one really came from the file.
    text = kept.read_text().replace('"loadBalancerArn"', '"renamed"')
    kept.write_text(text)
    assert "renamed" in Sdk(aws_sdk.package, tmp_path).resource(token).inputs
    json.loads(text)


def test_an_older_sdk_reads_alike(tmp_path: Path) -> None:
    """pulumi-aws 6 wraps types the other way round, and has no region of a resource's own."""
    module = tmp_path / "pulumi_aws" / "rds"
    module.mkdir(parents=True)
    (module.parent / "pulumi-plugin.json").write_text(
        '{"resource": true, "name": "aws", "version": "6.83.0"}'
    )
    registered = [
        {
            "pkg": "aws",
            "mod": "rds/thing",
            "fqn": "pulumi_aws.rds",
            "classes": {"aws:rds/thing:Thing": "Thing"},
        }
    ]
    (module.parent / "__init__.py").write_text(
        f'_utilities.register(\n    resource_modules="""\n{json.dumps(registered)}\n"""\n)\n'
    )
    (module / "thing.py").write_text(
        "class ThingArgs:\n"
        "    def __init__(__self__, *,\n"
        "                 size: pulumi.Input[int],\n"
        "                 subnets: Optional[pulumi.Input[Sequence[pulumi.Input[str]]]] = None):\n"
        "        pass\n\n"
        "    @property\n    @pulumi.getter\n"
        "    def size(self) -> pulumi.Input[int]:\n        return 1\n\n"
        "    @property\n    @pulumi.getter\n"
        "    def subnets(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]:\n"
        '        """ Subnets. """\n        return None\n\n'
        "class Thing(pulumi.CustomResource):\n"
        "    @property\n    @pulumi.getter\n"
        "    def size(self) -> pulumi.Output[int]:\n        return 1\n\n"
        "    @property\n    @pulumi.getter\n"
        "    def subnets(self) -> pulumi.Output[Optional[Sequence[str]]]:\n        return None\n\n"
        '    @property\n    @pulumi.getter(name="theArn")\n'
        "    def the_arn(self) -> pulumi.Output[str]:\n        return None\n"
    )
    thing = Sdk(module.parent).resource("aws:rds/thing:Thing")
    assert thing.inputs == {
        "size": Property(Type("integer"), required=True),
        "subnets": Property(Type("list", of=Type("string")), required=False),
    }
    assert [name for name in thing.outputs if thing.computed(name)] == ["theArn"]
    assert not model.regional(thing)


MODULES = ("ec2", "lb", "alb", "rds", "route53", "autoscaling", "kms", "s3", "iam", "cloudwatch")


def test_every_resource_of_these_stacks_and_some_others_can_be_deployed(aws_sdk: Sdk) -> None:
    """Planned and deployed, with all required inputs; after a deployment nothing is unknown."""
    tokens = aws_sdk.resource_tokens()
    chosen = {token for token in tokens if token.split(":")[1].split("/")[0] in MODULES}
    chosen |= set(random.Random(1).sample(tokens, 60))
    config = model.Configuration(region="us-east-1")
    for token in sorted(chosen):
        resource = aws_sdk.resource(token)
        given = lookups.existing_inputs(resource, "x-1", "us-east-1")
        checked = model.check(resource, given, {}, model.Naming("name", b"seed"), config)
        # Which of several arguments is set is the program's choice, and here it made none.
        choices = [c.names for c in resource.combinations if isinstance(c, Choice)]
        free = {name for names in choices for name in names}
        assert [each for each in checked.failures if each[0] not in free] == [], token
        assert model.planned(resource, checked.inputs, None, config)["id"] is not None, token
        outputs = model.deployed(
            resource,
            checked.inputs,
            None,
            identity="x-1",
            name="name",
            config=config,
            world=World(),
        )
        assert not has_unknown(outputs), token
        newcomer = Newcomer(token, "name", plain(checked.inputs), "us-east-1", "s")
        assert new_id(newcomer), token
