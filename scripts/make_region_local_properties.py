#!/usr/bin/env python3
"""Make policies/data/region_local_properties.json: which properties stay within one region.

    python scripts/make_region_local_properties.py [--as-of DATE]
    ... --check       change nothing; exit 1 where the file is not what would be written
    ... --unjudged    list the properties that name something and that nobody has judged

Which resource types there are, and which properties they have, is read off the installed
pulumi-aws. Which of these AWS looks up in one region, and why the others have no row, is judged by
hand in scripts/region_judgements.json, since no SDK says it. A property that names something by an
ARN or an id and that has not been judged stops the script: add it there, as a row if AWS surely
looks in one region only, else with the reason.

Exit codes: 0 done, 1 stale (``--check``), 2 could not be done.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

ROOT = Path(__file__).resolve().parent.parent
# Neither the pack nor the scripts are an installed package.
sys.path.insert(0, str(ROOT))

from policies.model import data_files, vocabulary  # noqa: E402
from scripts.region_judgements import FILE as JUDGEMENTS  # noqa: E402
from scripts.region_judgements import (  # noqa: E402
    JudgementError,
    Judgements,
    Lookup,
    Reason,
    names_something,
)
from scripts.sdk_inputs import Input, SdkInputs  # noqa: E402

Rows: TypeAlias = dict[str, dict[str, Lookup]]

FILE: Final = "region_local_properties.json"
ABOUT: Final = (
    "Properties whose value AWS looks up in one region, and the types that they name. The region "
    "is the resource's own, the one that `region` states, that of what `region_of` names, or "
    "`only_region`. A dot leads into a block. Types are written as policies/model/vocabulary.py "
    "calls them. `judged` counts the properties of pulumi-aws that name something and have no row, "
    "by reason.",
    "Written by scripts/make_region_local_properties.py from scripts/region_judgements.json, where "
    "the judgements are; not to be edited.",
)


class TableError(Exception):
    """The table could not be made; the text says what to do about it."""


def rows(inputs: Iterable[Input], judgements: Judgements) -> Rows:
    """Every type with its properties that stay within one region."""
    found: Rows = {}
    for given in inputs:
        judgement = judgements.of(given)
        if isinstance(judgement, Lookup):
            # Two tokens of one thing (lb and alb) share a row.
            term = vocabulary.term_of(given.token)
            name, dot, inner = given.path.partition(".")
            called = {own: name for name, own in term.names.items()}.get(name, name)
            found.setdefault(term.kind, {})[called + dot + inner] = judgement
    return found


def unjudged(inputs: Iterable[Input], judgements: Judgements) -> Iterator[Input]:
    """Properties that name something by an ARN or an id, and that nobody has judged."""
    return (each for each in inputs if names_something(each) and judgements.of(each) is None)


def without_a_row(inputs: Iterable[Input], judgements: Judgements) -> dict[str, int]:
    """How many properties that name something have no row, by reason."""
    counted: Counter[Reason] = Counter()
    for given in inputs:
        judgement = judgements.of(given)
        if isinstance(judgement, Reason) and names_something(given):
            counted[judgement] += 1
    return {reason.value: counted[reason] for reason in Reason}


def refuse_unknown(found: Rows, tokens: Iterable[str]) -> None:
    """A slip in what is written by hand must not turn into a row that never matches."""
    known = set(tokens)
    for kind, properties in found.items():
        for path, said in properties.items():
            for each in said.targets:
                if each not in known:
                    raise TableError(f"{kind}.{path} names what pulumi-aws does not have: {each}")


def refuse_unjudged(inputs: Sequence[Input], judgements: Judgements) -> None:
    """A property that is new in pulumi-aws needs somebody to look at it."""
    found = [each.whole for each in unjudged(inputs, judgements)]
    if found:
        raise TableError(
            f"nobody has judged {', '.join(found)}. Add each to {JUDGEMENTS.name}: to `rows` if "
            "AWS looks for what it names in one region only, else to `without_a_row` with the "
            f"reason, or to `{Reason.UNVERIFIED.value}`"
        )


def render(found: Rows, reasons: Mapping[str, int], name: str, date: str) -> str:
    """The file's text: one property a line, so that a diff shows what has changed."""
    types = {
        kind: {path: _written(said) for path, said in sorted(properties.items())}
        for kind, properties in sorted(found.items())
    }
    whole = {
        "about": list(ABOUT),
        "source": {"name": name, "date": date},
        "judged": dict(reasons),
        "types": types,
    }
    text = json.dumps(whole, indent=2)
    # Lists of one or two targets read better on their property's line.
    return re.sub(r"\[\n\s+(\"aws:[^\]]*?)\n\s+\]", _on_one_line, text) + "\n"


