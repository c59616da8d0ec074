"""Posts of the AT Protocol: what records, views and threads say, whichever network carries them."""

from __future__ import annotations

from collections.abc import Iterator

from socialbench.classify.addressing import handles_in, mention_how
from socialbench.collect import fields
from socialbench.errors import AnswerError
from socialbench.model import Address, How, Json, Linking, Message

POST = "app.bsky.feed.post"
_COUNTS = {"likes": "likeCount", "replies": "replyCount", "reposts": "repostCount", "quotes": "quoteCount"}


def flatten(thread: Json) -> tuple[list[Json], list[str]]:
    """All posts of a thread view, those above included, and the uris at which it was cut off. Without recursion."""
    items: list[Json] = []
    cut: list[str] = []
    waiting = [(thread, 0)]
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, dict):
            raise AnswerError("thread: a post of it is no object")
        if "post" not in node:
            items.append({"uri": node["uri"], "notFound": node.get("notFound") is True})
            continue
        post, replies = node["post"], node.get("replies")
        items.append(post)
        waiting += [(reply, depth + 1) for reply in replies or ()]
        if node.get("parent") is not None and depth <= 0:
            waiting.append((node["parent"], depth - 1))
        if replies is None and depth > 0 and (post.get("replyCount") or 0) > 0:
            cut.append(post["uri"])
    return items, cut


def message(item: Json, record: Json) -> Message:
    """The message that a post view, a listed record or a notification (`item`) holds in its `record`."""
    uri, author = _text(item, "uri"), item.get("author") or {}
    did = _text(author, "did") if author else _did_of(uri)
    reply, quoted = record.get("reply"), _quoted(record.get("embed"))
    langs = record.get("langs") or []
    return Message(
        network="bluesky",
        origin="",
        id=uri,
        sent_at=_sent_at(item.get("indexedAt"), record["createdAt"]),
        text=_text(record, "text"),
        author_id=did,
        author_name=author.get("handle"),
        author_display_name=author.get("displayName"),
        parent_id=reply["parent"]["uri"] if reply else None,
        root_id=reply["root"]["uri"] if reply else None,
        quoted_id=quoted,
        linking=Linking.PARENT,
        addressed=tuple(_addresses(record, quoted)),
        lang=langs[0] if langs else None,
        counts={name: item[field] for name, field in _COUNTS.items() if isinstance(item.get(field), int)},
    )


def _text(item: Json, field: str) -> str:
    value = item[field]
    if not isinstance(value, str):
        raise TypeError
    return value


def _addresses(record: Json, quoted: str | None) -> Iterator[Address]:
    text, reply = _text(record, "text"), record.get("reply")
    if reply and (parent := _did_of(reply["parent"]["uri"])):
        yield Address(How.REPLY, parent)
    if quoted and (owner := _did_of(quoted)):
        yield Address(How.QUOTE, owner)
    for did, shown, start in _mentions(record):
        how = mention_how(text, shown, reply is not None) or (How.LEADING if start == 0 and not reply else How.IN_TEXT)
        yield Address(how, did)
    for name in dict.fromkeys(handles_in(text)):
        how_named = mention_how(text, name, reply is not None)
        if how_named is not None:
            yield Address(how_named, name=name)


def _mentions(record: Json) -> Iterator[tuple[str, str, int]]:
    """(DID, the text that stands for it, where that begins in bytes) of every mention."""
    encoded = record["text"].encode("utf-8", "surrogatepass")
    for facet in record.get("facets") or ():
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        for feature in facet["features"]:
            if feature.get("$type") == "app.bsky.richtext.facet#mention":
                yield feature["did"], encoded[start:end].decode("utf-8", "replace"), start


def _quoted(embed: Json) -> str | None:
    """The uri of the post that an embed quotes; lists, feeds and pictures quote nothing."""
    if not embed:
        return None
    if embed.get("$type") == "app.bsky.embed.recordWithMedia":
        embed = embed["record"]
    if embed.get("$type", "app.bsky.embed.record") != "app.bsky.embed.record" or not isinstance(embed.get("record"), dict):
        return None
    uri = embed["record"].get("uri", "")
    return uri if f"/{POST}/" in uri else None


def _did_of(uri: str) -> str | None:
    # The protocol allows a handle there; nobody can be told by it, for handles change.
    parts = uri.split("/")
    return parts[2] if uri.startswith("at://") and len(parts) > 2 and parts[2].startswith("did:") else None


def _sent_at(indexed: str | None, created: str) -> int:
    """The earlier of both, as app views count: authors' programs date posts, and some lie."""
    if indexed is None:
        return fields.moment(created)
    try:
        return min(fields.moment(created), fields.moment(indexed))
    except ValueError:
        return fields.moment(indexed)
