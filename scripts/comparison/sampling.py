"""The sample: rules of other tools that were not chosen for what this pack does with them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from offline.progress import Report
from scripts.comparison.tools import CDK_NAG, node_packages, printed_by, python_of_tools

ROOMS: Final = (
    (
        *("backup", "codepipeline", "dynamodb", "ectwo", "elasticache", "elasticloadbalancingv2"),
        *("events", "lmbd", "rds", "route53", "s3", "sqs"),
    ),
    ("apigateway", "autoscaling", "cloudfront", "cloudwatch", "ecs", "iam"),
)
"""cfn-lint's folders for the services that a mandatory policy of this pack is about. What came to
the pack later is sampled on its own, so that the sample of what was there does not change."""

CATEGORY: Final = "BACKUP_AND_RECOVERY"
"""Checkov's category that is about reliability."""

WORDS: Final = re.compile(
    r"Backup|MultiAZ|CrossZone|PITR|DeletionProtection|HealthCheck|Replication(?!Not)|Backtrack"
)
"""What names of cdk-nag's rules about reliability say; it has no categories."""

STEP: Final = 5
_FRAMES: Final = Path(__file__).with_name("python_frames.py")


Frames: TypeAlias = Mapping[str, Sequence[Sequence[str]]]
"""By tool: the rules, sorted by name, in each of the sets that are sampled on their own."""


def sample(frames: Frames) -> dict[str, list[str]]:
    """Every fifth rule of a set, from the first on; of Checkov's, which are five, all."""
    return {
        tool: [rule for rules in sets for rule in (rules if len(rules) <= STEP else rules[::STEP])]
        for tool, sets in frames.items()
    }


def print_sample(report: Report) -> None:
    """Print the rules of each tool, and which of them are in the sample."""
    frames = _frames(report)
    for tool, rules in sample(frames).items():
        for each in frames[tool]:
            print(f"{tool}: {len(each)} rules: {' '.join(each)}")
        print(f"of these {len(rules)}: {' '.join(rules)}")


def _frames(report: Report) -> Frames:
    here = Path.cwd()
    asked = json.dumps({"rooms": ROOMS, "category": CATEGORY})
    told = printed_by([str(python_of_tools(report)), str(_FRAMES), asked], here)
    names = json.loads(
        printed_by(["node", str(CDK_NAG), str(node_packages(report)), "--rules"], here)
    )
    return {**json.loads(told), "cdk-nag": [sorted(filter(WORDS.search, names))]}
