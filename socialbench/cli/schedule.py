"""Print a crontab line, or a systemd service and timer, that collect and report by themselves."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from socialbench import console
from socialbench.cli.options import config_argument, load_benchmark

WEEKDAYS = ("daily", "weekly", "hourly")
_CRON = {"hourly": "{minute} * * * *", "daily": "{minute} 5 * * *", "weekly": "{minute} 5 * * 1"}
_CALENDAR = {"hourly": "*-*-* *:{minute:02d}:00", "daily": "*-*-* 05:{minute:02d}:00", "weekly": "Mon *-*-* 05:{minute:02d}:00"}


@click.command
@config_argument
@click.option("--every", type=click.Choice(WEEKDAYS), default="daily", show_default=True, help="How often to collect.")
@click.option("--max-time", default="50m", show_default=True, metavar="DURATION", help="Longest run.")
@click.option("--systemd", is_flag=True, help="A service and a timer instead of a crontab line.")
def command(config: Path, every: str, max_time: str, systemd: bool) -> None:
    """Print a crontab line, or a systemd service and timer, that collect and report by themselves.

    Nothing is installed: paste the crontab line with `crontab -e`. Runs of one store never overlap (exit 75).

    \b
    Examples:
      socialbench schedule uk-banks.yaml
      socialbench schedule uk-banks.yaml --every hourly --systemd
    """
    from socialbench.config import parse_duration

    parse_duration(max_time)
    benchmark = load_benchmark(config)
    # Not every benchmark at the full hour: the stem picks the minute, the same each time.
    minute = sum(benchmark.stem.encode()) % 60
    program, folder = Path(sys.argv[0]).resolve(), Path.cwd()
    path = config.resolve()
    collect = f"{shlex.quote(str(program))} collect {shlex.quote(str(path))} --quiet --max-time {max_time}"
    report = f"{shlex.quote(str(program))} report {shlex.quote(str(path))} --quiet -f html -f json -f csv"
    if systemd:
        console.emit(_units(benchmark.stem, folder, collect, report, _CALENDAR[every].format(minute=minute)))
        return
    line = f"cd {shlex.quote(str(folder))} && {collect}; {report}"
    # In a crontab a percent sign ends the command.
    console.emit(f"{_CRON[every].format(minute=minute)} {line.replace('%', chr(92) + '%')}")


def _units(stem: str, folder: Path, collect: str, report: str, calendar: str) -> str:
    escaped = [text.replace("%", "%%") for text in (collect, report)]
    return "\n".join(
        [
            f"# ~/.config/systemd/user/socialbench-{stem}.service",
            "[Unit]",
            f"Description=socialbench {stem}",
            "[Service]",
            "Type=oneshot",
            f"WorkingDirectory={str(folder).replace('%', '%%')}",
            f"ExecStart=-{escaped[0]}",
            f"ExecStart={escaped[1]}",
            "",
            f"# ~/.config/systemd/user/socialbench-{stem}.timer",
            "[Timer]",
            f"OnCalendar={calendar}",
            "Persistent=true",
            "RandomizedDelaySec=300",
            "[Install]",
            "WantedBy=timers.target",
        ]
    )
