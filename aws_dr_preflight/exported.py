"""Where the resources of an export are declared."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from reports import places
from reports.documents import documents
from reports.log import Urn

_MANIFESTS: Final = ("Pulumi.yaml", "Pulumi.yml")


def declared_in(folder: Path, export: Path) -> places.Places:
    """The lines of the program in `folder` that declare resources of the export. An export may be
    of several programs, and tells the lines of each without its folder; those of other projects
    are left out, as they would be lines of the wrong file."""
    manifest = next((file for name in _MANIFESTS if (file := folder / name).is_file()), None)
    if manifest is None:
        return places.Places(places.Place(_MANIFESTS[0], 1))
    found = places.find(folder, documents("the export", export.read_bytes()))
    project = _project(manifest)
    own = {urn: at for urn, at in found.declared.items() if Urn.parse(urn).project == project}
    return places.Places(found.program, own)


def _project(manifest: Path) -> object:
    try:
        said = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    return said.get("name") if isinstance(said, dict) else None
