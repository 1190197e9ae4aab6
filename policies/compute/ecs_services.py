"""ECS services whose task definition and target groups go with them.

CreateService and UpdateService look at the task definition: its network mode decides whether the
service must say in which subnets its tasks are, and how a load balancer names them as targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..model import Model
from ..model.containers import CONTAINERS, containers_of
from ..model.inputs import Block, Declared
from ..model.references import merged, possible
from ..model.resource import Resource
from ..model.strangers import is_in_the_hands_of_others
from ..model.truth import Truth, every
from ..model.values import Absent, Known, Reading
from ..model.vocabulary import ECS_SERVICE, LISTENER, LISTENER_RULE, TARGET_GROUP, TASK_DEFINITION
from ..relation import Broken, Relation
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

_TARGET_GROUPS: Final = ("targetGroupArn", "advancedConfiguration.alternateTargetGroupArn")
_NO_NETWORK: Final = (
    "CreateService answers InvalidParameterException: Network Configuration must be provided when "
    "networkMode 'awsvpc' is specified."
)
_NETWORK_OF_NO_USE: Final = (
    "CreateService answers InvalidParameterException: Network Configuration is not valid for the "
    "given networkMode of this task definition."
)
_TARGET_TYPE: Final = (
    "CreateService answers InvalidParameterException: The provided target group arn:... has target "
    "type instance, which is incompatible with the awsvpc network mode specified in the task "
    "definition."
)
_NO_BALANCER: Final = (
    "CreateService answers InvalidParameterException: The target group with targetGroupArn arn:... "
    "does not have an associated load balancer."
)
_NO_CONTAINER: Final = (
    "CreateService answers InvalidParameterException: The container ... does not exist in the "
    "task definition."
)
_NO_PORT: Final = (
    "CreateService answers InvalidParameterException: The container ... did not have a container "
    "port ... defined."
)


def goes_with_its_task(service: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A service must suit its task definition, and its target groups must be in use."""
    if _leaves_it_to_others(service) is not Truth.FALSE:
        return
    definitions = _definitions(service, model)
    if definitions:
        yield from _has_a_network(service, definitions)
        yield from _is_a_target_by_address(service, definitions, model)
        yield from _has_the_containers(service, definitions)
    yield from _is_behind_a_balancer(service, model)


def _definitions(service: Resource, model: Model) -> tuple[Resource, ...]:
    """The task definitions that it may have; none where task sets say how its tasks run."""
    if _leaves_it_to_others(service) is not Truth.FALSE:
        return ()
    return tuple(possible(model.stack.reference(service, "taskDefinition", TASK_DEFINITION)))


def _leaves_it_to_others(service: Resource) -> Truth:
    """Whether task sets, not the service, say how its tasks run."""
    return Declared(service).says("deploymentController.type", "EXTERNAL")


def _is_awsvpc(definition: Resource) -> Truth:
    """Whether its tasks have network interfaces of their own. Without a network mode it has the
    default of its platform, which is another one; one for Fargate is refused by itself then."""
    inputs = Declared(definition)
    is_left_open = inputs.lacks("networkMode") & inputs.lists("requiresCompatibilities", "FARGATE")
    return Truth.UNKNOWN if is_left_open is Truth.TRUE else inputs.says("networkMode", "awsvpc")


def _lacks_a_network(service: Resource, definitions: Sequence[Resource]) -> Truth:
    return every(map(_is_awsvpc, definitions)) & Declared(service).lacks("networkConfiguration")


def _has_a_network_of_no_use(service: Resource, definitions: Sequence[Resource]) -> Truth:
    is_another = every(~_is_awsvpc(each) for each in definitions)
    return is_another & Declared(service).has("networkConfiguration")


def _has_a_network(service: Resource, definitions: Sequence[Resource]) -> Iterator[Outcome]:
    if _lacks_a_network(service, definitions) is Truth.TRUE:
        yield Violation(
            service,
            f"{service.label} has no networkConfiguration, but the network mode of its tasks "
            "requires one:",
            chains=((service.label, definitions[0].label, "networkMode awsvpc"),),
            effect=_NO_NETWORK,
            fix="Set networkConfiguration with the subnets of the tasks.",
            parties=tuple(definitions),
        )
    elif _has_a_network_of_no_use(service, definitions) is Truth.TRUE:
        yield Violation(
            service,
            f"{service.label} has a networkConfiguration, but the network mode of its tasks is "
            "not awsvpc:",
            chains=((service.label, definitions[0].label, "networkMode is not awsvpc"),),
            effect=_NETWORK_OF_NO_USE,
            fix="Set networkMode of the task definition to awsvpc, or remove networkConfiguration.",
            parties=tuple(definitions),
        )


