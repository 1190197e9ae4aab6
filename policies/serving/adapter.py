"""The rules as policies of the Pulumi policy SDK, with its public API alone.

The SDK hands every policy its own copy of every resource, behind proxies that raise on unknown
values; here they become the model's plain trees, property by property, as rules read them.
`servicer.py` reads the same requests at a fraction of the cost; the SDK uses this file alone where
it must step aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Secret,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
    proxy,
)

from .. import RULES
from ..model import Model
from ..model.resource import Provider, Resource
from ..model.urns import stack_of
from ..model.values import UNKNOWN, Tree
from ..rule import AnyRule, Level, ResourceRule, Rule
from . import configuration
from .configuration import Configuration
from .evaluation import Evaluation, Report, check_resource, properties_to_drop

PLACEHOLDERS: Final = frozenset(
    {
        proxy.UNKNOWN_ARCHIVE_VALUE,
        proxy.UNKNOWN_ARRAY_VALUE,
        proxy.UNKNOWN_ASSET_VALUE,
        proxy.UNKNOWN_BOOLEAN_VALUE,
        proxy.UNKNOWN_NUMBER_VALUE,
        proxy.UNKNOWN_OBJECT_VALUE,
        proxy.UNKNOWN_STRING_VALUE,
    }
)
"""What the engine sends for a value that only the deployment can tell."""


class Session:
    """What one run of the engine has sent so far.

    The engine asks about every resource's inputs before it asks about the stack, in the same
    process, in preview, up and `policy analyze` alike; so a stack rule can ask what the program
    declared. Written by one key at a time, so that threads need no lock.
    """

    def __init__(self, rules: Sequence[AnyRule]) -> None:
        self.rules = rules
        self.declared: dict[str, Mapping[str, Tree]] = {}
        self.configurations: dict[str, Configuration] = {}

    def configure(self, rule: Rule, raw: Mapping[str, Any]) -> Configuration:
        """The rule's configuration, as the engine merged it."""
        found = configuration.read(rule, raw, date.today())
        self.configurations[rule.name] = found
        return found


class RuleResourcePolicy(ResourceValidationPolicy):
    """A rule that one resource's inputs decide."""

    def __init__(self, rule: ResourceRule, session: Session) -> None:
        super().__init__(
            validate=self._validate,
            remediate=self._remediate if rule.remediate else None,
            **_metadata(rule),
        )
        self.rule = rule
        self._session = session

    def _validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        inputs = _ProxyTree(args.props)
        self._session.declared[args.urn] = inputs
        resource = _input_resource(args, inputs)
        found = self._session.configure(self.rule, args.get_config())
        _tell(check_resource(self.rule, resource, found), report_violation, args.not_applicable)

    def _remediate(self, args: ResourceValidationArgs) -> Any:
        # Raw values on purpose: in Remediate the SDK does not check for unknowns, and reading a
        # secret through its proxy would send it back to the engine in the clear.
        # What an earlier remediation of this request returned comes without a proxy.
        props: Mapping[str, Any] = args.props
        raw: Mapping[str, Any] = props if isinstance(props, dict) else props["__target"]
        resource = _input_resource(args, {key: _plain(value) for key, value in raw.items()})
        found = self._session.configure(self.rule, args.get_config())
        dropped = properties_to_drop(self.rule, resource, found)
        return {key: raw[key] for key in raw if key not in dropped} if dropped else None


class RuleStackPolicy(StackValidationPolicy):
    """A rule that needs the whole stack."""

    def __init__(self, rule: AnyRule, session: Session) -> None:
        super().__init__(validate=self._validate, **_metadata(rule))
        self.rule = rule
        self._session = session

    def _validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        session = self._session
        session.configure(self.rule, args.get_config())
        several = len({stack_of(each.urn) for each in args.resources}) > 1
        resources = (_stack_resource(each, session.declared, several) for each in args.resources)
        evaluation = Evaluation(session.rules, Model(resources), session.configurations)
        _tell(evaluation.report(self.rule), report_violation, args.not_applicable)


