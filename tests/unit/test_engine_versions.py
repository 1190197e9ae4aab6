"""Which Aurora versions can be in a global database, and which AWS still creates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.model import data_files
from policies.model.answers import CannotTell
from policies.model.aurora import facts as aurora_facts
from policies.model.aurora.engine_versions import (
    ENGINES,
    Creatable,
    Creation,
    EngineVersion,
    Retired,
    Support,
    Supported,
    Unsupported,
    creatable,
    ending_support,
    global_database_support,
    is_accepted_by_user,
    parse,
    replacements,
)
from policies.model.aurora.facts import (
    AWS,
    CALENDAR_FILE,
    FLOORS_FILE,
    THIRD_PARTY,
    USER,
    VERSIONS_FILE,
    Citation,
    Floor,
    ListedVersion,
    Listing,
    Span,
    SupportEnd,
    facts,
)
from policies.model.aurora.version_strings import MYSQL, POSTGRESQL, major_order
from policies.model.data_files import DATA_DIRECTORY, DataFileError

AMS = "8.0.mysql_aurora."
DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def version_of(engine: str, text: str) -> EngineVersion:
    parsed = parse(engine, text)
    assert parsed is not None
    return parsed


# --- reading a version string -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "text", "major", "release"),
    [
        pytest.param(POSTGRESQL, "15.4", "15", (15, 4), id="PostgreSQL with a minor"),
        pytest.param(POSTGRESQL, " 15.10\n", "15", (15, 10), id="blanks around are ignored"),
        pytest.param(POSTGRESQL, "15.4.1", "15", (15, 4, 1), id="PostgreSQL with a patch level"),
        pytest.param(POSTGRESQL, "15", "15", (), id="PostgreSQL without a minor"),
        pytest.param(POSTGRESQL, "9.6.22", "9.6", (9, 6, 22), id="old PostgreSQL with a minor"),
        pytest.param(POSTGRESQL, "9.6", "9.6", (), id="old PostgreSQL without a minor"),
        pytest.param(
            POSTGRESQL, "9.6.25.1", "9.6", (9, 6, 25, 1), id="old PostgreSQL with a patch"
        ),
        pytest.param(POSTGRESQL, "9", "9", (), id="PostgreSQL 9 alone"),
        pytest.param(POSTGRESQL, "16.4-limitless", "16", (16, 4), id="a Limitless version"),
        pytest.param(POSTGRESQL, "110.3", "110", (110, 3), id="a PostgreSQL of the far future"),
        pytest.param(MYSQL, AMS + "3.04.0", "8.0", (3, 4, 0), id="MySQL 8.0, Aurora version 3"),
        pytest.param(
            MYSQL, "5.7.mysql_aurora.2.11.1", "5.7", (2, 11, 1), id="MySQL 5.7, Aurora version 2"
        ),
        pytest.param(
            MYSQL,
            "5.7.mysql_aurora.2.12.0.1",
            "5.7",
            (2, 12, 0, 1),
            id="MySQL with a fourth number",
        ),
        pytest.param(
            MYSQL, "8.4.mysql_aurora.8.4.7", "8.4", (8, 4, 7), id="MySQL 8.4 counts with MySQL"
        ),
        pytest.param(MYSQL, "8.0", "8.0", (), id="MySQL without an Aurora version"),
        pytest.param(MYSQL, "5.7", "5.7", (), id="MySQL 5.7 without an Aurora version"),
        pytest.param(MYSQL, "8.4", "8.4", (), id="MySQL 8.4 without an Aurora version"),
        pytest.param(MYSQL, "5.7.12", "5.7", (), id="a community version of 5.7"),
        pytest.param(MYSQL, "8.0.23", "8.0", (), id="a community version of 8.0"),
        pytest.param(
            "aurora", "5.6.10a", "5.6", (), id="a community version of the retired engine"
        ),
        pytest.param(
            "aurora", "5.6.mysql_aurora.1.22.2", "5.6", (1, 22, 2), id="the retired engine in full"
        ),
    ],
)
def test_a_version_is_taken_apart(
    engine: str, text: str, major: str, release: tuple[int, ...]
) -> None:
    version = version_of(engine, text)
    assert (version.engine, version.text) == (engine, text.strip())
    assert (version.major, version.release) == (major, release)
    assert version.names_one_release is bool(release)
    assert version.limitless is text.endswith("-limitless")


@pytest.mark.parametrize(
    ("engine", "text"),
    [
        pytest.param(POSTGRESQL, "", id="nothing"),
        pytest.param(POSTGRESQL, "latest", id="a word"),
        pytest.param(POSTGRESQL, "15.x", id="a placeholder"),
        pytest.param(POSTGRESQL, "15.4-beta", id="an unknown suffix"),
        pytest.param(POSTGRESQL, "15.4.", id="a dot too many"),
        pytest.param(POSTGRESQL, "v15.4", id="a letter in front"),
        pytest.param(POSTGRESQL, "15.99999", id="a number longer than any that AWS has used"),
        pytest.param(POSTGRESQL, "1" * 5000, id="a number that Python refuses to read"),
        pytest.param(POSTGRESQL, "\u0661\u0665.\u0664", id="digits of another script"),
        pytest.param(POSTGRESQL, AMS + "3.04.0", id="a MySQL version for PostgreSQL"),
        pytest.param(MYSQL, "15", id="a PostgreSQL version for MySQL"),
        pytest.param(MYSQL, AMS + "3.4.0", id="a MySQL minor with one digit names nothing"),
        pytest.param(MYSQL, AMS + "2.11.1", id="Aurora version 2 is 5.7, not 8.0"),
        pytest.param(MYSQL, "8.0.mysql_aurora.8.0.36", id="8.0 does not count with MySQL"),
        pytest.param(MYSQL, "8.4.mysql_aurora.8.5.1", id="8.4 and 8.5 in one version"),
        pytest.param(MYSQL, "mysql_aurora.3.04.0", id="no MySQL version in front"),
        pytest.param("mariadb", "10.6.1", id="an engine without a list of versions"),
        pytest.param("postgres", "15.4-beta", id="a version that RDS has not"),
        pytest.param("postgres", "x15.4", id="a letter before a version of RDS"),
        pytest.param("", "15.4", id="no engine"),
    ],
)
def test_a_string_of_another_form_is_not_understood(engine: str, text: str) -> None:
    assert parse(engine, text) is None


@pytest.mark.parametrize(
    ("engine", "text", "minor"),
    [
        pytest.param(POSTGRESQL, "15.4.1", (15, 4), id="PostgreSQL drops the third number"),
        pytest.param(POSTGRESQL, "9.6.25.1", (9, 6, 25), id="old PostgreSQL drops the fourth"),
        pytest.param(MYSQL, AMS + "3.04.2", (3, 4), id="MySQL 8.0 drops the third number"),
        pytest.param(
            MYSQL, "8.4.mysql_aurora.8.4.7", (8, 4, 7), id="MySQL 8.4 drops none of three"
        ),
    ],
)
def test_the_minor_of_a_version(engine: str, text: str, minor: tuple[int, ...]) -> None:
    assert version_of(engine, text).minor == minor


# --- global databases ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "version", "region"),
    [
        pytest.param(POSTGRESQL, "15.7", None, id="15.7, the failure list's own fix"),
        pytest.param(POSTGRESQL, "15.10", None, id="a version above the floor"),
        pytest.param(POSTGRESQL, "15.99", None, id="a version newer than the data"),
        pytest.param(POSTGRESQL, "15.7.2", None, id="a patch level of the floor"),
        pytest.param(POSTGRESQL, " 16.1 ", None, id="the floor of 16 with blanks around"),
        pytest.param(POSTGRESQL, "11.9", None, id="11.9, below the gap"),
        pytest.param(POSTGRESQL, "11.9.1", None, id="a patch level of 11.9"),
        pytest.param(POSTGRESQL, "11.13", None, id="11.13, above the gap"),
        pytest.param(POSTGRESQL, "12.8", None, id="the floor of 12"),
        pytest.param(POSTGRESQL, "13.4", None, id="the floor of 13"),
        pytest.param(POSTGRESQL, "14.3", None, id="the floor of 14"),
        pytest.param(POSTGRESQL, "17.4", None, id="the floor of 17"),
        pytest.param(POSTGRESQL, "18.3", None, id="the floor of 18 by a third party"),
        pytest.param(POSTGRESQL, "15.7", "xx-new-1", id="a region that the data does not know"),
        pytest.param("Aurora-PostgreSQL", "15.7", None, id="an engine in capitals"),
        pytest.param(MYSQL, AMS + "3.01.0", None, id="the lowest MySQL 8.0, region unknown"),
        pytest.param(MYSQL, AMS + "3.01.0", "us-east-1", id="the lowest MySQL 8.0 in its regions"),
        pytest.param(MYSQL, AMS + "3.04.0", "ap-southeast-5", id="the floor in Malaysia"),
        pytest.param(MYSQL, "5.7.mysql_aurora.2.07.0", None, id="the lowest MySQL 5.7"),
        pytest.param(MYSQL, "5.7.mysql_aurora.2.07.10", "sa-east-1", id="2.07.10 is above 2.07.1"),
        pytest.param(MYSQL, "5.7.mysql_aurora.2.11.2", "AP-SOUTH-2", id="a region in capitals"),
        pytest.param(MYSQL, "8.4.mysql_aurora.8.4.7", None, id="every MySQL 8.4"),
    ],
)
def test_the_version_supports_global_databases(
    engine: str, version: str, region: str | None
) -> None:
    answer = global_database_support(engine, version, region)
    assert isinstance(answer, Supported)
    assert answer.citation.date


@pytest.mark.parametrize(
    ("engine", "version", "region", "word", "floor"),
    [
        pytest.param(
            POSTGRESQL, "15.4", None, USER, "15.7 or later", id="15.4, the failure list's own case"
        ),
        pytest.param(POSTGRESQL, "15.6", None, USER, "15.7 or later", id="15.6, by the same word"),
        pytest.param(POSTGRESQL, "15.4.3", None, USER, "15.7 or later", id="a patch level of 15.4"),
        pytest.param(
            POSTGRESQL, "15.1", None, AWS, "15.2 or later", id="15.1 fails by AWS's word as well"
        ),
        pytest.param(
            POSTGRESQL, "11.8", None, AWS, "11.9 and 11.13 or later", id="11.8, below all of 11"
        ),
        pytest.param(
            POSTGRESQL, "11.10", None, AWS, "11.9 and 11.13 or later", id="11.10, the gap"
        ),
        pytest.param(
            POSTGRESQL, "11.12", None, AWS, "11.9 and 11.13 or later", id="11.12, the gap"
        ),
        pytest.param(POSTGRESQL, "12.7", None, AWS, "12.8 or later", id="below the floor of 12"),
        pytest.param(POSTGRESQL, "13.3", None, AWS, "13.4 or later", id="below the floor of 13"),
        pytest.param(POSTGRESQL, "16.0", None, AWS, "16.1 or later", id="below the floor of 16"),
        pytest.param(POSTGRESQL, "17.2", None, AWS, "17.4 or later", id="below the floor of 17"),
        pytest.param(
            MYSQL,
            AMS + "3.03.3",
            "ap-southeast-5",
            AWS,
            AMS + "3.04.0 or later",
            id="enough elsewhere, too old in Malaysia",
        ),
        pytest.param(
            MYSQL,
            AMS + "3.02.1",
            "ap-southeast-4",
            AWS,
            AMS + "3.03.0 or later",
            id="enough elsewhere, too old in Melbourne",
        ),
        pytest.param(
            MYSQL,
            "5.7.mysql_aurora.2.06.0",
            None,
            AWS,
            "5.7.mysql_aurora.2.07.0 or later",
            id="too old everywhere, region unknown",
        ),
        pytest.param(
            MYSQL,
            "5.7.mysql_aurora.2.07.1",
            "cn-north-1",
            AWS,
            "5.7.mysql_aurora.2.07.2 or later",
            id="too old in China",
        ),
        pytest.param(
            MYSQL,
            "5.7.mysql_aurora.2.11.1",
            "AP-SOUTH-2",
            AWS,
            "5.7.mysql_aurora.2.11.2 or later",
            id="too old in a region in capitals",
        ),
    ],
)
def test_the_version_is_below_the_floor(
    engine: str, version: str, region: str | None, word: str, floor: str
) -> None:
    answer = global_database_support(engine, version, region)
    assert isinstance(answer, Unsupported)
    assert answer.citation.word == word
    assert answer.floor is not None
    assert str(answer.floor) == floor
    assert version in answer.reason
    assert floor in answer.reason
    assert answer.citation.source
    assert answer.citation.date
    assert answer.replacements


def test_the_answer_about_15_4_shows_the_word_of_aws_beside_the_users() -> None:
    answer = global_database_support(POSTGRESQL, "15.4", "us-east-1")
    assert isinstance(answer, Unsupported)
    assert [(floor.citation.word, str(floor)) for floor in answer.other_floors] == [
        (AWS, "15.2 or later")
    ]


def test_the_reason_names_the_region_that_was_asked_for_alone() -> None:
    answer = global_database_support(MYSQL, AMS + "3.01.0", "eu-central-2")
    assert isinstance(answer, Unsupported)
    assert "in eu-central-2:" in answer.reason
    assert "eu-south-2" not in answer.reason
    assert answer.other_floors == ()


@pytest.mark.parametrize(
    ("engine", "version", "part"),
    [
        pytest.param("mysql", "8.0.36", "Aurora clusters only", id="plain MySQL"),
        pytest.param("postgres", None, "Aurora clusters only", id="plain PostgreSQL, no version"),
        pytest.param("custom-oracle-ee", "19", "Aurora clusters only", id="a custom engine"),
        pytest.param("aurora", None, "withdrew the engine aurora", id="the retired engine alone"),
        pytest.param("aurora", "5.6.10a", "2023-02-28", id="the retired engine with a version"),
        pytest.param(
            MYSQL, "5.6.mysql_aurora.1.22.2", "withdrew aurora-mysql 5.6", id="5.6 as aurora-mysql"
        ),
        pytest.param(POSTGRESQL, "10.21", "withdrew aurora-postgresql 10", id="all of 10 is gone"),
        pytest.param(POSTGRESQL, "10", "withdrew", id="10 alone can stand for no version"),
        pytest.param(
            POSTGRESQL, "9.6.22", "withdrew aurora-postgresql 9.6", id="all of 9.6 is gone"
        ),
        pytest.param(POSTGRESQL, "16.4-limitless", "Limitless", id="a Limitless version"),
        pytest.param(POSTGRESQL, "99.1-limitless", "Limitless", id="a Limitless version to come"),
    ],
)
def test_never_in_a_global_database(engine: str, version: str | None, part: str) -> None:
    answer = global_database_support(engine, version)
    assert isinstance(answer, Unsupported)
    assert part in answer.reason
    assert answer.floor is None
    assert answer.citation.source


@pytest.mark.parametrize(
    ("engine", "version", "region", "part"),
    [
        pytest.param(POSTGRESQL, None, None, "no engine version", id="no version"),
        pytest.param(POSTGRESQL, "  ", None, "no engine version", id="a blank version"),
        pytest.param(POSTGRESQL, "15", None, "AWS chooses the minor", id="a major alone"),
        pytest.param(MYSQL, "8.0", None, "AWS chooses the minor", id="a MySQL major alone"),
        pytest.param(MYSQL, "5.7.12", None, "community version", id="a community version"),
        pytest.param(MYSQL, "8.0.23", None, "community version", id="a community version of 8.0"),
        pytest.param(POSTGRESQL, "latest", None, "does not look like a version", id="a word"),
        pytest.param(POSTGRESQL, "19.1", None, "does not cover", id="a major newer than the data"),
        pytest.param(MYSQL, "9.7.mysql_aurora.9.7.1", None, "does not cover", id="a new MySQL"),
        pytest.param(POSTGRESQL, "9.4.1", None, "does not cover", id="a major that never was"),
        pytest.param(
            POSTGRESQL, "18.1", None, "18.3 or later", id="below a third party's floor alone"
        ),
        pytest.param("neptune", "1.3", None, "'neptune'", id="an engine that is not in the data"),
        pytest.param("", "15.4", None, "''", id="an empty engine"),
        pytest.param(
            POSTGRESQL,
            "17.7",
            "ap-southeast-7",
            "ap-southeast-7",
            id="a region without the feature",
        ),
    ],
)
def test_cannot_tell_about_global_databases(
    engine: str, version: str | None, region: str | None, part: str
) -> None:
    answer = global_database_support(engine, version, region)
    assert isinstance(answer, CannotTell)
    assert part in answer.why


def test_a_region_without_the_feature_does_not_hide_a_version_that_is_too_old() -> None:
    assert isinstance(global_database_support(POSTGRESQL, "15.4", "ap-southeast-7"), Unsupported)


# --- what AWS itself says, where the data has it ------------------------------------------------

Rows: TypeAlias = Mapping[str, Mapping[str, tuple[bool, bool | None]]]

ROWS: Rows = {
    POSTGRESQL: {
        "9.6.22": (False, None),
        "11.21": (True, None),
        "12.7": (True, None),
        "12.20": (False, None),
        "13.22": (False, None),
        "13.23": (True, None),
        "14.6": (True, None),
        "14.24": (True, None),
        "15.4": (False, None),
        "15.6": (True, None),
        "15.7": (False, None),
        "15.10": (True, None),
        "15.12": (True, None),
        "15.19": (True, None),
        "16.4": (False, None),
        "16.4-limitless": (True, None),
        "16.8": (True, None),
        "16.13-limitless": (True, None),
        "16.14": (False, None),
        "17.7": (True, None),
        "18.3": (True, None),
        "18.6": (True, None),
        "18.7": (True, False),
    },
    MYSQL: {
        "5.7.mysql_aurora.2.11.0": (False, None),
        "5.7.mysql_aurora.2.12.6": (True, None),
        AMS + "3.04.4": (True, None),
        AMS + "3.04.6": (True, None),
        AMS + "3.05.2": (False, None),
        AMS + "3.10.4": (True, None),
        AMS + "3.10.6": (True, None),
        AMS + "3.11.0": (False, None),
        AMS + "3.13.0": (True, None),
        "8.4.mysql_aurora.8.4.7": (True, None),
    },
}


def listing(rows: Rows) -> Listing:
    return Listing(
        Citation(AWS, "a listing made for these tests", "2026-10-20"),
        "us-east-1",
        {
            engine: {
                text: ListedVersion(text, parse(engine, text), *flags)
                for text, flags in versions.items()
            }
            for engine, versions in rows.items()
        },
    )


# A listing that no refresh of the data changes, with the floors and the calendar as they are.
FIXED = facts()._replace(listing=listing(ROWS))


@pytest.mark.parametrize(
    ("version", "flag", "region", "kind"),
    [
        pytest.param("19.1", True, "us-east-1", Supported, id="yes for a major without a floor"),
        pytest.param("19.1", True, None, Supported, id="yes somewhere, region unknown"),
        pytest.param("19.1", True, "eu-west-1", CannotTell, id="yes, but asked for another region"),
        pytest.param("17.7", False, "us-east-1", Unsupported, id="no in the region asked for"),
        pytest.param("17.7", False, "eu-west-1", Supported, id="no, but asked for another region"),
        pytest.param("17.7", False, None, Supported, id="no in one region, region unknown"),
        pytest.param("15.4", True, "us-east-1", Unsupported, id="yes, but the user's word is no"),
        pytest.param("12.7", True, "us-east-1", Supported, id="yes for a version below AWS's page"),
    ],
)
def test_supports_global_databases_of_the_api_counts_for_its_region(
    version: str, flag: bool, region: str | None, kind: type[Support]
) -> None:
    known = facts()._replace(listing=listing({POSTGRESQL: {version: (True, flag)}}))
    assert isinstance(global_database_support(POSTGRESQL, version, region, known), kind)


def test_the_user_s_word_is_named_where_the_api_says_yes() -> None:
    known = facts()._replace(listing=listing({POSTGRESQL: {"15.4": (True, True)}}))
    answer = global_database_support(POSTGRESQL, "15.4", "us-east-1", known)
    assert isinstance(answer, Unsupported)
    assert answer.citation.word == USER


# --- creation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "version", "until"),
    [
        pytest.param(POSTGRESQL, "15.10", "2028-02-29", id="a long-term support version"),
        pytest.param(POSTGRESQL, " 15.19 ", None, id="the newest of 15, with blanks around"),
        pytest.param(POSTGRESQL, "15.12", "2026-11", id="a version whose end is announced"),
        pytest.param(POSTGRESQL, "16.4-limitless", None, id="Limitless, its namesake is gone"),
        pytest.param(MYSQL, AMS + "3.10.4", "2028-04-30", id="a patch level of a MySQL line"),
        pytest.param(MYSQL, "8.4.mysql_aurora.8.4.7", None, id="MySQL 8.4"),
    ],
)
def test_the_version_can_be_created(engine: str, version: str, until: str | None) -> None:
    answer = creatable(engine, version, FIXED)
    assert isinstance(answer, Creatable)
    assert answer.citation == FIXED.listing.citation
    assert (answer.support_end and answer.support_end.until) == until


def test_the_announced_end_of_15_1_is_not_that_of_15_10() -> None:
    end = SupportEnd(POSTGRESQL, "minor", "15.1", "2024-01-31", FIXED.listing.citation)
    answer = creatable(POSTGRESQL, "15.10", FIXED._replace(support_ends=(end,)))
    assert isinstance(answer, Creatable)
    assert answer.support_end is None


def test_a_creatable_version_tells_whether_aws_charges_for_extended_support() -> None:
    old, new = creatable(POSTGRESQL, "13.23", FIXED), creatable(POSTGRESQL, "16.8", FIXED)
    assert isinstance(old, Creatable)
    assert isinstance(new, Creatable)
    assert (old.extended_support, new.extended_support) == (True, False)


@pytest.mark.parametrize(
    ("engine", "version", "listed"),
    [
        pytest.param(POSTGRESQL, "15.4", True, id="15.4 is listed as deprecated"),
        pytest.param(POSTGRESQL, "15.7", True, id="15.7 is listed as deprecated as well"),
        pytest.param(POSTGRESQL, "15.4.1", True, id="a patch level ends with its minor"),
        pytest.param(POSTGRESQL, "16.4", True, id="16.4, although 16.4-limitless can be created"),
        pytest.param(POSTGRESQL, "15.1", False, id="15.1 is not listed beside newer versions"),
        pytest.param(POSTGRESQL, "15.11", False, id="15.11 was never made"),
        pytest.param(POSTGRESQL, "15.11.1", False, id="a patch level of what was never made"),
        pytest.param(POSTGRESQL, "16.5-limitless", False, id="a Limitless version never made"),
        pytest.param(MYSQL, AMS + "3.05.2", True, id="a MySQL line that has ended"),
        pytest.param(MYSQL, AMS + "3.11.0", True, id="the withdrawn patch level of a live line"),
        pytest.param(MYSQL, AMS + "3.04.5", False, id="a skipped patch level"),
        pytest.param(MYSQL, AMS + "3.00.1", False, id="a line older than every listed one"),
        pytest.param(MYSQL, "5.7.mysql_aurora.2.01.0", False, id="an old line of 5.7"),
        pytest.param(POSTGRESQL, "10.14", True, id="all of 10 is withdrawn"),
        pytest.param(POSTGRESQL, "10", True, id="10 alone can stand for no version"),
        pytest.param("aurora", None, True, id="the retired engine needs no version"),
    ],
)
def test_the_version_is_retired(engine: str, version: str | None, listed: bool) -> None:
    answer = creatable(engine, version, FIXED)
    assert isinstance(answer, Retired)
    assert answer.listed is listed
    assert answer.citation.date
    assert answer.replacements
    assert listed or "withdrawn earlier or never existed" in answer.reason


@pytest.mark.parametrize("version", ["15.4", "15.7"])
def test_both_versions_of_the_failure_list_are_retired_by_the_data_of_the_pack(
    version: str,
) -> None:
    assert isinstance(creatable(POSTGRESQL, version), Retired)


@pytest.mark.parametrize(
    ("engine", "version", "part"),
    [
        pytest.param(POSTGRESQL, None, "no engine version", id="no version"),
        pytest.param(POSTGRESQL, "15", "AWS chooses", id="a major alone"),
        pytest.param(MYSQL, "8.0", "AWS chooses", id="a MySQL major alone"),
        pytest.param(MYSQL, "5.7.12", "community version", id="a community version"),
        pytest.param(POSTGRESQL, "15.20", "newer than", id="a minor newer than the data"),
        pytest.param(POSTGRESQL, "19.1", "newer than", id="a major newer than the data"),
        pytest.param(POSTGRESQL, "15.10.1", "patch levels", id="a patch level of a live minor"),
        pytest.param(
            POSTGRESQL, "16.4.1-limitless", "patch levels", id="a patch level of a live Limitless"
        ),
        pytest.param(MYSQL, AMS + "3.10.7", "newer than", id="a new patch level of a live line"),
        pytest.param(MYSQL, AMS + "3.14.0", "newer than", id="a new line"),
        pytest.param(
            POSTGRESQL,
            "16.14-limitless",
            "newer than",
            id="a new Limitless version, its namesake gone",
        ),
        pytest.param(POSTGRESQL, "latest", "does not look like a version", id="a word"),
        pytest.param("mariadb", "10.6.1", "'mariadb'", id="an engine without a list of versions"),
        pytest.param("postgres", "15", "names a major", id="a major of RDS, listed as deprecated"),
        pytest.param("mysql", "8.0", "names a major", id="a major of RDS MySQL"),
        pytest.param("postgres", "15.20", "newer than", id="RDS, newer than the data"),
        pytest.param("postgres", "14.24-rds.20270101", "newer than", id="a newer build of RDS"),
    ],
)
def test_cannot_tell_about_creation(engine: str, version: str | None, part: str) -> None:
    answer = creatable(engine, version, FIXED)
    assert isinstance(answer, CannotTell)
    assert part in answer.why


# --- what to use instead ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "major", "texts"),
    [
        pytest.param(
            POSTGRESQL,
            "15",
            ["15.10 (long-term support until 2028-02-29)", "15.19"],
            id="long-term support before the newest",
        ),
        pytest.param(
            POSTGRESQL,
            "17",
            ["17.7 (long-term support until 2030-02-28)"],
            id="the long-term support version is the newest, and is said once",
        ),
        pytest.param(
            POSTGRESQL,
            "16",
            ["16.8 (long-term support until 2029-02-28)"],
            id="a newer Limitless version is never offered, a newer retired one neither",
        ),
        pytest.param(
            MYSQL,
            "8.0",
            [AMS + "3.10.6 (long-term support until 2028-04-30)", AMS + "3.13.0"],
            id="the longer of two long-term lines, at its newest patch level",
        ),
        pytest.param(
            POSTGRESQL, "18", ["18.6"], id="not 18.7, of which AWS says that it does not fit"
        ),
        pytest.param(
            POSTGRESQL,
            "13",
            ["13.23 (paid Extended Support)", "14.6 (long-term support until 2027-02-28)"],
            id="past standard support, so the next major is offered as well",
        ),
        pytest.param(
            POSTGRESQL,
            "12",
            ["14.6 (long-term support until 2027-02-28)"],
            id="what can be created is below the floor, the next major past standard support",
        ),
        pytest.param(
            POSTGRESQL,
            "9.6",
            ["14.6 (long-term support until 2027-02-28)"],
            id="nothing left of the major",
        ),
        pytest.param(POSTGRESQL, "99", [], id="nothing known of the major or above"),
        pytest.param("postgres", "15", [], id="an engine that is not in the data"),
    ],
)
def test_what_to_use_instead(engine: str, major: str, texts: list[str]) -> None:
    assert [str(item) for item in replacements(engine, major, known=FIXED)] == texts


def test_the_retired_engine_is_replaced_by_aurora_mysql() -> None:
    answer = creatable("aurora", None, FIXED)
    assert isinstance(answer, Retired)
    assert [item.engine for item in answer.replacements] == [MYSQL]


def test_a_long_term_line_that_ended_before_the_data_is_not_offered() -> None:
    later = FIXED.listing._replace(citation=Citation(AWS, "later", "2028-03-01"))
    known = FIXED._replace(listing=later)
    assert [str(item) for item in replacements(POSTGRESQL, "15", known=known)] == [
        "15.19 (paid Extended Support)",
        "16.8 (long-term support until 2029-02-28)",
    ]


ALIVE_IN_AURORA_ONLY = (
    *("14.17", "15.10", "15.12", "16.8", "17.4"),
    *("11.9", "11.21", "12.9", "13.9", "14.6"),
)


@pytest.mark.parametrize("version", ALIVE_IN_AURORA_ONLY)
def test_rds_and_aurora_retire_versions_apart(version: str) -> None:
    assert isinstance(creatable("postgres", version), Retired)
    assert isinstance(creatable(POSTGRESQL, version), Creatable)


@pytest.mark.parametrize(
    ("engine", "version", "is_offered"),
    [
        ("mysql", "5.7.44", False),
        ("mysql", "5.7.44-rds.20260902", True),
        ("mysql", "8.0.42", True),
        ("mysql", "8.4.5", True),
        ("mysql", "8.0.39", False),
        ("postgres", "11.22", False),
        ("postgres", "11.22-rds.20260514", True),
        ("postgres", "12.22", True),
        ("postgres", "13.23", True),
        ("postgres", "9.6.22", False),
        ("postgres", "18.1", True),
    ],
)
def test_versions_of_rds_are_compared_as_a_whole(
    engine: str, version: str, is_offered: bool
) -> None:
    assert isinstance(creatable(engine, version), Creatable if is_offered else Retired)


def test_what_rds_offers_instead_is_a_version_without_a_build_where_there_is_one() -> None:
    assert [str(each) for each in replacements("postgres", "13")] == ["13.23"]
    assert [str(each) for each in replacements("mysql", "5.7")] == ["5.7.44-rds.20260902"]


@pytest.mark.parametrize(
    ("version", "today", "until"),
    [
        ("14.18", "2026-10-20", "2026-12"),
        ("14.18", "2025-11-30", None),
        ("14.18", "2025-12-01", "2026-12"),
        ("15.10", "2026-10-20", None),
        ("15.10", "2027-03-05", "2028-02-29"),
        ("14.24", "2026-10-20", "2027-02-28"),
        ("17.7", "2026-10-20", None),
        ("15.4", "2026-10-20", None),
        ("15", "2026-10-20", None),
    ],
)
def test_support_that_ends_within_a_year(version: str, today: str, until: str | None) -> None:
    end = ending_support(POSTGRESQL, version, today=date.fromisoformat(today))
    assert (end.until if end else None) == until


@pytest.mark.parametrize(
    ("version", "accepted"), [("15.7", True), ("15.13", True), ("15.6", False), ("16.4", False)]
)
def test_what_the_failure_list_names_as_working(version: str, accepted: bool) -> None:
    assert is_accepted_by_user(POSTGRESQL, version) is accepted


def every_listed() -> list[tuple[str, ListedVersion]]:
    return [
        (engine, row) for engine, rows in facts().listing.versions.items() for row in rows.values()
    ]


@pytest.mark.parametrize("region", [None, "us-east-1", "ap-southeast-5", "ap-south-2"])
def test_every_replacement_can_be_created_and_be_in_a_global_database(region: str | None) -> None:
    majors = {
        (engine, row.parsed.major)
        for engine, row in every_listed()
        if row.parsed and engine in ENGINES
    }
    for engine, major in majors:
        offered = replacements(engine, major, region)
        assert offered
        for item in offered:
            assert isinstance(creatable(item.engine, item.version), Creatable)
            answer = global_database_support(item.engine, item.version, region)
            assert isinstance(answer, Supported)


# --- what always holds --------------------------------------------------------------------------

ENGINE = st.one_of(st.sampled_from([POSTGRESQL, MYSQL, "aurora", "mysql", "custom-x"]), st.text())
NUMBERS = st.integers(min_value=0, max_value=99)
VERSION = st.one_of(
    st.text(),
    st.from_regex(r"[0-9.]{0,12}", fullmatch=True),
    st.sampled_from([row.text for _, row in every_listed()]),
    st.builds("{}.{}".format, NUMBERS, NUMBERS),
    st.builds("{}.{}-limitless".format, NUMBERS, NUMBERS),
    st.builds("8.0.mysql_aurora.3.{:02d}.{}".format, NUMBERS, NUMBERS),
    st.builds("5.7.mysql_aurora.2.{:02d}.{}".format, NUMBERS, NUMBERS),
)
REGION = st.one_of(
    st.none(), st.sampled_from(["us-east-1", "ap-south-2", "ap-southeast-7"]), st.text()
)
POSTGRESQL_VERSION = st.builds("{}.{}".format, st.integers(9, 20), NUMBERS)
MYSQL_VERSION = st.one_of(
    st.builds("8.0.mysql_aurora.3.{:02d}.{}".format, NUMBERS, st.integers(0, 12)),
    st.builds("5.7.mysql_aurora.2.{:02d}.{}".format, NUMBERS, st.integers(0, 12)),
    st.builds("8.4.mysql_aurora.8.4.{}".format, NUMBERS),
)


@given(ENGINE, st.one_of(st.none(), VERSION), REGION)
def test_no_string_raises_and_every_no_gives_its_source(
    engine: str, version: str | None, region: str | None
) -> None:
    support = global_database_support(engine, version, region)
    creation = creatable(engine, version)
    for answer in (support, creation):
        if isinstance(answer, Unsupported | Retired):
            assert answer.reason
            assert answer.citation.source
            assert answer.citation.date
        if isinstance(answer, CannotTell):
            assert answer.why


@given(VERSION)
def test_a_version_that_names_no_release_is_never_a_certain_no(version: str) -> None:
    parsed = parse(POSTGRESQL, version)
    gone = {item.major for item in facts().withdrawn if item.engine == POSTGRESQL}
    if parsed is not None and (
        parsed.names_one_release or parsed.limitless or parsed.major in gone
    ):
        return
    assert isinstance(global_database_support(POSTGRESQL, version), CannotTell)
    assert isinstance(creatable(POSTGRESQL, version), CannotTell)


def in_the_gap_of_11(text: str) -> bool:
    """AWS lists 11.9 and 11.13 or later, and nothing between."""
    parsed = parse(POSTGRESQL, text)
    return parsed is not None and (11, 10) <= parsed.minor <= (11, 12)


def _newer_than(engine: str, older: str, newer: str) -> bool:
    first, second = version_of(engine, older), version_of(engine, newer)
    return first.major == second.major and first.release < second.release


@given(
    st.one_of(
        st.tuples(st.just(POSTGRESQL), POSTGRESQL_VERSION, POSTGRESQL_VERSION),
        st.tuples(
            st.just(POSTGRESQL),
            st.builds("11.{}".format, NUMBERS),
            st.builds("11.{}".format, NUMBERS),
        ),
        st.tuples(st.just(MYSQL), MYSQL_VERSION, MYSQL_VERSION),
    ),
    REGION,
)
def test_a_newer_version_is_supported_where_an_older_one_is(
    pair: tuple[str, str, str], region: str | None
) -> None:
    engine, older, newer = pair
    if not _newer_than(engine, older, newer) or in_the_gap_of_11(newer):
        return
    if isinstance(global_database_support(engine, older, region), Supported):
        assert isinstance(global_database_support(engine, newer, region), Supported)


@given(st.one_of(POSTGRESQL_VERSION, MYSQL_VERSION), st.sampled_from([POSTGRESQL, MYSQL]))
def test_a_no_without_a_region_is_a_no_in_every_region(version: str, engine: str) -> None:
    if not isinstance(global_database_support(engine, version, None), Unsupported):
        return
    regions = {region for floor in facts().floors for region in floor.regions} | {"us-east-1"}
    for region in regions:
        assert isinstance(global_database_support(engine, version, region), Unsupported)


@given(st.sampled_from(every_listed()))
def test_creation_agrees_with_the_listing(entry: tuple[str, ListedVersion]) -> None:
    engine, row = entry
    answer: Creation = creatable(engine, row.text)
    assert isinstance(answer, Creatable if row.creatable else Retired)


@given(st.sampled_from(every_listed()), st.integers(1, 9))
def test_nothing_newer_than_the_newest_of_its_major_is_retired(
    entry: tuple[str, ListedVersion], step: int
) -> None:
    engine, row = entry
    parsed = row.parsed
    gone = {(item.engine, item.major) for item in facts().withdrawn}
    if parsed is None or parsed.limitless or (engine, parsed.major) in gone:
        return
    newest = max(
        other.parsed.release
        for name, other in every_listed()
        if name == engine and other.parsed is not None and other.parsed.major == parsed.major
    )
    if engine == POSTGRESQL:
        newer = f"{newest[0]}.{newest[1] + step}"
    elif parsed.major == "8.4":
        newer = f"8.4.mysql_aurora.8.4.{newest[2] + step}"
    else:
        newer = f"{parsed.major}.mysql_aurora.{newest[0]}.{newest[1] + step:02d}.0"
    assert isinstance(creatable(engine, newer), CannotTell)


def test_many_threads_get_the_same_facts() -> None:
    aurora_facts.facts.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: global_database_support(POSTGRESQL, "15.4"), range(32)))
    assert len(answers) == 1


# --- the data files -----------------------------------------------------------------------------


def content(name: str) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((DATA_DIRECTORY / name).read_text(encoding="utf-8"))
    return loaded


def release_key(engine: str, text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sort key of a version, of a line of MySQL (…3.10) or of a major."""
    parsed = parse(engine, text) or parse(engine, f"{text}.0")
    assert parsed is not None, text
    return (major_order(parsed.major), parsed.release)