def _is_a_target_by_address(
    service: Resource, definitions: Sequence[Resource], model: Model
) -> Iterator[Outcome]:
    if every(map(_is_awsvpc, definitions)) is not Truth.TRUE:
        return
    wrong = _target_groups(service, model, Absent(), Known("instance"))
    if wrong:
        yield Violation(
            service,
            f"{service.label} has a target group for instances, but its tasks have their own "
            "IP addresses (networkMode awsvpc):",
            chains=tuple((service.label, each.label, "targetType instance") for each in wrong),
            effect=_TARGET_TYPE,
            fix="Set targetType of the target group to ip.",
            parties=(*definitions, *wrong),
        )


def _target_groups(service: Resource, model: Model, *types: Reading[str]) -> tuple[Resource, ...]:
    """Target groups of one of these types that it certainly has, in one of the places for them."""
    found = (
        model.stack.references(service, "loadBalancers", TARGET_GROUP, inner=path)
        for path in _TARGET_GROUPS
    )
    groups = merged([each for each in found if not isinstance(each, Absent)])
    return groups.surely_hit(lambda group: group.text("targetType") in types)


def _has_the_containers(service: Resource, definitions: Sequence[Resource]) -> Iterator[Outcome]:
    inputs = Declared(service)
    tasks = [containers_of(Declared(each)) for each in definitions]

    def is_missing(balancer: Block) -> Truth:
        return every(_lacks_the_container(task, balancer) for task in tasks)

    def is_deaf(balancer: Block) -> Truth:
        return every(_lacks_the_port(task, balancer) for task in tasks)

    for is_wrong, what, effect in (
        (is_missing, "refers to a container that is not in its task definition:", _NO_CONTAINER),
        (
            is_deaf,
            "refers to a container port that is not in the portMappings of that container:",
            _NO_PORT,
        ),
    ):
        if inputs.some("loadBalancers", is_wrong) is Truth.TRUE:
            yield Violation(
                service,
                f"{service.label} {what}",
                chains=((f"loadBalancers of {service.label}", definitions[0].label),),
                effect=effect,
                fix="Set containerName and containerPort in loadBalancers to a container of the "
                "task definition and a port of its portMappings.",
                parties=tuple(definitions),
            )
            return


def _lacks_the_container(task: Block, balancer: Block) -> Truth:
    """Whether no container of the task has the name."""
    match balancer.text("containerName"):
        case Known(name):
            has_it = task.some(CONTAINERS, lambda each: each.holds("name", lambda own: own == name))
            return task.has(CONTAINERS) & ~has_it
    return Truth.UNKNOWN


def _lacks_the_port(task: Block, balancer: Block) -> Truth:
    """Whether the container of the name has no such port; a range may hold it."""
    port = balancer.number("containerPort")
    if not isinstance(port.reading, Known):
        return Truth.UNKNOWN

    def opens(mapping: Block) -> Truth:
        return mapping.number("containerPort").equals(port) | mapping.has("containerPortRange")

    match balancer.text("containerName"):
        case Known(name):
            return task.some(
                CONTAINERS,
                lambda each: (
                    each.holds("name", lambda own: own == name) & ~each.some("portMappings", opens)
                ),
            )
    return Truth.UNKNOWN


def _is_behind_a_balancer(service: Resource, model: Model) -> Iterator[Outcome]:
    """A target group that is made with the service must be in use by a load balancer, and nothing
    outside the stack can do that in time."""
    groups = model.stack.references(service, "loadBalancers", TARGET_GROUP, inner="targetGroupArn")
    if isinstance(groups, Absent):
        return
    wrong = groups.surely_hit(lambda group: group.is_new and _is_unused(group, model))
    if wrong:
        yield Violation(
            service,
            f"{service.label} has a target group that no load balancer uses:",
            chains=tuple(
                (service.label, each.label, "no listener or rule forwards to it") for each in wrong
            ),
            effect=_NO_BALANCER,
            fix="Add a listener or listener rule that forwards to the target group, and name it "
            "in the dependsOn option of the service.",
            parties=wrong,
        )


