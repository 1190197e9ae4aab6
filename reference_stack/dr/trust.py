"""Who may take a role."""

from __future__ import annotations

import json


def trust(service: str) -> str:
    """The policy that lets an AWS service ("lambda.amazonaws.com") take a role."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": service},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
