"""The questions that a rule may ask the model, from their own signatures and docstrings.

What a rule may ask: the readings of a property, a resource, the stack, the rooms of `Model`, and
those functions of `policies/model` that a rule of today imports. Everything in it stands in the
order of the code.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

from policies import RULES
from policies.model import Model, answers, references, truth, values
from policies.model.inputs import Block, Quantity
from policies.model.network.routing import Network
from policies.model.references import ReferenceList
from policies.model.resource import Resource
from policies.model.stack import Stack
from policies.rule import StackRule

EXAMPLE: Final = "s3-acl"
"""The policy whose rule the page explains."""
_MODEL: Final = "policies.model"
_NO_RULES: Final = ("model", "serving", "exports", "data", "testing")


class Question(NamedTuple):
    """A question: how it is asked, what comes out, and in one sentence what it asks."""

    name: str
    asked: str
    answer: str
    sentence: str


class Group(NamedTuple):
    """The questions that stand in one table."""

    title: str
    about: str
    source: str
    questions: tuple[Question, ...]


def groups(root: Path) -> Iterator[Group]:
    """All tables, in the order of the page."""
    yield _of_module(values, "Reading a value")
    yield _of_class(Resource, "A resource", "resource")
    yield _of_class(Stack, "The stack", "model.stack")
    yield _of_module(references, "What a property names")
    yield _of_class(ReferenceList, "What a list names", "listed")
    yield _of_module(answers, "Answers with their evidence")
    yield _of_class(Block, "Inputs, for rows of refusals", "inputs")
    yield _of_class(Quantity, "Numbers of inputs", "inputs.number(…)")
    yield _of_module(truth, "Combining three answers")
    for name, room in _rooms():
        yield _of_class(room, f"`model.{name}`", f"model.{name}")
    yield from _of_rules(root)


def _rooms() -> Iterator[tuple[str, type]]:
    """The rooms of the model, by what they are called there."""
    for name, found in vars(Model).items():
        if isinstance(found, cached_property):
            annotation = str(found.func.__annotations__["return"])
            yield name, getattr(import_module(Model.__module__), annotation)
    yield "network()", Network


def _of_class(owner: type, title: str, subject: str) -> Group:
    public = [(name, _function(each)) for name, each in vars(owner).items() if name[0] != "_"]
    questions = tuple(
        _question(f"{subject}.{name}", function, is_method=callable(vars(owner)[name]))
        for name, function in public
        if function is not None
    )
    return Group(title, _first_paragraph(owner), _source(owner), questions)


def _of_module(module: ModuleType, title: str, wanted: Collection[str] | None = None) -> Group:
    """Its public functions, or the wanted ones, wherever they come from."""
    found = [
        _question(name, each, is_method=True, is_bound=False)
        for name, each in vars(module).items()
        if inspect.isfunction(each)
        and name[0] != "_"
        and (each.__module__ == module.__name__ if wanted is None else name in wanted)
    ]
    return Group(title, _first_paragraph(module), _source(module), tuple(found))


def _of_rules(root: Path) -> Iterator[Group]:
    """The other functions that rules import, a table for each room of the model."""
    shown = {each.__name__ for each in (values, references, answers, truth)}
    rooms: dict[str, list[Question]] = {}
    for name, wanted in sorted(imported(root).items()):
        _, _, *within = name.split(".")
        room = within[0] if len(within) > 1 else ""
        if name not in shown and within[0] != "vocabulary":
            found = _of_module(import_module(name), "", wanted).questions
            rooms.setdefault(room, []).extend(
                each._replace(
                    name=f"{'.'.join(within)}.{each.name}",
                    asked=f"{'.'.join(within)}: {each.asked}",
                )
                for each in found
            )
    for room, questions in sorted(rooms.items(), key=lambda each: (not each[0], each[0])):
        title = f"`policies.model.{room}`" if room else "`policies.model`"
        source = f"policies/model/{room}" if room else "policies/model"
        about = "Functions to import, by their modules."
        yield Group(title, about, source, tuple(questions))


def example() -> str:
    """The rule that the page reads line by line."""
    rule = next(each for each in RULES if each.name == EXAMPLE and isinstance(each, StackRule))
    assert isinstance(rule, StackRule)
    return f"\n```python\n{inspect.getsource(rule.check)}```\n\n"


def imported(root: Path) -> Mapping[str, set[str]]:
    """What today's rules import from the model, by module."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "policies").rglob("*.py")):
        package = path.relative_to(root).with_suffix("").parts[:-1]
        if path.relative_to(root / "policies").with_suffix("").parts[0] in _NO_RULES:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                parts = (*package[: len(package) - node.level + 1], *(node.module or "").split("."))
                module = ".".join(part for part in parts if part)
                if module.startswith(f"{_MODEL}."):
                    found.setdefault(module, set()).update(each.name for each in node.names)
    return found


def _function(member: object) -> Callable[..., Any] | None:
    match member:
        case cached_property():
            return member.func
        case property():
            return member.fget
        case _ if inspect.isfunction(member):
            return member
    return None


def _question(
    asked: str, function: Callable[..., Any], *, is_method: bool, is_bound: bool = True
) -> Question:
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())[1 if is_bound else 0 :]
    called = f"({', '.join(map(_parameter, parameters))})" if is_method else ""
    sentence = _sentence(inspect.getdoc(function) or "")
    return Question(asked, f"{asked}{called}", str(signature.return_annotation), sentence)


def _parameter(parameter: inspect.Parameter) -> str:
    star = "*" if parameter.kind is inspect.Parameter.VAR_POSITIONAL else ""
    default = "" if parameter.default is inspect.Parameter.empty else "=…"
    return f"{star}{parameter.name}{default}"


def _sentence(text: str) -> str:
    """The first sentence of a docstring, on one line; a dot inside of a name ends none."""
    paragraph = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    return re.split(r"(?<=\.)\s+(?=[A-Z])", paragraph)[0]


def _first_paragraph(owner: object) -> str:
    return " ".join((inspect.getdoc(owner) or "").split("\n\n")[0].split())


def _source(owner: Any) -> str:
    return str(getattr(owner, "__module__", owner.__name__)).replace(".", "/") + ".py"


def undocumented(found: Iterable[Group]) -> Sequence[str]:
    """The questions that do not say what they ask."""
    return [
        f"{question.name} in {group.source}"
        for group in found
        for question in group.questions
        if not question.sentence
    ]


def text(root: Path) -> str:
    """The tables of the page."""
    lines = [""]
    for group in groups(root):
        if not group.questions:
            continue
        lines += [f"### {group.title}", "", f"{group.about} ([source](../../{group.source}))", ""]
        lines += ["| question | answer | what it asks |", "| --- | --- | --- |"]
        lines += [
            f"| `{_cell(each.asked)}` | `{_cell(each.answer)}` | {_cell(each.sentence)} |"
            for each in group.questions
        ]
        lines.append("")
    return "\n".join(lines) + "\n"


def _cell(said: str) -> str:
    return said.replace("|", "\\|")
