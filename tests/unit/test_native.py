"""What policies say of aws-native: those that do not read it nothing, whatever the names in it."""

from __future__ import annotations

from typing import Any

import pytest

from offline.paths import REPOSITORY
from policies import RULES
from policies.model.vocabulary import TERMS
from policies.rule import AnyRule
from policies.testing import UNKNOWN, Stack
from tests import aws
from tests.support import run, verdict

NATIVE = {term.kind: token for token, term in TERMS.items() if token.startswith("aws-native:")}
MANAGED = "arn:aws:iam::aws:policy"
BALANCER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer"
UNREAD = [rule for rule in RULES if not rule.reads_native]


def selector(value: str) -> dict[str, Any]:
    return {"dataResources": [{"type": "AWS::S3::Object", "values": [value]}]}


def test_rows_of_what_is_not_read_give_no_finding() -> None:
    tried = 0
    for rule in UNREAD:
        for row in rule.refusals:
            for kind in set(row.kinds) & set(NATIVE):
                stack = Stack()
                stack.add(NATIVE[kind], "one", dict(row.refused))
                assert {each.policy for each in run(stack)}.isdisjoint({rule.name}), row.id
                tried += 1
    assert tried


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_that_does_not_read_aws_native_says_so_on_its_page(rule: AnyRule) -> None:
    """Where the vocabulary has none of its types, it may be a matter of some rows there."""
    if rule.unread:
        page = (REPOSITORY / "docs" / "policies" / f"{rule.name}.md").read_text("utf-8")
        assert f"pass: {rule.unread}." in page.replace("`aws-native`", "aws-native").replace(
            "of aws-native pass", "pass"
        )


