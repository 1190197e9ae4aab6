"""Where keys of KMS are.

A multi-Region key has one id in all its regions, and programs change the region in its ARN; so a
value that comes from one may name the right key wherever it is used.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from ..resource import Resource
from ..values import Absent, Known
from ..vocabulary import KMS_ALIAS, KMS_KEY, KMS_REPLICA_KEY

KEYS: Final = (KMS_KEY, KMS_REPLICA_KEY, KMS_ALIAS)
"""What a property that takes a key may name."""


def is_certainly_outside(key: Resource, regions: Collection[str]) -> bool:
    """Whether what is read off the key certainly names a key that is in none of these regions."""
    return (
        isinstance(key.region, Known)
        and key.region.value not in regions
        and (
            key.kind == KMS_ALIAS
            or (key.kind == KMS_KEY and key.flag("multiRegion") in (Absent(), Known(False)))
        )
    )
