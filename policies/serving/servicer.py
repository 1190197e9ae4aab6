"""Serves the engine's requests without decoding every resource again for every policy.

The policy SDK decodes all properties of all resources once for each policy, before the policy can
look at a type: with dozens of policies and 1,000 resources that would be most of its time.
This servicer reads a property when a rule asks for it, and all stack rules share one model. It also
sees what no policy alone can: configuration for policies that do not exist, exemptions that exempt
nothing, and which of the values are secret.

It builds on parts of the SDK that are not public, so it is used with the SDK versions it was tested
with (`KNOWN_SDKS`) and only with this pack's own policies; otherwise it steps aside with a warning
and the SDK's own servicer runs the same rules through `adapter.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pulumi_policy.policy as sdk
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.version import VERSION

from ..model import Model
from ..model.resource import Provider, Resource
from ..model.urns import stack_of
from ..model.values import UNKNOWN, Contents, Tree
from ..model.vocabulary import term_of
from ..rule import AnyRule, ResourceRule
from ..unverifiable import NEIGHBOURS, NEIGHBOURS_VARIABLE, UNVERIFIABLE_REFERENCE
from . import configuration, environment, records, rehearsals
from .adapter import PLACEHOLDERS, RuleResourcePolicy, RuleStackPolicy
from .configuration import Configuration, Exemption
from .evaluation import (
    Evaluation,
    Exempted,
    Finding,
    Report,
    check_resource,
    properties_to_drop,
)

if TYPE_CHECKING:
    from .neighbours import Neighbours

KNOWN_SDKS: Final = ((1, 20), (1, 21))
"""Versions of pulumi-policy whose servicer this one was compared with, request by request."""

_Servicer: Any = getattr(sdk, "_PolicyAnalyzerServicer", object)
_RulePolicy: TypeAlias = RuleResourcePolicy | RuleStackPolicy


def install() -> bool:
    """Let `PolicyPack` use this servicer; False, with a warning, where it steps aside."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", VERSION)[:2])
    if numbers not in KNOWN_SDKS:
        known = ", ".join(".".join(map(str, each)) for each in KNOWN_SDKS)
        records.warn(
            f"pulumi-policy {VERSION} is not among the versions that its fast path knows "
            f"({known}); it goes on with the SDK's own, slower path.{_without_neighbours()}"
        )
        rehearsals.warn_of_other_path(rehearsals.place_asked_for())
        if environment.read(os.environ).asks_again:
            _ignore_again("of mandatory policies, that path cannot give advice")
        return False
    sdk._PolicyAnalyzerServicer = PreflightServicer  # type: ignore[assignment, misc]
    return True


def _without_neighbours() -> str:
    """What is lost on the SDK's path, where it is asked for."""
    if not os.environ.get(NEIGHBOURS_VARIABLE):
        return ""
    return f" That one does not read the stacks that {NEIGHBOURS_VARIABLE} names."


def _ignore_again(why: str) -> None:
    records.warn(f"{environment.MADE_AGAIN} does nothing: {why}.")


