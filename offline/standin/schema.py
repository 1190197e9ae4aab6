"""What the Python SDK's classes say about each resource and function.

The SDK is generated from the provider's own schema, so its classes hold what a stand-in must know:
which inputs are required, which outputs the provider always fills in (their type is not Optional),
which of them are computed (no input of that name), which inputs force a replacement, and, in the
docstrings only, the provider's defaults.

The sources are parsed, never imported: an import of `pulumi_aws.ec2` takes seconds, and the SDK may
belong to another interpreter. What was parsed is kept as one small JSON file a type.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from offline.paths import write_whole
from offline.standin.combinations import Combination, documented, is_relevant

# Part of the cache key: what was read by another version of this module is read again.
_EDITION = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]


class UnknownTokenError(Exception):
    """The SDK has no resource or function of that name; the text says so."""


@dataclass(frozen=True)
class Type:
    """The type of a property.

    kind: string, integer, number, boolean, list, map, object or any. of: the element type of a
    list or map. ref: the name of an object type, a key of `objects` of its resource or function.
    """

    kind: str
    of: Type | None = None
    ref: str = ""


@dataclass(frozen=True)
class Property:
    """One property: its type, whether it must be set (or, for an output, always has a value), and
    the default that its documentation gives, if that is a literal."""

    type: Type
    required: bool
    default: str | int | float | bool | None = None
    replaces: bool = False


@dataclass(frozen=True)
class Resource:
    """A resource type: inputs, outputs, the object types that they mention by name, and the inputs'
    documentation where it speaks of other inputs."""

    token: str
    inputs: dict[str, Property]
    outputs: dict[str, Property]
    input_objects: dict[str, dict[str, Property]] = field(default_factory=dict)
    output_objects: dict[str, dict[str, Property]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def combinations(self) -> tuple[Combination, ...]:
        """Which inputs exclude or need each other, as far as their documentation says."""
        return documented(self.texts, self.token)

    def computed(self, name: str) -> bool:
        """Whether the provider fills this output in when the program does not set it.

        The SDK generator makes an output Optional only if it is optional and not computed.
        """
        given = self.inputs.get(name)
        output = self.outputs.get(name)
        return output is not None and output.required and not (given and given.required)


@dataclass(frozen=True)
class Function:
    """A function (data source): its arguments, its result's properties, and the object types that
    they mention."""

    token: str
    inputs: dict[str, Property]
    outputs: dict[str, Property]
    input_objects: dict[str, dict[str, Property]] = field(default_factory=dict)
    output_objects: dict[str, dict[str, Property]] = field(default_factory=dict)


class Sdk:
    """One installed SDK package, for example site-packages/pulumi_aws.

    package: its directory; cache: where parsed types are kept, or None to keep none.
    """

    def __init__(self, package: Path, cache: Path | None = None) -> None:
        self.package = package
        about = json.loads((package / "pulumi-plugin.json").read_text())
        self.name: str = about["name"]
        self.version: str = about["version"]
        self._cache = cache / f"{self.name}-{self.version}-{_EDITION}" if cache else None
        self._parsed: dict[str, Resource | Function] = {}

    @cached_property
    def _modules(self) -> dict[str, tuple[str, str]]:
        """Resource token -> (directory under the package, class), as the SDK registers them."""
        text = (self.package / "__init__.py").read_text()
        block = re.search(r'resource_modules="""(.*?)"""', text, re.DOTALL)
        found: dict[str, tuple[str, str]] = {}
        for module in json.loads(block.group(1)) if block else []:
            directory = module["fqn"].removeprefix(self.package.name).strip(".").replace(".", "/")
            for token, name in module["classes"].items():
                found[token] = (directory, name)
        return found

    def resource_tokens(self) -> list[str]:
        """Return every resource type that the SDK registers, sorted."""
        return sorted(self._modules)

    def resource(self, token: str) -> Resource:
        """Return a resource type by token. Raises UnknownTokenError."""
        known = self._recall(token, Resource)
        if not isinstance(known, Resource):
            known = self._parse_resource(token)
            self._keep(known)
        return known

    def function(self, token: str) -> Function:
        """Return a function by token. Raises UnknownTokenError."""
        known = self._recall(token, Function)
        if not isinstance(known, Function):
            known = self._parse_function(token)
            self._keep(known)
        return known

    # The cache.

    def _file(self, token: str) -> Path | None:
        return self._cache and self._cache / (re.sub(r"[^\w.-]", "_", token) + ".json")

    def _recall(self, token: str, kind: type[Any]) -> object:
        if token not in self._parsed:
            path = self._file(token)
            if path is None or not path.exists():
                return None
            self._parsed[token] = _from_json(kind, json.loads(path.read_text()))
        return self._parsed[token]

    def _keep(self, item: Resource | Function) -> None:
        self._parsed[item.token] = item
        path = self._file(item.token)
        if path is not None:
            write_whole(path, json.dumps(_to_json(item), separators=(",", ":"), sort_keys=True))

    # Reading classes.

    def _parse_resource(self, token: str) -> Resource:
        if token not in self._modules:
            raise UnknownTokenError(
                f"{token} is not a resource of {self.package.name} {self.version}. "
                "Check the type, or install the SDK version that the program was written for."
            )
        directory, name = self._modules[token]
        text = self._source_with(directory, f"class {name}(pulumi.CustomResource)")
        resource_class = _class(text, name)
        arguments = _class_or_none(text, f"{name}Args")
        body = _segment(text, name) or ""
        replaces = set(re.findall(r'"(\w+)"', _find(body, r"replace_on_changes=\[(.*?)\]")))
        inputs = _arguments(arguments, replaces) if arguments else {}
        outputs = _getters(resource_class)
        return Resource(
            token,
            inputs,
            outputs,
            self._objects(directory, inputs, "_inputs.py"),
            self._objects(directory, outputs, "outputs.py"),
            _texts(arguments) if arguments else {},
        )

    def _parse_function(self, token: str) -> Function:
        module = re.split("[:/]", token)[1]
        for directory in (module, _snake(module), f"{module}_", ""):
            if module != "index" or not directory:
                text = self._source_with(directory, f"pulumi.runtime.invoke('{token}'", missing="")
                if text:
                    break
        else:
            raise UnknownTokenError(
                f"{token} is not a function of {self.package.name} {self.version}, so the "
                "stand-in cannot answer it. Check the function's name."
            )
        result = _find(text, rf"invoke\('{re.escape(token)}'.*?typ=(\w+)")
        outputs = _getters(_class(text, result))
        inputs = _parameters(text, token)
        return Function(
            token,
            inputs,
            outputs,
            self._objects(directory, inputs, "_inputs.py"),
            self._objects(directory, outputs, "outputs.py"),
        )

    def provider(self) -> Resource:
        """Return the provider itself as a resource type; its properties are its settings."""
        file = self.package / "provider.py"
        arguments = _class_or_none(file.read_text(), "ProviderArgs") if file.exists() else None
        inputs = _arguments(arguments, set()) if arguments else {}
        objects = self._objects("", inputs, "_inputs.py")
        return Resource(f"pulumi:providers:{self.name}", inputs, {}, objects)

    def _source_with(self, directory: str, needle: str, missing: str | None = None) -> str:
        place = self.package / directory if directory else self.package
        for path in sorted(place.glob("*.py")) if place.is_dir() else []:
            # These two are many times larger than the rest and define no resource.
            if path.name not in ("_inputs.py", "outputs.py"):
                text = path.read_text()
                if needle in text:
                    return text
        if missing is None:
            raise UnknownTokenError(f"{needle} is not in {directory} of {self.package.name}.")
        return missing

    def _objects(
        self, directory: str, properties: dict[str, Property], where: str
    ) -> dict[str, dict[str, Property]]:
        """Return the object types that `properties` mention, directly or through each other.

        Mentioned names that are not classes there are enums: strings to the engine.
        """
        path = self.package / directory / where
        text = path.read_text() if path.exists() else ""
        found: dict[str, dict[str, Property]] = {}
        left = list(_refs(properties))
        while left:
            name = left.pop()
            if name in found:
                continue
            node = _class_or_none(text, name)
            if node is None:
                continue
            found[name] = _arguments(node, set()) if where == "_inputs.py" else _getters(node)
            left += _refs(found[name])
        return found


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _find(text: str, pattern: str) -> str:
    match = re.search(pattern, text, re.DOTALL)
    return match.group(1) if match else ""


def _segment(text: str, name: str) -> str | None:
    """Return the source of one top-level class, without parsing the rest of a large module."""
    match = re.search(rf"^class {name}\b(?!.*TypedDict)", text, re.MULTILINE)
    if match is None:
        return None
    end = re.compile(r"^(?:class |@|def |if |[A-Z_a-z])", re.MULTILINE).search(text, match.end())
    return text[match.start() : end.start() if end else len(text)]


def _class_or_none(text: str, name: str) -> ast.ClassDef | None:
    source = _segment(text, name)
    if source is None:
        return None
    node = ast.parse(source).body[0]
    # An enum is a class too, but has no properties.
    assert isinstance(node, ast.ClassDef)
    bases = {ast.unparse(base) for base in node.bases}
    return None if any(base.endswith("Enum") for base in bases) else node


def _class(text: str, name: str) -> ast.ClassDef:
    node = _class_or_none(text, name)
    if node is None:
        raise UnknownTokenError(f"The SDK has no class {name}.")
    return node


def _property_getters(node: ast.ClassDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield (Pulumi name, function) for each property of an SDK class."""
    for item in node.body:
        if not isinstance(item, ast.FunctionDef):
            continue
        for decorator in item.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if ast.unparse(call.func if call else decorator) == "pulumi.getter":
                names = [k.value for k in call.keywords if k.arg == "name"] if call else []
                literal = names[0].value if names and isinstance(names[0], ast.Constant) else None
                yield str(literal or item.name), item


