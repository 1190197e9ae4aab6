"""The action, the GitLab template and the hooks are what their schemas and the guide say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from aws_dr_preflight.cli import command
from offline.paths import REPOSITORY
from tests.pipelines import ACTION, TEMPLATE, action, gitlab_inputs, gitlab_jobs

GUIDE = (REPOSITORY / "docs" / "guides" / "ci.md").read_text(encoding="utf-8")
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
OWN = "aws-dr-preflight/aws-dr-preflight"
HOOKS = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def refused(schema: str, *paths: Path) -> str:
    """What a schema of SchemaStore, as check-jsonschema brings it, does not allow."""
    words = ["--builtin-schema", f"vendor.{schema}"]
    if schema == "gitlab-ci":
        words += ["--data-transform", "gitlab-ci"]
    done = CliRunner().invoke(check_jsonschema, [*words, *map(str, paths)])
    assert done.exit_code in (0, 1), done.output
    return "" if done.exit_code == 0 else done.output


def blocks() -> Iterator[object]:
    """What the guide has of YAML."""
    for block in re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL):
        yield yaml.safe_load(block)


def steps(block: object) -> list[dict[str, object]]:
    """The steps in a block of the guide, whether they are in a workflow or stand alone."""
    if isinstance(block, dict) and "jobs" in block:
        return [step for job in block["jobs"].values() for step in job["steps"]]
    return [step for step in block if isinstance(step, dict)] if isinstance(block, list) else []


def test_the_action_and_the_workflows_are_valid(tmp_path: Path) -> None:
    assert refused("github-actions", ACTION) == ""
    assert refused("github-workflows", *WORKFLOWS) == ""
    for number, block in enumerate(blocks()):
        if isinstance(block, dict) and "jobs" in block:
            workflow = tmp_path / f"{number}.yml"
            # YAML 1.1 reads the key `on` as true.
            content = {"on" if key is True else key: each for key, each in block.items()}
            workflow.write_text(yaml.safe_dump(content), encoding="utf-8")
            assert refused("github-workflows", workflow) == ""
    broken = tmp_path / "action.yml"
    broken.write_text(ACTION.read_text(encoding="utf-8").replace("using: composite", "using: x"))
    assert refused("github-actions", broken)


def test_the_gitlab_template_is_valid_in_both_of_its_parts(tmp_path: Path) -> None:
    head, body = TEMPLATE.read_text(encoding="utf-8").split("\n---\n")
    for name, text in (("head", head), ("body", body), ("filled", json.dumps(gitlab_jobs()))):
        part = tmp_path / f"{name}.yml"
        part.write_text(text, encoding="utf-8")
        assert refused("gitlab-ci", part) == ""


def test_no_input_is_written_into_a_script() -> None:
    for step in action()["runs"]["steps"]:
        assert "${{" not in step["run"]
    for job in yaml.safe_load(TEMPLATE.read_text("utf-8").split("\n---\n")[1]).values():
        assert "$[[" not in json.dumps([job["script"], job["before_script"]])


def test_every_input_of_the_action_is_used_and_none_else() -> None:
    used = [each for step in action()["runs"]["steps"] for each in step.get("env", {}).values()]
    assert used == [f"${{{{ inputs.{name} }}}}" for name in action()["inputs"]]


def test_the_action_gives_the_command_options_that_it_has() -> None:
    known = {word for each in command.commands["preview"].params for word in each.opts}
    scripts = [step["run"] for step in action()["runs"]["steps"]]
    scripts += [line for job in gitlab_jobs().values() for line in job["script"]]
    # What pip, Python and GNU's tools take is in lines that run those.
    lines = [line for text in scripts for line in text.splitlines() if "set -- " in line]
    given = {word for line in lines for word in re.findall(r"(?<= )--[a-z-]+", line)}
    assert {"--sarif", "--offline"} <= given
    assert given <= known | {"--cwd", "--stack"}


def test_the_guide_gives_inputs_that_there_are() -> None:
    used = [step for block in blocks() for step in steps(block) if OWN in str(step.get("uses"))]
    assert used
    for step in used:
        assert set(step.get("with", {})) <= set(action()["inputs"])  # type: ignore[call-overload]
    included = [
        each for block in blocks() if isinstance(block, dict) for each in block.get("include", [])
    ]
    assert included
    for each in included:
        assert set(each["inputs"]) <= set(gitlab_inputs())
        where = each.get("remote") or each["component"]
        assert re.search(r"/templates/preview\.yml$|/preview@", where)


@pytest.mark.parametrize(
    ("kind", "names"),
    [("action", set(action()["inputs"])), ("template", set(gitlab_inputs()))],
    ids=["action", "template"],
)
def test_the_guide_explains_every_input(kind: str, names: set[str]) -> None:
    table = re.search(rf"^\| input of the {kind} \|.*?\n\n", GUIDE, re.MULTILINE | re.DOTALL)
    assert table
    cells = [line.split("|")[1] for line in table[0].splitlines()[2:] if line]
    assert {name for cell in cells for name in re.findall(r"`([a-z-]+)`", cell)} == names


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_a_command_that_there_is(hook: dict[str, str]) -> None:
    name, subcommand, *options = hook["entry"].split()
    assert name == "aws-dr-preflight"
    params = command.commands[subcommand].params
    assert set(options) <= {word for each in params for word in each.opts}
    assert hook["id"] in GUIDE


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("aws-dr-preflight.json", ["check-config", "preview"]),
        ("infra/aws-dr-preflight.yml", ["check-config", "preview"]),
        ("my-aws-dr-preflight.json", []),
        ("infra/__main__.py", ["preview"]),
        ("Pulumi.prod.yaml", ["preview"]),
        ("README.md", []),
    ],
)
def test_a_hook_runs_when_its_files_change(path: str, ids: list[str]) -> None:
    asked = [hook["id"] for hook in HOOKS if re.search(hook["files"], path)]
    assert asked == [f"aws-dr-preflight-{each}" for each in ids]
