"""The real Pulumi engine, run offline, with what it said as plain data.

    engine = Engine.prepare()
    stack = engine.stack(program_dir, pack=pack_dir, workdir=tmp_path)
    run = stack.preview()
    assert [finding.policy for finding in run.findings] == ["alb-public-subnets"]

State, configuration and event logs live in `workdir`; the program is used in place and nothing is
written beside it. The stand-in provider takes the place of AWS.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from offline import project as projects
from offline import sdks
from offline.cli import ensure_pulumi
from offline.launcher import virtualenv_of
from offline.new_stacks import make_stack, name_for
from offline.paths import own_home, write_whole
from offline.progress import Report, end_group, running, to_stderr
from offline.project import Project
from offline.stack_settings import Encrypted
from offline.standin.install import Installed, install, install_from
from offline.standin.provider import SETS_VARIABLE, WORLD_VARIABLE
from offline.yaml_runs import yaml_environment

STACK = "offline"

# A run that takes longer than this hangs: a thousand resources take 41 s.
TIMEOUT_SECONDS = 300.0


_OWN_STATE = {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"}
"""The environment of a stack that is not like all others when it is new."""


class EngineTimeoutError(Exception):
    """The engine did not end in time; the text has what it had printed."""


class EngineError(Exception):
    """The engine could not be started or refused a step that prepares a run."""


@dataclass(frozen=True)
class Finding:
    """One violation as the engine reported it. message: the policy's description, a line end, and
    the rule's own text. level: advisory or mandatory. urn: empty where the engine names none."""

    policy: str
    level: str
    urn: str
    message: str
    pack: str = ""


