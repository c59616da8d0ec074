"""Statuses as Mastodon and its like show them: what one says, to whom, and whether everybody may read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from socialbench.classify.addressing import mention_how
from socialbench.collect import fields
from socialbench.collect.markup import plain
from socialbench.model import Address, How, Json, Message

SHOWN = frozenset({"public", "unlisted"})
_KEPT = ("id", "visibility", "created_at", "in_reply_to_id")
_WITHIN = ("status", "reblog", "quote", "quoted_status", "ancestors", "descendants")
_DEEPEST = 4


def masked(json: Json) -> Json:
    """An answer whose statuses for some people only hold no more than ids and times, and no word of who sent them.

    The same object where all is public.
    """
    found = _masked(json, _DEEPEST)
    return json if found == json else found


def _masked(value: Json, depth: int) -> Json:
    if depth == 0 or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        return [_masked(each, depth) for each in value]
    if "visibility" in value and ("account" in value or "content" in value) and str(value["visibility"]) not in SHOWN:
        return {name: value[name] for name in _KEPT if name in value}
    inner = {name: _masked(value[name], depth - 1) for name in _WITHIN if name in value}
    # Of a notification about a hidden status the sender is hidden too.
    hidden = value.get("status") != inner.get("status")
    return {**{name: each for name, each in value.items() if not (hidden and name == "account")}, **inner}


def message(item: Json) -> Message:
    """The message that a status is. `item` also holds `home`, where it was read, and may hold `top`, its thread's top, and
    `told`, whom the server notified of it as mentioned.
    """
    id_, home, account = fields.text(item, "id"), item["home"], item["account"]
    content, warning = _plain(item, home), item.get("spoiler_text")
    top, quoted, bot = item.get("top"), _quoted(item), account.get("bot")
    return Message(
        network="mastodon",
        origin=home,
        id=id_,
        sent_at=fields.moment(fields.text(item, "created_at")),
        text=f"{warning}\n\n{content}" if isinstance(warning, str) and warning.strip() else content,
        author_id=fields.text(account, "id"),
        author_name=local_name(fields.text(account, "acct"), home),
        author_display_name=account.get("display_name"),
        parent_id=item.get("in_reply_to_id"),
        root_id=None if top == id_ else top,
        quoted_id=quoted.get("id"),
        addressed=tuple(_addresses(item, content, quoted)),
        lang=item.get("language"),
        bot=bot if isinstance(bot, bool) else None,
        author_followers=account.get("followers_count"),
        counts=_counts(item),
    )


def local_name(acct: str, home: str) -> str:
    """An account's name as its home server writes it; some append their own host.

    >>> local_name("acme@social.test", "social.test"), local_name("ann@other.test", "social.test")
    ('acme', 'ann@other.test')
    """
    name, _, host = acct.partition("@")
    return name if host.casefold() == home else acct


def _full(acct: str, home: str) -> str:
    return (acct if "@" in acct else f"{acct}@{home}").casefold()


def _mentions(item: Json) -> list[Json]:
    listed = [mention for mention in item.get("mentions") or () if mention.get("acct")]
    told = item.get("told") or {}
    known = {mention.get("id") for mention in listed}
    return [*listed, told] if told.get("acct") and told["id"] not in known else listed


def _plain(item: Json, home: str) -> str:
    """The text of a status, each mention written in full: two people of one name may live on two servers."""
    mentions = [(_full(mention["acct"], home), mention.get("url")) for mention in _mentions(item)]
    text = plain(fields.text(item, "content"), links={url: f"@{full}" for full, url in mentions if url})
    for full, _ in mentions:
        text = text.replace(f"@@{full}", f"@{full}")  # Some write the @ before the link.
        if f"@{full}" not in text.casefold():
            bare = re.escape(full.partition("@")[0])
            text = re.sub(rf"(?<![\w@/.])@{bare}(?![\w@]|[.-]\w)", f"@{full}", text, flags=re.IGNORECASE)
    return text


def _quoted(item: Json) -> Mapping[str, Json]:
    listed = item.get("quote") or {}
    found = listed.get("quoted_status") or listed
    return found if isinstance(found.get("id"), str) else {}


def _addresses(item: Json, text: str, quoted: Mapping[str, Json]) -> Iterator[Address]:
    answered = item.get("in_reply_to_account_id")
    is_reply = answered is not None or item.get("in_reply_to_id") is not None
    if answered is not None:
        yield Address(How.REPLY, answered)
    if (quoted.get("account") or {}).get("id"):
        yield Address(How.QUOTE, quoted["account"]["id"])
    for mention in _mentions(item):
        if mention.get("id"):
            # Some servers write mentions beside the text only.
            how = mention_how(text, _full(mention["acct"], item["home"]), is_reply)
            yield Address(how or (How.CARRIED if is_reply else How.IN_TEXT), mention["id"])


def _counts(item: Json) -> dict[str, int]:
    names = {"likes": "favourites_count", "replies": "replies_count", "reposts": "reblogs_count", "quotes": "quotes_count"}
    return {name: item[field] for name, field in names.items() if isinstance(item.get(field), int)}
