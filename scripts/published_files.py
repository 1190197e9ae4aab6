"""List what `pulumi policy publish` uploads: everything in the pack's folder but `.git` and what a
`.gitignore` names, in the folder itself, below it or above it.

python -m scripts.published_files     exits 1 when git does not track one of the files

There is no other ignore file, so tests, documentation and the reference stack are uploaded too.
They are left in: all of it packs to a megabyte and a half, beside 86 MB of dependencies, and a
trimmed copy would have to be made, and trusted, before each publication.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parents[1]
_Ignores: TypeAlias = tuple[tuple[Path, GitIgnoreSpec], ...]


def main() -> int:
    """Print the files, their sizes and what the upload weighs."""
    files = published_files(ROOT)
    for file in files:
        print(f"{file.stat().st_size:>9,}  {file.relative_to(ROOT)}")
    print(f"{len(files)} files, {packed_size(ROOT, files) / 1024:,.0f} KiB compressed")
    strangers = sorted(set(files) - set(_tracked(ROOT)))
    for file in strangers:
        print(f"git does not track {file.relative_to(ROOT)}, and it is uploaded.", file=sys.stderr)
    return 1 if strangers else 0


def published_files(root: Path) -> list[Path]:
    """The files that are uploaded when `root` is published, sorted."""
    above = tuple(found for folder in root.resolve().parents for found in _ignores_of(folder))
    return sorted(_walk(root.resolve(), above))


def packed_size(root: Path, files: Sequence[Path]) -> int:
    """How many bytes the files weigh in a compressed archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for file in files:
            archive.add(file, f"package/{file.relative_to(root)}")
    return len(buffer.getvalue())


def _walk(folder: Path, ignores: _Ignores) -> Iterator[Path]:
    ignores = (*ignores, *_ignores_of(folder))
    for entry in folder.iterdir():
        if entry.name == ".git" or _is_ignored(entry, ignores):
            continue
        if entry.is_dir():
            yield from _walk(entry, ignores)
        elif entry.is_file():
            yield entry


def _ignores_of(folder: Path) -> _Ignores:
    """The folder's own ignore file, if it has one."""
    file = folder / ".gitignore"
    if not file.is_file():
        return ()
    lines = file.read_text(encoding="utf-8").splitlines()
    return ((folder, GitIgnoreSpec.from_lines(lines)),)


def _is_ignored(entry: Path, ignores: _Ignores) -> bool:
    end = "/" if entry.is_dir() else ""
    return any(spec.match_file(f"{entry.relative_to(place)}{end}") for place, spec in ignores)


def _tracked(root: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    return [root / name for name in listed.stdout.split("\0") if name]


if __name__ == "__main__":
    sys.exit(main())
