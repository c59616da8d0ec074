"""The command line's frame: commands are the files of this folder, each loaded when it is called.

A command file defines `command`; its name is the file's (`import_.py` is `import`), its line in `--help` the first
line of its docstring, which is read without importing it.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from socialbench import __version__, console
from socialbench.cli.options import add_everywhere, did_you_mean
from socialbench.errors import SocialbenchError

_FOLDER = Path(__file__).parent
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
_DEFINES_COMMAND = re.compile(r"^(?:(?:async )?def command\(|command\s*[:=])", re.MULTILINE)
_SUMMARY = re.compile(r'\A\s*[rR]?"""(.+?)(?:\n\s*\n|""")', re.DOTALL)
_OWN_NAME = re.compile(r"\A`[^`]*`:?\s*")

EXIT_CODES = """\b
Exit codes, the first that applies:
  130, 143  interrupted; everything fetched is saved
  75        somebody else writes to the store
  2         usage or config
  4         credentials; nothing could start
  5         stopped by quota, budget or time
  3         some streams failed; the rest is saved
  6         no data in the window
  7         `watch` found something
  1         our own fault
  0         all went well"""


class Terminated(KeyboardInterrupt):
    """SIGTERM came: wind down as for Ctrl-C."""


class CommandFolder(click.Group):
    """A group whose commands are the files of a folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all files here that define a command."""
        return sorted(_name(path) for path in _FOLDER.glob("*.py") if _DEFINES_COMMAND.search(path.read_text("utf-8")))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, with the options that hold everywhere; None where no file has the name."""
        path = _path(cmd_name)
        if path is None or not _DEFINES_COMMAND.search(path.read_text("utf-8")):
            return None
        command: click.Command = import_module(f"{__name__}.{path.stem}").command
        command.name = cmd_name
        add_everywhere(command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a did-you-mean for a command that is none."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            names = self.list_commands(ctx)
            raise click.UsageError(f"there is no command {args[0]!r}{did_you_mean(args[0], names)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line per command, without loading any."""
        names = self.list_commands(ctx)
        if not names:
            return
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(name)) for name in names])


def _name(path: Path) -> str:
    return path.stem.rstrip("_").replace("_", "-")


def _path(name: str) -> Path | None:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        return None
    stem = name.replace("-", "_")
    return next((path for path in (_FOLDER / f"{stem}.py", _FOLDER / f"{stem}_.py") if path.is_file()), None)


def _summary(name: str) -> str:
    path = _path(name)
    found = _SUMMARY.match(path.read_text("utf-8")) if path else None
    return _OWN_NAME.sub("", " ".join(found[1].split())).rstrip(".") if found else ""


@click.group(
    "socialbench",
    cls=CommandFolder,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, "--version", message="socialbench %(version)s")
def frame() -> None:
    """Which brands answer their customers on social networks, and how fast: collected, measured and ranked.

    \b
    First steps:
      socialbench init        write socialbench.yaml, then name your brands in it
      socialbench check       see what is wrong with it, all at once
      socialbench collect     fetch what can be seen
      socialbench report      rank
    """
    console.set_up_logging()


add_everywhere(frame)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command line and end the program with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if "_SOCIALBENCH_COMPLETE" in os.environ:
        frame.main(given, prog_name="socialbench")
    signal.signal(signal.SIGTERM, _terminate)
    settings = console.Settings()
    console.configure(settings)
    sys.exit(_run(given, settings))


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated


def _run(arguments: list[str], settings: console.Settings) -> int:
    try:
        code = _invoke(arguments, settings)
        sys.stdout.flush()
        return code
    except SocialbenchError as error:
        console.fail(error)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.Abort as error:
        return _interrupted(error.__cause__ or error.__context__)
    except KeyboardInterrupt as error:
        return _interrupted(error)
    except click.ClickException as error:
        console.fail(_one_line(error))
        return 2
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except OSError as error:
        return _no_room(error, settings)
    except Exception as error:  # noqa: BLE001 - the one place where whatever is left becomes one line
        return _own_fault(error, settings)


def _invoke(arguments: list[str], settings: console.Settings) -> int:
    try:
        with frame.make_context("socialbench", arguments, obj=settings) as ctx:
            frame.invoke(ctx)
    except click.exceptions.Exit as done:
        return done.exit_code
    return 0


def _one_line(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else "socialbench"
    message = " ".join(error.format_message().split()).rstrip(".")
    return f"{message} (see {path} --help)" if isinstance(error, click.UsageError) else message


def _interrupted(cause: BaseException | None) -> int:
    if isinstance(cause, Terminated):
        console.fail("terminated: everything fetched so far is saved")
        return 143
    if isinstance(cause, KeyboardInterrupt):
        console.fail("interrupted: everything fetched so far is saved")
        return 130
    console.fail("not confirmed: nothing was done")
    return 2


def _let_go_of_stdout() -> None:
    # Otherwise the interpreter flushes into the closed pipe once more at its end, and complains.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _no_room(error: OSError, settings: console.Settings) -> int:
    """A full or failing disk is nobody's fault here; any other OSError is ours."""
    if error.errno not in _DISK_ERRORS:
        return _own_fault(error, settings)
    console.fail(
        f"{error.filename or 'the output'}: cannot be written ({error.strerror}): free some room or choose another place"
    )
    return 2


def _own_fault(error: Exception, settings: console.Settings) -> int:
    if settings.debug:
        import traceback

        console.fail("".join(traceback.format_exception(error)))
    said = " ".join(str(error).split())[:300]
    kind = type(error).__name__
    hint = "" if settings.debug else "; --debug shows where"
    console.fail(f"our own fault: {kind}: {said}{hint}" if said else f"our own fault: {kind}{hint}")
    return 1
