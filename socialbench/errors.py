"""Every error that a user can meet, with the exit code it ends the program with.

    SocialbenchError                 1   our own fault, when nothing more exact fits
    |-- UsageError                   2   a command line that cannot be carried out
    |   `-- ConfigError              2   the YAML is wrong; holds one Problem per line
    |-- StoreError                   2   the store is missing, newer than this program, or not ours
    |-- StoreLocked                 75   somebody else writes to the store
    |-- CredentialError              4   a token is missing or refused
    |-- Stopped                      5   quota, budget or --max-time; holds when to come again
    |-- StreamError                  3   one stream failed, the rest goes on
    |   |-- NotFound                 3   the handle, post or thread does not exist
    |   |-- Forbidden                3   the network will not show it to us
    |   |-- AnswerError              3   the answer lacks a field or has another shape; names its path
    |   |-- TokenRefused             3   the network no longer takes the page token: sweep again
    |   |-- LoopError                3   a page token came a second time
    |   `-- Unreachable              3   no answer after all tries
    |-- NoData                       6   nothing in the window
    `-- WatchMatched                 7   `watch` found something

A message is one line: what, where, what to do. It never holds an answer's body or a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class SocialbenchError(Exception):
    """Anything that ends a command with one clear line."""

    exit_code: ClassVar[int] = 1


class UsageError(SocialbenchError):
    """A command line that cannot be carried out."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file. `line` and `column` count from 1; 0 means unknown."""

    file: str
    line: int
    column: int
    where: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.where}: {self.what}" if self.where else f"{place}: {self.what}"


class ConfigError(UsageError):
    """The YAML is wrong. `problems` holds all of them, in the order of the file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class StoreError(SocialbenchError):
    """The store is missing, newer than this program, or not one of ours."""

    exit_code = 2


class StoreLocked(SocialbenchError):
    """Somebody else writes to the store; the message names the process."""

    exit_code = 75


class CredentialError(SocialbenchError):
    """A token is missing or refused; the message says which variable and how to get one."""

    exit_code = 4


class Stopped(SocialbenchError):
    """Quota, budget or time is used up. `resume_at` is a UTC moment in ms, None when unknown."""

    exit_code = 5

    def __init__(self, message: str, resume_at: int | None = None) -> None:
        self.resume_at = resume_at
        super().__init__(message)


class StreamError(SocialbenchError):
    """One stream failed; what it had fetched is saved and the others go on."""

    exit_code = 3


class NotFound(StreamError):
    """The handle, post or thread does not exist, or no longer."""


class Forbidden(StreamError):
    """The network will not show it to us."""


class AnswerError(StreamError):
    """The answer lacks a field or has another shape; the message names the path."""


class TokenRefused(StreamError):
    """The network no longer takes the page token."""


class LoopError(StreamError):
    """A page token came a second time."""


class Unreachable(StreamError):
    """No answer after all tries."""


class NoData(SocialbenchError):
    """Nothing in the window."""

    exit_code = 6


class WatchMatched(SocialbenchError):
    """`watch` found something."""

    exit_code = 7