def build(rules: Sequence[AnyRule] = RULES) -> list[Policy]:
    """The rules as policies, in the same order, for `PolicyPack(policies=...)` or a test."""
    session = Session(rules)
    return [
        RuleResourcePolicy(rule, session)
        if isinstance(rule, ResourceRule)
        else RuleStackPolicy(rule, session)
        for rule in rules
    ]


def _metadata(rule: Rule) -> dict[str, Any]:
    """What the SDK shows of a rule: names, level, severity, configuration, what to do, the page."""
    return {
        "name": rule.name,
        "description": rule.description,
        "enforcement_level": _LEVELS[rule.level],
        "display_name": rule.title,
        "severity": Severity(rule.severity.value),
        "tags": list(rule.tags),
        "remediation_steps": rule.fix,
        "url": rule.url,
        "config_schema": PolicyConfigSchema(configuration.schema(rule)),
    }


_LEVELS = {
    Level.ADVISORY: EnforcementLevel.ADVISORY,
    Level.MANDATORY: EnforcementLevel.MANDATORY,
}


def _tell(
    report: Report,
    report_violation: ReportViolation,
    not_applicable: Callable[[str], None],
) -> None:
    for finding in report.findings:
        report_violation(finding.text, finding.urn)
    if report.exempted:
        not_applicable("; ".join(map(str, report.exempted)))  # Raises: it is the last thing to say.


def _input_resource(args: ResourceValidationArgs, inputs: Mapping[str, Tree]) -> Resource:
    return Resource(
        urn=args.urn,
        type=args.resource_type,
        name=args.name,
        actual=inputs,
        declared=inputs,
        provider=_provider(args.provider),
        ignored=frozenset(args.opts.ignore_changes),
    )


def _stack_resource(
    resource: PolicyResource, declared: Mapping[str, Mapping[str, Tree]], several: bool
) -> Resource:
    return Resource(
        urn=resource.urn,
        type=resource.resource_type,
        name=resource.name,
        actual=_ProxyTree(resource.props),
        declared=declared.get(resource.urn),
        provider=_provider(resource.provider),
        parent=None if resource.parent is None else resource.parent.urn,
        dependencies=frozenset(each.urn for each in resource.dependencies),
        property_dependencies={
            name: tuple(each.urn for each in found)
            for name, found in resource.property_dependencies.items()
        },
        ignored=frozenset(resource.opts.ignore_changes),
        is_one_of_many_stacks=several,
    )


def _provider(provider: Any) -> Provider | None:
    return None if provider is None else Provider(provider.urn, _ProxyTree(provider.props))


class _ProxyTree(Mapping[str, Tree]):
    """Properties behind the SDK's proxy, turned into plain trees as they are read."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self._properties = properties
        self._names = frozenset(properties)  # The proxy raises an exception for each that it lacks.
        self._read: dict[str, Tree] = {}

    def __getitem__(self, name: str) -> Tree:
        if name not in self._read:
            self._read[name] = _item(self._properties, name)
        return self._read[name]

    def get(self, name: str, default: Any = None) -> Any:
        """As every mapping has it, without an exception: most of what rules ask for is not set."""
        return self[name] if name in self._names else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._properties)

    def __len__(self) -> int:
        return len(self._properties)


def _item(holder: Any, key: Any) -> Tree:
    """One element of a proxy; reading an unknown one raises."""
    try:
        return _plain(holder[key])
    except proxy.UnknownValueError:
        return UNKNOWN


def _plain(value: Any) -> Tree:
    """A value of the SDK as a plain tree."""
    if isinstance(value, Secret):
        return _plain(value.value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return UNKNOWN if value in PLACEHOLDERS else value
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Iterable):
        elements: Any = value
        return [_item(elements, position) for position in range(len(elements))]
    return {}  # An asset or an archive: the SDK does not tell its digest.