class PreflightServicer(_Servicer):  # type: ignore[misc]
    """The SDK's servicer with the calls replaced that decode properties."""

    def __init__(self, name: str, version: str, policies: list[Policy], *rest: Any) -> None:
        super().__init__(name, version, policies, *rest)
        self._pack = (name, version)
        self._policies = policies
        self._ours: Sequence[_RulePolicy] = [
            policy
            for policy in policies
            if isinstance(policy, (RuleResourcePolicy, RuleStackPolicy))
        ]
        self._rules: Sequence[AnyRule] = [policy.rule for policy in self._ours]
        self._texts: frozenset[bytes] = frozenset(
            text.encode()
            for rule in self._rules
            if isinstance(rule, ResourceRule)
            for text in rule.texts
        )
        self._asked: dict[
            tuple[str, bool], Sequence[tuple[RuleResourcePolicy, EnforcementLevel]]
        ] = {}
        self._declared: dict[str, _StructTree] = {}
        self._secrets: set[str] = set()
        self._used: dict[str, set[Exemption]] = {}
        self._exempted: set[Exempted] = set()
        self._together: list[records.Told] = []
        self._configurations: Mapping[str, Configuration] = {}
        self._strange_names: Sequence[str] = ()
        self._environment = environment.read(os.environ)
        self._is_update = self._environment.is_update
        if self._environment.asks_again and not self._is_alone:
            _ignore_again("beside policies of others it goes the SDK's own way")

    @property
    def _is_alone(self) -> bool:
        """Whether every policy of the pack is one of ours, so that nobody misses the SDK's way."""
        return len(self._ours) == len(self._policies)

    def ConfigureStack(self, request: Any, context: Any) -> Any:
        self._is_update = not request.dry_run
        return super().ConfigureStack(request, context)

    def Configure(self, request: Any, context: Any) -> Any:
        answer = super().Configure(request, context)
        self._asked.clear()
        self._configurations = configuration.read_all(
            self._rules,
            {rule.name: self._get_policy_config(rule.name) or {} for rule in self._rules},
            date.today(),
        )
        known = {policy.name for policy in self._policies} | configuration.ENGINE_KEYS
        strangers = set(request.policyConfig) - known
        self._strange_names = configuration.unknown_policies(strangers, self._rules)
        return answer

    def Analyze(self, request: Any, context: Any) -> Any:
        if not self._is_alone:
            return super().Analyze(request, context)
        response = proto.AnalyzeResponse()
        inputs = _StructTree(request.properties, self._secrets)
        self._declared[request.urn] = inputs
        asked = self._asked_of(term_of(request.type).kind, self._holds_a_text(request))
        if not asked:
            return response
        resource = self._input_resource(request, inputs)
        for policy, level in asked:
            report = check_resource(policy.rule, resource, self._configuration(policy))
            self._answer(response, policy, level, report)
            used = (each.exemption for each in report.exempted)
            self._used.setdefault(policy.name, set()).update(used)
        return response

    def _asked_of(
        self, kind: str, is_marked: bool
    ) -> Sequence[tuple[RuleResourcePolicy, EnforcementLevel]]:
        """The policies that one resource's inputs decide and that are asked about a kind. A stack
        has hundreds of resources of few kinds."""
        key = (kind, is_marked)
        if key not in self._asked:
            self._asked[key] = [
                (policy, level)
                for policy, level in self._enabled()
                if isinstance(policy, RuleResourcePolicy)
                and (is_marked if policy.rule.texts else kind in policy.rule.kinds)
            ]
        return self._asked[key]

    def AnalyzeStack(self, request: Any, context: Any) -> Any:
        if not self._is_alone:
            rehearsals.warn_of_other_path(rehearsals.place_asked_for())
            if lost := _without_neighbours():
                records.warn(f"beside other policies it runs on the SDK's own path.{lost}")
            return super().AnalyzeStack(request, context)
        response = proto.AnalyzeResponse()
        beside = self._neighbours()
        neighbours = beside.resources if beside else ()
        several = len({stack_of(each.urn) for each in request.resources}) > 1
        resources = [self._stack_resource(each, several) for each in request.resources]
        model = Model(resources, neighbours)
        enabled = list(self._enabled())
        evaluation = Evaluation(
            [policy.rule for policy, _ in enabled],
            model,
            self._configurations,
            beside.times if beside else {},
        )
        for policy, level in enabled:
            if isinstance(policy, RuleStackPolicy):
                self._answer(response, policy, level, evaluation.report(policy.rule))
        if self._environment.asks_again and not self._is_update:
            # What an update makes has been judged in the preview before it.
            self._tell_again(response, enabled, evaluation, resources, neighbours)
        for policy, level in enabled:
            problems = self._configuration(policy).problems
            unused = evaluation.unused_exemptions(policy.rule, self._used.get(policy.name, ()))
            self._complain(response, policy, level, (*problems, *unused))
        for policy, level in enabled[-1:]:
            strange = [*self._strange_names, *self._environment.problems]
            if beside is not None:
                strange += [*beside.problems, *beside.outdated(model.outdated)]
            self._complain(response, policy, level, strange)
        self._rehearse(evaluation, model, [policy.rule for policy, _ in enabled])
        # People count what they declared, not the stack and its providers.
        declared = [each.urn for each in request.resources if not each.type.startswith("pulumi:")]
        looked_at = records.LookedAt(declared, len(enabled))
        records.tell(self._exempted, looked_at, self._redacted, self._together)
        self._exempted.clear()
        self._together.clear()
        return response

    def _tell_again(
        self,
        response: Any,
        enabled: Sequence[tuple[_RulePolicy, EnforcementLevel]],
        evaluation: Evaluation,
        resources: Sequence[Resource],
        neighbours: Sequence[Resource],
    ) -> None:
        """Tell what would be wrong beside, if everything had to be made again."""
        from .again import Again  # noqa: PLC0415 - of use where it is asked for alone

        again = Again.of(evaluation, resources, neighbours)
        if again is None:
            return
        for policy, level in enabled:
            report = again.report(policy.rule)
            self._answer(response, policy, level, report)
            used = (each.exemption for each in report.exempted)
            self._used.setdefault(policy.name, set()).update(used)

    def _rehearse(self, evaluation: Evaluation, model: Model, enabled: Sequence[AnyRule]) -> None:
        """Write the report of the rehearsal, if one is asked for."""

        def read_all() -> None:
            """A report is kept and passed on: no value that is secret may be in it, whichever
            rule has read what."""
            for resource in model.stack.resources:
                provider = resource.provider.properties if resource.provider else {}
                for properties in (resource.actual, resource.declared or {}, provider):
                    dict(properties)

        place = rehearsals.place_asked_for()
        if place is not None:
            rehearsals.write(
                place,
                evaluation,
                model,
                enabled,
                pack=self._pack[0],
                read_all=read_all,
                redacted=self._redacted,
            )

    def Remediate(self, request: Any, context: Any) -> Any:
        if not self._is_alone:
            return super().Remediate(request, context)
        response = proto.RemediateResponse()
        properties = request.properties
        for policy in self._ours:
            level = self._get_enforcement_level(policy)
            if level != EnforcementLevel.REMEDIATE or not isinstance(policy, RuleResourcePolicy):
                continue
            if policy.rule.remediate is None:
                reason = "Policy does not implement remediate"
                response.not_applicable.append(
                    proto.PolicyNotApplicable(policy_name=policy.name, reason=reason)
                )
                continue
            inputs = _StructTree(properties, self._secrets)
            resource = self._input_resource(request, inputs)
            dropped = properties_to_drop(policy.rule, resource, self._configuration(policy))
            if dropped:
                properties = _without(properties, dropped)
                response.remediations.append(
                    proto.Remediation(
                        policyName=policy.name,
                        policyPackName=self._pack[0],
                        policyPackVersion=self._pack[1],
                        description=policy.description,
                        properties=properties,
                    )
                )
        return response

    def _holds_a_text(self, request: Any) -> bool:
        """Whether one of the texts that rules look for is among the inputs, without decoding
        them: in the request's bytes they stand as they are, those of secrets too."""
        sent = request.properties.SerializeToString().lower()
        return any(text in sent for text in self._texts)

    def _enabled(self) -> Iterator[tuple[_RulePolicy, EnforcementLevel]]:
        """The policies that run, with the level that their findings have."""
        for policy in self._ours:
            level = self._get_enforcement_level(policy)
            if level == EnforcementLevel.REMEDIATE:
                level = EnforcementLevel.MANDATORY  # What remediation left over still blocks.
            if level != EnforcementLevel.DISABLED:
                yield policy, level

    def _configuration(self, policy: _RulePolicy) -> Configuration:
        return self._configurations.get(policy.rule.name, Configuration())

    def _answer(
        self, response: Any, policy: _RulePolicy, level: EnforcementLevel, report: Report
    ) -> None:
        for finding in report.findings:
            own = EnforcementLevel.ADVISORY if finding.is_ours or finding.is_advice else level
            tell = self._create_report_violation(
                response, policy.name, policy.description, own, policy.severity
            )
            text = self._redacted(finding.text)
            tell(text, finding.urn)
            if finding.also:
                self._together.append(records.Told(policy.name, finding._replace(text=text)))
        if report.exempted:
            response.not_applicable.append(
                proto.PolicyNotApplicable(
                    policy_name=policy.name,
                    reason=self._redacted("; ".join(map(str, report.exempted))),
                )
            )
            self._exempted.update(report.exempted)

    def _complain(
        self,
        response: Any,
        policy: _RulePolicy,
        level: EnforcementLevel,
        problems: Sequence[str],
    ) -> None:
        """Tell about the configuration: it never blocks anyone."""
        if problems:
            told = (Finding(None, f"Configuration: {each}", is_ours=True) for each in problems)
            self._answer(response, policy, level, Report(tuple(told)))

    def _redacted(self, text: str) -> str:
        """The text without the values that Pulumi keeps secret, as far as a rule has read them. A
        rule may say them in lower case, as the DNS takes names."""
        lower = text.lower()
        for secret in sorted(self._secrets, key=len, reverse=True):
            if secret.lower() in lower:
                hidden = rf"(?<!\w){re.escape(secret)}(?!\w)"
                text = re.sub(hidden, "[secret]", text, flags=re.IGNORECASE)
                lower = text.lower()
        return text

    def _input_resource(self, request: Any, inputs: Mapping[str, Tree]) -> Resource:
        return Resource(
            urn=request.urn,
            type=request.type,
            name=request.name,
            actual=inputs,
            declared=inputs,
            provider=self._provider(request),
            ignored=frozenset(request.options.ignoreChanges),
        )

    def _neighbours(self) -> Neighbours | None:
        """The other stacks that the user names, if any: nothing is read for nobody."""
        found = self._configurations.get(UNVERIFIABLE_REFERENCE.name, Configuration())
        listed = sorted(found.settings.names(NEIGHBOURS))
        if not listed and not os.environ.get(NEIGHBOURS_VARIABLE):
            return None
        from .neighbours import given  # noqa: PLC0415 - a start is quick without it

        return given(listed)

    def _stack_resource(self, resource: Any, several: bool = False) -> Resource:
        return Resource(
            urn=resource.urn,
            type=resource.type,
            name=resource.name,
            actual=_StructTree(resource.properties, self._secrets),
            declared=self._declared.get(resource.urn),
            provider=self._provider(resource),
            parent=resource.parent or None,
            dependencies=frozenset(resource.dependencies),
            property_dependencies={
                name: tuple(found.urns) for name, found in resource.propertyDependencies.items()
            },
            ignored=frozenset(resource.options.ignoreChanges),
            is_one_of_many_stacks=several,
        )

    def _provider(self, resource: Any) -> Provider | None:
        if not resource.HasField("provider"):
            return None
        found = resource.provider
        return Provider(found.urn, _StructTree(found.properties, self._secrets))


