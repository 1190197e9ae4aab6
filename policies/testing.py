"""Unit-test a policy on a stack of your own making, as the engine would run it.

    stack = Stack()
    vpc = stack.add("aws:ec2/vpc:Vpc", "east", {"cidrBlock": "10.0.0.0/16"})
    subnet = stack.add("aws:ec2/subnet:Subnet", "a", {"vpcId": vpc.id})
    stack.add("aws:lb/loadBalancer:LoadBalancer", "web", {"subnets": [subnet.id]})
    findings = stack.preview(adapter.build())
    assert [each.policy for each in findings] == ["alb-public-subnets", "alb-availability-zones"]

Every resource goes through protobuf and the policy SDK's own servicer, so unknown values, numbers,
nulls, secrets, dependencies, configuration and levels are those of a real run. `preview` is a first
preview (ids are unknown, outputs that repeat an input are not), `deployed` the state after a
deployment. More examples: docs/guides/own-policies.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.policy import _PolicyAnalyzerServicer
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

Value: TypeAlias = Any
"""JSON, with `Output`, `Secret` and `UNKNOWN` at any depth."""


@dataclass(frozen=True)
class Output:
    """A value that comes from other resources: unknown in a first preview, `value` later."""

    value: Value
    sources: tuple[Made, ...] = ()
    is_input: bool = False
    """Whether it repeats an input, which a first preview shows as it shows the input."""

    @staticmethod
    def all(*outputs: Output) -> Output:
        """One list out of several outputs, as `Output.all(...).apply(...)` gives it."""
        sources = tuple(source for output in outputs for source in output.sources)
        return Output([output.value for output in outputs], sources)

    def element(self, position: int) -> Output:
        """One element of a list: derived from all that the list is derived from."""
        return Output(self.value[position], self.sources)


@dataclass(frozen=True)
class Secret:
    """A value that Pulumi keeps secret."""

    value: Value


UNKNOWN = Output("out-of-the-stack")
"""A value that no resource of the stack gives: unknown in a first preview."""


@dataclass(eq=False)
class Made:
    """A resource of the stack; `id` and `output(name)` are for inputs of other resources."""

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Value]
    outputs: dict[str, Value]
    provider: Mapping[str, Value] | None
    parent: str
    depends_on: tuple[Made, ...]
    ignore_changes: tuple[str, ...] = ()
    provider_name: str = "default"

    def output(self, name: str) -> Output:
        """An output of the resource, for an input of another one."""
        value = self.outputs.get(name, self.inputs.get(name, f"{name}-of-{self.name}"))
        if isinstance(value, Output):
            return Output(value.value, (self,), value.is_input)
        return Output(value, (self,), name not in self.outputs and name in self.inputs)

    @property
    def id(self) -> Output:
        return self.output("id")


@dataclass(frozen=True)
class Diagnostic:
    """What the pack answered: one finding."""

    policy: str
    level: str
    urn: str
    message: str

    @property
    def resource(self) -> str:
        """The resource's name; empty for the stack as a whole."""
        return self.urn.rpartition("::")[2]


