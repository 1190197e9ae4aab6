"""What other stacks give out, for the StackReferences of a program: from the files that a user
names, and from the exports of the stacks beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from offline.project import Project, random_secret
from offline.standin.values import Secret
from policies.exports import export
from policies.exports.export import SECRET, SIGNATURE, Export, ExportError
from policies.model.urns import STACK, StackName, named_stack, stack_of
from policies.serving.neighbours import exports_given
from policies.unverifiable import NEIGHBOURS

_ELIDED: Final = "[secret]"
"""What `pulumi stack output` shows in the place of a secret."""

_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
"""What marks a resource among a state's values: pulumi/pulumi, `resource/sig/sig.go`."""


class OutputsError(Exception):
    """Outputs that were given cannot be used; the text says which and how to give them."""


class Reference(NamedTuple):
    """A stack as a StackReference names it; no organization is that of the program."""

    organization: str
    stack: StackName

    def may_be(self, other: Reference) -> bool:
        """Whether both can mean one stack. State in files knows one organization alone."""
        known = {self.organization, other.organization} - {"", "organization"}
        return self.stack == other.stack and len(known) < 2


class Given(NamedTuple):
    """The outputs of a stack, and what the user calls it; nothing where a file told it."""

    reference: Reference
    outputs: Mapping[str, Any]
    name: str = ""


class OtherStacks:
    """The outputs of other stacks; remembers what it was asked for.

    program: whose StackReferences are resolved. given: `STACK=FILE` or `FILE`, as a user names
    them. exports: of stacks beside it; what is given counts before them. Raises OutputsError.
    """

    def __init__(
        self, program: Project, given: Sequence[str] = (), exports: Iterable[Export] = ()
    ) -> None:
        self._project = program.name
        self._given = [each for item in given for each in _read(item, program.name)]
        beside = [(found, each) for found in exports for each in _of_export(found)]
        # What was changed last counts.
        beside.sort(key=lambda told: told[0].changed(told[1].reference.stack), reverse=True)
        self._beside = [each for _, each in beside]
        self._asked: dict[str, bool] = {}

    def lookup(self, name: str) -> Mapping[str, Any] | None:
        """What the stack gives out that a StackReference calls `name`, secrets as such; None where
        it is not known."""
        wanted = _reference(name, self._project)
        known = [*self._given, *self._beside]
        exact = [each for each in known if each.name == name]
        found = exact or [each for each in known if wanted.may_be(each.reference)]
        self._asked[name] = bool(found)
        return found[0].outputs if found else None

    def remarks(self) -> list[str]:
        """What a user should know after a run: whose outputs were not known, and what was given
        for no stack that the program refers to."""
        told = [
            f"the outputs of the stack {name} are not known here, so what the program takes from "
            f"them is unknown. Fix: give them with --stack-outputs {name}=FILE, where FILE holds "
            f"`pulumi stack output --json` or `pulumi stack export` of it."
            for name, is_known in sorted(self._asked.items())
            if not is_known
        ]
        asked = [_reference(each, self._project) for each in self._asked]
        names = " and ".join(sorted(self._asked)) or "none at all"
        for each in self._given:
            if each.name not in self._asked and not any(each.reference.may_be(a) for a in asked):
                told.append(
                    f"--stack-outputs gave those of {each.name}, and the program refers to "
                    f"{names}. Fix: name a stack as the program's StackReference does."
                )
        return told


def beside(policy_config: Path | None) -> list[Export]:
    """The exports of neighbours that the environment names, or the pack's configuration. What is
    wrong with one of them is for the pack to say."""
    try:
        said = json.loads(policy_config.read_text(encoding="utf-8")) if policy_config else {}
        listed = said["unverifiable-reference"][NEIGHBOURS]
    except (OSError, ValueError, LookupError, TypeError):
        listed = ()  # The engine says what is wrong with the file.
    exports, _ = exports_given(each for each in listed if isinstance(each, str))
    return exports


def _reference(name: str, project: str) -> Reference:
    organization, separator, _ = name.partition("/")
    return Reference(organization if separator else "", named_stack(name, project))


def _read(item: str, project: str) -> list[Given]:
    """The outputs that `STACK=FILE` or `FILE` gives. Raises OutputsError."""
    name, separator, file = item.partition("=")
    if not separator or Path(item).is_file():
        name, file = "", item
    if not file:
        raise OutputsError(f"--stack-outputs {item!r} names no file. Fix: give STACK=FILE.")
    try:
        content = json.loads(Path(file).read_bytes())
    except OSError as error:
        raise OutputsError(
            f"--stack-outputs: {file} cannot be read: {error.strerror}. Fix: give STACK=FILE."
        ) from None
    except (ValueError, RecursionError):
        raise OutputsError(
            f"--stack-outputs: {file} is not JSON. Fix: write it with `pulumi stack output --json`."
        ) from None
    if isinstance(content, dict) and isinstance(content.get("deployment"), dict):
        return _of_given_export(name, file, project)
    if not isinstance(content, dict):
        raise OutputsError(
            f"--stack-outputs: {file} holds no outputs by name. Fix: write it with `pulumi stack "
            "output --json` or `pulumi stack export`."
        )
    if not name:
        raise OutputsError(
            f"--stack-outputs: {file} does not say of which stack it is. Fix: give it as "
            f"STACK={file}, with the name that the program's StackReference has."
        )
    outputs = {key: _elided(value) for key, value in content.items()}
    return [Given(_reference(name, project), outputs, name)]


def _of_given_export(name: str, file: str, project: str) -> list[Given]:
    try:
        found = _of_export(export.read(Path(file).read_bytes(), file))
    except ExportError as error:
        raise OutputsError(f"--stack-outputs: {error}") from None
    if not name:
        return [each._replace(name=str(each.reference.stack)) for each in found]
    wanted = _reference(name, project)
    # A file of one stack is of the one that the user says.
    own = found if len(found) == 1 else [each for each in found if wanted.may_be(each.reference)]
    if not own:
        stacks = " and ".join(str(each.reference.stack) for each in found) or "no stack"
        raise OutputsError(
            f"--stack-outputs: {file} is of {stacks}, not of {name}. Fix: correct the name."
        )
    return [own[0]._replace(reference=wanted, name=name)]


def _of_export(found: Export) -> list[Given]:
    return [
        Given(
            Reference("", stack_of(each["urn"])),
            {key: _of_state(value) for key, value in (each.get("outputs") or {}).items()},
        )
        for each in found.resources
        if each["type"] == STACK and not each.get("delete")
    ]


def _of_state(value: Any) -> Any:
    """A value of a state. A secret that cannot be decrypted here is another one, which no policy
    and no program can tell from it; a resource is its id, as for older programs."""
    if isinstance(value, list):
        return [_of_state(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET:
        is_open = isinstance(value.get("plaintext"), str)
        return Secret(json.loads(value["plaintext"]) if is_open else random_secret())
    if value.get(SIGNATURE) == _REFERENCE:
        return value.get("id") or value.get("urn")
    return {key: _of_state(each) for key, each in value.items()}


def _elided(value: Any) -> Any:
    """A value that `pulumi stack output --json` shows."""
    if value == _ELIDED:
        return Secret(random_secret())
    if isinstance(value, dict):
        return {key: _elided(each) for key, each in value.items()}
    return [_elided(each) for each in value] if isinstance(value, list) else value
