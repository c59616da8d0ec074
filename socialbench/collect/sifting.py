"""Which messages of a page are kept, and for whom: a network's own filter is never relied upon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from socialbench.model import Account, Address, How, Message, Over, Stream, Subject

_FIELDS = tuple(each.name for each in fields(Message))
_values = attrgetter(*_FIELDS)
_TO_OWN_WORDS = (How.REVIEW, How.POST, How.REPLY, How.QUOTE)


@dataclass(frozen=True, slots=True)
class Tracked:
    """The accounts of the benchmark on one network: by id, and by each folded name that they are known by."""

    ids: frozenset[str]
    by_name: Mapping[str, str]

    @classmethod
    def of(cls, accounts: Iterable[tuple[Account, Sequence[str]]]) -> Tracked:
        """Track `accounts`, each also under the names that the config gives it."""
        by_name = {}
        ids = set()
        for account, names in accounts:
            ids.add(account.id)
            for name in (account.name, *names):
                if name:
                    by_name[name.lstrip("@").casefold()] = account.id
        return cls(frozenset(ids), by_name)

    def addresses(self, message: Message) -> tuple[Address, ...]:
        """The addresses of `message` that are to tracked accounts, by id, once each with the lowest `how`."""
        lowest: dict[str, How] = {}
        for address in message.addressed:
            found = address.account_id or self.by_name.get((address.name or "").lstrip("@").casefold())
            if found in self.ids and found is not None and found != message.author_id:
                lowest[found] = min(address.how, lowest.get(found, address.how))
        return tuple(Address(how, account_id) for account_id, how in sorted(lowest.items()))


@dataclass(frozen=True, slots=True)
class Sifted:
    """What a page leaves: `kept` to be saved, `dropped_count` that speak to somebody else."""

    kept: tuple[Message, ...]
    dropped_count: int


def sift(messages: Sequence[Message], stream: Stream, subject: Subject, tracked: Tracked, whole_threads: bool = False) -> Sifted:
    """Keep what the subject's account wrote or was told.

    In threads (and where a handle's own listing holds `whole_threads`) the words of third parties are kept too, as
    context, because links run through them. A thread that is
    read because the brand takes part in it (`Over.OPEN_THREADS`) shows only replies to the brand's own words whether
    or not it answered them; a mere naming there is context, unless the thread is the brand's own.
    """
    kept, dropped_count = [], 0
    own = _own_messages(messages, subject)
    threaded = whole_threads or stream.over is not Over.HANDLE
    for message in messages:
        addressed = tracked.addresses(message)
        by_subject = message.author_id == subject.account.id
        to_subject = [address for address in addressed if address.account_id == subject.account.id]
        if not (by_subject or to_subject or threaded):
            dropped_count += 1
            continue
        listed = by_subject or (bool(to_subject) and _proven(message, to_subject, stream, subject, own))
        context = message.context or not listed
        same = (addressed, context) == (message.addressed, message.context)
        kept.append(message if same else _heard(message, addressed, context))
    return Sifted(tuple(kept), dropped_count)


def _heard(message: Message, addressed: tuple[Address, ...], context: bool) -> Message:
    # What `dataclasses.replace` does takes a tenth of a page's time.
    values = dict(zip(_FIELDS, _values(message), strict=True))
    values["addressed"], values["context"] = addressed, context
    return Message(**values)


def _own_messages(messages: Sequence[Message], subject: Subject) -> set[str]:
    return {message.id for message in messages if message.author_id == subject.account.id}


def _proven(message: Message, to_subject: Sequence[Address], stream: Stream, subject: Subject, own: set[str]) -> bool:
    if stream.over is not Over.OPEN_THREADS or any(address.how in _TO_OWN_WORDS for address in to_subject):
        return True
    return subject.id in own or message.root_id in own


def names_of(handle_name: str, account: Account) -> tuple[str, ...]:
    """The names that a text may call an account by.

    >>> names_of("@Acme.test", Account("bluesky", "", "did:plc:acme", "acme.test"))
    ('@Acme.test', 'acme.test')
    """
    return tuple(name for name in (handle_name, account.name) if name)
