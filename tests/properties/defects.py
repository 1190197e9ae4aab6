"""Every defect that a generated stack can have, and the policies that have none."""

from __future__ import annotations

from tests.properties import advice, mutations
from tests.properties.advice import WITHOUT_DEFECT
from tests.properties.defect import ADVICE, MUTATIONS, Mutation

__all__ = ["ADVICE", "MUTATIONS", "WITHOUT_DEFECT", "Mutation", "advice", "mutations"]
