"""The rules that the samples of cfn-lint and Checkov are taken from, as JSON.

Run by the interpreter that has these tools, not by the project's: see `sampling.py`.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any


def of_cfn_lint(rooms: Sequence[str]) -> list[str]:
    """The errors (E...) that cfn-lint keeps in these folders of `rules/resources`."""
    base: Any = importlib.import_module("cfnlint.rules").CloudFormationLintRule
    found: set[str] = set()
    for room in rooms:
        package = importlib.import_module(f"cfnlint.rules.resources.{room}")
        for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(each.name)
            kinds: list[Any] = [kind for _, kind in inspect.getmembers(module, inspect.isclass)]
            own = (kind for kind in kinds if kind.__module__ == each.name)
            found.update(kind.id for kind in own if base in kind.__mro__)
    return sorted(rule for rule in found if rule.startswith("E"))


def of_checkov(category: str) -> list[str]:
    """The checks of a category that Checkov has for CloudFormation."""
    importlib.import_module("checkov.cloudformation.runner")
    registry = importlib.import_module("checkov.cloudformation.checks.resource.registry")
    checks = {check for each in registry.cfn_registry.checks.values() for check in each}
    return sorted(
        {check.id for check in checks if category in {each.name for each in check.categories}}
    )


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(
        json.dumps(
            {
                "cfn-lint": [of_cfn_lint(rooms) for rooms in asked["rooms"]],
                "Checkov": [of_checkov(asked["category"])],
            }
        )
    )