class _StructTree(Mapping[str, Tree]):
    """Properties as the engine sent them, turned into plain trees as they are read."""

    def __init__(self, struct: Struct, secrets: set[str]) -> None:
        self._fields = struct.fields
        self._secrets = secrets
        self._read: dict[str, Tree] = {}

    def __getitem__(self, name: str) -> Tree:
        if name not in self._read:
            if name not in self._fields:  # Reading a missing key of a protobuf map would add it.
                raise KeyError(name)
            self._read[name] = _tree(self._fields[name], self._secrets)
        return self._read[name]

    def get(self, name: str, default: Any = None) -> Any:
        """As every mapping has it, without an exception: most of what rules ask for is not set."""
        if name in self._read:
            return self._read[name]
        return self[name] if name in self._fields else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def _tree(value: Value, secrets: set[str]) -> Tree:
    """A protobuf value as a plain tree; the texts of secrets are noted."""
    match value.WhichOneof("kind"):
        case "string_value":
            text: str = value.string_value
            return UNKNOWN if text in PLACEHOLDERS else text
        case "number_value":
            return float(value.number_value)
        case "bool_value":
            return bool(value.bool_value)
        case "list_value":
            return [_tree(each, secrets) for each in value.list_value.values]
        case "struct_value":
            return _object(value.struct_value, secrets)
    return None


