"""Which passwords AWS takes for databases and caches, and where a resource says its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..plain import NamedTuple
from ..vocabulary import CLUSTER, DB_INSTANCE, DOCDB_CLUSTER

PASSWORDS: Final[Mapping[str, tuple[str, ...]]] = {
    CLUSTER: ("masterPassword", "masterPasswordWo"),
    DB_INSTANCE: ("password", "passwordWo"),
    DOCDB_CLUSTER: ("masterPassword", "masterPasswordWo"),
}
"""The databases that have a password, which a copy in another region takes over."""


class Form(NamedTuple):
    """What a service takes for a password."""

    shortest: int
    longest: int
    refused: frozenset[str]
    """The printable ASCII characters that must not be in it; any other may."""

    def takes(self, characters: str) -> bool:
        """Whether all of these may be in a password."""
        return all("!" <= each <= "~" and each not in self.refused for each in characters)

    def accepts(self, password: str) -> bool:
        """Whether it is a password that the service takes, as far as its form goes."""
        return self.shortest <= len(password) <= self.longest and self.takes(password)


OF_DATABASES: Final = Form(8, 128, frozenset('/@"'))
"""What every engine refuses; MySQL takes 41 characters at most, others more.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"""
OF_CACHES: Final = Form(16, 128, frozenset("\"'%()*+,./:;=?@[\\]_`{|}~"))
"""The only characters besides letters and digits are ! & # $ ^ < > and -.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html"""
