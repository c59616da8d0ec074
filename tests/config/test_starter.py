"""Configs that we write ourselves are configs that we read."""

from __future__ import annotations

import tempfile
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from socialbench.config import fold, load, schema, unite, write_import_config, write_starter
from socialbench.errors import UsageError
from socialbench.model import Brand, Handle, Role

HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "a\nb",
    "NO",
    "@x",
    "🦆 Ducks",
    "x" * 10_000,
    "- a: b # c",
    "\x85\u2028\ufeff",
    "{[*&!%`|>'\"",
    "007",
    "\\n",
    "\x00\x1b[31m",
]


def test_starter_loads_and_names_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "new" / "s.yaml"
    write_starter(path, schema_path="./s.json")
    assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=./s.json\n")
    assert [brand.name for brand in load(path).brands] == ["Example Bank", "Sample Mutual"]


def test_starter_comments_are_right_once_uncommented(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    write_starter(path, schema_path="./s.json")
    lines = path.read_text("utf-8").splitlines()
    keep = {"# store:", "# follow_up:", "# networks:", "#   x:", "#   trustpilot:", "# exclude:", "#   - {pattern"}
    text = "\n".join(line.removeprefix("# ") if any(line.startswith(start) for start in keep) else line for line in lines)
    for name in ("x: [ExampleBank", "youtube:", "hours:"):
        text = text.replace(f"# {name}", name)
    path.write_text(text, "utf-8")
    benchmark = load(path)
    assert (len(benchmark.brands[0].handles), benchmark.brands[1].hours) == (4, "Mon-Fri 08:00-20:00, Sat 09:00-17:00")
    assert benchmark.settings("x").budget == 20
    assert benchmark.exclude[0].why == "prize draw"


def test_starter_replaces_nothing_without_force(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="is there already; --force replaces it"):
        write_starter(path, schema_path="x")
    assert path.read_text("utf-8") == "mine"
    write_starter(path, schema_path="x", force=True)
    assert load(path).benchmark == "UK banks"
    with pytest.raises(UsageError, match="is a folder"):
        write_starter(tmp_path, schema_path="x", force=True)


@pytest.mark.parametrize("name", HOSTILE)
def test_import_config_holds_any_brand(tmp_path: Path, name: str) -> None:
    path = tmp_path / "i.yaml"
    written = write_import_config(path, name, [Brand(name, name, (Handle("googleplay", name, Role.SUPPORT, "here"),))])
    benchmark = load(path)
    assert benchmark.brands == written
    assert (benchmark.brands[0].name, benchmark.brands[0].sector, benchmark.benchmark) == (name, name, name)
    assert (benchmark.period, benchmark.settings("googleplay").collect) == ("all", False)


HANDLES = st.builds(
    Handle,
    st.sampled_from(["x", "mastodon", "discourse", "bluesky", "desk"]),
    st.text(min_size=1, max_size=30),
    st.sampled_from(Role),
    st.sampled_from([None, "twcs"]),
)
BRANDS = st.builds(
    Brand,
    st.text(min_size=1, max_size=30),
    st.one_of(st.none(), st.text(min_size=1, max_size=9).filter(str.strip)),
    st.lists(HANDLES, min_size=1, max_size=4).map(tuple),
)


@given(st.lists(BRANDS, max_size=6), st.text(min_size=1, max_size=20).filter(str.strip))
def test_import_config_round_trips(brands: list[Brand], title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "i.yaml"
        if not unite(brands):
            with pytest.raises(UsageError, match="there is no brand to write"):
                write_import_config(path, title, brands)
            return
        written = write_import_config(path, title, brands)
        benchmark = load(path)
        assert [(brand.name, brand.sector, sorted(brand.handles, key=repr)) for brand in benchmark.brands] == [
            (brand.name, brand.sector, sorted(brand.handles, key=repr)) for brand in written
        ]
        accounts = {
            (handle.network, fold(handle.name))
            for brand in brands
            for handle in brand.handles
            if fold(handle.name) and brand.name.strip()
        }
        assert {(handle.network, fold(handle.name)) for _, handle in benchmark.handles()} == accounts


def test_import_config_unites_names_and_gives_an_account_once() -> None:
    united = unite(
        [
            Brand("Acme", "A", (Handle("x", "acme"),)),
            Brand("ACME", "B", (Handle("x", "@Acme"), Handle("x", "acme_help"))),
            Brand("@acme", None, (Handle("x", "@acme"),)),
        ]
    )
    assert united == (Brand("Acme", "A", (Handle("x", "acme"), Handle("x", "acme_help"))),)


def test_import_config_refuses_what_is_no_network(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no name for a network"):
        write_import_config(tmp_path / "i.yaml", "t", [Brand("A", None, (Handle("My Network", "a"),))])


def test_schema_accepts_what_load_accepts_and_refuses_what_it_refuses(tmp_path: Path) -> None:
    tree = schema()
    jsonschema.Draft202012Validator.check_schema(tree)
    path = tmp_path / "s.yaml"
    write_starter(path, schema_path="x")
    checker = jsonschema.Draft202012Validator(tree)
    starter = yaml.safe_load(path.read_text("utf-8"))
    assert checker.is_valid(starter)
    assert not checker.is_valid({**starter, "timezne": "UTC"})
    assert not checker.is_valid({**starter, "brands": []})
    assert not checker.is_valid({**starter, "brands": [{"name": "A", "handles": {"x": []}}]})
