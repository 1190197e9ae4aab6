"""Begin a policy: a rule that finds a stand-in, with all that a policy must have, all of it green.

python -m scripts.new_policy ecs-service-subnets entry
python -m scripts.new_policy ecs-service-subnets entry stack

The third word is the shape of the rule: `resource` (one resource's inputs decide), `stack` (it
takes several resources) or `table` (rows of what AWS refuses of one resource). One test fails until
what was written is edited, and names each line: tests/docs/test_what_a_policy_needs.py.
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

_TEMPLATES = ROOT / "scripts" / "policy_kinds"
KINDS = ("resource", "stack", "table")
_PLACE = "    # `make new-policy KIND={kind}` adds here.\n"
_EDITS = "tests/stacks/mutated_reference/edits.py"
_DEFECTS = "tests/properties/advice.py"
_CONTENTS = "policies/__init__.py"


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write the files; 2 when the name cannot be one of a new policy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("name", help="the policy's name, such as ecs-service-subnets")
    parser.add_argument("room", help=f"the folder of its subject: {', '.join(_rooms())}")
    parser.add_argument("kind", nargs="?", default=KINDS[0], help=f"one of {', '.join(KINDS)}")
    given = parser.parse_args(arguments)
    try:
        rule = begin(given.name, given.room, given.kind, root)
    except PolicyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for generator in ("scripts.mutation_table", "scripts.make_docs"):
        # New processes, which know the new rule; dead links elsewhere are no fault of this one.
        subprocess.run([sys.executable, "-m", generator], cwd=root, check=False)
    print(_NEXT.format(rule=rule))
    return 0


class PolicyError(Exception):
    """No such policy can be begun; the text says why."""


def begin(name: str, room: str, kind: str, root: Path) -> str:
    """Write what is not generated, and return the path of the rule. Raises PolicyError."""
    fault = _fault(name, room, kind)
    if fault:
        raise PolicyError(fault)
    files = _files(name, room, kind)
    present = [path for path in files if (root / path).exists()]
    if present:
        raise PolicyError(f"{', '.join(present)} is there already.")
    written = {**files, **_joined(name, room, kind, root)}
    for path, text in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        print(f"wrote {path}")
    _tidy([root / path for path in written if path.endswith(".py")], root)
    return next(iter(files))


_NEXT = """
All of it is green, but for one test. It fails until nothing says EDIT any longer, and names each
line to write:

    .venv/bin/python -m pytest tests/docs/test_what_a_policy_needs.py

Begin with {rule}. CONTRIBUTING.md has the order.
End with `make docs lint types unit docs-check`."""


def _rooms() -> Sequence[str]:
    """The folders that rules are in, one a subject."""
    asking = (rule for rule in RULES if isinstance(rule, (ResourceRule, StackRule)))
    modules = [rule.check.__module__.split(".") for rule in asking]
    return sorted({module[1] for module in modules if len(module) > 2})


def _fault(name: str, room: str, kind: str) -> str | None:
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
    if kind not in KINDS:
        return (
            f"{kind!r} is no kind of a policy. Fix: KIND=resource if one resource's inputs decide, "
            "KIND=stack if it takes several resources, KIND=table for rows of what AWS refuses."
        )
    return None


def _files(name: str, room: str, kind: str) -> Mapping[str, str]:
    """Every new file with its text, the rule first."""
    module = _module(name)
    examples = {
        f"docs/examples/{name}/{each}.py": _written(f"{kind}/{each}.py", name)
        for each in ("avoid", "prefer")
    }
    package = f"policies/{room}/__init__.py"
    is_new = room not in _rooms()
    return {
        f"policies/{room}/{module}.py": _written(f"{kind}/rule.py", name),
        **({package: f'"""{room.replace("_", " ").capitalize()}."""\n'} if is_new else {}),
        f"tests/unit/test_{module}.py": _written(f"{kind}/test.py", name),
        f"docs/notes/{name}.md": _written("note.md", name),
        **examples,
    }


def _written(template: str, name: str) -> str:
    """A template with the policy's names in it."""
    text = (_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(
        name=name,
        title=name.replace("-", " ").capitalize(),
        constant=_constant(name),
        function=f"what_{_module(name)}_finds",
        today=date.today().isoformat(),
    )


def _module(name: str) -> str:
    return name.replace("-", "_")


def _constant(name: str) -> str:
    return _module(name).upper()


def _joined(name: str, room: str, kind: str, root: Path) -> Mapping[str, str]:
    """The files that the policy joins, with their new texts: the table of contents, where it stands
    before the policy that tells what others cannot, the edits of the reference stack and the
    defects of the random stacks. Of a table, the last two are made from its rows."""
    texts = {_CONTENTS: _registered(name, room, (root / _CONTENTS).read_text(encoding="utf-8"))}
    if kind != "table":
        edits = (root / _EDITS).read_text(encoding="utf-8")
        texts[_EDITS] = _before(_PLACE.format(kind=kind), _written(f"{kind}/edits.py", name), edits)
        defects = (root / _DEFECTS).read_text(encoding="utf-8")
        texts[_DEFECTS] = defects + _written(f"{kind}/defect.py", name)
    return texts


def _registered(name: str, room: str, contents: str) -> str:
    constant = _constant(name)
    text = _before("    UNVERIFIABLE_REFERENCE,\n)", f"    {constant},\n", contents)
    return _before("from .rule import", f"from .{room}.{_module(name)} import {constant}\n", text)


def _before(place: str, added: str, text: str) -> str:
    """The text with something added before the one place that reads so.

    Raises ValueError where there is none: then this script does not fit the file any more."""
    if text.count(place) != 1:
        raise ValueError(f"{place!r} must be there once, but is {text.count(place)} times")
    return text.replace(place, f"{added}{place}")


def _tidy(files: Sequence[Path], root: Path) -> None:
    """Sort the imports and break the lines that a long name made too long."""
    paths = [str(path) for path in files]
    for command in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *paths], cwd=root, check=True)


if __name__ == "__main__":
    sys.exit(main())
