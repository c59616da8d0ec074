"""Outputs and where they go: one protocol for all formats, files replaced whole or not at all."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from socialbench.errors import NoData, UsageError
from socialbench.report import periods

if TYPE_CHECKING:
    from rich.console import Console

    from socialbench.report.tree import Report

Tell = Callable[[str, float], None]
USUAL = ("html", "json", "csv", "png")
"""What `report` writes without -f."""
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Output:
    """One file of a format: its name (never made of anything from the input) and its bytes."""

    name: str
    data: bytes


class Format(Protocol):
    """One file of `formats/`. `suffix` with its dot; `binary`: not for a terminal. The first output is the main one."""

    suffix: str
    binary: bool

    def render(self, report: Report) -> Iterator[Output]:
        """Render the report: the same report, the same bytes. `report.looks` holds what was asked of its looks."""


def format_names() -> list[str]:
    """Every format there is: the files of `formats/`."""
    from socialbench.report import formats

    return sorted(found.name for found in pkgutil.iter_modules(formats.__path__))


def load_format(name: str) -> Format:
    """Load a format by its name; UsageError with the known ones where there is none."""
    if name not in format_names():
        raise UsageError(f"format {name!r} is not known; take one of {', '.join(format_names())}")
    return cast(Format, importlib.import_module(f"socialbench.report.formats.{name}"))


@dataclass(frozen=True, slots=True)
class Destination:
    """Where outputs go. `output` is what -o said ('-' = stdout), `folder` the reports folder of the run.

    `console` is the screen for the ranking; without one, or when it is no terminal, the ranking is plain text.
    `tell` is called with what is made next and with the part, 0 to 1, of all that is done.
    """

    output: str | None
    folder: Path
    stdout: BinaryIO
    console: Console | None = None
    tell: Tell = lambda what, done: None


def write_outputs(report: Report, formats: Sequence[str], to: Destination) -> list[Path]:
    """Render formats to where they belong and say which files were written.

    No format: the usual ones to files, a page over all periods beside their folder, and the ranking to the screen.
    -o '-' is stdout, another path a file (one format) or a folder (several, or a path without suffix). Without -o,
    text formats go to stdout, the others into the folder. Files are replaced whole. UsageError: several formats to
    stdout, a binary one to a terminal, a path that cannot be written; NoData: a chart is asked for and nobody is ranked.
    """
    if not formats:
        written = _to_folder(report, USUAL, Path(to.output or to.folder), to.tell) if to.output != "-" else []
        if to.output is None:
            written.append(_replace(to.folder.parent / periods.INDEX, periods.index_page(to.folder.parent)))
        _to_screen(report, "terminal", to)
        return written
    names = list(dict.fromkeys(formats))
    if to.output == "-":
        if len(names) > 1:
            raise UsageError("-o - takes one format: name one with -f, or a folder with -o")
        _to_screen(report, names[0], to)
        return []
    if to.output is not None:
        path = Path(to.output)
        is_file = len(names) == 1 and path.suffix and not path.is_dir()
        if is_file:
            _tell_charts(report, to.tell, names[0], (0, 1))
            return _to_file(report, load_format(names[0]), path)
        return _some(_to_folder(report, names, path, to.tell))
    texts = [name for name in names if not load_format(name).binary and not _pictures(name)]
    for name in texts:
        _to_screen(report, name, to)
    files = [name for name in names if name not in texts]
    return _some(_to_folder(report, files, to.folder, to.tell)) if files else []


def _some(written: list[Path]) -> list[Path]:
    if not written:
        raise NoData("nothing to draw: no brand is ranked; `-f terminal` says why")
    return written


def format_for(path: str) -> str | None:
    """The format that a file name's suffix speaks of, None where it speaks of none.

    >>> format_for("out/bank.html"), format_for("out.doc")
    ('html', None)
    """
    suffix = Path(path).suffix.lower()
    return next((name for name in format_names() if load_format(name).suffix == suffix), None)


def report_folder(base: Path, stem: str, period_label: str) -> Path:
    """The folder of a run's outputs, `base/stem/period`: parts made safe, so that none leads out of `base`.

    >>> report_folder(Path("reports"), "../../x", "2026-10").as_posix()
    'reports/x/2026-10'
    """
    return base / safe_part(stem) / safe_part(period_label)


def safe_part(text: str) -> str:
    """A part of a path: letters, digits, dots and dashes, not beginning with a dot, never empty."""
    kept = re.sub(r"[^\w.\-]+", "-", unicodedata.normalize("NFC", text)).strip("-._")
    return kept[:LONGEST_NAME] or "report"


def _pictures(name: str) -> bool:
    """Text that nobody reads: a drawing belongs into a file."""
    return load_format(name).suffix == ".svg"


def _to_screen(report: Report, name: str, to: Destination) -> None:
    if name == "terminal" and to.console is not None and to.console.is_terminal:
        from socialbench.report.formats import terminal

        terminal.show(report, to.console)
        return
    chosen = load_format(name)
    if chosen.binary and to.stdout.isatty():
        raise UsageError(f"{name} is not text: send it to a file with -o PATH")
    to.stdout.write(_outputs(report, chosen)[0].data)
    to.stdout.flush()


def _to_folder(report: Report, names: Sequence[str], folder: Path, tell: Tell) -> list[Path]:
    outputs: list[Output] = []
    for place, name in enumerate(names):
        _tell_charts(report, tell, name, (place, len(names)))
        outputs += load_format(name).render(report)
    return [_replace(folder / output.name, output.data) for output in outputs]


def _tell_charts(report: Report, tell: Tell, name: str, part: tuple[int, int]) -> None:
    """Say that a format is made, and which chart is drawn for it; a chart that is drawn already is not told."""
    start, share = part[0] / part[1], 1 / part[1]
    tell(name, start)
    report.studio.tell = lambda chart, place, count: tell(f"{name}: {chart}", start + share * place / max(count, 1))


def _to_file(report: Report, chosen: Format, path: Path) -> list[Path]:
    """The main output to the path; of drawings the others beside it, under its name."""
    outputs = _outputs(report, chosen)
    beside = outputs[1:] if chosen.binary or chosen.suffix == ".svg" else []
    return [_replace(path, outputs[0].data), *(_replace(path.with_name(f"{path.stem}-{one.name}"), one.data) for one in beside)]


def _outputs(report: Report, chosen: Format) -> list[Output]:
    outputs = list(chosen.render(report))
    if not outputs:
        raise NoData("no chart can be drawn: no brand is ranked; the json says why under not_ranked_because")
    return outputs


def _replace(path: Path, data: bytes) -> Path:
    """Write beside the path, then rename: a reader sees the old file or the new one. A device or pipe is written to."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(prefix=".socialbench-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(beside).chmod(0o666 & ~_mask())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); choose another place with -o") from error
    return path


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