@dataclass
class Stack:
    """Resources, in the order in which they were added; `project` and `name` are in their URNs."""

    region: str | None = "us-east-1"
    resources: list[Made] = field(default_factory=list)
    project: str = "project"
    name: str = "test"

    def add(
        self,
        type_token: str,
        name: str,
        inputs: Mapping[str, Value] | None = None,
        *,
        computed: Mapping[str, Value] | None = None,
        region: str | None = None,
        provider: Mapping[str, Value] | None = None,
        provider_name: str | None = None,
        depends_on: Iterable[Made] = (),
        ignore_changes: Iterable[str] = (),
        parent: Made | None = None,
    ) -> Made:
        """Add a resource. `computed` are outputs that AWS chooses: unknown in a first preview, and
        without a dependency, as the engine sends them. `region` and `provider` (its properties) are
        those of the provider that makes it; the default is the stack's region."""
        place = region or self.region
        given = provider if provider is not None else {"region": place} if place else {}
        outputs = {"id": _identifier(type_token, name), **(computed or {})}
        made = Made(
            urn=f"{self._prefix}::{type_token}::{name}",
            type=type_token,
            name=name,
            inputs=dict(inputs or {}),
            outputs=outputs,
            provider=given,
            parent=self._root if parent is None else parent.urn,
            depends_on=tuple(depends_on),
            ignore_changes=tuple(ignore_changes),
            provider_name=provider_name or region or "default",
        )
        self.resources.append(made)
        return made

    def add_component(self, type_token: str, name: str) -> Made:
        """Add a component, for other resources to be its children (`parent`)."""
        made = Made(
            urn=f"{self._prefix}::{type_token}::{name}",
            type=type_token,
            name=name,
            inputs={},
            outputs={},
            provider=None,
            parent=self._root,
            depends_on=(),
        )
        self.resources.append(made)
        return made

    @property
    def _prefix(self) -> str:
        return f"urn:pulumi:{self.name}::{self.project}"

    @property
    def _root(self) -> str:
        """The URN of the stack itself."""
        return f"{self._prefix}::pulumi:pulumi:Stack::{self.project}-{self.name}"

    def preview(self, policies: Sequence[Policy], **options: Any) -> list[Diagnostic]:
        """What the policies say in a first preview; see `Run` for the options."""
        return Run(self, is_first=True, **options).findings(policies)

    def deployed(self, policies: Sequence[Policy], **options: Any) -> list[Diagnostic]:
        """What the policies say once everything exists; see `Run` for the options."""
        return Run(self, is_first=False, **options).findings(policies)


@dataclass
class Run:
    """One run of the engine over a stack.

    `config` is what `--policy-pack-config` would hold. `servicer` serves the requests; the SDK's
    own by default. With `shows_inputs` false the policies never see the resources' inputs. `order`
    changes the order in which resources are sent. `existing` are the resources that an earlier
    deployment has made already: this preview shows their outputs.
    """

    stack: Stack
    is_first: bool = True
    config: Mapping[str, Any] = field(default_factory=dict)
    servicer: Callable[..., Any] = _PolicyAnalyzerServicer
    shows_inputs: bool = True
    order: Callable[[list[Made]], list[Made]] = list
    existing: Collection[Made] = ()
    not_applicable: list[tuple[str, str]] = field(default_factory=list)

    def findings(self, policies: Sequence[Policy]) -> list[Diagnostic]:
        """Send every resource and then the stack, as the engine does."""
        server = self.servicer("test", "0.0.1", list(policies), EnforcementLevel.ADVISORY)
        server.Configure(self.configuration(policies), None)
        resources = self.order(list(self.stack.resources))
        answers: list[tuple[str, Any]] = []
        if self.shows_inputs:
            answers += [
                (each.urn, server.Analyze(self.resource_request(each), None)) for each in resources
            ]
        answers.append(("", server.AnalyzeStack(self.stack_request(resources), None)))
        for _, answer in answers:
            self.not_applicable += [
                (each.policy_name, each.reason) for each in answer.not_applicable
            ]
        return [_diagnostic(each, urn) for urn, answer in answers for each in answer.diagnostics]

    def configuration(self, policies: Sequence[Policy]) -> Any:
        """The Configure request that the engine makes of the configuration file."""
        request = proto.ConfigureAnalyzerRequest()
        levels = {policy.name: policy.enforcement_level for policy in policies}
        for name, said in self.config.items():
            options = {"enforcementLevel": said} if isinstance(said, str) else dict(said)
            level = options.pop("enforcementLevel", None)
            chosen = EnforcementLevel(level) if level else levels.get(name)
            request.policyConfig[name].enforcementLevel = _LEVELS[
                chosen or EnforcementLevel.ADVISORY
            ]
            request.policyConfig[name].properties.update(options)
        return request

    def resource_request(self, made: Made) -> Any:
        """The Analyze (or Remediate) request about one resource."""
        request = proto.AnalyzeRequest(type=made.type, urn=made.urn, name=made.name)
        request.properties.update(_encoded(made.inputs, self._is_known))
        request.options.ignoreChanges.extend(made.ignore_changes)
        self._add_provider(request, made)
        return request

    def stack_request(self, resources: Sequence[Made]) -> Any:
        """The AnalyzeStack request."""
        request = proto.AnalyzeStackRequest()
        for made in resources:
            sent = request.resources.add(
                type=made.type, urn=made.urn, name=made.name, parent=made.parent
            )
            own = {name: Output(each, (made,)) for name, each in made.outputs.items()}
            sent.properties.update(_encoded({**made.inputs, **own}, self._is_known))
            sent.options.ignoreChanges.extend(made.ignore_changes)
            self._add_provider(sent, made)
            every = {source.urn for source in made.depends_on}
            for name, value in made.inputs.items():
                sources = sorted({source.urn for source in _sources(value)})
                if sources or _is_from_outside(value):
                    sent.propertyDependencies[name].urns.extend(sources)
                every.update(sources)
            sent.dependencies.extend(sorted(every))
        return request

    def _add_provider(self, request: Any, made: Made) -> None:
        if made.provider is not None:
            request.provider.type = "pulumi:providers:aws"
            request.provider.name = made.provider_name
            stack = "::".join(made.urn.split("::")[:2])
            request.provider.urn = f"{stack}::pulumi:providers:aws::{made.provider_name}"
            request.provider.properties.update(_encoded(made.provider, self._is_known))

    def _is_known(self, output: Output) -> bool:
        """Whether a preview shows the value; what has no source in the stack is not shown."""
        if not self.is_first or output.is_input:
            return True
        return bool(output.sources) and all(each in self.existing for each in output.sources)


