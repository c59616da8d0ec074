"""What Bluesky and a Mastodon server show, field by field, of persons that are invented."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from datetime import UTC, datetime

Shown = dict[str, object]
PERSONS = 20_000
_NEWEST_AT = 1_790_000_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_SPEECH = """the order parcel has not come yet and nobody answers my telephone what can be done about it please tell me when where
refund promised on Monday card charged twice app says delivered but neighbour saw no driver third time this month again very
disappointed usually love your shop staff were kind though still waiting since last Friday any news number above thanks"""
_WORDS = _SPEECH.split()
"""Drawn from by a hash, so that answers are about as hard to compress as what people write."""
_CDN = "https://cdn.example.test"


def handle_of(brand: int) -> str:
    """The name of a brand on either network."""
    return f"brand{brand}"


def did_of(who: str, number: int) -> str:
    """A DID of the right length."""
    return f"did:plc:{b32encode(_drawn(len(who), number)).decode().lower()[:24]}"


def profile(brand: int) -> Shown:
    """As `app.bsky.actor.getProfiles` shows a brand."""
    counts = {"followersCount": 51_000 + brand, "followsCount": 37, "postsCount": 4_100}
    return {**_author("brand", brand, f"{handle_of(brand)}.example.test"), **counts, "indexedAt": _iso(0)}


def post_view(brand: int, number: int) -> Shown:
    """As `app.bsky.feed.searchPosts` shows a post that mentions a brand: each third a reply, each fourth with a card."""
    person = (brand * 31 + number * 7) % PERSONS
    author = _author("person", person, f"person{person}.example.test")
    tag = f"@{handle_of(brand)}.example.test"
    mention = {"$type": "app.bsky.richtext.facet#mention", "did": did_of("brand", brand)}
    facet = {"index": {"byteStart": 0, "byteEnd": len(tag)}, "features": [mention]}
    record: Shown = {"$type": "app.bsky.feed.post", "createdAt": _iso(number), "facets": [facet], "langs": ["en"]}
    record["text"] = f"{tag} {_said(brand, number)} {brand}-{number}."
    if number % 3 == 0:
        answered = {"cid": _cid(number), "uri": f"at://{did_of('brand', brand)}/app.bsky.feed.post/{_key(900_000 + number)}"}
        record["reply"] = {"parent": answered, "root": answered}
    view: Shown = {"uri": f"at://{author['did']}/app.bsky.feed.post/{_key(brand * 100_000 + number)}", "cid": _cid(number)}
    view |= {"author": author, "record": record}
    if number % 4 == 0:
        card = {"uri": f"https://shop.example.test/{number}", "title": "Where is it?", "description": _said(number, brand)}
        blob = {"$type": "blob", "ref": {"$link": _cid(number)}, "mimeType": "image/jpeg", "size": 152_656}
        record["embed"] = {"$type": "app.bsky.embed.external", "external": {**card, "thumb": blob}}
        shown = {**card, "thumb": f"{_CDN}/img/feed_thumbnail/plain/{author['did']}/{_cid(number)}@jpeg"}
        view["embed"] = {"$type": "app.bsky.embed.external#view", "external": shown}
    counts = {"replyCount": number % 3, "repostCount": 0, "likeCount": number % 11, "quoteCount": 0, "bookmarkCount": 0}
    return {
        **view,
        **counts,
        "indexedAt": _iso(number),
        "viewer": {"threadMuted": False, "embeddingDisabled": False},
        "labels": [],
    }


def account(brand: int) -> Shown:
    """As a Mastodon server shows a brand's account, alone and in each of its statuses."""
    name, id_ = handle_of(brand), account_id(brand)
    note = '<p>We are here from 9 to 5. <a href="https://{0}.example.test" rel="nofollow noopener">{0}.example.test</a></p>'
    picture = f"https://files.example.test/accounts/avatars/{id_}/original/d6fcdd05fbfea82c.png"
    shown: Shown = {"id": id_, "username": name, "acct": name, "display_name": f"Brand {brand}", "locked": False, "bot": False}
    shown |= {"discoverable": True, "indexable": True, "group": False, "created_at": "2022-11-03T00:00:00.000Z"}
    shown |= {"note": note.format(name), "url": f"https://social.example.test/@{name}"}
    shown |= {"uri": f"https://social.example.test/users/{name}", "avatar": picture, "avatar_static": picture}
    shown |= {"header": picture, "header_static": picture, "followers_count": 5_100, "following_count": 37}
    shown |= {"statuses_count": 4_100, "last_status_at": "2026-09-21", "hide_collections": None, "noindex": False, "emojis": []}
    fields = [
        {"name": "Shop", "value": "shop.example.test", "verified_at": None},
        {"name": "Hours", "value": "9 to 5", "verified_at": None},
    ]
    return {**shown, "roles": [], "fields": fields}