def _object(struct: Struct, secrets: set[str]) -> Tree:
    fields = struct.fields
    if SPECIAL_SIG_KEY not in fields:
        return {name: _tree(each, secrets) for name, each in fields.items()}
    if fields[SPECIAL_SIG_KEY].string_value == SPECIAL_SECRET_SIG and "value" in fields:
        revealed = _tree(fields["value"], secrets)
        secrets.update(_texts(revealed))
        return revealed
    return Contents(fields["hash"].string_value) if "hash" in fields else {}


_NAMED_WITHIN: Final = r"arn:aws[\w-]*:[^\s\"',;]+|(?:[\w-]+\.)+(?:amazonaws\.com(?:\.cn)?|on\.aws)"
"""What rules tell of a longer text, such as JSON: the ARNs and the host names of AWS in it."""


def _texts(tree: Tree) -> Iterator[str]:
    """Every text in a tree that would tell a secret, numbers as they would be printed."""
    if isinstance(tree, str):
        # A shorter text is no secret, and hiding it would garble messages. Of a domain name, the
        # form in which it is compared with others tells it too.
        forms = {tree, tree.rstrip("."), tree.rstrip(".").removeprefix("dualstack.")}
        forms.update(re.findall(_NAMED_WITHIN, tree))
        yield from (form for form in forms if len(form) > 2)
    elif isinstance(tree, float):
        if abs(tree) >= 100:  # As with texts.
            yield f"{tree:.0f}"
    elif isinstance(tree, Mapping):
        for each in tree.values():
            yield from _texts(each)
    elif isinstance(tree, Sequence):
        for each in tree:
            yield from _texts(each)


def _without(properties: Struct, names: Sequence[str]) -> Struct:
    """A copy that lacks the named properties; secrets and unknown values stay as they are."""
    copy = Struct()
    copy.CopyFrom(properties)
    for name in names:
        copy.fields.pop(name, None)
    return copy
