"""Colours as people write them in YAML, where a # without quotes begins a comment."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from socialbench.config.source import Fraction, Whole
from socialbench.config.vocabulary import shown

_COLOUR = re.compile(r"#?[0-9a-fA-F]{6}")


def _read_colour(value: object) -> str:
    text = value.source if isinstance(value, (Whole, Fraction)) else value
    if not isinstance(text, str) or not _COLOUR.fullmatch(text):
        raise ValueError(f'{shown(value)} is no colour; write one in quotes, e.g. "#0b5c8a"')
    return "#" + text.removeprefix("#").lower()


Colour = Annotated[
    str | None,
    BeforeValidator(_read_colour),
    WithJsonSchema({"type": ["string", "integer"], "pattern": "^#?[0-9a-fA-F]{6}$"}),
]
"""Read as "#rrggbb"; None only where nothing is written."""
