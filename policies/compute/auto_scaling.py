"""Auto Scaling groups, scalable targets and scaling policies that AWS takes.

It is asked of what is new: a group that exists keeps the capacity that its scaling has chosen, and
programs ignore changes of it. The provider sends no `desiredCapacity` of 0.
"""

from __future__ import annotations

from typing import Final

from ..model.inputs import Block
from ..model.truth import Truth
from ..model.vocabulary import AUTO_SCALING_GROUP, SCALABLE_TARGET
from ..refusal import Inputs, Refusal, Topic, family_of_creation
from ..rule import Evidence

_APPLICATION_POLICY: Final = "aws:appautoscaling/policy:Policy"
_GROUP_POLICY: Final = "aws:autoscaling/policy:Policy"
_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_REQUESTS: Final = "ALBRequestCountPerTarget"


def _wants_what_it_may_not_have(group: Block) -> Truth:
    desired = group.number("desiredCapacity")
    outside = (desired < group.number("minSize")) | (desired > group.number("maxSize"))
    return (desired > 0) & outside


def _is_of_another_service(namespace: str, dimension: str) -> bool:
    return not dimension.startswith(f"{namespace}:")


def _group(desired: int, **more: object) -> Inputs:
    subnets = ["subnet-1", "subnet-2"]
    return {
        "minSize": 1,
        "maxSize": 2,
        "desiredCapacity": desired,
        "vpcZoneIdentifiers": subnets,
        **more,
    }


def _counts_requests(id: str, kind: str, configuration: str) -> Refusal:
    def tracking(**metric: str) -> Inputs:
        specified = {"predefinedMetricSpecification": {"predefinedMetricType": _REQUESTS, **metric}}
        return {configuration: specified}

    def counts_nowhere(policy: Block) -> Truth:
        metric = policy.inner(f"{configuration}.predefinedMetricSpecification")
        return metric.says("predefinedMetricType", _REQUESTS) & metric.lacks("resourceLabel")

    return Refusal(
        id=id,
        kinds=(kind,),
        says="tracks ALBRequestCountPerTarget, but has no resourceLabel",
        when=counts_nowhere,
        evidence=Evidence(
            "PutScalingPolicy answers: Resource label should be specified for predefined metric "
            "type ALBRequestCountPerTarget",
            f"PutScalingPolicy; {_TESTED}",
            "2026-09-09",
        ),
        fix="Set resourceLabel to the arnSuffix of the load balancer, a slash and the arnSuffix "
        "of the target group.",
        refused=tracking(),
        accepted=(
            tracking(resourceLabel="app/web/50dc6c495c0c9188/targetgroup/web/943f017f100becff"),
            tracking(predefinedMetricType="ASGAverageCPUUtilization"),
        ),
    )


