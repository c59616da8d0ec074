from __future__ import annotations

from dataclasses import replace

import pandas as pd

from socialbench.model import Account, Frames, How
from socialbench.store import open_store
from socialbench.store.texts import text_hash
from tests.store.invented import ACME, T0, batch, covered, message, saved, to_acme

INTEGERS = {
    "spaces": ["key"],
    "accounts": ["key", "space"],
    "messages": [
        "key", "space", "author", "parent", "root", "quoted", "sent_at", "first_seen_at", "last_seen_at", "gone_at", "gone",
        "linking", "stars", "bot", "text_hash", "followers", "kind", "kind_version",
    ],
    "addresses": ["message", "account", "how", "basis", "first_seen_at"],
    "coverage": ["account", "since_at", "until_at"],
    "profiles": ["account", "seen_at", "followers", "posts"],
    "engagement": ["message", "total"],
}  # fmt: skip
OTHERS = {
    "spaces": {"network": "object", "origin": "object"},
    "accounts": {"id": "object", "name": "object", "names": "object"},
    "messages": {"lang": "category"},
    "addresses": {"stream": "category"},
    "coverage": {
        "stream": "object",
        "direction": "object",
        "subject": "object",
        "gap": "bool",
        "reason": "object",
        "assumed": "bool",
        "sample": "object",
    },
    "profiles": {},
    "engagement": {},
}


def check_columns(frames: Frames) -> None:
    for name, integers in INTEGERS.items():
        frame: pd.DataFrame = getattr(frames, name)
        wanted = dict.fromkeys(integers, "int64") | OTHERS[name]
        assert {column: str(kind) for column, kind in frame.dtypes.items()} == wanted, name
        assert list(frame.index) == list(range(len(frame)))


def test_frames_have_their_columns_when_empty(url: str) -> None:
    with open_store(url, write=True) as store:
        frames = store.frames()
    check_columns(frames)
    assert len(frames.messages) + len(frames.addresses) + len(frames.coverage) == 0


def test_frames_hold_narrow_facts_with_minus_one_for_absent(url: str) -> None:
    full = message("full", T0 + 1, "Hi", addressed=to_acme(), lang="nl", stars=4, bot=True, author_followers=7, quoted_id="x")
    bare = message("bare", T0 + 2, "", author_id=None, addressed=to_acme(How.POST))
    with saved(url, [batch([bare, full], T0 + 5, accounts=[ACME], coverage=[covered(1, 2)])]) as store:
        frames = store.frames()
    check_columns(frames)
    one, other = frames.messages.to_dict("records")
    assert {name: one[name] for name in ("stars", "bot", "followers", "lang", "gone", "kind", "text_hash")} == {
        "stars": 4, "bot": 1, "followers": 7, "lang": "nl", "gone": -1, "kind": -1, "text_hash": text_hash("hi"),
    }  # fmt: skip
    assert all(other[name] == -1 for name in ("author", "parent", "root", "quoted", "stars", "bot", "followers", "gone_at"))
    assert other["lang"] != other["lang"]
    assert frames.accounts.to_dict("records")[0]["names"] == ("acme.example",)
    assert frames.addresses["how"].tolist() == [How.LEADING, How.POST]


def test_frames_hold_profiles_of_covered_accounts_as_they_changed(url: str) -> None:
    batches = [
        batch(
            [], T0 + at, accounts=[replace(ACME, followers=followers, posts=posts), Account("bluesky", "", "did:jo", followers=3)]
        )
        for at, followers, posts in ((1, 50, None), (2, 50, None), (3, 40, 9))
    ]
    with saved(url, [batch([], T0, accounts=[ACME], coverage=[covered(1, 2)]), *batches]) as store:
        frames = store.frames()
    check_columns(frames)
    assert frames.profiles is not None
    assert frames.profiles[["seen_at", "followers", "posts"]].to_numpy().tolist() == [[T0 + 1, 50, -1], [T0 + 3, 40, 9]]
    assert frames.profiles["account"].tolist() == frames.coverage["account"].tolist() * 2


def test_frames_hold_engagement_of_the_covered_accounts_own_posts(url: str) -> None:
    """Likes, replies, reposts and quotes are added; views are none of them. Replies and other people's posts are not read."""
    own = {"author_id": ACME.id}
    rows = [
        message("b", T0 + 9, counts={"likes": 3, "reposts": 2, "views": 1000}, **own),
        message("a", T0 + 8, counts={"replies": 1, "quotes": 1}, **own),
        message("views", T0 + 7, counts={"views": 5}, **own),
        message("bare", T0 + 6, **own),
        message("reply", T0 + 5, parent_id="asked", counts={"likes": 70}, **own),
        message("asked", T0 + 4, counts={"likes": 80}, addressed=to_acme()),
    ]
    with saved(url, [batch(rows, accounts=[ACME], coverage=[covered(1, 2)])]) as store:
        frames = store.frames()
        check_columns(frames)
        assert frames.engagement is not None
        ids = store.message_ids(frames.engagement["message"].tolist())
    told = [(ids[key], total) for key, total in frames.engagement.to_numpy().tolist()]
    assert told == [("a", 2), ("b", 5)]


def test_frames_join_pieces_of_any_length(url: str) -> None:
    rows = [message(str(at), T0 + at % 11, lang=("de", "en", None)[at % 3], addressed=to_acme()) for at in range(20_005)]
    with saved(url, [batch(rows)]) as store:
        frames = store.frames()
        ids = store.message_ids(frames.messages["key"].tolist())
    numbers = [int(ids[key]) for key in frames.messages["key"].tolist()]
    assert numbers == sorted(range(20_005), key=lambda at: (at % 11, len(str(at)), str(at)))
    langs = [None if lang != lang else lang for lang in frames.messages["lang"]]
    assert langs == [("de", "en", None)[number % 3] for number in numbers]
    assert frames.addresses["message"].tolist() == frames.messages["key"].tolist()


def test_text_hash_sees_templates_and_tells_texts_apart() -> None:
    one = text_hash("@jo Thanks!  See https://acme.example/t/1, case 1234 …")
    assert one == text_hash("@zoë_b thanks! see www.acme.example/t/99, case 77 …")
    assert one != text_hash("thanks! see , case … soon")
    assert -(2**63) <= one < 2**63
    assert text_hash("STRASSE") == text_hash("straße")
    assert text_hash("half \ud83d") == text_hash("Half \ud83d 12")
