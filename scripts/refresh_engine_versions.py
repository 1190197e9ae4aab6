#!/usr/bin/env python3
"""Refresh policies/data/engine_versions.json, the listing of Aurora and RDS versions.

    python scripts/refresh_engine_versions.py --from cfn-lint [--wheel FILE | --as-of DATE]
    python scripts/refresh_engine_versions.py --from aws --region us-east-1
    ... --check     change nothing; exit 1 where the file is not what would be written

``--from cfn-lint`` needs no AWS account: cfn-lint publishes what DescribeDBEngineVersions
(IncludeAll) returned, split by Status == deprecated. A wheel, as ``pip download --no-deps
cfn-lint`` leaves it, also carries the day on which its files were packed, the last day on which
AWS can have been asked; an installed cfn-lint does not, so there ``--as-of`` says the day.
``--from aws`` asks AWS itself through boto3 and keeps SupportsGlobalDatabases as well.

The script owns that one file. The floors for global databases and the support calendar are
written by hand in their own files and never touched. Exit codes: 0 done, 1 stale (``--check``),
2 could not be done.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import importlib.metadata
import json
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parent.parent
# The pack is a directory, not an installed package.
sys.path.insert(0, str(ROOT))

from policies.model import data_files  # noqa: E402
from policies.model.aurora.facts import (  # noqa: E402
    AWS,
    VERSIONS_FILE,
    Citation,
    ListedVersion,
    Listing,
    read_listing,
)
from policies.model.aurora.version_strings import (  # noqa: E402
    MYSQL,
    POSTGRESQL,
    RDS_MYSQL,
    RDS_POSTGRESQL,
    major_order,
    parse,
)

Rows = Mapping[str, ListedVersion]

ENGINES = (MYSQL, POSTGRESQL, RDS_MYSQL, RDS_POSTGRESQL)
# cfn-lint's own updater asks this region (scripts/update_schemas_from_aws_api.py).
CFN_LINT_REGION = "us-east-1"
CFN_LINT_FOLDER = "data/schemas/extensions/aws_rds_dbcluster"
CFN_LINT_ALL = "engine_version.json"
CFN_LINT_DEPRECATED = "engine_version_deprecated.json"
# The day that zip files carry when their maker wanted no day in them.
NO_DAY = "1980-01-01"
ABOUT = (
    "The versions of Aurora (aurora-...) and of RDS (mysql, postgres: instances and Multi-AZ DB "
    "clusters) that AWS lists, and whether a database can still be created with each.",
    "Written by scripts/refresh_engine_versions.py; not to be edited. "
    "Rows that name no single version (15, 8.0, 5.7.12) are left out.",
    "global_databases is AWS's SupportsGlobalDatabases; it is missing where the source has none.",
)


EVIDENCE = "an answer of AWS's API"
"""What kind of evidence the file is, whichever way the answer came here."""


class RefreshError(Exception):
    """The listing could not be made; the text says what to do about it."""


class Paginator(Protocol):
    """The part of a boto3 paginator that is used."""

    def paginate(self, **parameters: object) -> Iterable[Mapping[str, object]]:
        """Return the pages of the answer."""


class RdsClient(Protocol):
    """The part of a boto3 RDS client that is used."""

    def get_paginator(self, operation_name: str) -> Paginator:
        """Return a paginator for the operation."""


# --- cfn-lint ---------------------------------------------------------------------------------


def from_cfn_lint_wheel(wheel: Path, as_of: str | None) -> Listing:
    """Read the listing out of a cfn-lint wheel; the day is that of its files, or ``as_of``."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            packed = archive.getinfo(f"cfnlint/{CFN_LINT_FOLDER}/{CFN_LINT_ALL}")
            everything = json.loads(archive.read(packed))
            deprecated = json.loads(
                archive.read(f"cfnlint/{CFN_LINT_FOLDER}/{CFN_LINT_DEPRECATED}")
            )
    except (OSError, KeyError, zipfile.BadZipFile, json.JSONDecodeError) as error:
        raise RefreshError(
            f"{wheel.name} is no cfn-lint wheel that can be read: {error}"
        ) from error
    day = as_of or datetime.date(*packed.date_time[:3]).isoformat()
    if day == NO_DAY:
        raise RefreshError(f"{wheel.name} does not say when it was packed; give --as-of DATE")
    # The second part of a wheel's name is its version (PEP 427).
    return _cfn_lint_listing(wheel.name.split("-")[1], day, everything, deprecated)


