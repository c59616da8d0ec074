"""Presets: named sets of definitions, one YAML file each in `presets/`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from socialbench.errors import UsageError

FOLDER = Path(__file__).parent / "presets"


def preset_names() -> list[str]:
    """The presets there are."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_preset(name: str) -> Mapping[str, str]:
    """The items of a preset as texts. Raises UsageError for one that does not exist."""
    import yaml

    if name not in preset_names():
        raise UsageError(f"preset {name!r} is not known; there are: {', '.join(preset_names())}")
    items = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return {str(key): str(value) for key, value in items.items()}