AUTO_SCALING = family_of_creation(
    Topic(
        name="auto-scaling",
        title="Auto Scaling groups, targets and policies that AWS accepts",
        description="The capacities, subnets, dimensions and metrics of an Auto Scaling group, "
        "scalable target or scaling policy must be valid in combination.",
        tags=("aws", "autoscaling", "ecs", "disaster-recovery"),
        fix="Change the setting that AWS refuses.",
        unread="sizes are texts there, and scalable targets and scaling policies are other types",
    ),
    Refusal(
        id="desired-capacity",
        kinds=(AUTO_SCALING_GROUP,),
        says="has a desiredCapacity that is not between minSize and maxSize",
        when=_wants_what_it_may_not_have,
        evidence=Evidence(
            "CreateAutoScalingGroup answers ValidationError: Desired capacity:... must be "
            "between the specified min size:... and max size:...",
            f"CreateAutoScalingGroup; {_TESTED}",
            "2026-09-30",
        ),
        fix="Set desiredCapacity to at least minSize and at most maxSize.",
        refused=_group(3),
        accepted=(
            _group(2),
            _group(1),
            _group(0),
            {"minSize": 0, "maxSize": 0, "vpcZoneIdentifiers": ["subnet-1"]},
        ),
        whatever=("vpcZoneIdentifiers", "minSize"),
    ),
    Refusal(
        id="group-size",
        kinds=(AUTO_SCALING_GROUP,),
        says="has a minSize above its maxSize",
        when=lambda group: (
            group.lacks("desiredCapacity") & (group.number("minSize") > group.number("maxSize"))
        ),
        evidence=Evidence(
            "CreateAutoScalingGroup and UpdateAutoScalingGroup answer ValidationError: Max bound, "
            "..., must be greater than or equal to min bound, ...",
            "UpdateAutoScalingGroup, quoted in public programs that handle it",
            "2026-11-27",
        ),
        fix="Set minSize to at most maxSize.",
        refused={"minSize": 3, "maxSize": 2, "vpcZoneIdentifiers": ["subnet-1"]},
        accepted=(
            {"minSize": 2, "maxSize": 2, "vpcZoneIdentifiers": ["subnet-1"]},
            {"minSize": 0, "maxSize": 2, "vpcZoneIdentifiers": ["subnet-1"]},
        ),
        whatever=("vpcZoneIdentifiers",),
    ),
    Refusal(
        id="group-without-subnets",
        kinds=(AUTO_SCALING_GROUP,),
        says="has neither vpcZoneIdentifiers nor availabilityZones",
        when=lambda group: group.lacks("vpcZoneIdentifiers") & group.lacks("availabilityZones"),
        evidence=Evidence(
            "CreateAutoScalingGroup answers: You must specify 1 of either AvailabilityZones, "
            "AvailabilityZoneIds, or Subnets",
            f"CreateAutoScalingGroup; {_TESTED}",
            "2026-09-30",
        ),
        fix="Set vpcZoneIdentifiers to the subnets of the instances.",
        refused={"minSize": 1, "maxSize": 2},
        accepted=(
            {"minSize": 1, "maxSize": 2, "vpcZoneIdentifiers": ["subnet-1"]},
            {"minSize": 1, "maxSize": 2, "availabilityZones": ["us-east-1a"]},
        ),
        whatever=("minSize", "maxSize"),
    ),
    Refusal(
        id="target-capacity",
        kinds=(SCALABLE_TARGET,),
        says="has a minCapacity above its maxCapacity",
        when=lambda target: target.number("minCapacity") > target.number("maxCapacity"),
        evidence=Evidence(
            "RegisterScalableTarget answers: Maximum capacity cannot be less than minimum capacity",
            f"RegisterScalableTarget; {_TESTED}",
            "2026-09-24",
        ),
        fix="Set minCapacity to at most maxCapacity.",
        refused={"minCapacity": 3, "maxCapacity": 2},
        accepted=({"minCapacity": 2, "maxCapacity": 2}, {"minCapacity": 0, "maxCapacity": 2}),
    ),
    Refusal(
        id="scalable-dimension",
        kinds=(SCALABLE_TARGET, _APPLICATION_POLICY),
        says="has a scalableDimension that does not belong to its serviceNamespace",
        when=lambda scaled: scaled.together(
            "serviceNamespace", "scalableDimension", _is_of_another_service
        ),
        evidence=Evidence(
            "RegisterScalableTarget answers: Unsupported service namespace, resource type or "
            "scalable dimension",
            f"RegisterScalableTarget; {_TESTED}",
            "2026-09-24",
        ),
        fix="Use a scalableDimension that begins with the serviceNamespace, such as "
        "ecs:service:DesiredCount for ecs.",
        refused={
            "serviceNamespace": "ecs",
            "scalableDimension": "dynamodb:table:ReadCapacityUnits",
        },
        accepted=({"serviceNamespace": "ecs", "scalableDimension": "ecs:service:DesiredCount"},),
    ),
    _counts_requests("group-request-count", _GROUP_POLICY, "targetTrackingConfiguration"),
    _counts_requests(
        "target-request-count", _APPLICATION_POLICY, "targetTrackingScalingPolicyConfiguration"
    ),
)