def _texts(node: ast.ClassDef) -> dict[str, str]:
    """Return the documentation of each property of an SDK class, blank where it is about nothing
    but the property itself."""
    texts = {name: ast.get_docstring(item) or "" for name, item in _property_getters(node)}
    return {name: text if is_relevant(text) else "" for name, text in texts.items()}


def _getters(node: ast.ClassDef) -> dict[str, Property]:
    """Return the properties of a resource, result or output class; Optional ones not required."""
    found: dict[str, Property] = {}
    for name, function in _property_getters(node):
        kind, optional = _type(function.returns)
        default = documented_default(ast.get_docstring(function) or "", kind)
        found[name] = Property(kind, not optional, default)
    return found


def _arguments(node: ast.ClassDef, replaces: set[str]) -> dict[str, Property]:
    """Return the properties of an input class; those without a default value are required."""
    required = set()
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            for argument, value in zip(item.args.kwonlyargs, item.args.kw_defaults, strict=True):
                if value is None:
                    required.add(argument.arg)
    found: dict[str, Property] = {}
    for name, function in _property_getters(node):
        kind, _ = _type(function.returns)
        text = ast.get_docstring(function) or ""
        found[name] = Property(
            kind,
            function.name in required,
            documented_default(text, kind),
            name in replaces or bool(_FORCES_NEW.search(text)),
        )
    return found