def test_the_listing_is_sorted() -> None:
    for engine, rows in facts().listing.versions.items():
        keys = [(release_key(engine, text), text) for text in rows]
        assert keys == sorted(keys)


def test_every_row_of_the_listing_names_one_version() -> None:
    for engine, row in every_listed():
        assert row.parsed is not None, f"{engine} {row.text}"
        assert row.parsed.names_one_release


def test_the_listing_says_where_it_is_from_and_of_which_day() -> None:
    citation = facts().listing.citation
    assert citation.source
    assert DAY.fullmatch(citation.date)
    assert facts().listing.region


def test_the_floors_are_sorted_and_each_is_said_once() -> None:
    keys = [(floor.engine, major_order(floor.major)) for floor in facts().floors]
    assert keys == sorted(keys)
    said = [
        (floor.engine, floor.major, floor.citation.word, region)
        for floor in facts().floors
        for region in (floor.regions or ("everywhere",))
    ]
    assert len(said) == len(set(said))
    assert all(list(floor.regions) == sorted(floor.regions) for floor in facts().floors)


def test_every_fact_has_a_word_a_source_and_a_day() -> None:
    known = facts()
    citations = [
        *(fact.citation for fact in known.floors),
        *(fact.citation for fact in known.exclusions),
        *(fact.citation for fact in known.regions_without),
        *(fact.citation for fact in known.withdrawn),
        *(fact.citation for fact in known.support_ends),
    ]
    for citation in citations:
        assert citation.word in (AWS, USER, THIRD_PARTY)
        assert citation.source
        assert DAY.fullmatch(citation.date)