# --- what is read --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("versioning", "expected"),
    [
        ({"versioningConfiguration": {"status": "Enabled"}}, "passes"),
        ({"objectLockEnabled": True}, "passes"),
        ({"versioningConfiguration": {"status": UNKNOWN}}, "cannot tell copies"),
        ({"versioningConfiguration": {"status": "Suspended"}}, "rejects copies"),
        ({}, "rejects copies"),
    ],
)
def test_a_native_bucket_states_its_versioning_itself(
    versioning: dict[str, Any], expected: str
) -> None:
    stack = Stack()
    native = aws.native(
        stack, "s3:Bucket", "app", {"bucketName": "app", **versioning}, named_by="arn"
    )
    rules = [{"status": "Enabled", "destination": {"bucket": native.output("arn")}}]
    given = {"bucket": "of-another-stack", "rules": rules}
    stack.add("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "copies", given)
    assert verdict(stack, "s3-versioning") == expected


def test_a_native_bucket_replicates_with_versioning() -> None:
    rules = [{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::other"}}]
    given = {"bucketName": "app", "replicationConfiguration": {"rules": rules}}
    for more, expected in (
        ({}, "rejects app"),
        ({"versioningConfiguration": {"status": "Enabled"}}, "passes"),
        ({"versioningConfiguration": UNKNOWN}, "passes"),
    ):
        stack = Stack()
        aws.native(stack, "s3:Bucket", "app", {**given, **more}, named_by="arn")
        assert verdict(stack, "s3-versioning") == expected


@pytest.mark.parametrize(
    ("policy", "token", "refused", "accepted"),
    [
        ("s3-bucket-name", "s3:Bucket", {"bucketName": "Web"}, {"bucketName": "web"}),
        (
            "replica-regions",
            "secretsmanager:Secret",
            {"replicaRegions": [{"region": "us-east-1"}]},
            {"replicaRegions": [{"region": "us-west-2"}]},
        ),
        (
            "replica-regions",
            "kms:ReplicaKey",
            {"primaryKeyArn": "arn:aws:kms:us-east-1:111122223333:key/mrk-1"},
            {"primaryKeyArn": "arn:aws:kms:us-west-2:111122223333:key/mrk-1"},
        ),
        (
            "lambda-environment",
            "lambda:Function",
            {"environment": {"variables": {"AWS_REGION": "us-west-2"}}},
            {"environment": {"variables": {"REGION": "us-west-2"}}},
        ),
        (
            "lambda-environment",
            "lambda:Function",
            {"fileSystemConfigs": [{"localMountPath": "/mnt/a"}]},
            {
                "fileSystemConfigs": [{"localMountPath": "/mnt/a"}],
                "vpcConfig": {"subnetIds": ["subnet-1"]},
            },
        ),
        (
            "event-targets",
            "events:Rule",
            {"scheduleExpression": "rate(1 day)", "eventBusName": "orders"},
            {"scheduleExpression": "rate(1 day)", "eventBusName": "default"},
        ),
        (
            "queue-kinds",
            "sqs:Queue",
            {"redrivePolicy": {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:1:dead.fifo"}},
            {"redrivePolicy": {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:1:dead"}},
        ),
        (
            "queue-kinds",
            "lambda:EventSourceMapping",
            {"eventSourceArn": "arn:aws:sqs:us-east-1:111122223333:a", "batchSize": 100},
            {"eventSourceArn": "arn:aws:sqs:us-east-1:111122223333:a", "batchSize": 10},
        ),
        (
            "iam-names",
            "iam:Role",
            {"managedPolicyArns": [f"{MANAGED}/AmazonECSTaskExecutionRolePolicy"]},
            {"managedPolicyArns": [f"{MANAGED}/service-role/AmazonECSTaskExecutionRolePolicy"]},
        ),
        (
            "waf-declaration",
            "wafv2:RuleGroup",
            {"rules": [{"priority": 1}, {"priority": 1}]},
            {"rules": [{"priority": 1}, {"priority": 2}]},
        ),
        (
            "waf-parts",
            "wafv2:WebAclAssociation",
            {"resourceArn": "arn:aws:cloudfront::111122223333:distribution/E1"},
            {"resourceArn": f"{BALANCER}/app/web/1"},
        ),
        (
            "waf-parts",
            "wafv2:LoggingConfiguration",
            {"logDestinationConfigs": ["arn:aws:s3:::logs"]},
            {"logDestinationConfigs": ["arn:aws:s3:::aws-waf-logs-web"]},
        ),
        (
            "api-vpc-link",
            "apigateway:VpcLink",
            {"targetArns": [f"{BALANCER}/app/web/1"]},
            {"targetArns": [f"{BALANCER}/net/web/1"]},
        ),
        (
            "cloudtrail-trail",
            "cloudtrail:Trail",
            {"eventSelectors": [selector("arn:aws:s3:::*/*")]},
            {"eventSelectors": [selector("arn:aws:s3:::app/")]},
        ),
    ],
)
def test_what_cloudformation_says_in_its_words_is_read(
    policy: str, token: str, refused: dict[str, Any], accepted: dict[str, Any]
) -> None:
    for inputs, expected in ((refused, "rejects it"), (accepted, "passes")):
        stack = Stack()
        stack.add(f"aws-native:{token}", "it", inputs)
        assert verdict(stack, policy) == expected


@pytest.mark.parametrize("token", ["WebAcl", "IpSet", "RegexPatternSet", "RuleGroup"])
def test_what_is_native_and_for_cloudfront_is_made_in_one_region(token: str) -> None:
    for region, expected in (("eu-west-1", "rejects it"), ("us-east-1", "passes")):
        stack = Stack()
        stack.add(f"aws-native:wafv2:{token}", "it", {"scope": "CLOUDFRONT"}, region=region)
        assert verdict(stack, "waf-declaration") == expected


def test_a_native_web_acl_for_cloudfront_is_not_associated() -> None:
    for scope, expected in (("CLOUDFRONT", "rejects it"), ("REGIONAL", "passes")):
        stack = Stack()
        acl = stack.add("aws-native:wafv2:WebAcl", "acl", {"scope": scope})
        given = {"webAclArn": acl.output("arn"), "resourceArn": f"{BALANCER}/app/web/1"}
        stack.add("aws-native:wafv2:WebAclAssociation", "it", given)
        assert verdict(stack, "waf-parts") == expected


def test_a_native_vpc_link_leads_to_a_network_load_balancer() -> None:
    for kind, expected in (("application", "rejects it"), ("network", "passes")):
        stack = Stack()
        given = {"type": kind, "scheme": "internal"}
        token = "aws-native:elasticloadbalancingv2:LoadBalancer"
        balancer = stack.add(token, "web", given)
        targets = [balancer.output("loadBalancerArn")]
        stack.add("aws-native:apigateway:VpcLink", "it", {"targetArns": targets})
        assert verdict(stack, "api-vpc-link") == expected


@pytest.mark.parametrize("targets", [UNKNOWN, [], None, [None], 7, [UNKNOWN, UNKNOWN]])
def test_targets_of_a_native_vpc_link_that_cannot_be_read_are_not_guessed(targets: Any) -> None:
    stack = Stack()
    stack.add("aws-native:apigateway:VpcLink", "it", {"targetArns": targets})
    assert verdict(stack, "api-vpc-link") == "passes"


def test_a_native_http_api_integrates_with_a_listener() -> None:
    for protocol, expected in (("HTTP", "rejects it"), ("WEBSOCKET", "passes")):
        stack = Stack()
        api = stack.add("aws-native:apigatewayv2:Api", "api", {"protocolType": protocol})
        given = {"apiId": api.id, "connectionType": "VPC_LINK", "integrationUri": "http://a.test"}
        stack.add("aws-native:apigatewayv2:Integration", "it", given)
        assert verdict(stack, "api-vpc-link") == expected


@pytest.mark.parametrize(
    ("role", "sizes", "expected"),
    [
        ("PRIMARY", ["cache.t4g.medium"], "rejects it"),
        ("PRIMARY", ["cache.r7g.large"], "passes"),
        ("SECONDARY", ["cache.t4g.medium"], "passes"),
        (UNKNOWN, ["cache.t4g.medium", "cache.t4g.medium"], "rejects it"),
        (UNKNOWN, ["cache.t4g.medium", "cache.r7g.large"], "passes"),
    ],
)
def test_the_primary_of_a_native_global_datastore_has_large_nodes(
    role: Any, sizes: list[str], expected: str
) -> None:
    stack = Stack()
    token = "aws-native:elasticache:ReplicationGroup"
    groups = [stack.add(token, size, {"cacheNodeType": size}) for size in sizes]
    members = [{"replicationGroupId": group.id, "role": role} for group in groups]
    stack.add("aws-native:elasticache:GlobalReplicationGroup", "it", {"members": members})
    assert verdict(stack, "elasticache-global-datastore") == expected


def test_a_native_replica_key_needs_a_multi_region_primary() -> None:
    for more, expected in (({}, "rejects it"), ({"multiRegion": True}, "passes")):
        stack = Stack()
        given = {"description": "orders", **more}
        key = stack.add("aws-native:kms:Key", "orders", given, region="us-west-2")
        stack.add("aws-native:kms:ReplicaKey", "it", {"primaryKeyArn": key.output("arn")})
        assert verdict(stack, "replica-references") == expected


@pytest.mark.parametrize(
    ("service", "expected"),
    [("config", "rejects it"), ("cloudtrail", "passes"), (None, "rejects it")],
)
def test_a_native_trail_writes_to_a_bucket_that_lets_it(service: str | None, expected: str) -> None:
    stack = Stack()
    bucket = aws.native(stack, "s3:Bucket", "logs", {"bucketName": "logs"}, named_by="arn")
    if service is not None:
        allow = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}}
        given = {"bucket": bucket.output("bucketName"), "policyDocument": {"Statement": [allow]}}
        stack.add("aws-native:s3:BucketPolicy", "logs", given)
    stack.add("aws-native:cloudtrail:Trail", "it", {"s3BucketName": bucket.output("bucketName")})
    assert verdict(stack, "cloudtrail-bucket-policy") == expected


def test_a_native_trail_names_its_log_group_by_a_name_of_its_own() -> None:
    stack = Stack()
    arn = "arn:aws:logs:us-west-2:111122223333:log-group:audit"
    given = {"s3BucketName": "elsewhere", "cloudWatchLogsLogGroupArn": arn}
    stack.add("aws-native:cloudtrail:Trail", "it", given)
    assert verdict(stack, "region-local-references") == "rejects it"


def test_whether_a_native_bucket_takes_acls_is_not_guessed() -> None:
    stack = Stack()
    controls = {"rules": [{"objectOwnership": "ObjectWriter"}]}
    given = {"bucketName": "app", "ownershipControls": controls}
    native = aws.native(stack, "s3:Bucket", "app", given, named_by="arn")
    inputs = {"bucket": native.output("bucketName"), "acl": "private"}
    stack.add("aws:s3/bucketAcl:BucketAcl", "acl", inputs)
    assert verdict(stack, "s3-acl") == "cannot tell acl"
