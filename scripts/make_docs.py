"""Write what the documentation says about each policy, out of the policies' own metadata.

python -m scripts.make_docs            writes
python -m scripts.make_docs --check    changes nothing; exits 1 when a file is not what would be
                                       written, when a policy lacks its notes or examples, and
                                       when a relative link leads nowhere
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from aws_dr_preflight import settings
from policies import RULES
from policies.rule import AnyRule, Asked, Level, ResourceRule, StackRule
from policies.serving import configuration
from reports import pack
from scripts import model_questions
from scripts.comparison import tables
from scripts.comparison.cases import Comparison
from scripts.links import dead_links
from scripts.pins import PinError, Pins
from scripts.pins import documents as pinned_documents
from scripts.policy_page import FOR_EXISTING, SourceError, Sources, page

ROOT = Path(__file__).resolve().parents[1]
_BESIDE_DOCS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write or check the files; 1 when something is left to be done by hand."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    check = parser.parse_args(arguments).check
    problems: list[str] = []
    try:
        # The configuration first: pages quote it.
        for wanted in (_configuration, _pages, _lists, _comparisons, _questions, _pinned):
            for path, text in wanted(root).items():
                if _is_stale(path, text):
                    problems += _told(path, root) if check else _write(path, text, root)
    except (SourceError, PinError) as error:
        problems.append(f"{error}.")
    problems += _strays(root)
    problems += dead_links(markdown(root))
    for problem in problems:
        print(problem.replace(f"{root}/", ""), file=sys.stderr)
    return 1 if problems else 0


def markdown(root: Path) -> list[Path]:
    """The files whose links are looked at."""
    beside = [root / name for name in _BESIDE_DOCS if (root / name).exists()]
    return [*beside, *sorted((root / "docs").rglob("*.md"))]


def _is_stale(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text


def _told(path: Path, root: Path) -> list[str]:
    return [f"{path.relative_to(root)} is stale. Fix: run `make docs`."]


def _write(path: Path, text: str, root: Path) -> list[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.relative_to(root)}")
    return []


def _strays(root: Path) -> Iterator[str]:
    """Pages of no policy."""
    names = {rule.name for rule in RULES}
    for path in sorted((root / "docs" / "policies").glob("*.md")):
        if path.stem not in names:
            yield f"{path} is the page of no policy. Fix: remove it."


def _configuration(root: Path) -> Mapping[Path, str]:
    """The configuration to start from: every policy with its level and options, all of them at
    their defaults, so that it changes nothing; and the schema that editors check one with."""
    content = {rule.name: _settings(rule) for rule in RULES}
    return {
        root / "docs" / "policy-config.json": json.dumps(content, indent=2) + "\n",
        root / "docs" / "config-schema.json": json.dumps(settings.schema(), indent=2) + "\n",
    }


def _settings(rule: AnyRule) -> Mapping[str, Any]:
    defaults = {name: entry["default"] for name, entry in configuration.schema(rule).items()}
    return {"enforcementLevel": rule.level.value, **defaults}


def _pages(root: Path) -> Mapping[Path, str]:
    """The policies' pages."""
    sources = Sources(root / "docs")
    names = [rule.name for rule in RULES]
    return {
        root / "docs" / "policies" / f"{rule.name}.md": page(rule, sources, names) for rule in RULES
    }


def _lists(root: Path) -> Mapping[Path, str]:
    """The files by hand that list policies."""
    guides = root / "docs" / "guides"
    lists = {
        root / "README.md": _table(),
        guides / "preview-and-up.md": _of_one_resource(),
        guides / "existing-stacks.md": _about_what_exists(),
    }
    return {
        path: _with(path.read_text(encoding="utf-8"), path, "policies", text)
        for path, text in lists.items()
    }


