"""The stand-in and the test API under the real Pulumi engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from offline.engine import Engine, EngineTimeoutError, Run, Stack
from offline.project import ProjectError
from offline.standin.values import UNKNOWN_ON_WIRE as UNKNOWN

PROJECT = """\
name: small
runtime: python
"""

SETTINGS = """\
config:
  dbPassword: {type: string, secret: true}
"""

NETWORK = """\
import helper
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
east = pulumi.ResourceOptions(
    provider=aws.Provider("east", region="us-east-1", default_tags={"tags": {"team": "dr"}})
)
west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=east)
zones = aws.get_availability_zones(opts=pulumi.InvokeOptions(provider=east.provider))
subnets = [
    aws.ec2.Subnet(
        f"subnet-{i}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{i}.0/24",
        availability_zone=zones.names[i],
        opts=east,
    )
    for i in range(2)
]
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id, opts=east)
table = aws.ec2.RouteTable(
    "table",
    vpc_id=vpc.id,
    routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}],
    opts=east,
)
alb = aws.lb.LoadBalancer("alb", subnets=[s.id for s in subnets], opts=east)
group = aws.rds.GlobalCluster(
    "group", global_cluster_identifier="g", engine="aurora-postgresql", engine_version="16.8",
    opts=east,
)
common = {
    "engine": "aurora-postgresql",
    "engine_version": "16.8",
    "global_cluster_identifier": group.id,
}
primary = aws.rds.Cluster(
    "primary", master_username="root", master_password=config.require_secret("dbPassword"),
    **common, opts=east,
)
secondary = aws.rds.Cluster(
    "secondary", **common,
    opts=pulumi.ResourceOptions(provider=west.provider, depends_on=[primary]),
)
elsewhere = aws.ec2.Vpc(
    "elsewhere", cidr_block="10.9.0.0/16", region="eu-west-1", opts=east
)
looked_up = aws.ec2.Vpc.get("looked-up", "vpc-0123", opts=east)
found = aws.ec2.get_vpc_output(id=vpc.id, opts=pulumi.InvokeOutputOptions(provider=east.provider))
pulumi.export("foundRange", found.cidr_block)
pulumi.export("lookedUpArn", looked_up.arn)
pulumi.export("user", secondary.master_username)
pulumi.export("password", primary.master_password)
"""

SECRET = "hunter2-hunter2"

Make = Callable[..., Stack]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.prepare()


@pytest.fixture(scope="module")
def network(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return make_stack(engine, tmp_path_factory.mktemp("network"), NETWORK)


def make_stack(engine: Engine, place: Path, program: str, **options: Any) -> Stack:
    directory = write_program(place / "program", program)
    (place / "work").mkdir()
    if is_secret(program):
        options.setdefault("secrets", {"dbPassword": SECRET})
    return engine.stack(directory, workdir=place / "work", **options)


def is_secret(program: str) -> bool:
    """Whether a program asks for the secret setting. Each secret is a command before the first run,
    so the others have none."""
    return "dbPassword" in program


def write_program(directory: Path, program: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "Pulumi.yaml").write_text(PROJECT + (SETTINGS if is_secret(program) else ""))
    (directory / "__main__.py").write_text(program)
    (directory / "helper.py").write_text("")
    return directory


def outputs(run: Run, name: str, type_part: str = "") -> Mapping[str, Any]:
    assert run.succeeded, run.output
    return run.step(name, type_part).outputs


@pytest.fixture(scope="module")
def life(network: Stack) -> dict[str, Run]:
    """The runs of one stack's life, in order, by somebody who has set nothing for bytecode."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
            environment.delenv(name, raising=False)
        return {
            "preview": network.preview(),
            "up": network.up(),
            "again": network.preview(),
            "refresh": network.refresh(),
        }