def from_installed_cfn_lint(as_of: str | None, present: Listing | None) -> Listing:
    """Read the listing out of the installed cfn-lint.

    Installing loses the day, so it comes from ``as_of``, or from the present file where that was
    made from the same release.
    """
    try:
        release = importlib.metadata.version("cfn-lint")
        package = importlib.import_module("cfnlint")
    except ImportError as error:
        raise RefreshError("cfn-lint is not installed: pip install cfn-lint") from error
    folder = Path(str(package.__file__)).parent / CFN_LINT_FOLDER
    try:
        everything = json.loads((folder / CFN_LINT_ALL).read_text(encoding="utf-8"))
        deprecated = json.loads((folder / CFN_LINT_DEPRECATED).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise RefreshError(f"cfn-lint {release} has no such data: {error}") from error
    if as_of is None and present is not None and present.citation.source == _cfn_lint_name(release):
        as_of = present.citation.date
    if as_of is None:
        raise RefreshError(
            f"the installed cfn-lint {release} does not say of which day its data is; give "
            f"--as-of DATE, or --wheel FILE after pip download --no-deps cfn-lint=={release}"
        )
    return _cfn_lint_listing(release, as_of, everything, deprecated)


def _cfn_lint_name(release: str) -> str:
    return f"DescribeDBEngineVersions as published with cfn-lint {release}"


def _cfn_lint_listing(release: str, day: str, everything: object, deprecated: object) -> Listing:
    gone = _versions_by_engine(deprecated)
    return Listing(
        Citation(AWS, _cfn_lint_name(release), day),
        CFN_LINT_REGION,
        {
            engine: {
                version: ListedVersion(version, parse(engine, version), version not in gone[engine])
                for version in versions
            }
            for engine, versions in _versions_by_engine(everything).items()
        },
    )


def _versions_by_engine(schema: object) -> dict[str, list[str]]:
    """Return the versions of each engine that one of cfn-lint's two schemas names.

    Both files are ``allOf`` lists of ``if``/``then``. The list of versions is under ``then`` in
    the one (these are valid), under ``if`` in the other (these are not).
    """
    found: dict[str, list[str]] = {}
    try:
        for clause in data_files.entries(data_files.mapping(schema, "the schema"), "allOf"):
            condition = _properties(clause, "if")
            engine = data_files.mapping(condition.get("Engine"), "Engine").get("const")
            if not isinstance(engine, str) or engine not in ENGINES:
                continue
            holder = condition if clause.get("then") is False else _properties(clause, "then")
            version = data_files.mapping(holder.get("EngineVersion"), "EngineVersion")
            found[engine] = list(data_files.texts(version, "enum"))
    except data_files.DataFileError as error:
        raise RefreshError(f"cfn-lint's data has a new form: {error}") from error
    missing = [engine for engine in ENGINES if not found.get(engine)]
    if missing:
        raise RefreshError(f"cfn-lint's data names no version of {', '.join(missing)}")
    return found


def _properties(clause: Mapping[str, object], key: str) -> Mapping[str, object]:
    return data_files.mapping(data_files.mapping(clause.get(key), key).get("properties"), key)


# --- AWS --------------------------------------------------------------------------------------


def from_aws(region: str, today: str) -> Listing:
    """Ask AWS. boto3 and its credentials are needed for this source alone."""
    try:
        boto3 = importlib.import_module("boto3")
        exceptions = importlib.import_module("botocore.exceptions")
    except ImportError as error:
        raise RefreshError("boto3 is not installed: pip install boto3") from error
    try:
        client: RdsClient = boto3.client("rds", region_name=region)
        return listing_from_client(client, region, today)
    except exceptions.NoCredentialsError as error:
        raise RefreshError(
            "no AWS credentials were found: set AWS_PROFILE or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY; rds:DescribeDBEngineVersions is the only permission needed"
        ) from error
    except (exceptions.BotoCoreError, exceptions.ClientError) as error:
        raise RefreshError(f"AWS did not answer: {error}") from error


def listing_from_client(client: RdsClient, region: str, today: str) -> Listing:
    """Ask ``client`` for every version of every engine, retired ones included."""
    engines: dict[str, Rows] = {}
    for engine in ENGINES:
        print(f"asking AWS for {engine} in {region}")
        rows: dict[str, ListedVersion] = {}
        pages = client.get_paginator("describe_db_engine_versions").paginate(
            Engine=engine, IncludeAll=True
        )
        for page in pages:
            for entry in data_files.entries(page, "DBEngineVersions"):
                version = data_files.text(entry, "EngineVersion")
                rows[version] = ListedVersion(
                    version,
                    parse(engine, version),
                    data_files.text(entry, "Status") == "available",
                    data_files.optional_flag(entry, "SupportsGlobalDatabases"),
                )
        if not rows:
            raise RefreshError(f"AWS lists no version of {engine} in {region}")
        engines[engine] = rows
    citation = Citation(AWS, f"DescribeDBEngineVersions in {region}", today)
    return Listing(citation, region, engines)


# --- the file ---------------------------------------------------------------------------------


def tidied(listing: Listing) -> Listing:
    """Return ``listing`` sorted, without the rows that name no single version."""
    return listing._replace(
        versions={
            engine: {row.text: row for row in sorted(rows.values(), key=_order) if _is_kept(row)}
            for engine, rows in sorted(listing.versions.items())
        },
    )


def _is_kept(row: ListedVersion) -> bool:
    """Whether the row names one version. A form that is not known is kept: it may be a new one."""
    return row.parsed is None or row.parsed.names_one_release


def _order(row: ListedVersion) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    if row.parsed is None:
        return ((), (), row.text)
    return (major_order(row.parsed.major), row.parsed.release, row.text)


def render(listing: Listing) -> str:
    """Return the file's text: one version a line, so that a diff shows what AWS changed."""
    lines = ["{", '  "about": [']
    lines += _joined(f"    {json.dumps(text)}" for text in ABOUT)
    lines += ["  ],", '  "source": {']
    lines += _joined(
        f"    {json.dumps(key)}: {json.dumps(value)}"
        for key, value in (
            ("name", listing.citation.source),
            ("date", listing.citation.date),
            ("region", listing.region),
            ("evidence", EVIDENCE),
        )
    )
    lines += ["  },", '  "engines": {']
    lines += _joined(_render_engine(engine, rows) for engine, rows in listing.versions.items())
    lines += ["  }", "}"]
    return "\n".join(lines) + "\n"


def _render_engine(engine: str, rows: Rows) -> str:
    body = _joined(
        f"      {json.dumps(version)}: {json.dumps(_row_content(row))}"
        for version, row in rows.items()
    )
    return "\n".join([f"    {json.dumps(engine)}: {{", *body, "    }"])


def _row_content(row: ListedVersion) -> dict[str, bool]:
    content = {"creatable": row.creatable}
    if row.global_databases is not None:
        content["global_databases"] = row.global_databases
    return content


def _joined(items: Iterable[str]) -> list[str]:
    """Put a comma after every item but the last."""
    found = list(items)
    return [f"{item}," for item in found[:-1]] + found[-1:]


def read_present(path: Path) -> Listing | None:
    """Read the file as it is; None where there is none yet."""
    return read_listing(data_files.read(path.name, path.parent)) if path.exists() else None


def changes(before: Listing, after: Listing) -> list[str]:
    """Say in words what is different, one line a version."""
    lines: list[str] = []
    for engine, rows in after.versions.items():
        old = before.of(engine)
        for version, row in rows.items():
            if version not in old:
                lines.append(f"{engine} {version}: new, {_in_words(row)}")
            elif old[version] != row:
                was = _in_words(old[version])
                lines.append(f"{engine} {version}: {_in_words(row)}; before: {was}")
        lines += [f"{engine} {version}: no longer listed" for version in old if version not in rows]
    return lines


def _in_words(row: ListedVersion) -> str:
    words = "can be created" if row.creatable else "cannot be created"
    if row.global_databases is None:
        return words
    return f"{words}, {'supports' if row.global_databases else 'no'} global databases"


# --- the command ------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _options(arguments)
    name = options.output.name
    try:
        present = read_present(options.output)
        listing = tidied(_wanted(options, present))
    except (RefreshError, data_files.DataFileError) as error:
        print(f"refresh_engine_versions: {error}", file=sys.stderr)
        return 2
    _report(present, listing)
    text = render(listing)
    stale = present is None or options.output.read_text(encoding="utf-8") != text
    if options.check:
        print(f"{name} is {'stale' if stale else 'up to date'}")
        return 1 if stale else 0
    if stale:
        options.output.write_text(text, encoding="utf-8")
    print(f"{name} {'written' if stale else 'is up to date already'}")
    return 0


def _wanted(options: argparse.Namespace, present: Listing | None) -> Listing:
    """Return the listing from the source that the options name."""
    print(f"reading from {options.source}")
    if options.source == "cfn-lint":
        if options.wheel is not None:
            return from_cfn_lint_wheel(options.wheel, options.as_of)
        return from_installed_cfn_lint(options.as_of, present)
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    listing = from_aws(options.region, today)
    if options.check and present and present.citation.source == listing.citation.source:
        # A check asks whether AWS's answer has changed, not whether a day has passed.
        return listing._replace(citation=present.citation)
    return listing


def _report(present: Listing | None, listing: Listing) -> None:
    """Print what was read and what is new in it."""
    print(f"read {listing.citation}")
    for engine, rows in listing.versions.items():
        creatable = sum(row.creatable for row in rows.values())
        print(f"{engine}: {len(rows)} versions, {creatable} can be created")
        for row in rows.values():
            if row.parsed is None:
                print(f"{engine} {row.text}: a form that policies/model does not know")
    for line in changes(present, listing) if present else ():
        print(line)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="refresh_engine_versions",
        description=f"Refresh policies/data/{VERSIONS_FILE}.",
    )
    parser.add_argument("--from", dest="source", choices=("cfn-lint", "aws"), required=True)
    parser.add_argument("--wheel", type=Path, help="a cfn-lint wheel instead of the installed one")
    parser.add_argument("--as-of", type=_day, help="the day of cfn-lint's data, YYYY-MM-DD")
    parser.add_argument("--region", default="us-east-1", help="the region to ask (--from aws)")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    parser.add_argument("--output", type=Path, default=data_files.DATA_DIRECTORY / VERSIONS_FILE)
    return parser.parse_args(arguments)


def _day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day such as 2026-10-20") from None


if __name__ == "__main__":
    sys.exit(main())
