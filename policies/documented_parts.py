"""What resources are documented, or reported, to need from each other without AWS's own refusal.

Each topic's module holds its rows as `ROWS`, beside the refusals that were seen. Those of one
resource alone are in `advice.py`.
"""

from __future__ import annotations

from . import iam_names
from .compute import ecs_services, instance_profiles
from .edge import accelerators, distribution_parts, web_acls
from .entry import hosted_zone_parts, siblings
from .network import endpoints
from .refusal import Topic
from .relation import relations
from .rule import Level, Severity

DOCUMENTED_PARTS = relations(
    Topic(
        name="documented-parts",
        title="Related resources that AWS documents to work together",
        description="Resources that belong together should meet the conditions that AWS documents, "
        "or that were reported.",
        tags=(
            "aws",
            "cloudfront",
            "wafv2",
            "globalaccelerator",
            "ec2",
            "ecs",
            "iam",
            "disaster-recovery",
        ),
        fix="Make the change that the finding names.",
        unread="what belongs together has other shapes there",
        severity=Severity.MEDIUM,
        level=Level.ADVISORY,
    ),
    *accelerators.ROWS,
    *distribution_parts.ROWS,
    *web_acls.ROWS,
    *instance_profiles.ROWS,
    *ecs_services.ROWS,
    *siblings.ROWS,
    *hosted_zone_parts.ROWS,
    *endpoints.ROWS,
    *iam_names.ROWS,
)