class TestLife:
    def test_preview(self, life: dict[str, Run]) -> None:
        run = life["preview"]
        alb = outputs(run, "alb")
        assert alb["subnets"] == [UNKNOWN, UNKNOWN]
        assert (alb["id"], alb["internal"], alb["vpcId"]) == (UNKNOWN, UNKNOWN, UNKNOWN)
        assert alb["loadBalancerType"] == "application"
        assert run.step("vpc").inputs["tagsAll"] == {"team": "dr"}
        assert run.result == "succeeded"
        assert run.changes["create"] == len(run.steps) - 1  # the looked-up VPC is only read

    def test_regions(self, life: dict[str, Run]) -> None:
        run = life["up"]
        assert outputs(run, "primary")["region"] == "us-east-1"
        assert outputs(run, "secondary")["region"] == "us-west-2"
        assert ":us-west-2:" in outputs(run, "secondary")["arn"]
        assert outputs(run, "elsewhere")["region"] == "eu-west-1"
        assert outputs(run, "subnet-1")["availabilityZone"] == "us-east-1b"

    def test_up(self, life: dict[str, Run], network: Stack) -> None:
        run = life["up"]
        assert UNKNOWN not in json.dumps([dict(step.outputs) for step in run.steps])
        assert outputs(run, "alb")["vpcId"] == outputs(run, "vpc", "Vpc")["id"]
        # Two providers, two processes: what one creates the other knows.
        assert network.outputs()["user"] == "root"
        assert network.outputs()["foundRange"] == "10.0.0.0/16"
        assert network.outputs()["lookedUpArn"].endswith("vpc/vpc-0123")

    def test_a_second_preview_changes_nothing_and_keeps_what_was_computed(
        self, life: dict[str, Run]
    ) -> None:
        run = life["again"]
        assert set(run.changes) == {"same"}
        for name in ("alb", "primary", "table"):
            assert outputs(run, name) == outputs(life["up"], name)

    def test_a_refresh_finds_no_drift(self, life: dict[str, Run]) -> None:
        assert set(life["refresh"].changes) == {"same"}, life["refresh"].output

    def test_secrets_stay_secret(self, life: dict[str, Run], network: Stack) -> None:
        assert network.outputs()["password"] == SECRET
        for path in network.workdir.rglob("*"):
            if path.is_file():
                assert SECRET not in path.read_text(errors="replace"), path
        assert all(SECRET not in run.output for run in life.values())

    def test_an_update_a_replacement_and_a_deletion(
        self, life: dict[str, Run], network: Stack
    ) -> None:
        before = network.project.directory / "__main__.py"
        text = before.read_text()
        changed = text.replace('"10.0.{i}.0/24"', '"10.0.{i + 8}.0/24"')
        changed = changed.replace('"alb", subnets', '"alb", idle_timeout=30, subnets')
        write_program(network.project.directory, changed.replace('export("user"', 'export("name"'))
        preview, up = network.preview(), network.up()
        assert outputs(preview, "alb")["idleTimeout"] == 30
        assert outputs(preview, "alb")["arn"] == outputs(life["up"], "alb")["arn"]
        assert preview.step("subnet-0").op in ("replace", "create-replacement", "delete-replaced")
        assert outputs(up, "alb")["idleTimeout"] == 30
        new = [item["subnetId"] for item in outputs(up, "alb")["subnetMappings"]]
        assert new != [item["subnetId"] for item in outputs(life["up"], "alb")["subnetMappings"]]
        assert network.destroy().changes["delete"] > 10

    @pytest.mark.usefixtures("life")
    def test_the_program_s_directory_is_only_read(self, network: Stack) -> None:
        names = sorted(path.name for path in network.project.directory.iterdir())
        assert names == ["Pulumi.yaml", "__main__.py", "helper.py"]


