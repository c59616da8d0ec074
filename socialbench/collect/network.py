"""What a network file declares and answers; the frame does everything else.

A network file holds one subclass of `Network`. It opens no connection, never sleeps, retries or stores: it is given
a `Session` that fetches, and answers two questions: which pages are there, and what does an item mean.
"""

from __future__ import annotations

import inspect
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from importlib import import_module
from typing import ClassVar, Protocol

from socialbench.errors import AnswerError, UsageError
from socialbench.model import Account, Gone, Handle, Json, Linking, Message, Page, Stream, Subject, Window

Params = Mapping[str, "str | int | bool | Sequence[str]"]
"""Query parameters; a sequence is repeated."""


class Auth(Enum):
    """How a credential travels."""

    NONE = auto()
    BEARER = auto()
    """`Authorization: Bearer TOKEN`, the token being the credential itself."""
    QUERY = auto()
    """A query parameter, named by `Facts.auth_name`."""
    HEADER = auto()
    """A header, named by `Facts.auth_name`."""
    LOGIN = auto()
    """`Authorization: Bearer`, the token coming from `Network.login`."""


class Verdict(Enum):
    """What an answer that is no success means."""

    RETRY = auto()
    LOGIN = auto()
    """The session ran out: log in again and repeat."""
    CREDENTIAL = auto()
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    TOKEN_REFUSED = auto()
    QUOTA = auto()
    """Nothing more until the quota begins anew."""
    REFUSED = auto()
    """The request itself was wrong: our own fault or the network's change."""


