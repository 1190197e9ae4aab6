"""The reference stack with an edit, applied from outside; `EDIT` in the environment names it, or
several with commas between."""

import os
import runpy
import sys
from pathlib import Path
from typing import Any

import edits
import pulumi
from pulumi.runtime import register_stack_transformation

REFERENCE = Path(__file__).resolve().parents[3] / "reference_stack"
edit = edits.named(os.environ["EDIT"])
made: dict[tuple[str, str], pulumi.Resource] = {}


def apply(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult:
    """Note the resource, so that later ones can be given it, and change it if it is meant."""
    kind = args.type_.rpartition(":")[2]
    made[(kind, args.name)] = args.resource
    props: dict[str, Any] = dict(args.props)
    opts = args.opts
    for change in edit.changes:
        if (change.kind, change.name) == (kind, args.name):
            props.update(change.inputs(made))
            opts = pulumi.ResourceOptions.merge(opts, change.options(made))
            if change.forgets_order:
                opts.depends_on = None
    return pulumi.ResourceTransformationResult(props, opts)


register_stack_transformation(apply)
edit.before(made)
sys.path.insert(0, str(REFERENCE))
runpy.run_path(str(REFERENCE / "__main__.py"), run_name="__main__")
edit.after(made)