class TestCollapsedSets:
    def test_a_set_with_an_unknown_element_is_one_unknown(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        stack = make_stack(engine, tmp_path, NETWORK, collapse_sets=True)
        run = stack.preview()
        assert outputs(run, "alb")["subnets"] == UNKNOWN
        assert outputs(run, "table")["routes"] == UNKNOWN
        # Only what the plan shows: the inputs are the program's.
        assert run.step("alb").inputs["subnets"] == [UNKNOWN, UNKNOWN]


class TestDefaultProvider:
    def test_the_developer_s_region_does_not_matter(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_REGION", "ap-south-1")
        monkeypatch.setenv("PULUMI_STACK", "production")
        program = "import pulumi_aws as aws\naws.ec2.Vpc('vpc', cidr_block='10.0.0.0/16')\n"
        run = make_stack(engine, tmp_path, program).preview()
        assert "region" not in run.step("vpc").inputs
        assert outputs(run, "vpc")["region"] == UNKNOWN

    def test_an_imported_resource_in_the_region_of_the_stack_s_configuration(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        program = (
            "import pulumi, pulumi_aws as aws\n"
            "aws.ec2.Vpc('new', cidr_block='10.0.0.0/16')\n"
            "aws.ec2.Vpc('vpc', cidr_block='10.4.0.0/16', "
            "opts=pulumi.ResourceOptions(import_='vpc-0123'))\n"
        )
        stack = make_stack(engine, tmp_path, program, config={"aws:region": "eu-west-3"})
        run = stack.up()
        assert run.succeeded, run.output
        assert run.step("vpc").op == "import"
        assert run.step("new").inputs["region"] == "eu-west-3"


PACK = """\
from pulumi_policy import (
    EnforcementLevel, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy,
    StackValidationPolicy,
)

def no_alb(args, report_violation):
    if args.resource_type.endswith(":LoadBalancer"):
        report_violation("An ALB.\\nSecond line.")

def no_stack(args, report_violation):
    for each in args.resources:
        if each.name == "vpc":
            report_violation(str(args.get_config().get("word")), each.urn)

def add_tag(args):
    if args.resource_type.endswith(":Vpc") and "tags" not in args.props:
        return {**args.props, "tags": {"added": "yes"}}

PolicyPack("pack", policies=[
    ResourceValidationPolicy("no-alb", "About ALBs.", no_alb, EnforcementLevel.MANDATORY),
    ResourceValidationPolicy("quiet", "Says nothing.", lambda args, report: None),
    ResourceValidationPolicy(
        "add-tag", "Adds a tag.", remediate=add_tag, enforcement_level=EnforcementLevel.REMEDIATE
    ),
    StackValidationPolicy(
        "no-stack", "About stacks.", no_stack, EnforcementLevel.ADVISORY,
        config_schema=PolicyConfigSchema({"word": {"type": "string", "default": "plain"}}),
    ),
])
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("pack")
    (directory / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n")
    (directory / "__main__.py").write_text(PACK)
    return directory


class TestPolicies:
    def test_findings_remediations_and_summaries(
        self, engine: Engine, tmp_path: Path, pack: Path
    ) -> None:
        stack = make_stack(engine, tmp_path, NETWORK, pack=pack)
        run = stack.preview()
        assert (run.exit_code, run.result) == (1, "failed")
        (alb,) = run.of("no-alb")
        assert (alb.level, alb.pack) == ("mandatory", "pack")
        assert alb.urn.endswith("LoadBalancer::alb")
        assert alb.message == "About ALBs.\nAn ALB.\nSecond line."
        assert [(f.policy, f.level, f.message) for f in run.of("no-stack")] == [
            ("no-stack", "advisory", "About stacks.\nplain")
        ]
        assert {r.urn.rpartition("::")[2] for r in run.remediations} == {"vpc", "elsewhere"}
        assert run.remediations[0].after["tags"] == {"added": "yes"}
        assert run.step("vpc").inputs["tags"] == {"added": "yes"}
        assert run.passed == ("quiet",)
        assert run.failed == ("no-alb", "no-stack")
        assert "[mandatory]  no-alb" in run.output
        assert "\x1b" not in run.output

    def test_policy_configuration_and_analyze(
        self, engine: Engine, tmp_path: Path, pack: Path
    ) -> None:
        config = {"no-alb": "advisory", "no-stack": {"word": "configured"}}
        stack = make_stack(engine, tmp_path, NETWORK, pack=pack, policy_config=config)
        run = stack.up()
        assert run.succeeded, run.output
        assert run.of("no-stack")[0].message == "About stacks.\nconfigured"
        export = stack.export()
        file = tmp_path / "policy.json"
        file.write_text(json.dumps(config))
        analysis = engine.analyze(export, pack, file)
        assert analysis.succeeded, analysis.output
        found = {(f.policy, f.level) for f in analysis.findings}
        assert found == {("no-alb", "advisory"), ("no-stack", "advisory")}
        assert engine.analyze(export, pack).exit_code != 0


class TestFailures:
    def test_a_program_s_error_reaches_the_output_and_an_unknown_function_is_named(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        program = (
            "import pulumi, pulumi_aws as aws\n"
            "try:\n"
            "    pulumi.runtime.invoke('aws:ec2/getNothing:getNothing', {})\n"
            "except Exception as error:\n"
            "    raise ValueError('wrong range') from error\n"
        )
        run = make_stack(engine, tmp_path, program).preview()
        assert run.exit_code != 0
        assert "aws:ec2/getNothing:getNothing is not a function of pulumi_aws" in run.output
        assert "ValueError: wrong range" in run.output

    def test_a_hanging_program_is_ended(self, engine: Engine, tmp_path: Path) -> None:
        pid = tmp_path / "pid"
        program = (
            f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
        )
        stack = make_stack(engine, tmp_path, program, timeout=6)
        with pytest.raises(EngineTimeoutError, match="did not end within 6 s"):
            stack.preview()
        assert not Path("/proc", pid.read_text()).exists()

    def test_a_directory_without_a_program(self, engine: Engine, tmp_path: Path) -> None:
        with pytest.raises(ProjectError, match=r"is not a Pulumi program: it has no Pulumi\.yaml"):
            engine.stack(tmp_path, workdir=tmp_path)


NATIVE = """\
import pulumi_aws_native as native

vpc = native.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
zones = native.get_azs()
subnets = [
    native.ec2.Subnet(
        f"subnet-{i}", vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24", availability_zone=zones.azs[i]
    )
    for i in range(2)
]
native.elasticloadbalancingv2.LoadBalancer("alb", subnets=[s.id for s in subnets])
"""


def test_aws_native(engine: Engine, tmp_path: Path) -> None:
    stack = make_stack(engine, tmp_path, NATIVE, config={"aws-native:region": "us-east-1"})
    preview, up, again = stack.preview(), stack.up(), stack.preview()
    assert preview.step("alb").inputs == {"subnets": [UNKNOWN, UNKNOWN]}
    assert "scheme" not in outputs(preview, "alb")
    assert outputs(up, "alb")["scheme"] == "internet-facing"
    assert outputs(up, "subnet-1")["availabilityZone"] == "us-east-1b"
    assert set(again.changes) == {"same"}
