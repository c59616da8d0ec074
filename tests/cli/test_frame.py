"""The frame around all commands: exit codes, one-line errors, streams, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from socialbench import cli, console
from socialbench.cli import options
from socialbench.errors import NoData, SocialbenchError, Stopped, StoreLocked, StreamError
from tests.cli.run import COMMAND, environment, run


@pytest.fixture(autouse=True)
def _same_settings_after() -> object:
    yield
    console.configure(console.Settings())


def exit_code_of(command: click.Command, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """What `main` exits with when `command` is what a folder's file defines."""
    options.add_everywhere(command)
    monkeypatch.setattr(cli.CommandFolder, "get_command", lambda self, ctx, name: command if name == "try" else None)
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as ended:
            cli.main([*arguments])
    finally:
        signal.signal(signal.SIGTERM, before)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def raising(error: BaseException) -> click.Command:
    @click.command("try")
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SocialbenchError("a"), 1),
        (StoreLocked("a"), 75),
        (Stopped("a"), 5),
        (StreamError("a"), 3),
        (NoData("a"), 6),
        (click.UsageError("a"), 2),
        (KeyboardInterrupt(), 130),
        (cli.Terminated(), 143),
        (BrokenPipeError(), 0),
        (ValueError("a"), 1),
        (click.Abort(), 2),
    ],
)
def test_frame_error_ends_with_its_exit_code(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_let_go_of_stdout", lambda: None)
    assert exit_code_of(raising(error), monkeypatch, "try") == code
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == (0 if isinstance(error, BrokenPipeError) else 1)


def test_frame_own_fault_is_one_line_without_secrets(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SOCIALBENCH_X_TOKEN", "hush-hush-1")
    error = ValueError("bad\nhush-hush-1 and https://a.example/?access_token=whisper&b=1\x1b[2J")
    exit_code_of(raising(error), monkeypatch, "try")
    said = capsys.readouterr().err
    plain = "our own fault: ValueError: bad *** and https://a.example/?access_token=***&b=1"
    assert said == plain + "\N{REPLACEMENT CHARACTER}[2J; --debug shows where\n"
    exit_code_of(raising(error), monkeypatch, "--debug", "try")
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "hush" not in said


def test_frame_options_hold_before_and_after_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[console.Settings] = []

    @click.command("try")
    @options.pass_settings
    def command(settings: console.Settings) -> None:
        seen.append(console.Settings(settings.quiet, settings.verbose, settings.json, settings.log_format, settings.color))

    everything = ["-q", "-vv", "--json", "--log-format", "json", "--color", "never"]
    assert exit_code_of(command, monkeypatch, *everything, "try") == 0
    assert exit_code_of(command, monkeypatch, "try", *everything) == 0
    assert seen == [console.Settings(True, 2, True, "json", "never")] * 2


def test_frame_help_lists_every_command_and_exit_code(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("check", "completion", "init", "list", "schema", "130, 143", "75", "--log-format", "--color"):
        assert f" {word}" in done.stdout
    assert run(tmp_path, "check", "-h").stdout.startswith("Usage: socialbench check")
    assert run(tmp_path, "--version").stdout.startswith("socialbench 0.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "there is no command 'chek'; did you mean 'check'? (see socialbench --help)\n"),
        (["options"], "(see socialbench --help)\n"),
        (["../x"], "there is no command '../x' (see socialbench --help)\n"),
        (["check", "--onlin"], "'--online'?) (see socialbench check --help)\n"),
        (["list", "nothing"], "see socialbench list --help)\n"),
        (["check"], "no config: name one, set $SOCIALBENCH_CONFIG, or write ./socialbench.yaml with `socialbench init`\n"),
        (["check", "a.yaml"], "a.yaml: there is no such config; `socialbench init a.yaml` writes one\n"),
    ],
)
def test_frame_usage_error_is_one_line_and_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(said)
    assert done.stderr.count("\n") == 1


def test_frame_without_a_command_shows_help_and_2(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


def test_frame_errors_can_be_json_lines(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "--log-format", "json")
    assert json.loads(done.stderr)["level"] == "error"


@pytest.mark.parametrize(
    ("arguments", "more", "red"),
    [
        (["--color", "always"], {}, True),
        (["--color", "auto"], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_frame_colour_obeys_option_and_environment(tmp_path: Path, arguments: list[str], more: dict[str, str], red: bool) -> None:
    assert ("\x1b[31m" in run(tmp_path, "check", *arguments, **more).stderr) is red


def test_frame_config_comes_from_argument_then_environment_then_folder(tmp_path: Path) -> None:
    for name in ("one", "two", "socialbench"):
        (tmp_path / f"{name}.yaml").write_text(f"benchmark: {name}\nbrands: [{{name: A, handles: {{x: a}}}}]\n", "utf-8")
    titles = [
        json.loads(run(tmp_path, "check", "--json", *arguments, **more).stdout)["benchmark"]
        for arguments, more in (
            (["one.yaml"], {"SOCIALBENCH_CONFIG": "two.yaml"}),
            ([], {"SOCIALBENCH_CONFIG": "two.yaml"}),
            ([], {}),
        )
    ]
    assert titles == ["one", "two", "socialbench"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_frame_signal_ends_a_waiting_command(tmp_path: Path, number: signal.Signals, code: int) -> None:
    pipe = tmp_path / "slow.yaml"
    os.mkfifo(pipe)
    started = subprocess.Popen(
        [*COMMAND, "check", str(pipe)], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    writer = open_once_read(pipe, started)
    try:
        started.send_signal(number)
        out, err = started.communicate(timeout=30)
    finally:
        os.close(writer)
    assert (started.returncode, out) == (code, "")
    assert err.count("\n") == 1
    assert "everything fetched so far is saved" in err


def open_once_read(pipe: Path, reader: subprocess.Popen[str]) -> int:
    """The pipe's other end: once it opens, the program is reading from it, and waits."""
    for _ in range(3000):
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert reader.poll() is None, reader.stderr
            time.sleep(0.01)
    raise AssertionError("the program never read its config")


def test_frame_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [*COMMAND, "completion", "fish"],
        cwd=tmp_path,
        env=environment(),
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_lines_for_the_shell(tmp_path: Path, shell: str) -> None:
    done = run(tmp_path, "completion", shell)
    assert done.returncode == 0
    assert "_SOCIALBENCH_COMPLETE" in done.stdout


def test_completion_completes_commands(tmp_path: Path) -> None:
    done = run(tmp_path, _SOCIALBENCH_COMPLETE="bash_complete", COMP_WORDS="socialbench ch", COMP_CWORD="1")
    assert done.stdout == "plain,check\n"


def test_frame_log_lines_are_redacted_and_httpx_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import logging\nfrom socialbench import console\nconsole.configure(console.Settings(verbose=2, log_format='json'))\n"
        "console.set_up_logging()\nlogging.getLogger('httpx').info('GET https://a.example/?access_token=whisper')\n"
        "logging.getLogger('socialbench.x').info('Authorization: Bearer whisper-whisper')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    (line,) = [json.loads(text) for text in done.stderr.splitlines()]
    assert (line["logger"], line["level"], line["message"]) == ("socialbench.x", "info", "Authorization: Bearer ***")
