"""A Pulumi program, run within this process as if the process were its own."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import json
import os
import runpy
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pulumi.runtime import config as settings_of
from pulumi.runtime import resource as resources
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.settings import ROOT, Settings, configure
from pulumi.runtime.stack import run_in_stack

REGION = "us-east-1"


@dataclass(frozen=True)
class Program:
    """A function that makes resources, and the stack that it makes them in.

    region: `aws:region` of the stack's configuration, None for none; config, secrets: further
    settings, with or without the project's namespace; env: environment variables; directory: where
    modules of the program's own lie.
    """

    run: Callable[[], Any]
    region: str | None = REGION
    config: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    project: str = "project"
    stack: str = "test"
    directory: Path | None = None

    @classmethod
    def of_file(cls, file: Path, **options: Any) -> Program:
        """A program that is one file."""
        return cls(lambda: _run_file(file), directory=file.parent, **options)

    @classmethod
    def of_directory(cls, directory: Path, *, main: Path | None = None, **options: Any) -> Program:
        """A project: its program, with the defaults of the configuration in its Pulumi.yaml. main:
        another file to run in its place."""
        file = main or directory / "__main__.py"
        data = yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8"))
        defaults = {key: _default(item) for key, item in (data.get("config") or {}).items()}
        given = options.pop("config", {})
        known = {key: value for key, value in defaults.items() if value is not None}
        return cls(
            lambda: _run_file(file),
            config={**known, **given},
            project=data["name"],
            directory=file.parent,
            **{"region": None, **options},
        )

    @property
    def settings(self) -> dict[str, str]:
        """The configuration as the SDK gets it: text, with full keys."""
        given = {**({"aws:region": self.region} if self.region else {}), **self.config}
        texts = {self._full_key(key): _text(value) for key, value in given.items()}
        return {**texts, **{self._full_key(key): each for key, each in self.secrets.items()}}

    def execute(self, monitor: Any, *, is_preview: bool) -> None:
        """Run the program to its end, every resource registered with `monitor`.

        Nothing of the run is left behind: neither settings of the SDK nor modules nor environment.
        """
        secret = [self._full_key(key) for key in self.secrets]

        def isolated() -> None:
            settings_of.set_all_config(self.settings, secret)
            ROOT.set(None)
            found = Settings(
                project=self.project,
                stack=self.stack,
                monitor=monitor,
                dry_run=is_preview,
                organization="organization",
                root_directory=str(self.directory or Path.cwd()),
            )
            configure(found)
            loop = asyncio.new_event_loop()
            loop.set_default_executor(_Inline())
            # The first error is raised; what fails because of it need not be told as well.
            loop.set_exception_handler(lambda *_: None)
            asyncio.set_event_loop(loop)
            try:
                loop.run_until_complete(run_in_stack(self._to_its_end))
            finally:
                loop.close()

        with (
            _own_environment(self.env),
            _own_modules(self.directory),
            # Importing a module of pulumi_aws warns of every deprecated class that it defines.
            warnings.catch_warnings(),
            _without_lines(),
            _without_collecting(),
        ):
            warnings.simplefilter("ignore", DeprecationWarning)
            # In a thread, the SDK finds no loop that runs already.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(contextvars.copy_context().run, isolated).result()

    async def _to_its_end(self) -> None:
        """Run the program and what it set going. The SDK would wait as well, but for one task after
        the other, each time for all that are left: half of the time of a program of 200."""
        self.run()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)

    def _full_key(self, key: str) -> str:
        return key if ":" in key else f"{self.project}:{key}"


class _Inline(ThreadPoolExecutor):
    """An executor that does the work at once: the engine is in this process, and one call at a time
    makes the order of resources the same in every run."""

    def submit(self, call: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(call(*arguments, **named))
        except BaseException as error:  # noqa: BLE001 it is the caller's, who awaits it
            done.set_exception(error)
        return done


def _run_file(file: Path) -> None:
    runpy.run_path(str(file), run_name="__main__")


def _default(item: Any) -> Any:
    if isinstance(item, Mapping):
        return item.get("value", item.get("default"))
    return item


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@contextlib.contextmanager
def _without_lines() -> Iterator[None]:
    """Tell the engine of no line of the program: none is looked at here, and to walk the stack for
    each resource is a seventh of the time."""
    before = resources._get_stack_trace
    resources._get_stack_trace = source_pb2.StackTrace
    try:
        yield
    finally:
        resources._get_stack_trace = before


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no garbage before the program has ended: most of what it makes it still needs."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextlib.contextmanager
def _own_environment(extra: Mapping[str, str]) -> Iterator[None]:
    """The environment of a program that depends on no setting of the developer's."""
    before = dict(os.environ)
    for key in before:
        if key.startswith(("PULUMI_", "AWS_")) and not key.startswith("AWS_DR_PREFLIGHT_"):
            del os.environ[key]
    os.environ.update(extra)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _own_modules(directory: Path | None) -> Iterator[None]:
    """Let the program import what lies beside it, and forget it afterwards: two programs may call
    their modules the same."""
    path, modules = list(sys.path), set(sys.modules)
    if directory is not None:
        sys.path.insert(0, str(directory))
    try:
        yield
    finally:
        added = [Path(each).resolve() for each in sys.path if each not in path]
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None)
            if file and any(place in Path(file).resolve().parents for place in added):
                del sys.modules[name]