def test_no_regional_floor_is_below_the_general_one() -> None:
    general = {
        (floor.engine, floor.major): floor
        for floor in facts().floors
        if not floor.regions and floor.citation.word == AWS
    }
    for floor in facts().floors:
        for span in floor.spans:
            if span.first is not None:
                assert general.get((floor.engine, floor.major), floor).admits(span.first)


def test_the_support_calendar_is_sorted_and_each_end_is_said_once() -> None:
    keys = [
        (end.engine, end.kind, release_key(end.engine, end.version)) for end in facts().support_ends
    ]
    assert keys == sorted(set(keys))
    for end in facts().support_ends:
        assert end.kind in ("lts", "minor", "major")
        assert DAY.fullmatch(end.until)


def test_no_minor_outlives_the_standard_support_of_its_major() -> None:
    majors = {
        (end.engine, end.version): end.until for end in facts().support_ends if end.kind == "major"
    }
    for end in facts().support_ends:
        major = end.version.split(".")[0]
        assert end.until <= majors.get((end.engine, major), "9999")


def test_every_major_that_can_be_created_has_a_floor() -> None:
    floors = {(floor.engine, floor.major) for floor in facts().floors}
    for engine, row in every_listed():
        if row.creatable and row.parsed is not None and engine in ENGINES:
            assert (engine, row.parsed.major) in floors


