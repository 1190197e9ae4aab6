"""Policy findings for machines: the engine's events as SARIF 2.1.0 and JUnit XML.

`pulumi preview --json` leaves policy findings out, so this reads the engine's events instead. See
docs/guides/reports.md.
"""