def account_id(brand: int) -> str:
    """Eighteen digits."""
    return str(109_281_650_341_000_000 + brand)


def status_id(brand: int, number: int) -> str:
    """Falls with `number`, as the newest comes first."""
    return str(115_000_000_000_000_000 - number * 1_000 + brand)


def status(brand: int, number: int) -> Shown:
    """As `/api/v1/accounts/:id/statuses` shows what a brand wrote: two thirds answer a customer, each fourth has a card."""
    id_, name = status_id(brand, number), handle_of(brand)
    person = (brand * 31 + number * 7) % PERSONS
    url = f"https://social.example.test/@{name}/{id_}"
    content, mentions, answered = f"<p>Hello, {_said(brand, number)} {brand}-{number}.</p>", [], None
    if number % 3:
        home, answered = f"https://other.example.test/@person{person}", str(108_000_000_000_000_000 + person)
        mentions = [{"id": answered, "username": f"person{person}", "url": home, "acct": f"person{person}@other.example.test"}]
        link = (
            f'<span class="h-card" translate="no"><a href="{home}" class="u-url mention">@<span>person{person}</span></a></span>'
        )
        content = f"<p>{link} {_said(brand, number)} {brand}-{number}.</p>"
    card: Shown | None = None
    if number % 4 == 0:
        card = {
            "url": "https://shop.example.test",
            "title": "Shop",
            "description": _said(number, brand),
            "language": "en",
            "type": "link",
        }
        card |= {"author_name": "", "author_url": "", "provider_url": "", "html": "", "embed_url": "", "blurhash": None}
        card |= {"provider_name": "Shop", "width": 0, "height": 0, "image": None, "image_description": ""}
        card |= {"published_at": None, "authors": []}
    shown: Shown = {"id": id_, "created_at": _iso(number), "in_reply_to_id": f"11{number:016}" if answered else None}
    shown |= {"in_reply_to_account_id": answered, "sensitive": False, "spoiler_text": "", "visibility": "public"}
    shown |= {"language": "en", "uri": f"https://social.example.test/users/{name}/statuses/{id_}", "url": url}
    shown |= {"replies_count": number % 3, "reblogs_count": 0, "favourites_count": number % 11, "quotes_count": 0}
    shown |= {
        "edited_at": None,
        "content": content,
        "reblog": None,
        "quote": None,
        "application": {"name": "Web", "website": None},
    }
    shown |= {"account": account(brand), "media_attachments": [], "mentions": mentions, "tags": [], "emojis": []}
    return {**shown, "card": card, "poll": None}


def _author(who: str, number: int, handle: str) -> Shown:
    did = did_of(who, number)
    shown: Shown = {"did": did, "handle": handle, "displayName": f"{who.title()} {number}"}
    shown |= {
        "avatar": f"{_CDN}/img/avatar/plain/{did}/{_cid(number)}@jpeg",
        "associated": {"chat": {"allowIncoming": "following"}},
    }
    viewer = {"muted": False, "blockedBy": False}
    return {**shown, "viewer": viewer, "labels": [], "createdAt": "2024-09-04T11:55:00.863Z"}


def _spelled(number: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 32)
        digits = _LETTERS[last] + digits
    return digits


def _key(number: int) -> str:
    return "3l" + _spelled(number).rjust(11, "a")


def _cid(number: int) -> str:
    return "bafyrei" + b32encode(_drawn(number)).decode().lower().rstrip("=")


def _said(brand: int, number: int) -> str:
    return " ".join(_WORDS[byte % len(_WORDS)] for byte in _drawn(brand, number)[:24])


def _drawn(*numbers: int) -> bytes:
    return hashlib.sha256(repr(numbers).encode()).digest()


def _iso(number: int) -> str:
    """A minute earlier for each."""
    return datetime.fromtimestamp(_NEWEST_AT - number * 60, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{number % 1000:03}Z"
