"""Text that a program made of an Output instead of waiting for its value.

An Output in a format string, a concatenation or `JSON.stringify` becomes a sentence such as
`Calling [toString] on an [Output<T>] is not supported.` It is an ordinary text from then on: the
preview shows it, Pulumi stores it, and AWS takes it wherever it takes any text. A secret version
then holds a password that reads so, an event pattern matches nothing, and only documents that AWS
parses are refused (`MalformedPolicyDocument`). See pulumi/pulumi issues 2486 and 4261.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..model.resource import Resource
from ..model.values import OUTPUT_TEXTS, Tree, is_output_text
from ..model.words import enumerated
from ..rule import Evidence, Level, Outcome, ResourceRule, Settings, Severity, Violation


def says_what_it_means(resource: Resource, _: Settings) -> Iterator[Outcome]:
    """No text of a resource may be that of an Output whose value was not awaited."""
    inputs = resource.declared or {}
    paths = [path for name in inputs for path in _places(inputs[name], name)]
    if paths:
        yield Violation(
            resource,
            f"{resource.label} has the text of an Output, instead of its value, in "
            f"{enumerated(sorted(set(paths)))}.",
        )


def _places(tree: Tree, path: str) -> Iterator[str]:
    """The paths to such texts. A key that is one is told by what holds it."""
    if isinstance(tree, str):
        if is_output_text(tree):
            yield path
    elif isinstance(tree, Mapping):
        for name, each in tree.items():
            is_key = is_output_text(name)
            if is_key:
                yield path
            yield from _places(each, path if is_key else f"{path}.{name}")
    elif isinstance(tree, Sequence):
        for position, each in enumerate(tree):
            yield from _places(each, f"{path}[{position}]")


OUTPUT_AS_TEXT = ResourceRule(
    name="output-as-text",
    title="Outputs that are awaited before they become text",
    description="No input may contain the text that an Output turns into when a program uses it "
    "as a string before its value is known.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=("pulumi", "aws", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="stores the text as it is, so that a password, pattern or address is wrong, "
            "and refuses it only in documents that it parses: MalformedPolicyDocument: Invalid "
            'principal in policy: "AWS":"Calling [toJSON] on an [Output<T>] is not supported. '
            '..."',
            source="public deployment logs; https://github.com/pulumi/pulumi/issues/4261",
            date="2026-11-26",
        ),
    ),
    fix="Build the string inside an apply, or with a function that accepts Outputs: interpolate, "
    "concat or format for strings; jsonStringify, json_dumps or JsonSerializer for JSON.",
    kinds=(),
    texts=OUTPUT_TEXTS,
    check=says_what_it_means,
)
