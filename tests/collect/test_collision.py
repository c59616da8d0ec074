"""Two imports and a collection whose ids are the same small numbers: three origins, nothing overwritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from socialbench.model import DAY_MS, Handle
from socialbench.store import open_store
from tests.collect.files.harness import PLAY, TWCS, import_files, tweet, write_csv
from tests.collect.harness import NOW, Wire, answered, benchmark, run_collect
from tests.collect.suite.cases import load
from tests.collect.test_x import ACME, LOOKUP, MENTIONS, POSTS

TEXTS = {"1": "{} asks", "2": "{} answers", "3": "{} asks again"}


def said(who: str) -> dict[str, str]:
    return {id_: text.format(who) for id_, text in TEXTS.items()}


def twcs(path: Path) -> Path:
    texts = said("@Acme, twcs")
    rows = [
        tweet(1, 900, "True", 0, texts["1"]),
        tweet(2, "Acme", "False", 5, texts["2"], 1),
        tweet(3, 900, "True", 9, texts["3"], 2),
    ]
    return write_csv(path / "twcs.csv", TWCS, rows)


def reviews(path: Path) -> Path:
    row = ("A. N. Other", 1, "2026-06-01 10:00", "", "", "com.acme.app")
    rows = [(id_, row[0], text, *row[1:]) for id_, text in said("review").items()]
    return write_csv(path / "reviews.csv", PLAY, rows)


def answer(request: httpx.Request) -> httpx.Response:
    """X, where the brand is account 9001 and all posts have the numbers 1 to 3."""
    if request.url.path not in {MENTIONS, POSTS}:
        others = {LOOKUP: {"errors": []}, "/2/users/by": load("x").respond(request)}
        found = others.get(request.url.path, {"meta": {"result_count": 0}})
        return found if isinstance(found, httpx.Response) else answered(200, found)
    mine = request.url.path == POSTS
    posts = [
        post(id_, text, ACME if id_ == "2" else "900") for id_, text in said("@acme_care, x").items() if (id_ == "2") is mine
    ]
    return answered(200, {"data": posts, "meta": {"result_count": len(posts)}})


def post(id_: str, text: str, author: str) -> dict[str, Any]:
    above = {} if id_ == "1" else {"referenced_posts": [{"type": "replied_to", "id": str(int(id_) - 1)}]}
    at = "2026-11-17T10:00:00.000Z"
    return {"id": id_, "text": text, "author_id": author, "conversation_id": "1", "created_at": at, **above}


def collect(store: Path) -> None:
    bench = benchmark(Handle("x", "acme_care"), url="https://api.x.test")
    outcome = run_collect(store, bench, Wire(answer), environ=load("x").environ, since_at=NOW - 7 * DAY_MS)
    assert [str(result.error) for result in outcome.failures] == []


def everything(store: Path) -> dict[tuple[str, str, str], tuple[str, str | None]]:
    with open_store(str(store)) as opened:
        rows = [dict(row) for row in opened.export_rows("messages")]
    assert len(rows) == len({(row["network"], row["origin"], row["id"]) for row in rows})
    return {(row["network"], row["origin"], row["id"]): (row["text"], row["parent_id"]) for row in rows}


def test_equal_ids_of_two_imports_and_a_collection_overwrite_nothing(tmp_path: Path) -> None:
    steps = {
        "twcs": lambda store: import_files(store, "twcs", [twcs(tmp_path)]),
        "reviews": lambda store: import_files(store, "play-reviews", [reviews(tmp_path)], timezone="UTC", brand="Acme"),
        "x": collect,
    }
    forward, backward = tmp_path / "forward.db", tmp_path / "backward.db"
    for step in steps.values():
        step(forward)
    for step in reversed(steps.values()):
        step(backward)
    expected = {("x", "twcs", id_): text for id_, text in said("@Acme, twcs").items()}
    expected |= {("googleplay", "", id_): text for id_, text in said("review").items()}
    expected |= {("x", "", id_): text for id_, text in said("@acme_care, x").items()}
    found = everything(forward)
    assert {key: text for key, (text, _) in found.items()} == expected
    assert found == everything(backward)
    assert {key[1]: parent for key, (_, parent) in found.items() if key[0] == "x" and key[2] == "2"} == {"": "1", "twcs": "1"}
