"""APIs of API Gateway and function URLs by the host names that AWS gives out for them.

`https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod`: the first label is the API's id. A
program takes it from the API, from a stage or a deployment of it, or writes it down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..outputs import host_in
from ..references import target
from ..resource import Resource
from ..stack import Stack
from .leaves import known_texts
from .parts import HTTP_API, REST_API
from .sources import sources

FUNCTION_URL: Final = "aws:lambda/functionUrl:FunctionUrl"
STAGE: Final = "aws:apigateway/stage:Stage"
DEPLOYMENT: Final = "aws:apigateway/deployment:Deployment"

_APIS: Final = (REST_API, HTTP_API)
_PART_OF: Final[Mapping[str, tuple[str, str]]] = {
    STAGE: ("restApi", REST_API),
    DEPLOYMENT: ("restApi", REST_API),
    "aws:apigatewayv2/stage:Stage": ("apiId", HTTP_API),
    "aws:apigatewayv2/deployment:Deployment": ("apiId", HTTP_API),
}
"""The property by which a part of an API names it, and the API's kind."""
_NAMED_BY_A_HOST: Final = (*_APIS, FUNCTION_URL, *_PART_OF)
_OF_AN_API: Final = ".execute-api."
_OF_A_FUNCTION: Final = ".lambda-url."


def api_behind(stack: Stack, resource: Resource, name: str) -> Resource | None:
    """The API or function URL whose host the property holds; None where it holds anything else, or
    where that cannot be told. A value that is not known yet is taken for the host of the only API
    that it is derived from."""
    texts = known_texts(resource, name)
    derived = [stack.get(urn) for urn in resource.depends_on(name) or ()]
    if not all(_is_given_out(each) for each in texts):
        return None
    if any(each is not None and each.kind not in _NAMED_BY_A_HOST for each in derived):
        return None
    found: set[Resource | None] = {
        _api_of(stack, each) for each in sources(stack, resource, name, *_NAMED_BY_A_HOST)
    }
    for text in texts:
        found.update(_by_id(stack, text))
    return found.pop() if len(found) == 1 else None


def _is_given_out(text: str) -> bool:
    host = host_in(text) or ""
    return _OF_AN_API in host or _OF_A_FUNCTION in host


def _by_id(stack: Stack, text: str) -> Iterator[Resource]:
    host = host_in(text) or ""
    if _OF_AN_API in host:
        named = stack.identified(host.partition(".")[0], *_APIS)
        yield from named if len(named) == 1 else ()


def _api_of(stack: Stack, source: Resource) -> Resource | None:
    if source.kind in (*_APIS, FUNCTION_URL):
        return source
    if source.kind in _PART_OF:
        name, kind = _PART_OF[source.kind]
        return target(stack.reference(source, name, kind))
    return None
