"""No secret is in a report, wherever the stack holds it and whatever a policy says of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from policies import RULES
from policies.model import Model
from policies.model.resource import Resource
from policies.model.values import Tree
from policies.rule import Outcome, Unverified, Violation
from policies.serving import adapter
from policies.serving.rehearsals import VARIABLE
from policies.serving.servicer import PreflightServicer
from policies.testing import Run, Secret, Stack
from tests.rehearsal import support
from tests.rehearsal.support import BUCKET, FUNCTION

_ALPHABET = "abcXYZ019<>&\"'|*_`[]{}#~@\\/$ é注ا"
SECRETS = st.text(_ALPHABET, min_size=4, max_size=20).map(lambda text: f"s3cr{text.strip()}3t")
"""None is part of a word that a report says by itself."""

PLACES: Mapping[str, Any] = {
    "plain text": lambda secret: {"description": Secret(secret)},
    "the environment": lambda secret: {"environment": {"variables": {"KEY": Secret(secret)}}},
    "a secret block": lambda secret: {"environment": Secret({"variables": {"KEY": secret}})},
    "a list": lambda secret: {"layers": [Secret(secret), "arn:aws:lambda:x"]},
    "a secret list": lambda secret: {"layers": Secret([{"deep": [secret]}])},
    "a tag": lambda secret: {"tags": Secret({"Name": secret})},
    "two places, one of them open": lambda secret: {
        "handler": secret,
        "description": Secret(secret),
    },
}


def _texts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for each in tree.values():
            yield from _texts(each)
    elif isinstance(tree, Sequence):
        for each in tree:
            yield from _texts(each)


def _tells_everything(resource: Resource, _: Model) -> Iterator[Outcome]:
    """Says every value that a resource has, in every place where a policy may say something."""
    told = " ".join(text for name in resource.actual for text in _texts(resource.actual[name]))
    yield Violation(
        resource,
        f"{resource.label} has {told} .",
        chains=((told, told.lower()),),
        effect=f"shows {told} .",
        fix=f"Hide {told} .",
        lost="us-east-1",
    )
    yield Unverified(resource, f"it has {told}", cure=f"hide {told}", lost="us-east-1")


def _tells_one(resource: Resource, model: Model) -> Iterator[Outcome]:
    """Reads one resource only, and says it of all."""
    if resource.kind == BUCKET:
        yield from _tells_everything(resource, model)


def _written(stack: Stack, *, deployed: bool, tells: Any, exempts: bool) -> str:
    """All three forms of the report, each as it is and as a reader sees it."""
    loose = support.rule("loose", tells, FUNCTION, BUCKET)
    settings: dict[str, Any] = {"primary": "us-east-1"}
    if exempts:
        settings["exemptions"] = [{"resource": "*", "reason": "looked at"}]
    with (
        TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, {VARIABLE: folder}),
    ):
        config = {"loose": settings}
        run = Run(stack, is_first=not deployed, config=config, servicer=PreflightServicer)
        run.findings(adapter.build([loose, *RULES]))
        texts = [each.read_text(encoding="utf-8") for each in sorted(Path(folder).iterdir())]
    assert len(texts) == 3
    shown = [unescape(re.sub(r"\\(\W|_)", r"\1", text)) for text in texts]
    return "\n".join([*texts, *shown, *map(str.lower, shown)])


@given(
    secret=SECRETS,
    place=st.sampled_from(sorted(PLACES)),
    other=SECRETS,
    deployed=st.booleans(),
    exempts=st.booleans(),
    tells=st.sampled_from([_tells_everything, _tells_one]),
)
def test_no_secret_is_in_a_report(
    *, secret: str, place: str, other: str, deployed: bool, exempts: bool, tells: Any
) -> None:
    stack = Stack()
    for region, role in (("us-east-1", "primary"), ("us-west-2", "standby")):
        provider = {"region": region, "secretKey": Secret(other), "accessKey": "AKIAEXAMPLE"}
        stack.add(
            FUNCTION,
            f"shop-{role}",
            {"runtime": "python3.13", **PLACES[place](secret)},
            computed={"arn": Secret(f"arn:aws:lambda:{other}")},
            provider=provider,
            provider_name=region,
        )
        # A value that is secret elsewhere stands in the open: it is hidden all the same.
        stack.add(BUCKET, f"receipts-{role}", {"bucket": secret, "tags": {"a": other}})
    text = _written(stack, deployed=deployed, tells=tells, exempts=exempts)
    assert "[secret]" in text
    for hidden in (secret, other):
        assert hidden not in text
        assert " ".join(hidden.lower().split()) not in " ".join(text.split())


def test_what_is_no_secret_is_told() -> None:
    """Otherwise the property above would hold of an empty report."""
    stack = support.two_regions()
    stack.resources[1].inputs = {"bucket": "s3cr-of-nobody-3t"}
    text = _written(stack, deployed=False, tells=_tells_everything, exempts=False)
    assert "s3cr-of-nobody-3t" in text
    assert "[secret]" not in text
