"""Archives that the CLI uploads, unpacked with what every promised Python has."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path, PurePosixPath


def unpack(content: bytes, folder: Path) -> None:
    """Unpack a tar archive into the folder; ValueError where a member would not stay in it.

    Python checks that itself only since 3.10.12 and 3.11.4 (`filter` of `TarFile.extractall`), and
    every 3.10 and 3.11 is promised. Links are refused too: nothing that is published is one."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            path = PurePosixPath(member.name)
            if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
                raise ValueError(f"{member.name} may not be unpacked")
        archive.extractall(folder)