_BY_STATUS = {
    401: Verdict.CREDENTIAL,
    402: Verdict.QUOTA,
    403: Verdict.FORBIDDEN,
    404: Verdict.NOT_FOUND,
    410: Verdict.NOT_FOUND,
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a network may be asked, and how it says so.

    At most `requests` per `per_s` seconds and `gap_s` between two, `concurrency` at once. `remaining` and `reset`
    are header names; a reset may be epoch seconds or ms, ISO 8601, or seconds left: the value tells which.
    `body_wait` are paths in the answer that hold seconds to wait; `said_wait` a field of words and the pattern that
    finds the seconds in them, where the network tells them nowhere else. A quota ends at midnight in `quota_zone`.
    `burst_wait_s`: the pause after a 429 that comes although `remaining` says that requests are left. `quota`: so many
    requests a day at most.
    """

    requests: int = 60
    per_s: float = 60.0
    gap_s: float = 0.0
    concurrency: int = 4
    remaining: tuple[str, ...] = ()
    reset: tuple[str, ...] = ()
    body_wait: tuple[tuple[str, ...], ...] = ()
    said_wait: tuple[str, str] | None = None
    quota_zone: str | None = None
    burst_wait_s: float | None = None
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One environment variable: `SOCIALBENCH_<NETWORK>_<suffix>`. `how` tells how to come by it."""

    suffix: str
    what: str
    how: str
    required: bool = False
    secret: bool = True


@dataclass(frozen=True, slots=True)
class Price:
    """What reading costs, in `unit` (USD, or units of a quota). `page_items`: at most so many items come per request.

    `once_a_day` names the field of an item that holds its id, where the network charges an id once per UTC day.
    Among the prices of a network, 'account' is that of looking up a handle.
    """

    per_item: float = 0.0
    per_request: float = 0.0
    unit: str = "USD"
    page_items: int = 100
    once_a_day: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a network whoever asks.

    `invisible` tells, per access ('none', 'token', 'own'), what stays hidden. `client_dated`: authors' programs date
    the messages, so listings are not strictly in the order of their times. `own_tokens` names the streams whose page
    token the file makes itself (page numbers, last ids): a page without a new id ends them. `own_account` names the
    streams that show the session's own account only. `whole_threads` names the streams over a handle whose pages hold
    whole threads of its board: third parties' words in them are kept as context. `counted_threads` names the streams
    whose `sizes` count all that stands below a thread's top, so that a thread that has grown can be told. `lookup_size`:
    so many ids fit into one subject of a stream over known ids, parted by blanks. `verified` tells against what the
    file was tried.
    """

    name: str
    streams: tuple[Stream, ...]
    pace: Pace
    default_url: str
    needs: tuple[Need, ...] = ()
    auth: Auth = Auth.NONE
    auth_name: str = ""
    linking: Linking = Linking.PARENT
    client_dated: bool = False
    prices: Mapping[str, Price] = field(default_factory=dict)
    invisible: Mapping[str, str] = field(default_factory=dict)
    own_tokens: frozenset[str] = frozenset()
    own_account: frozenset[str] = frozenset()
    whole_threads: frozenset[str] = frozenset()
    counted_threads: frozenset[str] = frozenset()
    lookup_size: int = 25
    verified: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """What the environment gave: values by suffix (`TOKEN`, `USER`) and the prefix of their names."""

    prefix: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def token(self) -> str | None:
        """The secret itself, None where there is none."""
        return self.values.get("TOKEN")

    @property
    def user(self) -> str | None:
        """The account that the token belongs to, where one was named."""
        return self.values.get("USER")


class Refused(AnswerError):
    """The network refuses the request as such."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a login gave. `account_id` is whose session it is."""

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    account_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `json` decoded (None where the body is none), `body` without credentials, header names in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    json: Json
    body: bytes
    fetched_at: int


class Session(Protocol):
    """What a network file may ask of the frame: answers, and who is asking."""

    @property
    def credential(self) -> Credential | None:
        """The credential of this session, None for a keyless one."""
        ...

    @property
    def url(self) -> str:
        """The host that requests without `base` go to."""
        ...

    def now(self) -> int:
        """The present moment, UTC in ms."""
        ...

    async def account_id(self) -> str | None:
        """Whose session it is; None for a keyless one, or where only the token knows. Raises CredentialError, Stopped."""
        ...

    async def wait(self, seconds: float) -> bool:
        """Let time pass because an answer is still growing. False, and at once, where --max-time is over before."""
        ...

    async def fetch(
        self, path: str, params: Params | None = None, *, base: str | None = None, body: Json = None, bearer: str | None = None
    ) -> Answer:
        """One answer, after all waiting and repeating. Raises StreamError, Stopped, CredentialError.

        To another `base` than the session's own no credential goes, except `bearer`. '' as `bearer` asks
        anonymously. A `body` is posted as JSON; where a login posts none, it is an empty dict.
        """
        ...


class Network(ABC):
    """One network. `options` are its settings in the YAML (`networks: {NAME: {...}}`)."""

    facts: ClassVar[Facts]
    listed: Sequence[Handle] = ()
    """Every handle that the benchmark has on this network, also those that this run does not read."""

    def __init__(self, options: Mapping[str, Json]) -> None:
        self.options = options

    @abstractmethod
    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        """The account behind each handle, in their order; None where there is none."""

    @abstractmethod
    def pages(self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None) -> AsyncIterator[Page]:
        """The pages of a listing, from `token` on."""

    @abstractmethod
    def parse(self, item: Json) -> Iterable[Message]:
        """The messages that an item holds; none where it holds none. KeyError and the like mean a changed shape."""

    def gone(self, item: Json) -> Mapping[str, Gone]:
        """The messages that an item says are no more."""
        del item
        return {}

    async def sizes(self, session: Session, stream: Stream, subjects: Sequence[Subject]) -> Mapping[str, int]:
        """How many items the network says that each subject's listing holds; a subject left out is read in any case."""
        del session, stream, subjects
        return {}

    def reach(self, stream: Stream, subject: Subject, at: int) -> int | None:
        """The moment before which a listing read at `at` shows nothing any more; None where it goes back to the beginning."""
        del stream, subject, at
        return None

    def verdict(self, status: int, json: Json) -> Verdict:
        """What an answer that is no success means; networks with codes of their own look into `json`."""
        del json
        if status in (408, 425, 429) or status >= 500:
            return Verdict.RETRY
        return _BY_STATUS.get(status, Verdict.REFUSED)

    def code(self, json: Json) -> str:
        """The machine-readable name of an error, '' where there is none."""
        found = json.get("error") if isinstance(json, dict) else None
        return found if isinstance(found, str) and found.isascii() and found.isalnum() else ""

    async def login(self, session: Session, grant: Grant | None) -> Grant:
        """A fresh grant for the session's credential, from `grant` where that can be refreshed."""
        raise NotImplementedError(f"{self.facts.name} has no login")

    def home(self, handle: Handle) -> str | None:
        """The address that a handle's form itself names, where a network has many servers; None where it names none."""
        del handle
        return None

    def public(self, json: Json) -> Json:
        """An answer without what is private in it, before it is read or kept; where nothing is, the same object."""
        return json

    def check(self, handle: Handle) -> str | None:
        """What is wrong with the form of a handle, None where nothing is."""
        del handle
        return None


def networks() -> dict[str, type[Network]]:
    """All network files of the folder by name, in the order of the alphabet."""
    from socialbench.collect import networks as folder

    found = {}
    for module in pkgutil.iter_modules(folder.__path__):
        found[module.name] = _class_in(f"{folder.__name__}.{module.name}")
    return dict(sorted(found.items()))


def find_network(name: str) -> type[Network] | None:
    """The collector of the network `name`, None where there is none."""
    from socialbench.collect import networks as folder

    if name not in {module.name for module in pkgutil.iter_modules(folder.__path__)}:
        return None
    return _class_in(f"{folder.__name__}.{name}")


def _class_in(module_name: str) -> type[Network]:
    module = import_module(module_name)
    classes = (kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module_name)
    own = [kind for kind in classes if issubclass(kind, Network)]
    if len(own) != 1 or own[0].facts.name != module_name.rpartition(".")[2]:
        raise UsageError(f"{module_name}: a network file holds one subclass of Network, named in its facts as the file")
    return own[0]