@dataclass(frozen=True)
class Remediation:
    """One remediation that the engine applied: the inputs before and after."""

    policy: str
    urn: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """What the engine did, or would do, with one resource: create, update, same, delete, ...

    inputs, outputs: as after the step; unknown values are the engine's magic strings.
    """

    op: str
    urn: str
    type: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """One engine command. output: all that it printed, without colours. result: the engine's own
    word for the outcome, empty if it never got that far.

    passed, failed: names of the policies in the engine's summaries, each once, sorted. `pulumi
    policy analyze` sends no summaries, and no command tells which policies did not apply.
    """

    command: tuple[str, ...]
    exit_code: int
    output: str
    findings: tuple[Finding, ...] = ()
    remediations: tuple[Remediation, ...] = ()
    steps: tuple[Step, ...] = ()
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    changes: Mapping[str, int] = field(default_factory=dict)
    result: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the command ended without an error."""
        return self.exit_code == 0

    def of(self, policy: str) -> tuple[Finding, ...]:
        """Return the findings of one policy."""
        return tuple(finding for finding in self.findings if finding.policy == policy)

    def step(self, name: str, type_part: str = "") -> Step:
        """Return the step of the resource of that name, its type containing `type_part`."""
        for step in self.steps:
            if step.urn.endswith(f"::{name}") and type_part in step.type:
                return step
        raise KeyError(f"no resource {name} in {[step.urn for step in self.steps]}")


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI and a Pulumi home in which the stand-in is installed.

    bin_dir: what to put on PATH for the CLI; home: PULUMI_HOME, local to the repository.
    """

    bin_dir: Path
    home: Path
    installed: tuple[Installed, ...] = ()

    @classmethod
    def prepare(cls, progress: Report = to_stderr, home: Path | None = None) -> Engine:
        """Return an engine that is ready to run, making what it needs on the first call.

        Raises cli.CliError when there is no CLI and none can be made.
        """
        bin_dir = ensure_pulumi(progress)
        home = home or own_home()
        write_whole(home / ".gitignore", "*\n")
        return cls(bin_dir, home, install(home, sys.executable))

    def stack(
        self,
        program: Path,
        *,
        config: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | Mapping[str | Encrypted, str] | None = None,
        pack: Path | None = None,
        policy_config: Path | Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
        workdir: Path,
        name: str = STACK,
        collapse_sets: bool = False,
        timeout: float = TIMEOUT_SECONDS,
        progress: Report = to_stderr,
    ) -> Stack:
        """Return a new stack of a program; nothing runs yet.

        program: directory of its Pulumi.yaml. config: plain settings, keys with or without the
        project's namespace. secrets: settings, and parts of them, to be encrypted. pack: a policy
        pack's directory. name: what the stack is called.
        policy_config: its configuration, as a file or as data. env: additional environment.
        workdir: an empty directory for everything that this stack writes. collapse_sets: plan sets
        that have an unknown element as one unknown. timeout: seconds for one command.
        """
        loaded = projects.load_program(program)
        python = projects.active_python(loaded) or projects.ready_python(loaded, progress)
        if python is not None:
            install(self.home, python)
        extra = dict(env or {})
        if loaded.runtime == "yaml":
            extra |= yaml_environment(loaded, self.installed, workdir.absolute(), progress)
        else:
            for sdk in sdks.provider_sdks(loaded):
                install_from(self.home, sdks.site_of(sdk, progress))
        if pack is not None:
            projects.ready_python(projects.load_pack(pack), progress)
        if python is not None and virtualenv_of(loaded.options, str(program)) is None:
            extra["PULUMI_PYTHON_CMD"] = python
        if collapse_sets:
            extra[SETS_VARIABLE] = "collapse"
        return Stack(
            engine=self,
            project=loaded,
            workdir=workdir.absolute(),
            config=dict(config or {}),
            secrets={
                each if isinstance(each, Encrypted) else Encrypted(each): value
                for each, value in (secrets or {}).items()
            },
            pack=pack.absolute() if pack else None,
            policy_config=policy_config,
            env=extra,
            timeout=timeout,
            name=name,
        )

    def analyze(
        self,
        export: Path,
        pack: Path,
        policy_config: Path | Mapping[str, Any] | None = None,
        *,
        workdir: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT_SECONDS,
        progress: Report = to_stderr,
    ) -> Run:
        """Run a pack over an exported stack (`pulumi policy analyze --file`)."""
        projects.ready_python(projects.load_pack(pack), progress)
        place = workdir or export.parent
        command = ["pulumi", "policy", "analyze", "--file", str(export), "--json"]
        command += pack_arguments(pack, policy_config, place)
        code, output = self.run(command, place, self.environment(env), timeout)
        events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        return _run_of(command, code, output, events)

    def language_host(self, runtime: str) -> Path | None:
        """Where the language host for a runtime is: beside the CLI, or on PATH."""
        name = f"pulumi-language-{runtime}"
        places = [str(self.bin_dir), str((self.bin_dir / "pulumi").resolve().parent)]
        found = shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))
        return Path(found) if found else None

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return a CLI process's environment, without the user's Pulumi and AWS settings."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PULUMI_", "AWS_STANDIN_", "PYTHONDONTWRITEBYTECODE"))
            and not _is_aws_setting(key)
        }
        # `python3` on PATH is the interpreter of programs that name none: this one.
        parts = [str(self.bin_dir), str(Path(sys.executable).parent), kept.get("PATH", "")]
        return {
            **kept,
            "PATH": os.pathsep.join(parts),
            "PULUMI_HOME": str(self.home),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_SKIP_CONFIRMATIONS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            # The state is written once, at the end: after every step, as the engine does it for a
            # deployment that could be cut off, it is most of what the engine itself does.
            "PULUMI_SKIP_CHECKPOINTS": "true",
            # Lets the engine accept --event-log.
            "PULUMI_DEBUG_COMMANDS": "true",
            # A program's directory is only read, yet nothing is compiled twice.
            "PYTHONPYCACHEPREFIX": kept.get("PYTHONPYCACHEPREFIX", str(self.home / "bytecode")),
            **(extra or {}),
        }

    def run(
        self,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        timeout: float,
        given: str = "",
    ) -> tuple[int, str]:
        """Run a command with `given` on its standard input; return its exit code and all that it
        printed.

        Raises EngineTimeoutError after `timeout` seconds, having ended it and its children.
        """
        how: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        if given:
            how["stdin"] = subprocess.PIPE
        with running(command, cwd=cwd, env=dict(env), **how) as process:
            try:
                output, _ = process.communicate(given.encode() or None, timeout=timeout)
            except subprocess.TimeoutExpired:
                end_group(process)
                output, _ = process.communicate()
                text = output.decode(errors="replace")
                raise EngineTimeoutError(
                    f"`{' '.join(command)}` did not end within {timeout:.0f} s. A program or "
                    f"policy that waits or loops does this. It had printed:\n{text[-3000:]}"
                ) from None
        return process.returncode, output.decode(errors="replace")