def _parameters(text: str, token: str) -> dict[str, Property]:
    """Return the arguments of the function that calls a token; those without a default value are
    required."""
    before = text[: text.index(f"pulumi.runtime.invoke('{token}'")]
    names = dict(re.findall(r"__args__\['(\w+)'\] = (\w+)", before[before.rindex("\ndef ") :]))
    source = before[before.rindex("\ndef ") + 1 :]
    node = ast.parse(source[: source.rindex("\n    ")]).body[0]
    assert isinstance(node, ast.FunctionDef)
    positional = node.args.args
    defaults = [None] * (len(positional) - len(node.args.defaults)) + list(node.args.defaults)
    known = {each.arg: (each, value) for each, value in zip(positional, defaults, strict=True)}
    return {
        name: Property(_type(known[own][0].annotation)[0], known[own][1] is None)
        for name, own in names.items()
        if own in known
    }


# "Forces new for Multi-AZ DB clusters" is a condition, so a bare "Forces new" is not enough.
_FORCES_NEW = re.compile(
    r"forces (?:replacement|(?:a )?new resource)|changing this (?:creates|forces)[^.]* new"
    r"|will force (?:the creation of a )?new resource",
    re.IGNORECASE,
)

# "`a`, `defensive` (default), `strictest`"
_MARKED_DEFAULT = re.compile(r"`(?P<code>[^`\s]+)` \(default\)")