def _is_unused(group: Resource, model: Model) -> bool:
    """Whether nothing in the stack can put the target group behind a load balancer: no listener or
    rule, also in a way that is not read, and nothing that another provider or a template makes."""
    forwarders = (LISTENER, LISTENER_RULE)
    return not is_in_the_hands_of_others(model.stack, group, *forwarders) and not any(
        model.forwarders.of(group)
    )


def _is_launched_where_it_cannot_run(service: Resource, model: Model) -> Broken | None:
    """Whether it is for Fargate, and no task definition that may be meant is. A wrong network is
    told of by ecs-service."""
    definitions = _definitions(service, model)
    on_fargate = Declared(service).says("launchType", "FARGATE")
    cannot_run = on_fargate & every(map(_cannot_be_on_fargate, definitions))
    is_told = _lacks_a_network(service, definitions) | _has_a_network_of_no_use(
        service, definitions
    )
    if not definitions or cannot_run is not Truth.TRUE or is_told is Truth.TRUE:
        return None
    return Broken(
        "has the launchType FARGATE, but its task definition does not support it",
        ((definitions[0].label, "requiresCompatibilities, FARGATE"),),
        definitions,
    )


def _cannot_be_on_fargate(definition: Resource) -> Truth:
    """Whether its tasks cannot run on Fargate. ECS works out which launch types a definition suits
    beyond those that it requires, so one that has all that Fargate needs may be accepted."""
    inputs = Declared(definition)
    fits = inputs.says("networkMode", "awsvpc") & inputs.has("cpu") & inputs.has("memory")
    return ~inputs.lists("requiresCompatibilities", "FARGATE") & ~fits


def _shares_the_address_of_its_host(service: Resource, model: Model) -> Broken | None:
    """Whether its tasks have no addresses of their own, which its target group is for."""
    definitions = _definitions(service, model)
    wrong = _target_groups(service, model, Known("ip"))
    if not definitions or not wrong or every(map(_is_on_its_host, definitions)) is not Truth.TRUE:
        return None
    return Broken(
        "has a target group for IP addresses, but its tasks use those of their hosts",
        tuple((each.label, "targetType ip") for each in wrong),
        (*definitions, *wrong),
    )


def _is_on_its_host(definition: Resource) -> Truth:
    """Whether its tasks have the network of their instance, as they have by default."""
    inputs = Declared(definition)
    by_default = inputs.lacks("networkMode") & ~inputs.lists("requiresCompatibilities", "FARGATE")
    return by_default | inputs.says("networkMode", "bridge", "host")


ROWS: Final = (
    Relation(
        id="fargate-launch",
        kinds=(ECS_SERVICE,),
        check=_is_launched_where_it_cannot_run,
        evidence=Evidence(
            "ECS answers InvalidParameterException: Task definition does not support launch_type "
            "FARGATE.",
            "https://github.com/aws/aws-cli/issues/3983",
            "2019-03-04",
            Kind.REPORTED,
        ),
        fix="Set requiresCompatibilities of the task definition to FARGATE, networkMode to "
        "awsvpc, and cpu and memory to a size that Fargate offers.",
    ),
    Relation(
        id="target-by-address",
        kinds=(ECS_SERVICE,),
        check=_shares_the_address_of_its_host,
        evidence=Evidence(
            "registers tasks of the network modes bridge and host as an instance and a port, which "
            "a target group for IP addresses does not take.",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        fix="Set targetType of the target group to instance, or networkMode of the task "
        "definition to awsvpc.",
    ),
)

ECS_SERVICES = StackRule(
    name="ecs-service",
    reads_native=False,
    unread="its network and its task definition have other shapes there",
    title="ECS services that match their task definition and target groups",
    description="An ECS service must have the network configuration, target groups and container "
    "ports that match its task definition.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "ecs", "fargate", "elasticloadbalancing", "disaster-recovery"),
    evidence=(
        *(
            Evidence(effect, "public deployment logs", "2026-11-26")
            for effect in (_NO_NETWORK, _TARGET_TYPE, _NO_BALANCER)
        ),
        Evidence(
            _NETWORK_OF_NO_USE, "https://github.com/badmintoncryer/cdk-preflight", "2026-09-03"
        ),
        *(
            Evidence(effect, "https://github.com/badmintoncryer/cdk-preflight", "2026-09-08")
            for effect in (_NO_CONTAINER, _NO_PORT)
        ),
    ),
    fix="Make the service match its task definition and target groups.",
    kinds=(ECS_SERVICE,),
    check=goes_with_its_task,
)
