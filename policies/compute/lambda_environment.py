"""What a Lambda function finds around it: environment variables, and the network of its files.

Lambda sets some variables itself and lets nobody else do so. There is no rule about prefixes:
AWS_LAMBDA_EXEC_WRAPPER, AWS_REGION_NAME or AWS_XRAY_TRACING_NAME may be set.
"""

from __future__ import annotations

from typing import Final

from ..model.inputs import Block, Declared
from ..model.places import is_region
from ..model.truth import Truth, some
from ..model.values import known_or_none
from ..model.vocabulary import LAMBDA_FUNCTION
from ..refusal import Refusal, Topic, family
from ..rule import Evidence, Kind

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"

RESERVED: Final = (
    *("_HANDLER", "_X_AMZN_TRACE_ID"),
    *("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"),
    *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
    *("AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE"),
    *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API"),
    *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
)
"""AWS, "Working with Lambda environment variables", and cfn-lint 1.58.0 (2026-11-26)."""


def _sets_a_reserved_variable(function: Declared) -> Truth:
    """Whether one is there: its name is refused, also with an empty value."""
    variables = function.inner("environment.variables")
    return some(_has_key(variables, name) for name in RESERVED)


def _has_key(variables: Block, name: str) -> Truth:
    return Truth.TRUE if variables.at(name) == "" else variables.sets(name)


def _has_no_network(function: Declared) -> Truth:
    return function.lacks("vpcConfig") | function.lacks("vpcConfig.subnetIds")


def _image_is_abroad(function: Declared) -> Truth:
    own = known_or_none(function.region)
    if own is None:
        return Truth.FALSE
    return function.holds("imageUri", lambda uri: _region_of_image(uri) not in (own, None))


def _region_of_image(uri: str) -> str | None:
    """The region in `123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1`."""
    _, found, rest = uri.partition(".dkr.ecr.")
    region = rest.partition(".")[0]
    return region if found and is_region(region) else None


def _with(**variables: str) -> dict[str, object]:
    role = "arn:aws:iam::123456789012:role/failover"
    return {"role": role, "environment": {"variables": variables}}


LAMBDA_ENVIRONMENT = family(
    Topic(
        name="lambda-environment",
        title="Lambda functions with an environment that Lambda accepts",
        description="A Lambda function must not set environment variables that Lambda reserves, "
        "and must be in a VPC to use a file system.",
        tags=("aws", "lambda", "disaster-recovery"),
        fix="Remove the reserved variables, and set vpcConfig if the function has a file system.",
        reads_native=True,
    ),
    Refusal(
        id="reserved-variable",
        kinds=(LAMBDA_FUNCTION,),
        says="sets an environment variable that Lambda sets itself, such as AWS_REGION",
        when=_sets_a_reserved_variable,
        evidence=Evidence(
            "CreateFunction answers InvalidParameterValueException: Lambda was unable to "
            "configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. "
            "Reserved keys used in this request: ...",
            "CreateFunction, public deployment logs",
            "2026-11-26",
        ),
        fix="Remove the variable, since Lambda sets it anyway, or choose another name, such as "
        "PRIMARY_REGION.",
        refused=_with(AWS_REGION="us-east-1"),
        accepted=(
            _with(PRIMARY_REGION="us-east-1"),
            _with(AWS_REGION_NAME="us-east-1"),
            _with(AWS_LAMBDA_EXEC_WRAPPER="/opt/wrapper"),
        ),
        whatever=("environment.variables.AWS_REGION", "role"),
    ),
    Refusal(
        id="file-system-without-network",
        kinds=(LAMBDA_FUNCTION,),
        says="has a fileSystemConfig, but no subnets in its vpcConfig",
        when=lambda function: function.has("fileSystemConfig") & _has_no_network(function),
        evidence=Evidence(
            "CreateFunction answers InvalidParameterValueException: Function must be configured "
            "to execute in a VPC to reference access point ...",
            f"CreateFunction; {_TESTED}",
            "2026-09-03",
        ),
        fix="Set vpcConfig with subnets and security groups that can reach the mount targets.",
        refused={"fileSystemConfig": {"localMountPath": "/mnt/data"}},
        accepted=(
            {
                "fileSystemConfig": {"localMountPath": "/mnt/data"},
                "vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]},
            },
        ),
        whatever=("fileSystemConfig.localMountPath",),
    ),
)

ADVICE: Final = (
    Refusal(
        id="image-region",
        kinds=(LAMBDA_FUNCTION,),
        says="has an imageUri of another region",
        when=_image_is_abroad,
        evidence=Evidence(
            "requires that the function is created in the same region as the container registry.",
            "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Replicate the repository (aws.ecr.ReplicationConfiguration), and set imageUri to "
        "the image in the function's own region.",
        refused={"imageUri": "123456789012.dkr.ecr.eu-south-2.amazonaws.com/app:1"},
        accepted=(
            {"imageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1"},
            {"imageUri": "public.ecr.aws/app:1"},
        ),
    ),
)
