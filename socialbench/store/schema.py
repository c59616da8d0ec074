"""The tables as the statements of this room name them. The migrations make them; a test holds the two together.

Text columns compare byte by byte on both dialects: SQLite does so by itself, the migrations ask PostgreSQL for it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData()


def _table(name: str, keys: str, /, **columns: TypeEngine[Any]) -> Table:
    primary = keys.split()
    return Table(name, metadata, *(Column(each, kind, primary_key=each in primary) for each, kind in columns.items()))


_INT = BigInteger()
_TEXT = Text()

schema_version = _table("schema_version", "version", version=_INT, name=_TEXT, applied_at=_INT)
space = _table("space", "key", key=_INT, network=_TEXT, origin=_TEXT)
account = _table("account", "key", key=_INT, space=_INT, id=_TEXT, by_name=_INT, display_name=_TEXT, display_at=_INT)
account_name = _table(
    "account_name", "account folded", account=_INT, folded=_TEXT, name=_TEXT, first_seen_at=_INT, last_seen_at=_INT
)
profile = _table(
    "profile",
    "account seen_at",
    account=_INT,
    seen_at=_INT,
    display_name=_TEXT,
    followers=_INT,
    following=_INT,
    posts=_INT,
    created_at=_INT,
    bot=_INT,
    host=_TEXT,
)
message = _table(
    "message",
    "key",
    key=_INT,
    space=_INT,
    id=_TEXT,
    author=_INT,
    parent=_INT,
    root=_INT,
    quoted=_INT,
    sent_at=_INT,
    first_seen_at=_INT,
    last_seen_at=_INT,
    gone=_INT,
    gone_at=_INT,
    linking=_INT,
    stars=_INT,
    lang=_TEXT,
    bot=_INT,
    followers=_INT,
    author_at=_INT,
    text_hash=_INT,
    kind=_INT,
    kind_version=_INT,
)
text = _table("text", "message", message=_INT, text=_TEXT, author_name=_TEXT, author_display_name=_TEXT)
version = _table("version", "message digest", message=_INT, digest=_INT, seen_at=_INT, sent_at=_INT, text=_TEXT)
engagement = _table("engagement", "message", message=_INT, seen_at=_INT, counts=_TEXT)
alias = _table("alias", "space id", space=_INT, id=_TEXT, message=_INT)
address = _table("address", "message account", message=_INT, account=_INT, how=_INT, basis=_INT, stream=_TEXT, first_seen_at=_INT)
raw = _table(
    "raw",
    "key",
    key=_INT,
    space=_INT,
    account=_INT,
    stream=_TEXT,
    subject=_TEXT,
    url=_TEXT,
    fetched_at=_INT,
    expires_at=_INT,
    digest=_INT,
    body=LargeBinary(),
)
raw_message = _table("raw_message", "message raw", message=_INT, raw=_INT)
coverage = _table(
    "coverage",
    "account stream direction subject sample gap reason assumed since_at",
    account=_INT,
    stream=_TEXT,
    direction=_TEXT,
    subject=_TEXT,
    sample=_TEXT,
    gap=_INT,
    reason=_TEXT,
    assumed=_INT,
    since_at=_INT,
    until_at=_INT,
)
poll = _table("poll", "account root", account=_INT, root=_INT, checked_at=_INT)
cursor = _table(
    "cursor",
    "account stream subject",
    account=_INT,
    stream=_TEXT,
    subject=_TEXT,
    token=_TEXT,
    started_at=_INT,
    since_at=_INT,
    oldest_at=_INT,
    complete_at=_INT,
    pages=_INT,
    items=_INT,
)
run = _table(
    "run", "key", key=_INT, command=_TEXT, version=_TEXT, config_hash=_TEXT, started_at=_INT, ended_at=_INT, outcome=_TEXT
)
import_ledger = _table(
    "import_ledger", "checksum", checksum=_TEXT, file=_TEXT, shape=_TEXT, row_count=_INT, run=_INT, imported_at=_INT
)
repeated = _table("repeated", "checksum account day_at", checksum=_TEXT, account=_INT, day_at=_INT, row_count=_INT)