def _is_aws_setting(key: str) -> bool:
    # Tests must not depend on the developer's region or account.
    return key.startswith("AWS_") and not key.startswith("AWS_DR_PREFLIGHT_")


@dataclass
class Stack:
    """One stack of a program; see Engine.stack."""

    engine: Engine
    project: Project
    workdir: Path
    config: dict[str, Any]
    secrets: dict[Encrypted, str]
    pack: Path | None
    policy_config: Path | Mapping[str, Any] | None
    env: dict[str, str]
    timeout: float
    name: str = STACK
    _ready: bool = False
    _runs: int = 0

    def preview(self, *arguments: str) -> Run:
        """Preview the program, with further CLI arguments if given."""
        return self._operate("preview", *arguments)

    def up(self, *arguments: str) -> Run:
        """Deploy the program, without the preview that `pulumi up` makes first."""
        return self._operate("up", "--yes", "--skip-preview", *arguments)

    def destroy(self) -> Run:
        """Delete every resource of the stack."""
        return self._operate("destroy", "--yes", "--skip-preview", packs=False)

    def refresh(self) -> Run:
        """Read every resource's state anew."""
        return self._operate("refresh", "--yes", "--skip-preview", packs=False)

    def export(self) -> Path:
        """Return a file with the stack's deployment, as `pulumi stack export` writes it."""
        self._prepare()
        file = self.workdir / "export.json"
        self._must(["pulumi", "stack", "export", *self._stack(), "--file", str(file)])
        return file

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs, secrets opened."""
        self._prepare()
        text = self._must(["pulumi", "stack", "output", *self._stack(), "--json", "--show-secrets"])
        return dict(json.loads(text))

    def command(self, *words: str) -> tuple[list[str], dict[str, str]]:
        """Return an operation's whole command and environment, for callers that run it themselves.

        words: the operation and its arguments.
        """
        self._prepare()
        command = ["pulumi", *words, *self._stack(), "--config-file", str(self._config_file)]
        return command, self._environment()

    @property
    def _config_file(self) -> Path:
        return self.workdir / "config" / f"Pulumi.{self.name}.yaml"

    def _stack(self) -> list[str]:
        return ["--stack", f"organization/{self.project.name}/{self.name}"]

    def _environment(self) -> dict[str, str]:
        return self.engine.environment(
            {
                "PULUMI_BACKEND_URL": f"file://{self.workdir / 'state'}",
                WORLD_VARIABLE: str(self.workdir / "world.jsonl"),
                **self.env,
            }
        )

    def _must(self, command: list[str], given: str = "") -> str:
        """Run a step that prepares or inspects the stack, with `given` on its standard input.

        Raises EngineError when it fails."""
        env, cwd = self._environment(), self._config_file.parent
        code, output = self.engine.run(command, cwd, env, self.timeout, given)
        if code:
            raise EngineError(f"`{' '.join(command)}` failed with exit code {code}:\n{output}")
        return output

    def _prepare(self) -> None:
        """Create the stack and its configuration once.

        The CLI writes configuration beside Pulumi.yaml, so it is run beside a copy of it.
        """
        if self._ready:
            return
        place = self._config_file.parent
        place.mkdir(parents=True, exist_ok=True)
        (self.workdir / "state").mkdir(exist_ok=True)
        stub = {"name": self.project.name, "runtime": self.project.data.get("runtime", "python")}
        (place / "Pulumi.yaml").write_text(yaml.safe_dump(stub))
        values = {self.project.full_key(key): value for key, value in self.config.items()}
        self._config_file.write_text(yaml.safe_dump({"config": values} if values else {}))
        self._make()
        for (key, path), value in self.secrets.items():
            # From standard input: the list of processes shows the words of a command to everybody.
            command = ["pulumi", "config", "set", *self._stack(), "--secret"]
            flags = ["--path"] if path else []
            self._must([*command, *flags, self.project.full_key(key) + path], value)
        self._ready = True

    def _make(self) -> None:
        def make() -> None:
            self._must(["pulumi", "stack", "init", self._stack()[1], "--no-select"])

        if _OWN_STATE & self.env.keys():
            make()
            return
        cli, home = self.engine.bin_dir / "pulumi", self.engine.home
        kept = home / "new-stacks" / name_for(cli, self.project.name, self.name)
        make_stack(kept, self.workdir / "state", self._config_file, make, to_stderr)

    def _operate(self, *words: str, packs: bool = True) -> Run:
        command, env = self.command(*words)
        self._runs += 1
        log = self.workdir / f"events-{self._runs}-{words[0]}.jsonl"
        command += ["--non-interactive", "--color", "never", "--event-log", str(log)]
        if packs and self.pack is not None:
            command += pack_arguments(self.pack, self.policy_config, self.workdir)
        code, output = self.engine.run(command, self.project.directory, env, self.timeout)
        return _run_of(command, code, output, list(_events(log)))


def pack_arguments(
    pack: Path, policy_config: Path | Mapping[str, Any] | None, workdir: Path
) -> list[str]:
    """Return the CLI arguments that run a pack; configuration data goes to a file in workdir."""
    words = ["--policy-pack", str(pack.absolute())]
    if policy_config is None:
        return words
    if isinstance(policy_config, Path):
        file = policy_config.absolute()
    else:
        file = workdir / "policy-config.json"
        file.write_text(json.dumps(policy_config))
    return [*words, "--policy-pack-config", str(file)]


def _events(log: Path) -> Iterator[dict[str, Any]]:
    if log.exists():
        for line in log.read_text().splitlines():
            yield json.loads(line)


def _run_of(command: Sequence[str], code: int, output: str, events: list[dict[str, Any]]) -> Run:
    """Return what a command's events say."""
    findings, remediations, steps = [], [], {}
    names: dict[str, set[str]] = {"passed": set(), "failed": set()}
    changes: Mapping[str, int] = {}
    result = ""
    for event in events:
        if "policyEvent" in event:
            item = event["policyEvent"]
            findings.append(
                Finding(
                    policy=item.get("policyName", ""),
                    level=item.get("enforcementLevel", ""),
                    urn=item.get("resourceUrn", ""),
                    message=str(item.get("message") or "").strip(),
                    pack=item.get("policyPackName", ""),
                )
            )
        elif "policyRemediationEvent" in event:
            item = event["policyRemediationEvent"]
            remediations.append(
                Remediation(
                    policy=item.get("policyName", ""),
                    urn=item.get("resourceUrn", ""),
                    before=item.get("before") or {},
                    after=item.get("after") or {},
                )
            )
        elif "resOutputsEvent" in event or "resourcePreEvent" in event:
            metadata = (event.get("resOutputsEvent") or event["resourcePreEvent"])["metadata"]
            state = metadata.get("new") or metadata.get("old") or {}
            steps[metadata["urn"]] = Step(
                op=metadata["op"],
                urn=metadata["urn"],
                type=metadata["type"],
                inputs=state.get("inputs") or {},
                outputs=state.get("outputs") or {},
            )
        elif "summaryEvent" in event:
            changes = event["summaryEvent"].get("resourceChanges") or {}
            result = str(event["summaryEvent"].get("result") or "")
        for kind in ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent"):
            for key, found in names.items():
                found.update((event.get(kind) or {}).get(key) or ())
    # A policy that failed for one resource has not passed, whatever it said of the others.
    names["passed"] -= names["failed"]
    return Run(
        command=tuple(command),
        exit_code=code,
        output=output,
        findings=tuple(sorted(findings, key=lambda f: (f.policy, f.urn, f.message))),
        remediations=tuple(remediations),
        steps=tuple(steps.values()),
        passed=tuple(sorted(names["passed"])),
        failed=tuple(sorted(names["failed"])),
        changes=changes,
        result=result,
    )
