"""The files that a call can leave: one list for `aws-dr-preflight` and for `python -m reports`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from . import as_json, contents, junit
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


# The libraries that these need are imported where such a report is asked for: they take half
# of a second.


def _html(given: Given) -> str:
    from . import rendering  # noqa: PLC0415 - see above

    return rendering.as_html(given.report)


def _markdown(given: Given) -> str:
    from . import rendering  # noqa: PLC0415 - see above

    return rendering.as_markdown(given.report)


def _sarif(given: Given) -> str:
    from . import sarif  # noqa: PLC0415 - see above

    return sarif.render(given.logs, given.places)


OUTPUTS: Final = (
    Output("html", "a page for people", _html),
    Output("markdown", "Markdown", _markdown),
    Output("sarif", "SARIF", _sarif),
    Output("junit", "JUnit XML", lambda given: junit.render(given.logs, given.strict)),
    Output("json", "JSON", lambda given: as_json.render(given.report)),
)
