"""A theme in a file of its own: the same keys as under `report.theme`, its paths beside itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from socialbench.config.shapes import ThemeShape
from socialbench.config.source import Source, read_source
from socialbench.config.vocabulary import shown
from socialbench.config.wording import say, where
from socialbench.errors import ConfigError, Problem

THEME_FILES = ("file", "font", "font_strong", "logo")


def read_theme(theme: ThemeShape, folder: Path) -> ThemeShape:
    """The theme with its paths resolved in `folder`, or that of the file it names. Raises ConfigError with every problem."""
    if theme.file is None:
        return _resolved(theme, folder)
    others = theme.model_dump(exclude_defaults=True).keys() - {"file"}
    source = read_source(folder / theme.file)
    if others:
        raise _problem(source, f"named as the theme's file, beside which {', '.join(sorted(others))} cannot stand")
    if not isinstance(source.tree, dict):
        raise _problem(source, f"a theme is a map of keys and values (accent:, logo: ...), not {shown(source.tree)}")
    if "file" in source.tree:
        raise _problem(source, "a theme's file names no other file")
    found = _resolved(_validated(source, source.tree), (folder / theme.file).parent)
    missing = [path for key in THEME_FILES if (path := getattr(found, key)) and not Path(path).exists()]
    if missing:
        raise _problem(source, *(f"there is no file {path}" for path in missing))
    return found


def _validated(source: Source, tree: dict[str, Any]) -> ThemeShape:
    try:
        theme = ThemeShape.model_validate(tree)
    except ValidationError as error:
        problems = list(source.problems)
        for details in error.errors(include_url=False):
            line, column = source.place(details["loc"], key=details["type"] == "extra_forbidden")
            said = say(details | {"loc": ("report", "theme", *details["loc"])})
            problems.append(Problem(source.file, line, column, where(details["loc"], tree), said))
        raise ConfigError(tuple(problems)) from None
    if source.problems:
        raise ConfigError(tuple(source.problems))
    return theme


def _resolved(theme: ThemeShape, folder: Path) -> ThemeShape:
    paths = {key: str(folder / path) for key in THEME_FILES if (path := getattr(theme, key))}
    return theme.model_copy(update=paths)


def _problem(source: Source, *said: str) -> ConfigError:
    return ConfigError(tuple(Problem(source.file, *source.place(()), "", what) for what in said))