def _comparisons(root: Path) -> Mapping[Path, str]:
    """What other tools said when they were run last. The README has its policies by now."""
    place = root / "docs" / "comparison"
    found = Comparison.read(place)
    own, readme = place / "README.md", root / "README.md"
    counted = tables.summary(found)
    texts = {path: path.read_text(encoding="utf-8") for path in (readme, own)}
    texts = {path: _with(text, path, "comparison", counted) for path, text in texts.items()}
    of_own = {"services": tables.by_service(found), "cases": tables.case_by_case(found)}
    for subject, text in of_own.items():
        texts[own] = _with(texts[own], own, subject, text)
    return texts


def _pinned(root: Path) -> Mapping[Path, str]:
    """The files that name versions, with those that they should name."""
    pins = Pins.read(pack.version(), root / "CHANGELOG.md")
    paths = pinned_documents(root, markdown(root))
    return {path: pins.written(path.read_text(encoding="utf-8")) for path in paths}


def _questions(root: Path) -> Mapping[Path, str]:
    """The page of what a rule may ask the model; what it says beside the tables is by hand."""
    path = root / "docs" / "architecture" / "model-questions.md"
    text = _with(path.read_text(encoding="utf-8"), path, "example", model_questions.example())
    return {path: _with(text, path, "questions", model_questions.text(ROOT))}


def marks(subject: str) -> tuple[str, str]:
    """The lines between which a file by hand has what is generated of a subject."""
    return f"<!-- {subject}: generated by `make docs` -->\n", f"<!-- end of {subject} -->\n"


def _with(text: str, path: Path, subject: str, generated: str) -> str:
    """The text of a file by hand, with what is generated between the marks of its subject."""
    first, last = marks(subject)
    before, begin, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        raise SourceError(f"{path} must have the lines {first.strip()} and {last.strip()}")
    return f"{before}{first}{generated}{last}{after}"


def _table() -> str:
    rows = [
        f"| [`{rule.name}`](docs/policies/{rule.name}.md) "
        f"| {rule.level.value} | {rule.description} |"
        for rule in RULES
    ]
    head = ["| policy | default | what it says |", "| --- | --- | --- |"]
    return "\n".join([_numbers(), "", *head, *rows, ""])


_NO_SERVICES = {
    "aws",
    "disaster-recovery",
    "dns",
    "failover",
    "networking",
    "pulumi",
    "rehearsal",
}


def _numbers() -> str:
    """How many policies there are, of what, and how many concern each service."""
    blocking = sum(rule.level is Level.MANDATORY for rule in RULES)
    tables = [len(rule.refusals) for rule in RULES if rule.refusals]
    services = Counter(tag for rule in RULES for tag in rule.tags if tag not in _NO_SERVICES)
    counted = ", ".join(f"{name} {number}" for name, number in services.most_common())
    return fill(
        f"{len(RULES)} policies, {blocking} of them mandatory. {len(tables)} are tables, with "
        f"{sum(tables)} refusals of single resources. Policies by service (a policy may count for "
        f"several): {counted}.",
        100,
        break_on_hyphens=False,
    )


def _of_one_resource() -> str:
    return _bullets(rule for rule in RULES if isinstance(rule, ResourceRule))


def _about_what_exists() -> str:
    asked = [rule for rule in RULES if isinstance(rule, ResourceRule | StackRule)]
    always = (rule for rule in asked if rule.asked is Asked.ALWAYS)
    new = (rule for rule in asked if rule.asked is Asked.AT_CREATION)
    exceptions = "".join(f"- {_linked(name)}: {what}\n" for name, what in FOR_EXISTING.items())
    return (
        f"Also reported for existing resources:\n\n{_bullets(always)}\n"
        f"Reported for new resources only:\n\n{_bullets(new)}\n"
        f"With these exceptions, which are also reported for existing resources:\n\n{exceptions}"
    )


def _bullets(rules: Iterable[AnyRule]) -> str:
    return "".join(f"- {_linked(rule.name)} ({rule.level.value})\n" for rule in rules)


def _linked(name: str) -> str:
    return f"[`{name}`](../policies/{name}.md)"


if __name__ == "__main__":
    sys.exit(main())
