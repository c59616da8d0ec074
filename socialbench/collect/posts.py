"""Posts of a Discourse board: what one says, whose it is, and to whom it speaks."""

from __future__ import annotations

from collections.abc import Iterator

from socialbench.collect import fields
from socialbench.collect.markup import plain
from socialbench.model import Address, How, Json, Message


def id_of(post: Json) -> str:
    """Topic and number, by which replies name a post."""
    return f"{numbered(post['topic_id'])}/{numbered(post['post_number'])}"


def numbered(value: Json) -> int:
    """A number of the board's. Raises TypeError for anything else, for numbers go into paths."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def message(post: Json, board: Json) -> Message:
    """The message that a post is; `board` tells what the post does not: where it stands and whose it is."""
    id_, place, answered = id_of(post), post["post_number"], post.get("reply_to_post_number")
    text = plain(fields.text(post, "cooked"), quotes=False)
    if place == 1 and board["title"]:
        text = f"{board['title']}\n\n{text}".strip()
    author, likes = str(numbered(post["user_id"])), post.get("like_count")
    return Message(
        network="discourse",
        origin=board["origin"],
        id=id_,
        sent_at=fields.moment(fields.text(post, "created_at")),
        text=text,
        author_id=board["account"] if board["own"] else author,
        author_name=None if board["own"] else fields.text(post, "username"),
        parent_id=None if place == 1 else f"{post['topic_id']}/{numbered(answered or 1)}",
        root_id=f"{post['topic_id']}/1",
        addressed=tuple(_addresses(place, board)),
        counts={"likes": likes} if isinstance(likes, int) else {},
    )


def _addresses(place: int, board: Json) -> Iterator[Address]:
    if board["own"]:
        return
    if place == 1 or board["to_all"]:
        yield Address(How.POST, board["account"])
    elif board["to_staff"]:
        yield Address(How.REPLY, board["account"])
