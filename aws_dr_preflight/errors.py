"""What goes wrong for a reason that a user can mend."""

from __future__ import annotations

from typing import IO, Any

import click


class Fault(click.ClickException):
    """One message that names the thing and the fix; the command ends with code 2."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(message)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message on standard error."""
        click.echo(f"error: {self.message}", file=file, err=True)
