"""Try it all without a key: collect a simulated network and report it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialbench import console
from socialbench.cli.options import pass_settings
from socialbench.console import Settings

if TYPE_CHECKING:
    from socialbench.demo.server import DemoServer
    from socialbench.demo.world import World

_FOLDER = Path(".demo")
_FORMATS = ("html", "json", "csv", "png")
_LAST_PORT = 65_500
"""Other networks' ports follow that of Bluesky."""
_COLLECTED = (0, 3, 5)
"""Exit codes of `collect` after which there is something to report."""


@click.command()
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed is another world.")
@click.option("--brands", type=click.IntRange(1, 30), default=30, show_default=True, help="How many brands take part.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the reports go.")
@click.option("--keep", is_flag=True, help="Keep config and store in .demo/, for commands of your own.")
@click.option("--serve", is_flag=True, help="Only serve the world until Ctrl-C, with its config in .demo/demo.yaml.")
@click.option(
    "--port",
    type=click.IntRange(0, _LAST_PORT),
    default=0,
    help="Port of Bluesky on 127.0.0.1, others follow; free ones by default.",
)
@pass_settings
def command(settings: Settings, seed: int, brands: int, output: Path | None, keep: bool, serve: bool, port: int) -> None:
    """Collect and report thirty invented brands on five simulated networks: no key, no account, no request to anywhere.

    With --serve the variables that its config wants stand in .demo/demo.env: `. .demo/demo.env` sets them.

    Example: socialbench demo
    """
    from socialbench.demo.tell import tell_world

    with _scratch(keep) as folder:
        world = tell_world(seed, brands)
        console.info(f"simulating {brands} invented brands (seed {seed}): {_spread(world)}")
        with _listening(world, port) as server:
            config = _write_config(folder, world, server)
            if serve:
                _serve(config, server)
                return
            code = _collect_and_report(settings, config, output)
    _conclude(settings, config if keep else None, output)
    click.get_current_context().exit(code)


def _spread(world: World) -> str:
    """How many of the brands are on each network."""
    counts: dict[str, int] = {}
    for spec in world.specs:
        for network in spec.talks:
            counts[network] = counts.get(network, 0) + 1
    return ", ".join(f"{count} on {network}" for network, count in counts.items())


@contextmanager
def _scratch(keep: bool) -> Iterator[Path]:
    """`.demo/` with nothing in it from before; it goes again unless kept. Raises UsageError where nothing can be written."""
    from socialbench.errors import UsageError

    try:
        _clear()
        _FOLDER.mkdir(exist_ok=True)
        (_FOLDER / "demo.yaml").touch()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"{_FOLDER.absolute()} cannot be written ({reason}): run the demo in a folder of your own") from None
    try:
        yield _FOLDER
    finally:
        if not keep:
            _clear()


def _clear() -> None:
    """Remove what a demo left: config, store and what SQLite keeps beside it; nothing else."""
    for path in _FOLDER.glob("demo.*"):
        path.unlink(missing_ok=True)
    with suppress(OSError):
        _FOLDER.rmdir()


@contextmanager
def _listening(world: World, port: int) -> Iterator[DemoServer]:
    from socialbench.demo.server import DemoServer
    from socialbench.errors import UsageError

    try:
        server = DemoServer(world, port)
    except OSError as error:
        raise UsageError(
            f"127.0.0.1:{port} cannot be opened ({error.strerror}): leave --port out, and a free one is taken"
        ) from None
    from socialbench.demo.benchmark import credentials

    # A proxy of the surroundings does not lead to this computer itself.
    proxies = ",".join(filter(None, ("127.0.0.1", os.environ.get("NO_PROXY"))))
    with server, _environment({"NO_PROXY": proxies, **credentials(world)}):
        yield server


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Variables that are as they were afterwards."""
    kept = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _write_config(folder: Path, world: World, server: DemoServer) -> Path:
    """The config, and beside it what sets the variables that it wants in a shell."""
    from socialbench.demo.benchmark import benchmark_text, credentials

    path = folder / "demo.yaml"
    path.write_text(benchmark_text(world, server.urls, str(folder / "demo.db")), encoding="utf-8")
    lines = [f"export {name}={value}\n" for name, value in credentials(world).items()]
    (folder / "demo.env").write_text("".join(lines), encoding="utf-8")
    return path


def _serve(config: Path, server: DemoServer) -> None:
    """Answer until interrupted, which is how it is meant to end."""
    import threading

    console.emit(
        f"SIMULATED: invented brands answer at {server.url} until Ctrl-C; meanwhile try in another terminal:"
        f" . {config.with_suffix('.env')} && socialbench collect {config}"
    )
    for place, url in server.urls.items():
        console.emit(f"{place.network:<9}  {url}  {place.home}".rstrip())
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


def _collect_and_report(settings: Settings, config: Path, output: Path | None) -> int:
    """The two commands that a user would type. The first exit code that is not 0."""
    as_json, settings.json = settings.json, False
    # Without a terminal there is no progress bar but a line per listing, some three hundred here.
    quiet, settings.quiet = settings.quiet, settings.quiet or not (settings.verbose or sys.stderr.isatty())
    wanted = [word for name in _FORMATS for word in ("-f", name)] if as_json else []
    target = [] if output is None else ["-o", str(output)]
    try:
        with redirect_stdout(sys.stderr if as_json else sys.stdout):
            code = _run("collect", [str(config)], settings)
            settings.quiet = quiet
            reported = _run("report", [str(config), *wanted, *target], settings) if code in _COLLECTED else 0
            return code or reported
    finally:
        settings.json, settings.quiet = as_json, quiet


def _run(name: str, arguments: Sequence[str], settings: Settings) -> int:
    """One command through the same door as any user's; its exit code."""
    from socialbench.cli import frame

    with frame.make_context("socialbench", [name, *arguments], obj=settings) as ctx:
        try:
            frame.invoke(ctx)
        except click.exceptions.Exit as done:
            return done.exit_code
    return 0


def _conclude(settings: Settings, config: Path | None, output: Path | None) -> None:
    """Say where the files lie, and last of all that none of it is real."""
    from socialbench.demo.world import PERIOD_NAME

    folder = output or Path("reports", "demo", PERIOD_NAME)
    files = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    if settings.json:
        console.emit_json(
            {"simulated": True, "folder": str(folder), "files": files, "config": None if config is None else str(config)}
        )
        return
    if config is not None:
        console.emit(f"Config and store are kept: try `socialbench report {config} --unit message`.")
    console.emit(
        f"SIMULATED: every brand, person and message above is invented. The reports lie in {folder} ({len(files)} files)."
    )
