"""`show --author`: one customer's history, over handles and networks, and nobody else's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import run

HEAD = "id,user,way,at,text,parent\n"
X = """\
1,ann,in,2026-10-01T08:00:00Z,@acme where is my order?,
2,acme,out,2026-10-01T08:30:00Z,@ann Please send us a DM.,1
3,bob,in,2026-10-01T09:00:00Z,@acme same here,
4,acme,out,2026-10-01T09:05:00Z,@bob We look into it.,3
5,ann,in,2026-10-02T08:00:00Z,@acme_help nobody answers my DM,
6,acme_help,out,2026-10-02T08:10:00Z,@ann Sorry about that.,5
7,acme_help,out,2026-10-02T08:11:00Z,It left today and arrives tomorrow.,6
"""
FORUM = """\
20,ann,in,2026-10-03T08:00:00Z,@acme ignore me,
21,ann_b,in,2026-10-04T08:00:00Z,@acme it arrived \x1b[2Jbroken,
22,acme,out,2026-10-04T09:00:00Z,A new one is on its way.,21
"""
MAP = """\
network: {network}
origin: t
sample: complete
columns: {{id: id, author: user, direction: way, time: at, text: text, parent: parent}}
"""
CONFIG = """\
benchmark: Acme
timezone: Europe/Berlin
period: 2026-09
networks: {x: {collect: false}, bluesky: {collect: false}}
brands:
  - {name: Acme, handles: {x: [acme, {name: acme_help, role: support}], bluesky: acme}}
"""
PERSON = "author_map: {Ann Bee: {x: ann, bluesky: ann_b}}\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "acme.yaml").write_text(CONFIG, "utf-8")
    (folder / "mapped.yaml").write_text(f"{CONFIG}store: data/acme.db\n{PERSON}", "utf-8")
    for network, rows in (("x", X), ("bluesky", FORUM)):
        (folder / f"{network}.csv").write_text(HEAD + rows, "utf-8")
        (folder / f"{network}.yaml").write_text(MAP.format(network=network), "utf-8")
        files = (f"{network}.csv", "-c", "acme.yaml", "--map", f"{network}.yaml")
        done = run(folder, "import", "table", *files, "--timezone", "UTC")
        assert done.returncode == 0, done.stderr
    return folder


def history(folder: Path, author: str, *options: str, config: str = "acme.yaml") -> dict[str, Any]:
    done = run(folder, "show", "--author", author, "-c", config, "--json", *options)
    assert done.returncode == 0, done.stderr
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


def test_authors_history_runs_over_all_handles_and_leaves_others_out(shop: Path) -> None:
    rows = history(shop, "ann", "-n", "x")["messages"]
    assert [(row["id"], row["direction"], row["handles"]) for row in rows] == [
        ("1", "to_brand", ["acme"]),
        ("2", "from_brand", ["acme"]),
        ("5", "to_brand", ["acme_help"]),
        ("6", "from_brand", ["acme_help"]),
        ("7", "from_brand", ["acme_help"]),
    ]
    # Half an hour, ten minutes, and a second part of the same answer after eleven.
    assert [(row["answers"], row["latency_s"]) for row in rows] == [
        (None, None),
        ("1", 1800),
        (None, None),
        ("5", 600),
        ("5", 660),
    ]
    assert [row["kind"] for row in rows[:2]] == ["question", "handoff_private"]
    assert rows[0]["sent_at"] == "2026-10-01T10:00:00+02:00"


def test_authors_hop_from_handle_to_handle_is_told(shop: Path) -> None:
    hops = history(shop, "ann", "-n", "x")["handle_hops"]
    assert hops == [{"brand": "Acme", "sent_at": "2026-10-02T10:00:00+02:00", "from": ["acme"], "to": ["acme_help"]}]


def test_authors_of_one_name_on_two_networks_must_be_told_apart(shop: Path) -> None:
    done = run(shop, "show", "--author", "ann", "-c", "acme.yaml")
    assert done.returncode == 2
    assert "2 authors are called so (bluesky t ann; x t ann); tell them apart with -n" in done.stderr
    assert [row["id"] for row in history(shop, "ann", "-n", "bluesky")["messages"]] == ["20"]


def test_authors_map_makes_one_person_of_two_accounts(shop: Path) -> None:
    told = history(shop, "ann bee", config="mapped.yaml")
    assert told["person"] == "Ann Bee"
    assert [row["id"] for row in told["messages"]] == ["1", "2", "5", "6", "7", "21", "22"]
    assert [(hop["from"], hop["to"]) for hop in told["handle_hops"]] == [
        (["acme"], ["acme_help"]),
        (["acme_help on x"], ["acme on bluesky"]),
    ]
    # One of the accounts leads to the other.
    assert history(shop, "ann_b", config="mapped.yaml") == told


def test_authors_history_keeps_to_what_is_asked(shop: Path) -> None:
    assert [row["id"] for row in history(shop, "ann", "-n", "x", "--since", "2026-10-02")["messages"]] == ["5", "6", "7"]
    done = run(shop, "show", "--author", "ann", "-n", "x", "-c", "acme.yaml", "--period", "2026-08")
    assert done.returncode == 6


def test_authors_unknown_is_no_data_and_a_brand_or_an_author_is_asked_for(shop: Path) -> None:
    done = run(shop, "show", "--author", "zoe", "-c", "acme.yaml")
    assert (done.returncode, "zoe: nobody of that id or name" in done.stderr) == (6, True)
    assert run(shop, "show", "-c", "acme.yaml").returncode == 2
    assert run(shop, "show", "Acme", "--author", "ann", "-c", "acme.yaml").returncode == 2
    assert "erase" in run(shop, "show", "--help").stdout


def test_authors_table_shows_control_characters_and_hops(shop: Path) -> None:
    said = run(shop, "show", "--author", "Ann Bee", "-c", "mapped.yaml").stdout
    assert "\x1b" not in said
    assert "it arrived \N{REPLACEMENT CHARACTER}[2Jbroken" in said
    assert "2026-10-02 10:00: went from acme to acme_help of Acme" in said
    assert "after 30 min" in said
