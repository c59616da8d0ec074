"""What people see: one-line talk on stderr, data on stdout, tables, progress, logs.

Nothing heavy is imported until a table or a progress bar is shown. Talk never holds a secret: every line passes `redact`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    import logging

    from rich.console import Console
    from rich.progress import Progress

_CALLED_SECRET = r"(?:access_?token|refresh_?token|token|api_?key|key|secret|client_secret|password|passwd|signature|sig)"  # noqa: S105 - names, none of them a secret
_SECRET_PATTERNS = (
    re.compile(rf"(?i)((?:^|[?&\s;,'\"{{]){_CALLED_SECRET}['\"]?\s*[=:]\s*['\"]?)[^\s&'\",;}}]+"),
    re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?(?:bearer|basic|oauth|dpop)?\s*)[^\s'\",;]+"),
    re.compile(r"(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"(://[^/\s:@]*:)[^@\s/]+(?=@)"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STARS = "***"
_SHORTEST_SECRET = 6


@dataclass(slots=True)
class Settings:
    """What the options that hold everywhere say. `verbose` counts -v; `debug` shows where an error arose."""

    quiet: bool = False
    verbose: int = 0
    json: bool = False
    log_format: str = "text"
    color: str = "auto"
    debug: bool = False


class _State:
    settings = Settings()
    live: Progress | None = None


def configure(settings: Settings) -> None:
    """Let `settings` rule all later output and the log level."""
    _State.settings = settings
    logging = sys.modules.get("logging")
    if logging is not None and any(handler.name == "socialbench" for handler in logging.getLogger().handlers):
        logging.getLogger().setLevel(_log_level(settings))


def redact(text: str) -> str:
    """`text` with tokens, passwords and the values of SOCIALBENCH_*_TOKEN and the like replaced by stars."""
    for name, value in os.environ.items():
        secret = name.startswith("SOCIALBENCH_") and name.endswith(("_TOKEN", "_SECRET", "_PASSWORD", "_KEY"))
        if secret and len(value) >= _SHORTEST_SECRET:
            text = text.replace(value, _STARS)
    for pattern in _SECRET_PATTERNS:
        text = pattern.sub(rf"\1{_STARS}", text)
    return text


def printable(text: str) -> str:
    """`text` without control characters, which could repaint the terminal or hide what stands before them."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def colored(stream: TextIO) -> bool:
    """Whether `stream` takes colour: --color, then NO_COLOR, FORCE_COLOR, TERM=dumb, then whether it is a terminal."""
    choice = _State.settings.color
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def fail(error: BaseException | str) -> None:
    """Say in red on stderr what went wrong, one line per problem."""
    _talk("error", str(error), fg="red")


def warn(text: str) -> None:
    """Say in yellow on stderr what the user should know; -q does not silence it."""
    _talk("warning", text, fg="yellow")


def info(text: str) -> None:
    """Say on stderr what is going on, unless -q."""
    if not _State.settings.quiet:
        _talk("info", text)


def detail(text: str) -> None:
    """Say on stderr what only -v asks for."""
    if _State.settings.verbose and not _State.settings.quiet:
        _talk("info", text, dim=True)


def _talk(level: str, text: str, *, fg: str | None = None, dim: bool = False) -> None:
    text = printable(redact(text)).rstrip("\n")
    if _State.settings.log_format == "json":
        text = json.dumps({"level": level, "message": text}, ensure_ascii=False)
    elif colored(sys.stderr):
        text = click.style(text, fg=fg, dim=dim or None)
    if _State.live is not None:
        _State.live.console.out(text, highlight=False)
    else:
        click.echo(text, err=True, color=colored(sys.stderr))


def emit(text: str) -> None:
    """Write `text` and a line end to stdout as data, colours kept only where stdout takes them."""
    click.echo(text, color=colored(sys.stdout))


def emit_json(tree: object) -> None:
    """Write `tree` to stdout as indented JSON."""
    click.echo(json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False))


def emit_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table to stdout: ruled on a terminal, columns parted by blanks in a pipe. None shows as nothing."""
    cells = [["" if cell is None else printable(str(cell)).replace("\n", " ") for cell in row] for row in rows]
    if sys.stdout.isatty():
        _emit_ruled(columns, cells)
        return
    from rich.cells import cell_len

    lines = [list(columns), *cells]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _emit_ruled(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    out().print(table)


def out() -> Console:
    """A rich console on stdout that obeys --color."""
    return _console(sys.stdout)


def err() -> Console:
    """A rich console on stderr that obeys --color."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    color = colored(stream)
    return Console(file=stream, no_color=not color, force_terminal=True if color and stream.isatty() else None, highlight=False)


@contextmanager
def progress() -> Iterator[Progress]:
    """A rich progress display on stderr (`add_task`, `update`, `advance`); silent without a terminal, with -q or JSON logs."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    settings = _State.settings
    silent = settings.quiet or settings.log_format == "json" or not sys.stderr.isatty()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err(), disable=silent, transient=True) as display:
        _State.live = None if silent else display
        try:
            yield display
        finally:
            _State.live = None


def set_up_logging() -> None:
    """Send log records to stderr as text or JSON lines, redacted; httpx speaks from WARNING only, for it logs whole URLs."""
    import logging

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            _log(record, self.format(record))

    handler = Lines()
    handler.name = "socialbench"
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if kept.name != "socialbench"] + [handler]
    root.setLevel(_log_level(_State.settings))
    for name in ("httpx", "httpcore", "matplotlib", "PIL", "fontTools", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _log(record: logging.LogRecord, text: str) -> None:
    if _State.settings.log_format != "json":
        _talk(record.levelname.lower(), f"{record.levelname.lower()}: {record.name}: {text}", dim=True)
        return
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    line: Mapping[str, str] = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": redact(text)}
    click.echo(json.dumps(line, ensure_ascii=False), err=True)


def _log_level(settings: Settings) -> str:
    if settings.quiet:
        return "ERROR"
    return ("WARNING", "INFO", "DEBUG")[min(settings.verbose, 2)]
