"""The options that commands share: what holds everywhere, CONFIG, filters, periods, outputs.

Heavy modules are imported inside the functions: `socialbench --help` loads this file.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from socialbench.console import Settings, configure

if TYPE_CHECKING:
    from socialbench.config import Benchmark, Period
    from socialbench.model import Brand

__all__ = [
    "DEFAULT_CONFIG",
    "Selection",
    "Settings",
    "add_everywhere",
    "as_of_option",
    "config_argument",
    "config_option",
    "did_you_mean",
    "filter_options",
    "load_benchmark",
    "now_ms",
    "output_options",
    "pass_settings",
    "period_options",
    "resolve_run_period",
]

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_CONFIG = "socialbench.yaml"
CONFIG_VARIABLE = "SOCIALBENCH_CONFIG"
_EVERYWHERE = "Everywhere: -q -v --json --log-format --color --debug, told by socialbench --help."
_FORMATS = Path(__file__).parent.parent / "report" / "formats"

pass_settings = click.make_pass_decorator(Settings, ensure=True)
"""Hands the command its `Settings` as first argument."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'; did you mean X?' with the nearest of `known`, or ''."""
    near = difflib.get_close_matches(word.casefold(), list(known), 1, 0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def now_ms() -> int:
    """The present moment, UTC in ms. SOCIALBENCH_NOW (ms) sets it, so that documents and tests can repeat a run."""
    import time

    fixed = os.environ.get("SOCIALBENCH_NOW", "")
    return int(fixed) if fixed.isdecimal() else time.time_ns() // 1_000_000


def _setting(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value:
            settings = ctx.ensure_object(Settings)
            setattr(settings, name, value)
            configure(settings)

    return keep


def _everywhere() -> list[click.Option]:
    # Made anew for each command: click lets no two commands share a parameter that remembers its source.
    flag = {"is_flag": True, "expose_value": False, "is_eager": True}
    choice = {"expose_value": False, "is_eager": True}
    return [
        click.Option(["-q", "--quiet"], help="Say only warnings and errors.", callback=_setting("quiet"), **flag),
        click.Option(
            ["-v", "--verbose"],
            count=True,
            expose_value=False,
            is_eager=True,
            help="Say more; -vv still more.",
            callback=_setting("verbose"),
        ),
        click.Option(["--json", "as_json"], help="Write data to stdout as JSON.", callback=_setting("json"), **flag),
        click.Option(
            ["--log-format"],
            type=click.Choice(["text", "json"]),
            help="How stderr is written.",
            callback=_setting("log_format"),
            **choice,
        ),
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            help="Colour; auto obeys NO_COLOR and asks for a terminal.",
            callback=_setting("color"),
            **choice,
        ),
        click.Option(["--debug"], help="On our own faults, show where they arose.", callback=_setting("debug"), **flag),
    ]


def add_everywhere(command: click.Command) -> None:
    """Give `command`, and the commands under it, the options that hold everywhere, unless it has them already.

    Only the top of the command line lists them in its help; each command's own page shows what is its own.
    """
    taken = {spelling for parameter in command.params for spelling in parameter.opts}
    for option in _everywhere():
        if taken.isdisjoint(option.opts):
            option.hidden = command.name != "socialbench"
            command.params.append(option)
    command.context_settings.setdefault("help_option_names", ["-h", "--help"])
    command.epilog = command.epilog or _EVERYWHERE
    for child in getattr(command, "commands", {}).values():
        add_everywhere(child)


def _find_config(must_exist: bool) -> Callable[[click.Context, click.Parameter, Path | None], Path]:
    def find(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
        if ctx.resilient_parsing:
            return value or Path(DEFAULT_CONFIG)
        source = "" if value else f" (from ${CONFIG_VARIABLE})"
        path = value or Path(os.environ.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)
        if must_exist and not path.exists():
            from socialbench.errors import UsageError

            if not value and not os.environ.get(CONFIG_VARIABLE):
                raise UsageError(
                    f"no config: name one, set ${CONFIG_VARIABLE}, or write ./{DEFAULT_CONFIG} with `socialbench init`"
                )
            raise UsageError(f"{path}{source}: there is no such config; `socialbench init {path}` writes one")
        return path

    return find


def config_argument(function: F) -> F:
    """CONFIG as optional positional, else SOCIALBENCH_CONFIG, else ./socialbench.yaml; the command gets `config: Path`."""
    kind = click.Path(path_type=Path)
    return click.argument("config", type=kind, required=False, callback=_find_config(True))(function)


def config_option(*, must_exist: bool = True) -> Callable[[F], F]:
    """`-c/--config` with the same defaults, for commands whose positional is something else; gives `config: Path`."""
    return click.option(
        "-c",
        "--config",
        "config",
        type=click.Path(path_type=Path),
        callback=_find_config(must_exist),
        help="The config; else $SOCIALBENCH_CONFIG, else ./socialbench.yaml.",
    )


def load_benchmark(config: Path) -> Benchmark:
    """The benchmark that `config` describes. Raises ConfigError with all problems."""
    from socialbench.config import load

    return load(config)


@dataclass(frozen=True, slots=True)
class Selection:
    """What -b, -n and --sector ask for; empty asks for all."""

    brands: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()

    def choose(self, benchmark: Benchmark) -> tuple[Brand, ...]:
        """The brands of `benchmark` asked for, with only the handles asked for. Raises UsageError where a word fits nothing."""
        from socialbench.config import select_brands

        return select_brands(benchmark, self.brands, self.networks, self.sectors)


def filter_options(function: F) -> F:
    """-b/--brand, -n/--network, --sector; the command gets `selection: Selection`."""
    from functools import wraps

    @wraps(function)
    def call(*args: Any, brand: tuple[str, ...], network: tuple[str, ...], sector: tuple[str, ...], **kwargs: Any) -> Any:
        return function(*args, selection=Selection(brand, network, sector), **kwargs)

    for option in (
        click.option("--sector", multiple=True, metavar="NAME", help="Only this sector (repeatable; * and ? match)."),
        click.option("-n", "--network", multiple=True, metavar="NAME", help="Only this network (repeatable)."),
        click.option("-b", "--brand", multiple=True, metavar="NAME", help="Only this brand (repeatable; * and ? match)."),
    ):
        call = option(call)
    return call  # type: ignore[return-value]


def period_options(function: F) -> F:
    """--period, --since, --until as texts (`period`, `since`, `until`); resolve them with `resolve_run_period`."""
    for option in (
        click.option("--until", metavar="WHEN", help="Up to and without this moment."),
        click.option("--since", metavar="WHEN", help="From this date, time, or e.g. 7d before now."),
        click.option("--period", metavar="PERIOD", help="last-month, last-week, 7d, 2026-10, 2026-Q3, A..B, all."),
    ):
        function = option(function)
    return function


def as_of_option(function: F) -> F:
    """--as-of, the moment up to which the store is believed, as text (`as_of`)."""
    return click.option("--as-of", metavar="WHEN", help="Believe the store only up to this moment.")(function)


def resolve_run_period(benchmark: Benchmark, period: str | None, since: str | None, until: str | None, now: int) -> Period:
    """What --period, --since and --until ask for, else the config's period. Raises UsageError."""
    from socialbench.config import combine_period

    return combine_period(benchmark, (period, since, until), now)


def output_options(formats: Sequence[str] | None = None) -> Callable[[F], F]:
    """-f/--format (repeatable; by default the files of report/formats), -o/--output, --force.

    The command gets `formats: tuple[str, ...]`, `output: Path | None` (`-` is stdout), `force: bool`.
    """
    names = sorted(formats if formats is not None else _format_names())

    def add(function: F) -> F:
        function = click.option("--force", is_flag=True, help="Replace what is there.")(function)
        output = click.Path(path_type=Path, allow_dash=True)
        function = click.option("-o", "--output", type=output, metavar="PATH", help="Where to; - is stdout.")(function)
        choice = click.Choice(names)
        return click.option("-f", "--format", "formats", type=choice, multiple=True, help="Format (repeatable).")(function)

    return add


def _format_names() -> list[str]:
    return [path.stem for path in _FORMATS.glob("*.py") if not path.stem.startswith("_")]
