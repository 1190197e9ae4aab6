"""A gRPC server that hands its calls on to another one, byte for byte, but for those that it
changes."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias, cast

import grpc
import grpc.aio

Call = Callable[[bytes], Awaitable[bytes]]
"""A call of one message, answered by one."""

Change: TypeAlias = Callable[[bytes, Call, "Context"], Awaitable[bytes]]
"""What answers a call in the place of the other server: given the message, and the call to it."""

Context: TypeAlias = "grpc.aio.ServicerContext[bytes, bytes]"
Target: TypeAlias = "Callable[[Context], grpc.aio.Channel]"

OPTIONS: Final = (
    ("grpc.max_receive_message_length", 400 * 1024 * 1024),
    ("grpc.max_send_message_length", 400 * 1024 * 1024),
)
"""The engine's own limit for a message."""

_GRPCS_OWN: Final = ("grpc-", "user-agent", "content-type", "te")
"""What the names of metadata that gRPC writes itself begin with."""


class Forwarder(grpc.GenericRpcHandler):
    """Hands on every call to the server that `target` names for it. `changes`: what answers a
    method, by its whole name, instead."""

    def __init__(self, target: Target, changes: Mapping[str, Change]) -> None:
        self._target = target
        self._changes = changes

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        """The handler of a method, as gRPC asks for it."""
        method = details.method
        change = self._changes.get(method)
        if change is not None:
            changed = functools.partial(self._changed, method, change)
            return grpc.unary_unary_rpc_method_handler(changed)
        # One message is a stream of one.
        return grpc.stream_stream_rpc_method_handler(functools.partial(self._passed, method))

    async def _changed(
        self, method: str, change: Change, message: bytes, context: Context
    ) -> bytes:
        async def call(sent: bytes) -> bytes:
            target: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self._target(
                context
            ).unary_unary(method)
            return await target(sent, metadata=_said(context))

        try:
            return await change(message, call, context)
        except grpc.aio.AioRpcError as error:
            await _abort(context, error)
            raise

    async def _passed(
        self, method: str, messages: AsyncIterator[bytes], context: Context
    ) -> AsyncIterator[bytes]:
        target: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = self._target(
            context
        ).stream_stream(method)
        call = target(messages, metadata=_said(context))
        try:
            async for each in call:
                yield each
        except grpc.aio.AioRpcError as error:
            await _abort(context, error)
        finally:
            call.cancel()


def _said(context: Context) -> tuple[tuple[str, Any], ...]:
    given = context.invocation_metadata() or ()
    return tuple((key, value) for key, value in given if not key.startswith(_GRPCS_OWN))


async def _abort(context: Context, error: grpc.aio.AioRpcError) -> None:
    """End a call as the other server ended it; what its details say is in the metadata."""
    ending = cast(Any, tuple(error.trailing_metadata() or ()))
    await context.abort(error.code(), error.details() or "", ending)