def test_nothing_withdrawn_can_be_created() -> None:
    gone = {(item.engine, item.major) for item in facts().withdrawn}
    for engine, row in every_listed():
        if row.parsed is not None and (engine, row.parsed.major) in gone:
            assert not row.creatable


@pytest.mark.parametrize("name", [FLOORS_FILE, CALENDAR_FILE])
def test_a_hand_written_file_has_one_entry_a_line(name: str) -> None:
    lines = (DATA_DIRECTORY / name).read_text(encoding="utf-8").splitlines()
    for key, value in content(name).items():
        entries = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type]
        for label, entry in entries:
            start = f"{json.dumps(label)}: " if isinstance(value, dict) else ""
            line = f"    {start}{json.dumps(entry, ensure_ascii=False)}"
            assert line in lines or f"{line}," in lines, f"{key}: {entry}"


def test_every_source_is_used() -> None:
    for name in (FLOORS_FILE, CALENDAR_FILE):
        loaded = content(name)
        used = {
            entry["source"]
            for group in loaded.values()
            if isinstance(group, list)
            for entry in group
            if isinstance(entry, dict)
        }
        sources = loaded["sources"]
        assert isinstance(sources, dict)
        assert used == set(sources)
        assert list(sources) == sorted(sources)


def copy_of_the_data(directory: Path, name: str, old: str, new: str) -> None:
    """Copy the three files, with one slip in one of them."""
    for file in (VERSIONS_FILE, FLOORS_FILE, CALENDAR_FILE):
        text = (DATA_DIRECTORY / file).read_text(encoding="utf-8")
        if file == name:
            assert old in text
            text = text.replace(old, new)
        (directory / file).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        pytest.param(
            FLOORS_FILE, '[["15.2", null]]', '[["16.2", null]]', "no version of", id="another major"
        ),
        pytest.param(
            FLOORS_FILE,
            '[["15.2", null]]',
            '[["15", null]]',
            "no version of",
            id="a major as bound",
        ),
        pytest.param(
            FLOORS_FILE, '[["15.2", null]]', '[["15.2"]]', "first, last", id="a range of one end"
        ),
        pytest.param(FLOORS_FILE, '[["15.2", null]]', "[]", "ranges should be", id="no range"),
        pytest.param(
            FLOORS_FILE,
            '"source": "deployment-report"',
            '"source": "x"',
            "no source is called",
            id="source",
        ),
        pytest.param(
            VERSIONS_FILE,
            '"15.4": {"creatable": false}',
            '"15.4": {}',
            "does not say whether",
            id="a row without an answer",
        ),
        pytest.param(
            CALENDAR_FILE, '"until": "2028-02-29"', '"until": 2028', "until", id="a number"
        ),
    ],
)
def test_a_slip_in_the_data_is_refused(
    tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    copy_of_the_data(tmp_path, name, old, new)
    with pytest.raises(DataFileError, match=message):
        aurora_facts.load(tmp_path)


def test_the_data_loads_from_another_directory_unchanged(tmp_path: Path) -> None:
    copy_of_the_data(tmp_path, VERSIONS_FILE, "creatable", "creatable")
    assert aurora_facts.load(tmp_path) == facts()


def test_a_floor_says_its_versions_in_words() -> None:
    first, last = version_of(POSTGRESQL, "15.2"), version_of(POSTGRESQL, "15.4")
    citation = Citation(AWS, "a test", "2026-10-20")
    spans = {
        "15.2 or later": Span(first, None),
        "up to 15.4": Span(None, last),
        "15.2": Span(first, first),
        "15.2 to 15.4": Span(first, last),
        "all versions": Span(None, None),
    }
    assert {text: str(span) for text, span in spans.items()} == {text: text for text in spans}
    both = Floor(POSTGRESQL, "15", (), (spans["15.2"], spans["up to 15.4"]), citation)
    assert str(both) == "15.2 and up to 15.4"
    assert str(citation) == "a test (2026-10-20)"


def test_the_data_is_found_beside_the_code() -> None:
    assert (data_files.DATA_DIRECTORY / VERSIONS_FILE).is_file()
