"""Typesetting: the book's data and its templates through typst, to the bytes of a PDF."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from socialbench.errors import UsageError
from socialbench.report import fonts

BOOK = Path(__file__).parent
ACCESSIBLE = "ua-1"


def print_book(content: dict[str, Any], dated: str | None, faces: fonts.Faces = fonts.OWN) -> bytes:
    """Set the book in these fonts, dated with the report's cut-off, so that the same report gives the same bytes.

    The data enter as a value of `sys.inputs`, never as source: no name in them can be markup. UsageError without typst.
    """
    try:
        import typst
    except ImportError as error:
        raise UsageError("pdf needs typst, which is not installed: pip install 'socialbench[pdf]'") from error
    compiler = typst.Compiler(
        str(BOOK / "book.typ"),
        root=str(BOOK),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_font_paths(faces)),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False, sort_keys=True)},
    )
    try:
        return _compiled(compiler, dated, [ACCESSIBLE])
    except typst.TypstError:
        # A letter that no font has forbids the claim of PDF/UA, not the book; a fault of ours fails here again.
        return _compiled(compiler, dated, [])


def _compiled(compiler: Any, dated: str | None, standards: list[str]) -> bytes:
    when = datetime.fromisoformat(dated).astimezone(UTC) if dated else datetime(1970, 1, 1, tzinfo=UTC)
    made: bytes = compiler.compile(format="pdf", timestamp=when.replace(microsecond=0), pdf_standards=standards)
    return made


def _font_paths(faces: fonts.Faces) -> list[str]:
    """Source Sans from its wheel, matplotlib's DejaVu for the scripts it has not, and the fonts that were asked for."""
    import matplotlib

    own = [fonts.OWN.regular.parent, Path(matplotlib.get_data_path()) / "fonts" / "ttf"]
    others = {path for path in (faces.regular, faces.strong, *faces.extra) if path.parent != own[0]}
    return [str(path) for path in (*own, *sorted(others))]
