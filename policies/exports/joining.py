"""Several exports as one, so that `pulumi policy analyze --file` judges the stacks as a whole.

URNs hold the stack and the project, so resources of several stacks stay apart. What is secret stays
as the exports have it: encrypted, each with its own stack's key. Where those differ, the CLI can
open none and shows a policy `[secret]` for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..model.urns import stack_of
from .export import (
    CHANGED,
    JOINED,
    SECRET,
    SIGNATURE,
    WRITTEN,
    Export,
    ExportError,
    time_in,
)


def _is_encrypted(tree: object) -> bool:
    """Whether a part of an export holds an encrypted secret."""
    if isinstance(tree, dict):
        if tree.get(SIGNATURE) == SECRET and "ciphertext" in tree:
            return True
        return any(map(_is_encrypted, tree.values()))
    return isinstance(tree, list) and any(map(_is_encrypted, tree))


def join(exports: Sequence[Export]) -> dict[str, Any]:
    """One export of all resources, the same in whatever order the exports come. Raises ExportError
    where two have a resource in common."""
    if not exports:
        raise ExportError("There is nothing to join. Fix: name the exports.")
    ordered = sorted(exports, key=lambda each: (each.stacks, each.name))
    seen: dict[str, Export] = {}
    for export in ordered:
        for urn in sorted({each["urn"] for each in export.resources}):
            other = seen.setdefault(urn, export)
            if other is not export:
                both = " and ".join(sorted((other.name, export.name)))
                raise ExportError(
                    f"{both} are both exports of {stack_of(urn)}, with the same URNs. Fix: name "
                    "one of them."
                )
    latest = max(ordered, key=lambda each: time_in(each.manifest.get("time")))
    features = sorted({each for export in ordered for each in export.content.get("features") or ()})
    deployment: dict[str, Any] = {
        "manifest": latest.manifest,
        "resources": [each for export in ordered for each in export.resources],
    }
    providers = [each.deployment.get("secrets_providers") for each in ordered]
    given = [each for each in providers if each]
    if given:
        deployment["secrets_providers"] = given[0]
    elif encrypted := [each.name for each in ordered if _is_encrypted(each.resources)]:
        raise ExportError(
            f"{' and '.join(encrypted)} holds encrypted secrets, but not by what they are "
            "encrypted, and the CLI refuses such a file. Fix: write it again with `pulumi stack "
            "export --file FILE`."
        )
    joined: dict[str, Any] = {
        "version": max(int(each.content["version"]) for each in ordered),
        "deployment": deployment,
        JOINED: {
            str(stack): {
                CHANGED: export.changed(stack).isoformat(),
                WRITTEN: export.written(stack).isoformat(),
            }
            for export in ordered
            for stack in export.stacks
        },
    }
    if features:
        joined["features"] = features
    return joined
