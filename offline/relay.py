"""Stands between the engine and a language host, so that a program finds the stacks that it refers
to: the engine would look for them in its own state, which is empty here.

The engine asks the relay to run a program. The relay asks the real host (Pulumi's own, or
`offline.launcher`), and names it a resource monitor that answers for other stacks and hands all
else on to the engine's.

    engine --- Run ---> relay --- Run ---> language host ---> program
    engine <--- resources --- the relay's monitor <--- resources --- program
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import grpc
import grpc.aio
from pulumi.runtime.proto import language_pb2, resource_pb2

from offline.forwarding import OPTIONS, Call, Context, Forwarder
from offline.host_process import HostError, HostProcess
from offline.standin.values import UNKNOWN, has_secret, read_struct, write_struct

ATTACH_VARIABLE: Final = "PULUMI_DEBUG_LANGUAGES"
"""Where the engine reads at which port a language host is that runs already: LANGUAGE:PORT."""

STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"

Lookup = Callable[[str], "Mapping[str, Any] | None"]
"""The outputs of a stack, by what a StackReference calls it; None where they are not known."""

_UNKNOWN_OUTPUTS: Final[Mapping[str, Any]] = {"go": {}}
"""Outputs of which none is known, where a language does not take them as an unknown value: in a
preview Go takes every output that is missing for an unknown one."""

_LANGUAGE: Final = "/pulumirpc.LanguageRuntime/"
_MONITOR: Final = "/pulumirpc.ResourceMonitor/"


@contextlib.contextmanager
def relay(
    language: str, host: Path, env: Mapping[str, str], lookup: Lookup, organization: str = ""
) -> Iterator[dict[str, str]]:
    """Run a relay before the language host while the block lasts; gives the environment in which
    the engine uses it.

    language: as the engine calls it. host: the real host's executable. env: its environment.
    lookup: what other stacks give out. organization: what a program is told that its organization
    is, where it is not the engine's.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    made = _Relay(language, host, env, _Answers(lookup, organization))

    def done(work: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, loop)
        return future.result()

    try:
        port = done(made.start())
        yield {ATTACH_VARIABLE: f"{language}:{port}"}
    finally:
        done(made.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _Answers(NamedTuple):
    """What a program is answered in the engine's place."""

    outputs: Lookup
    organization: str


class _Relay:
    """The engine's language host, in front of a real one for each of the engine's connections."""

    def __init__(
        self, language: str, host: Path, env: Mapping[str, str], answers: _Answers
    ) -> None:
        self._unknown = _UNKNOWN_OUTPUTS.get(language, UNKNOWN)
        self._host = host
        self._env = env
        self._answers = answers
        self._hosts: dict[str, HostProcess] = {}
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._servers: list[grpc.aio.Server] = []

    async def start(self) -> int:
        changes = {
            f"{_LANGUAGE}Handshake": self._handshake,
            f"{_LANGUAGE}Run": self._run,
        }
        return await self._serve(Forwarder(self._channel, changes))

    async def stop(self) -> None:
        for channel in self._channels.values():
            await channel.close()
        for server in self._servers:
            await server.stop(grace=None)
        for host in self._hosts.values():
            await asyncio.to_thread(host.stop)

    async def _serve(self, handler: grpc.GenericRpcHandler) -> int:
        server = grpc.aio.server(options=OPTIONS)
        server.add_generic_rpc_handlers((handler,))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        self._servers.append(server)
        return port

    def _channel(self, context: Context) -> grpc.aio.Channel:
        """The way to the host of one of the engine's connections. Raises HostError."""
        found = self._channels.get(context.peer())
        if found is None:
            raise HostError(
                "This Pulumi CLI does not greet a language host that runs already. Fix: update it."
            )
        return found

    def _outputs(self, stack: str) -> Any:
        found = self._answers.outputs(stack)
        return self._unknown if found is None else found

    async def _handshake(self, message: bytes, call: Call, context: Context) -> bytes:
        """Start the real host, as the engine would have done it."""
        request = language_pb2.LanguageHandshakeRequest.FromString(message)
        try:
            host = await asyncio.to_thread(
                HostProcess, self._host, self._env, request.engine_address
            )
        except (HostError, OSError) as error:
            await context.abort(grpc.StatusCode.INTERNAL, str(error))
        peer = context.peer()
        self._hosts[peer] = host
        self._channels[peer] = grpc.aio.insecure_channel(host.address, options=OPTIONS)
        with contextlib.suppress(grpc.aio.AioRpcError):  # A host need not know of it.
            return await call(message)
        return language_pb2.LanguageHandshakeResponse().SerializeToString()

    async def _run(self, message: bytes, call: Call, context: Context) -> bytes:
        request = language_pb2.RunRequest.FromString(message)
        channel = grpc.aio.insecure_channel(request.monitor_address, options=OPTIONS)
        read = partial(_read_resource, self._outputs, request.stack)
        changes = {f"{_MONITOR}ReadResource": read}
        port = await self._serve(Forwarder(lambda _: channel, changes))
        request.monitor_address = f"127.0.0.1:{port}"
        request.organization = self._answers.organization or request.organization
        try:
            return await call(request.SerializeToString())
        finally:
            await asyncio.to_thread(self._hosts[context.peer()].drain)
            await channel.close()


async def _read_resource(
    outputs_of: Callable[[str], Any], own_stack: str, message: bytes, call: Call, _: Context
) -> bytes:
    """Answer a program that reads the outputs of another stack.

    The engine keeps it as a resource all the same, so it is asked for the one stack that it has.
    """
    request = resource_pb2.ReadResourceRequest.FromString(message)
    name = read_struct(request.properties).get("name")
    if request.type != STACK_REFERENCE or not isinstance(name, str):
        return await call(message)
    request.properties["name"] = own_stack
    answer = resource_pb2.ReadResourceResponse.FromString(await call(request.SerializeToString()))
    outputs = outputs_of(name)
    known = outputs.items() if isinstance(outputs, Mapping) else ()
    secret = sorted(key for key, value in known if has_secret(value))
    said = {"name": name, "outputs": outputs, "secretOutputNames": secret}
    answer.properties.CopyFrom(write_struct(said))
    return answer.SerializeToString()