_DEFAULT = re.compile(
    r"(?:defaults?(?: value)?(?: is| to)?:?|default value of) "
    r"(?:`(?P<code>[^`\s][^`]*)`|\"(?P<quoted>[^\"]+)\"|'(?P<single>[^']+)'"
    r"|(?P<bare>true|false|\d+))"
    # A default under a condition is not the provider's schema default.
    r"(?!\s*(?:if|when|unless|for|in|on|otherwise)\b)",
    re.IGNORECASE,
)


def documented_default(text: str, kind: Type) -> str | int | float | bool | None:
    """Return the literal default in a property's documentation, or None if it gives none, or
    several, each for a case of its own."""
    matches = list(_DEFAULT.finditer(text)) or list(_MARKED_DEFAULT.finditer(text))
    words = {next(filter(None, match.groups())).strip("\"'") for match in matches}
    if len(words) != 1:
        return None
    (word,), match = words, matches[0]
    if kind.kind == "boolean":
        return {"true": True, "false": False}.get(word.lower())
    if kind.kind == "integer":
        return int(word) if re.fullmatch(r"-?\d+", word) else None
    if kind.kind == "number":
        return float(word) if re.fullmatch(r"-?\d+(\.\d+)?", word) else None
    return word if kind.kind == "string" and not match.groupdict().get("bare") else None


_SCALARS = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}


def _type(node: ast.expr | None) -> tuple[Type, bool]:
    """Return (type, whether None is allowed) of an annotation of the SDK."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Type("object", ref=node.value.rsplit(".", 1)[-1]), False
    if isinstance(node, (ast.Name, ast.Attribute)):
        # Version 6 of the AWS SDK says builtins.str, version 7 _builtins.str.
        name = ast.unparse(node).removeprefix("_").removeprefix("builtins.")
        return Type(_SCALARS.get(name, "any")), False
    if not isinstance(node, ast.Subscript):
        return Type("any"), False
    outer = ast.unparse(node.value).rsplit(".", 1)[-1]
    inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if outer == "Optional":
        return _type(inside[0])[0], True
    if outer in ("Input", "Output", "Awaitable"):
        return _type(inside[0])
    if outer == "Union":
        choices = [_type(choice) for choice in inside if ast.unparse(choice) != "None"]
        optional = len(choices) < len(inside) or any(choice[1] for choice in choices)
        # Union[str, 'SomeEnum'] is a string; Union['XArgs', 'XArgsDict'] is the object XArgs.
        return choices[0][0], optional
    if outer in ("Sequence", "List"):
        return Type("list", of=_type(inside[0])[0]), False
    if outer in ("Mapping", "Dict"):
        return Type("map", of=_type(inside[-1])[0]), False
    return Type("any"), False


def _refs(properties: dict[str, Property]) -> Iterator[str]:
    for item in properties.values():
        kind: Type | None = item.type
        while kind is not None:
            if kind.ref:
                yield kind.ref
            kind = kind.of


def _to_json(item: Resource | Function) -> dict[str, Any]:
    return asdict(item)


def _type_from_json(data: dict[str, Any]) -> Type:
    return Type(data["kind"], data["of"] and _type_from_json(data["of"]), data["ref"])


def _properties_from_json(data: dict[str, Any]) -> dict[str, Property]:
    return {
        name: Property(
            _type_from_json(item["type"]), item["required"], item["default"], item["replaces"]
        )
        for name, item in data.items()
    }


def _from_json(kind: type[Any], data: dict[str, Any]) -> Any:
    token = data.pop("token")
    parts = {
        key: {name: _properties_from_json(item) for name, item in value.items()}
        if key.endswith("_objects")
        else _properties_from_json(value)
        for key, value in data.items()
        if key != "texts"
    }
    if "texts" in data:
        parts["texts"] = data["texts"]
    return kind(token=token, **parts)
