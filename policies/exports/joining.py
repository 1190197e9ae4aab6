"""Several exports as one, so that `pulumi policy analyze --file` judges the stacks as a whole.

URNs hold the stack and the project, so resources of several stacks stay apart. What is secret stays
as the exports have it: encrypted, each with its own stack's key. Where those differ, the CLI can
open none and shows a policy `[secret]` for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .export import Export, ExportError


def join(exports: Sequence[Export]) -> dict[str, Any]:
    """One export of all resources, the same in whatever order the exports come. Raises ExportError
    where two have a resource in common."""
    if not exports:
        raise ExportError("There is nothing to join. Fix: name the exports.")
    ordered = sorted(exports, key=lambda each: (each.stacks, each.name))
    seen: dict[str, Export] = {}
    for export in ordered:
        for urn in {each["urn"] for each in export.resources}:
            other = seen.setdefault(urn, export)
            if other is not export:
                both = " and ".join(sorted((other.name, export.name)))
                stack = " and ".join(sorted({str(each) for each in export.stacks}))
                raise ExportError(
                    f"{both} are both exports of {stack}, with the same URNs. Fix: name the newer "
                    "one alone; stacks that were renamed in one of the files need a new export."
                )
    first = ordered[0].deployment
    features = sorted({each for export in ordered for each in export.content.get("features") or ()})
    deployment = {
        "manifest": {**(first.get("manifest") or {}), "time": max(each.time for each in ordered)},
        "resources": [each for export in ordered for each in export.resources],
    }
    providers = [each.deployment.get("secrets_providers") for each in ordered]
    given = [each for each in providers if each]
    if given:
        deployment["secrets_providers"] = given[0]
    joined: dict[str, Any] = {
        "version": max(int(each.content["version"]) for each in ordered),
        "deployment": deployment,
    }
    if features:
        joined["features"] = features
    return joined