_LEVELS = {
    EnforcementLevel.ADVISORY: proto.ADVISORY,
    EnforcementLevel.MANDATORY: proto.MANDATORY,
    EnforcementLevel.REMEDIATE: proto.REMEDIATE,
    EnforcementLevel.DISABLED: proto.DISABLED,
}


def _encoded(value: Value, is_known: Callable[[Output], bool]) -> Any:
    """A value as the engine sends it."""
    if isinstance(value, Output):
        return _encoded(value.value, is_known) if is_known(value) else UNKNOWN_STRING_VALUE
    if isinstance(value, Secret):
        return {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": _encoded(value.value, is_known)}
    if isinstance(value, Mapping):
        return {name: _encoded(each, is_known) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encoded(each, is_known) for each in value]
    return value


def _outputs_in(value: Value) -> Iterable[Output]:
    if isinstance(value, Output):
        yield value
    elif isinstance(value, Secret):
        yield from _outputs_in(value.value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _outputs_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _outputs_in(each)


def _sources(value: Value) -> Iterable[Made]:
    for output in _outputs_in(value):
        yield from output.sources


def _is_from_outside(value: Value) -> bool:
    return any(not output.sources for output in _outputs_in(value))


def _diagnostic(found: Any, urn: str) -> Diagnostic:
    level = proto.EnforcementLevel.Name(found.enforcementLevel).lower()
    return Diagnostic(found.policyName, level, found.urn or urn, found.message)


_PREFIXES = {
    "Vpc": "vpc",
    "Subnet": "subnet",
    "RouteTable": "rtb",
    "DefaultRouteTable": "rtb",
    "InternetGateway": "igw",
    "VpnGateway": "vgw",
    "NatGateway": "nat",
}


def _identifier(type_token: str, name: str) -> str:
    """An id as AWS would give it."""
    kind = type_token.rpartition(":")[2]
    return f"{_PREFIXES.get(kind, kind.lower())}-{name}"
