"""The files that a call can leave: one list for `aws-dr-preflight` and for `python -m reports`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from . import as_json, contents, junit, rendering, sarif
from .log import Log
from .places import Places


class Given(NamedTuple):
    """What reports are made of. `strict` makes failures of advisory findings, in JUnit."""

    logs: Sequence[Log]
    places: Places
    strict: bool = False

    @property
    def report(self) -> contents.Report:
        return contents.of(self.logs, self.places)


class Output(NamedTuple):
    """A kind of report: the option that names its file, what it is called, and how it is made."""

    option: str
    kind: str
    render: Callable[[Given], str]


OUTPUTS: Final = (
    Output("html", "a page for people", lambda given: rendering.as_html(given.report)),
    Output("markdown", "Markdown", lambda given: rendering.as_markdown(given.report)),
    Output("sarif", "SARIF", lambda given: sarif.render(given.logs, given.places)),
    Output("junit", "JUnit XML", lambda given: junit.render(given.logs, given.strict)),
    Output("json", "JSON", lambda given: as_json.render(given.report)),
)
