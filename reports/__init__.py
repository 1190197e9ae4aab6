"""Policy findings as files: HTML, Markdown, SARIF 2.1.0, JUnit XML and JSON.

`pulumi preview --json` leaves policy findings out, so this reads the engine's events instead. See
docs/guides/reports.md.

    events.py, documents.py   the engine's events, read into a log a stack (log.py)
    record.py                 what the pack's own record adds to them
    places.py                 where the program declares a resource
    contents.py               each defect once, with all its resources; table.py counts them
    message.py, words.py      the parts of a message, and the sentences of every report
    rendering.py              HTML and Markdown; as_json.py, sarif.py and junit.py the rest
    outputs.py                the list of all of these, for both commands
"""