def _written(said: Lookup) -> object:
    """A list of targets, or an object where there is more to say."""
    return {"targets": list(said.targets), **said.more} if said.more else list(said.targets)


def _on_one_line(found: re.Match[str]) -> str:
    return "[" + re.sub(r"\s*\n\s*", " ", found.group(1)) + "]"


def read_present(path: Path) -> Mapping[str, object]:
    """The file as it is; empty where there is none yet."""
    return data_files.read(path.name, path.parent) if path.exists() else {}


def changes(before: Mapping[str, object], after: Rows) -> Iterator[str]:
    """Say in words which rows are different."""
    then = {
        f"{kind}.{path}": targets
        for kind, properties in data_files.mapping(before.get("types", {}), "types").items()
        for path, targets in data_files.mapping(properties, kind).items()
    }
    now = {
        f"{kind}.{path}": _written(said)
        for kind, properties in after.items()
        for path, said in properties.items()
    }
    for row in sorted({*then, *now}):
        if row not in then:
            yield f"{row}: new"
        elif row not in now:
            yield f"{row}: gone"
        elif then[row] != now[row]:
            yield f"{row}: different"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _options(arguments)
    try:
        sdk = SdkInputs(options.sdk or installed())
        inputs = list(sdk.all())
        judgements = Judgements()
        if options.unjudged:
            print(*(each.whole for each in unjudged(inputs, judgements)), sep="\n")
            return 0
        present = read_present(options.output)
        print(f"reading {len(sdk.tokens())} types of pulumi-aws {sdk.version}")
        refuse_unjudged(inputs, judgements)
        found = rows(inputs, judgements)
        refuse_unknown(found, sdk.tokens())
        reasons = without_a_row(inputs, judgements)
        different = list(changes(present, found))
    except (TableError, JudgementError, data_files.DataFileError, OSError) as error:
        print(f"make_region_local_properties: {error}", file=sys.stderr)
        return 2
    print(*different, sep="\n", end="\n" if different else "")
    for entry in judgements.without_use(inputs):
        print(f"{JUDGEMENTS.name} judges what pulumi-aws {sdk.version} does not have: {entry}")
    if options.check:
        stale = bool(different) or present.get("judged") != reasons
        print(f"{FILE} is {'stale' if stale else 'up to date'}")
        return 1 if stale else 0
    name = f"input properties of pulumi-aws {sdk.version}"
    options.output.write_text(render(found, reasons, name, options.as_of), encoding="utf-8")
    print(
        f"{FILE} written: {sum(map(len, found.values()))} properties of {len(found)} types; "
        f"{sum(reasons.values())} without a row"
    )
    return 0


def installed() -> Path:
    """The folder of the installed pulumi_aws."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise TableError("pulumi-aws is not installed: pip install pulumi-aws")
    return Path(spec.origin).parent


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make_region_local_properties", description=f"Make policies/data/{FILE}."
    )
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    parser.add_argument("--sdk", type=Path, help="the folder of a pulumi_aws package")
    parser.add_argument("--as-of", default=today, help="the day to write into the file")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    parser.add_argument("--unjudged", action="store_true", help="list what nobody has judged")
    parser.add_argument("--output", type=Path, default=data_files.DATA_DIRECTORY / FILE)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
