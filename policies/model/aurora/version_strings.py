"""Read the version string of an engine of Aurora or RDS.

In: an engine name and a version as a program writes it. Out: an ``EngineVersion``, or None for a
string whose form says nothing. Forms, from the Aurora User Guide (Aurora.VersionPolicy.Versioning)
and the strings that DescribeDBEngineVersions returns:

* aurora-postgresql: ``15.4``, before 10 ``9.6.22``, Limitless ``16.4-limitless``; ``15.4.1`` and
  ``9.6.25.1`` name a patch level. ``15`` lets AWS choose the minor.
* aurora-mysql: ``8.0.mysql_aurora.3.04.0``, rarely with a fourth number; from 8.4 on Aurora counts
  with MySQL: ``8.4.mysql_aurora.8.4.7``. ``8.0`` lets AWS choose. ``8.0.23`` and ``5.6.10a`` are
  community versions that several Aurora versions share.
* postgres and mysql of RDS: ``15.13``, ``8.0.42``, and builds of AWS's own that outlive the version
  they are made from, ``11.22-rds.20260514``. ``15`` and ``8.0`` let AWS choose.
"""

from __future__ import annotations

import re
from typing import Final

from ..plain import NamedTuple

POSTGRESQL = "aurora-postgresql"
MYSQL = "aurora-mysql"
RDS_POSTGRESQL = "postgres"
RDS_MYSQL = "mysql"
RETIRED_MYSQL = "aurora"
"""The engine name of Aurora MySQL version 1 (MySQL 5.6), which AWS has withdrawn."""

# At most four digits a number: nothing that AWS publishes has more, and Python refuses to read
# numbers of thousands of digits.
_NUMBER = "([0-9]{1,4})"
_POSTGRESQL: Final = (
    r"(?P<major>9(?:\.[0-9])?|[1-9][0-9]{1,2})"
    rf"(?:\.{_NUMBER}(?:\.{_NUMBER})?)?(?P<limitless>-limitless)?"
)
_MYSQL_SHORT: Final = r"(?P<major>[0-9]{1,2}\.[0-9]{1,2})(?:\.[0-9]{1,4}[a-z]?)?"
# Up to version 3 Aurora writes the minor with two digits and compares strings, so 3.4.0 names
# nothing.
_MYSQL_OLD: Final = (
    rf"(?P<major>5\.6|5\.7|8\.0)\.mysql_aurora\.([123])\.([0-9]{{2}})\.{_NUMBER}(?:\.{_NUMBER})?"
)
_MYSQL_NEW: Final = (
    r"(?P<major>([0-9]{1,2})\.([0-9]{1,2}))\.mysql_aurora\.(?P=major)"
    rf"\.{_NUMBER}(?:\.{_NUMBER})?"
)
_RDS_BUILD: Final = rf"\.{_NUMBER}(?:-rds\.(?P<build>[0-9]{{8}}))?"
_RDS_MAJOR: Final = {
    RDS_POSTGRESQL: r"9\.[0-9](?![0-9])|[1-9][0-9]{1,2}",
    RDS_MYSQL: r"[5-9]\.[0-9]{1,2}",
}
_AURORA_MAJOR = {"5.6": 1, "5.7": 2, "8.0": 3}


class EngineVersion(NamedTuple):
    """A version string, taken apart.

    ``major`` is the part that a major upgrade changes, as the string writes it: ``15``, ``9.6``,
    ``8.0``. ``release`` orders versions within one major; it is empty where the string leaves the
    choice to AWS (a major alone) or fits several versions (a community version).
    """

    engine: str
    text: str
    major: str
    release: tuple[int, ...] = ()
    limitless: bool = False

    @property
    def names_one_release(self) -> bool:
        """Whether the string picks out one Aurora version."""
        return bool(self.release)

    @property
    def minor(self) -> tuple[int, ...]:
        """The release without its patch level: (15, 4), (9, 6, 22), (3, 4), (8, 4, 7)."""
        is_aurora_mysql = self.engine in (MYSQL, RETIRED_MYSQL)
        if not (is_aurora_mysql and _counts_apart(self.major)):
            return self.release[: len(major_order(self.major)) + 1]
        return self.release[:2]


def parse(engine: str, version: str) -> EngineVersion | None:
    """Take ``version`` of ``engine`` apart; None where its form is not one of the engine's.

    The form alone is read: whether AWS has such a version is another question.
    """
    text = version.strip()
    if engine == POSTGRESQL:
        return _parse_postgresql(text)
    if engine in (MYSQL, RETIRED_MYSQL):
        return _parse_mysql(engine, text)
    if engine in _RDS_MAJOR:
        return _parse_rds(engine, text)
    return None


def major_order(major: str) -> tuple[int, ...]:
    """Sort key of a major: 9.6 before 10, 8.0 before 8.4."""
    return tuple(int(number) for number in major.split("."))


def _counts_apart(major: str) -> bool:
    """Whether Aurora MySQL numbers its versions of ``major`` on its own (2.11.1 for 5.7)."""
    return major in _AURORA_MAJOR


def _parse_postgresql(text: str) -> EngineVersion | None:
    match = re.fullmatch(_POSTGRESQL, text)
    if match is None:
        return None
    major = match["major"]
    below = tuple(int(number) for number in match.groups()[1:3] if number is not None)
    release = major_order(major) + below if below else ()
    # 9.6 is a major, and 9.6.22 a minor of it; "9" alone names no minor either.
    return EngineVersion(POSTGRESQL, text, major, release, match["limitless"] is not None)


def _parse_mysql(engine: str, text: str) -> EngineVersion | None:
    short = re.fullmatch(_MYSQL_SHORT, text)
    if short is not None:
        return EngineVersion(engine, text, short["major"])
    match = re.fullmatch(_MYSQL_OLD, text)
    if match is not None:
        fits = int(match[2]) == _AURORA_MAJOR[match["major"]]
    else:
        match = re.fullmatch(_MYSQL_NEW, text)
        fits = match is not None and not _counts_apart(match["major"])
    if match is None or not fits:
        return None
    release = tuple(int(number) for number in match.groups()[1:] if number is not None)
    return EngineVersion(engine, text, match["major"], release)


def _parse_rds(engine: str, text: str) -> EngineVersion | None:
    major = re.match(_RDS_MAJOR[engine], text)
    if major is None:
        return None
    if major[0] == text:
        return EngineVersion(engine, text, text)
    below = re.fullmatch(_RDS_BUILD, text[major.end() :])
    if below is None:
        return None
    numbers = tuple(int(number) for number in below.groups() if number is not None)
    return EngineVersion(engine, text, major[0], major_order(major[0]) + numbers)
