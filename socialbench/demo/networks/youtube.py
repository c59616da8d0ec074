"""YouTube in a world of its own, Data API v3: the comments under the videos of each channel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import cast

from socialbench.demo.ids import created_text
from socialbench.demo.parameters import TEXT, Field, Fields, Params, RequestError, limit, only, read_params, several, slice_of
from socialbench.demo.sites import Reply, Request
from socialbench.demo.world import STARTS_AT, Person, Post, World
from socialbench.model import DAY_MS, Json

KEY = "demo"
"""Any key that begins so is taken."""
_INLINE = 5
"""So many replies come with their thread; how many there are is told."""
_LISTED: Fields = {
    "textFormat": only("textFormatUnspecified", "html", "plainText"),
    "pageToken": TEXT,
    "maxResults": limit(20, 100),
}
_PARAMETERS: Fields = {"key": TEXT, "alt": only("json"), "prettyPrint": Field("boolean")}
PATHS: Mapping[str, Fields] = {
    "commentThreads": {
        "part": several("id", "snippet", "replies", required=True),
        "allThreadsRelatedToChannelId": TEXT,
        "videoId": TEXT,
        "id": TEXT,
        "order": only("orderUnspecified", "time", "relevance"),
        **_LISTED,
        **_PARAMETERS,
    },
    "comments": {"part": several("id", "snippet", required=True), "parentId": TEXT, "id": TEXT, **_LISTED, **_PARAMETERS},
    "channels": {
        "part": several("id", "snippet", "statistics", "contentDetails", required=True),
        "id": TEXT,
        "forHandle": TEXT,
        "maxResults": limit(5, 50, least=0),
        "pageToken": TEXT,
        **_PARAMETERS,
    },
}
_FILTERS = {
    "commentThreads": ("allThreadsRelatedToChannelId", "videoId", "id"),
    "comments": ("parentId", "id"),
    "channels": ("id", "forHandle"),
}


def open_site(world: World, home: str, url: str) -> YouTube:
    """The one host of the network."""
    del home, url
    return YouTube(world)


class YouTube:
    """Answers for one world, newest threads first."""

    def __init__(self, world: World) -> None:
        posts = world.shown("youtube")
        self._comments = {post.id: post for post in posts}
        self._replies: dict[str, list[Post]] = {}
        for post in posts:
            if post.parent is not None:
                self._replies.setdefault(post.root.id, []).append(post)
        self._channels = {person.id: person for person in world.people if person.network == "youtube"}
        brands = {person.brand: person.id for person in self._channels.values() if person.brand}
        self._threads: dict[str, list[Post]] = {id_: [] for id_ in brands.values()}
        self._owner: dict[str, str] = {}
        for post in posts[::-1]:
            if post.parent is None:
                owner = brands[post.author.brand or next(iter(post.addressed))]
                self._owner[post.id] = owner
                self._threads[owner].append(post)

    def answer(self, request: Request) -> Reply:
        """A listing of threads, of replies, of channels."""
        try:
            return Reply(self._answered(request))
        except RequestError as error:
            listed = [{"message": str(error), "domain": "youtube", "reason": error.error}]
            told: dict[str, Json] = {"code": error.status, "message": str(error), "errors": listed}
            return Reply({"error": told}, error.status)

    def _answered(self, request: Request) -> Json:
        name = request.path.removeprefix("/youtube/v3/")
        if name == request.path or name not in PATHS or request.method != "GET":
            raise RequestError(404, "notFound", f"no such path: {request.path[:60]}")
        self._check_key(request)
        params = read_params(PATHS[name], request.query)
        if len(params.keys() & set(_FILTERS[name])) != 1:
            raise RequestError(400, "missingRequiredParameter", "exactly one filter must be given")
        kind, items, page = {"commentThreads": self._listed, "comments": self._below, "channels": self._found}[name](params)
        info = {"totalResults": len(items), "resultsPerPage": params["maxResults"]}
        return {"kind": f"youtube#{kind}ListResponse", "etag": _etag(kind), "pageInfo": info, "items": items, **page}

    def _check_key(self, request: Request) -> None:
        keys = request.query.get("key", [])
        if not keys:
            raise RequestError(403, "forbidden", "Method doesn't allow unregistered callers.")
        if not keys[0].startswith(KEY):
            raise RequestError(400, "API_KEY_INVALID", "API key not valid. Please pass a valid API key.")

    def _listed(self, params: Params) -> tuple[str, list[Json], dict[str, Json]]:
        if "videoId" in params:
            raise RequestError(404, "videoNotFound", "no video has a listing of its own here")
        if "id" in params:
            threads = [self._comments[id_] for id_ in str(params["id"]).split(",") if id_ in self._owner]
            return "commentThread", [self._thread(post, params) for post in threads], {}
        channel = str(params["allThreadsRelatedToChannelId"])
        if channel not in self._threads:
            raise RequestError(404, "channelNotFound", "The channel could not be found.")
        page, following = _page(self._threads[channel], params)
        return "commentThread", [self._thread(post, params) for post in page], following

    def _below(self, params: Params) -> tuple[str, list[Json], dict[str, Json]]:
        if "id" in params:
            found = [self._comments[id_] for id_ in str(params["id"]).split(",") if id_ in self._comments]
            return "comment", [self._comment(post, bare=True) for post in found], {}
        parent = str(params["parentId"])
        if parent not in self._owner:
            raise RequestError(404, "parentCommentNotFound", "The specified parent comment could not be found.")
        page, following = _page(self._replies.get(parent, [])[::-1], params)
        return "comment", [self._comment(post, bare=True) for post in page], following

    def _found(self, params: Params) -> tuple[str, list[Json], dict[str, Json]]:
        ids = str(params.get("id", "")).split(",")
        handle = str(params.get("forHandle", "")).removeprefix("@").casefold()
        found = [each for each in self._channels.values() if each.id in ids or each.handle.casefold() == handle]
        return "channel", [_channel(person) for person in found], {}

    def _thread(self, post: Post, params: Params) -> Json:
        replies = self._replies.get(post.id, [])
        snippet = {
            "channelId": self._owner[post.id],
            "videoId": _video(post, self._owner[post.id]),
            "topLevelComment": self._comment(post),
            "canReply": True,
            "totalReplyCount": len(replies),
            "isPublic": True,
        }
        thread: dict[str, Json] = {
            "kind": "youtube#commentThread",
            "etag": _etag(f"thread/{post.id}"),
            "id": post.id,
            "snippet": snippet,
        }
        if replies and "replies" in cast("list[str]", params["part"]):
            thread["replies"] = {"comments": [self._comment(reply) for reply in replies[-_INLINE:][::-1]]}
        return thread

    def _comment(self, post: Post, bare: bool = False) -> Json:
        """A comment; `bare`: as the listing of comments shows it, without the video."""
        owner, told = self._owner[post.root.id], created_text(post.created_at, "milliseconds", 0)[0].replace(".000", "")
        snippet: dict[str, Json] = {
            "authorDisplayName": f"@{post.author.handle}",
            "authorProfileImageUrl": "https://img.example.test/a",
            "authorChannelUrl": f"http://www.youtube.com/@{post.author.handle}",
            "authorChannelId": {"value": post.author.id},
            "textDisplay": post.text,
            "textOriginal": post.text,
            "canRate": True,
            "viewerRating": "none",
            "likeCount": sum(post.id.encode()) % 4,
            "publishedAt": told,
            "updatedAt": told,
        }
        if not bare:
            snippet |= {"channelId": owner, "videoId": _video(post.root, owner)}
        if post.parent is not None:
            snippet["parentId"] = post.root.id
        return {"kind": "youtube#comment", "etag": _etag(post.id), "id": post.id, "snippet": snippet}


def _page(posts: Sequence[Post], params: Params) -> tuple[Sequence[Post], dict[str, Json]]:
    token = str(params.get("pageToken", ""))
    if token and not token.removeprefix("QURT").isdigit():
        raise RequestError(400, "invalidPageToken", "The request specifies an invalid page token.")
    page, following = slice_of(posts, cast(int, params["maxResults"]), token.removeprefix("QURT"))
    return page, {"nextPageToken": f"QURT{following}"} if following else {}


def _video(post: Post, channel: str) -> str:
    """The video under which a thread stands: a channel shows a new one every five days."""
    return _etag(f"{channel}/{(post.created_at - STARTS_AT) // DAY_MS // 5}")[:11]


def _channel(person: Person) -> Json:
    return {
        "kind": "youtube#channel",
        "etag": _etag(person.id),
        "id": person.id,
        "snippet": {
            "title": person.display_name,
            "description": "Simulated channel of the socialbench demo",
            "customUrl": f"@{person.handle}",
            "publishedAt": created_text(person.joined_at, "microseconds", 0)[0],
        },
        "statistics": {
            "viewCount": "1000",
            "subscriberCount": str(person.followers),
            "hiddenSubscriberCount": False,
            "videoCount": "40",
        },
    }


def _etag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
