"""Begin a policy: a rule that finds nothing yet, its test, its notes and its examples, all green.

python -m scripts.new_policy ecs-service-subnets entry

Then edit what it wrote, in the order that CONTRIBUTING.md names.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from string import Template

from policies import RULES
from policies.rule import ResourceRule, StackRule

ROOT = Path(__file__).resolve().parents[1]
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_ROOM = re.compile(r"[a-z]+(_[a-z]+)*")

_RULE = '''"""$title: what AWS does, with its error text and where that was found.

EDIT: this paragraph, the function and the metadata.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model.resource import Resource
from ..model.values import Known
from ..model.vocabulary import CLUSTER
from ..rule import Evidence, Level, Outcome, ResourceRule, Settings, Severity, Violation


def is_fine(cluster: Resource, _: Settings) -> Iterator[Outcome]:
    """What must hold, as a sentence. EDIT: no real cluster has this engine."""
    if cluster.text("engine") == Known("an engine to edit"):
        yield Violation(
            cluster,
            f"{cluster.name} has an engine that is to be edited.",
            chains=((cluster.label, "engine"),),
        )


$constant = ResourceRule(
    name="$name",
    title="$title",
    description="EDIT: a resource must be as it should.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="EDIT: AWS's own words.",
            source="EDIT: where they were found",
            date="$today",
        ),
    ),
    fix="EDIT: what to change.",
    kinds=(CLUSTER,),
    check=is_fine,
)
'''

_TEST = '''"""What $name says."""

from __future__ import annotations

from typing import Any

from policies.testing import UNKNOWN, Stack
from tests.support import run, verdicts_on_inputs

POLICY = "$name"


def cluster(**inputs: Any) -> Stack:
    """A stack of one cluster."""
    stack = Stack()
    stack.add("aws:rds/cluster:Cluster", "orders", inputs)
    return stack


def test_what_is_wrong_is_rejected() -> None:
    assert verdicts_on_inputs(cluster(engine="an engine to edit"), POLICY) == {"rejects orders"}


def test_what_is_right_passes() -> None:
    assert verdicts_on_inputs(cluster(engine="aurora-mysql"), POLICY) == {"passes"}


def test_what_the_preview_does_not_show_is_not_rejected() -> None:
    assert verdicts_on_inputs(cluster(engine=UNKNOWN), POLICY) == {"passes"}


def test_the_message_names_the_resource_and_what_to_change() -> None:
    stack = cluster(engine="an engine to edit")
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    assert "orders has an engine" in message
    assert "Fix: " in message
'''

_NOTE = """## How it decides

EDIT: what it looks at, and what follows from what.

## What it cannot tell

- EDIT: what a preview may not show.
"""

_EXAMPLE = """import pulumi
import pulumi_aws as aws

# EDIT: a program that $what.
aws.rds.Cluster(
    "orders",
    engine="aurora-postgresql",
    engine_version="17.7",
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
)
"""


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write the files; 2 when the name cannot be one of a new policy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("name", help="the policy's name, such as ecs-service-subnets")
    parser.add_argument("room", help=f"the folder of its subject: {', '.join(_rooms())}")
    given = parser.parse_args(arguments)
    files = _files(given.name, given.room)
    fault = _fault(given.name, given.room, [root / path for path in files])
    if fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        print(f"wrote {path}")
    _register(given.name, given.room, root)
    # A new process, which knows the new rule; dead links elsewhere are no fault of this one.
    subprocess.run([sys.executable, "-m", "scripts.make_docs"], cwd=root, check=False)
    print("Next: edit what says EDIT, then `make docs lint types unit`; see CONTRIBUTING.md.")
    return 0


def _rooms() -> Sequence[str]:
    """The folders that rules are in, one a subject."""
    asking = (rule for rule in RULES if isinstance(rule, (ResourceRule, StackRule)))
    modules = [rule.check.__module__.split(".") for rule in asking]
    return sorted({module[1] for module in modules if len(module) > 2})


def _fault(name: str, room: str, files: Sequence[Path]) -> str | None:
    if not _NAME.fullmatch(name):
        return (
            f"{name!r} is no name for a policy. Fix: use lower-case words with hyphens between "
            "them, the service first: make new-policy NAME=ecs-service-subnets ROOM=entry"
        )
    if name in {rule.name for rule in RULES}:
        return f"there is a policy {name} already."
    if not _ROOM.fullmatch(room):
        return (
            f"{room!r} is no name for a room. Fix: use one of {', '.join(_rooms())}, or a new word."
        )
    present = [str(path) for path in files if path.exists()]
    return f"{', '.join(present)} is there already." if present else None


def _files(name: str, room: str) -> Mapping[str, str]:
    """Every new file with its text."""
    words = {
        "name": name,
        "title": name.replace("-", " ").capitalize(),
        "constant": _constant(name),
        "today": date.today().isoformat(),
    }
    module = name.replace("-", "_")
    examples = {
        "avoid": "gives this finding and no other",
        "prefer": "does the same and gives none",
    }
    return {
        f"policies/{room}/{module}.py": Template(_RULE).substitute(words),
        f"tests/unit/test_{module}.py": Template(_TEST).substitute(words),
        f"docs/notes/{name}.md": _NOTE,
        **{
            f"docs/examples/{name}/{example}.py": Template(_EXAMPLE).substitute(what=what)
            for example, what in examples.items()
        },
    }


def _constant(name: str) -> str:
    return name.replace("-", "_").upper()


def _register(name: str, room: str, root: Path) -> None:
    """Add the rule to the table of contents, before the policy that tells what others cannot."""
    contents = root / "policies" / "__init__.py"
    constant = _constant(name)
    before, last, after = contents.read_text(encoding="utf-8").rpartition(
        "    UNVERIFIABLE_REFERENCE,\n"
    )
    text = before.replace(
        "from .rule import",
        f"from .{room}.{name.replace('-', '_')} import {constant}\nfrom .rule import",
    )
    contents.write_text(f"{text}    {constant},\n{last}{after}", encoding="utf-8")
    for command in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *command, str(contents)], cwd=root, check=True
        )
    print("wrote policies/__init__.py")


if __name__ == "__main__":
    sys.exit(main())
