"""Boards as handles: their forms, their names, what is wrong with them, and that each belongs to one brand."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.config import load
from socialbench.errors import ConfigError
from socialbench.model import Handle

SITE = "site: stackoverflow"
URL = "url: https://a.example"


def handles(tmp_path: Path, *forms: str) -> list[Handle]:
    brands = "".join(f"  - {{name: B{place}, handles: {{{form}}}}}\n" for place, form in enumerate(forms))
    path = tmp_path / "t.yaml"
    path.write_text(f"benchmark: T\nbrands:\n{brands}", encoding="utf-8")
    return [handle for brand in load(path).brands for handle in brand.handles]


def complaint(tmp_path: Path, *forms: str) -> str:
    with pytest.raises(ConfigError) as caught:
        handles(tmp_path, *forms)
    (problem,) = caught.value.problems
    return f"{problem.where}: {problem.what}"


@pytest.mark.parametrize(
    ("form", "name", "origin"),
    [
        ("discourse: https://a.example", "a.example", "a.example"),
        (f"discourse: {{{URL}, staff: {{groups: [staff], users: [jo], flags: true}}}}", "a.example", "a.example"),
        (f"discourse: {{{URL}, category: billing/5}}", "a.example/c/billing/5", "a.example"),
        (f"discourse: {{{URL}, tags: [b, a], name: Help}}", "Help", "a.example"),
        ("discourse: {url: 'http://127.0.0.1:8080'}", "127.0.0.1:8080", "127.0.0.1:8080"),
        (f"stackexchange: {{{SITE}, tag: acme-api, users: [12345, 67890]}}", "stackoverflow/tags/acme-api", "stackoverflow"),
        (f"stackexchange: {{{SITE}, tags: [b, a], users: 7}}", "stackoverflow/tags/a+b", "stackoverflow"),
    ],
)
def test_board_is_named_by_what_it_is(tmp_path: Path, form: str, name: str, origin: str) -> None:
    (handle,) = handles(tmp_path, form)
    assert (handle.name, handle.origin) == (name, origin)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (f"discourse: {{{URL}, staf: {{}}}}", "unknown key 'staf'; did you mean staff?"),
        (f"discourse: {{{URL}, staff: {{group: [a]}}}}", "unknown key 'group'; did you mean groups?"),
        (f"discourse: {{{URL}, staff: {{groups: []}}}}", "groups is a list of names"),
        (f"discourse: {{{URL}, staff: {{flags: yes please}}}}", "flags is true or false"),
        (f"discourse: {{{URL}, staff: {{flags: false}}}}", "nobody answers for the brand"),
        (f"discourse: {{{URL}, staff: jo}}", "staff is told by groups"),
        (f"discourse: {{{URL}, category: billing}}", "of the board's address /c/billing/5 write billing/5"),
        (f"discourse: {{{URL}, category: billing/5, tag: a}}", "a category or tags, not both"),
        ("discourse: {url: 'http://a.example'}", "an address without encryption; write https://a.example"),
        (f"stackexchange: {{{SITE}, tag: a}}", "the ids of who answers are needed"),
        (f"stackexchange: {{{SITE}, tag: a, users: [jo]}}", "'jo' is no user's id"),
        (f"stackexchange: {{{SITE}, tag: 'a;b', users: [1]}}", "'a;b' is no tag"),
        (f"stackexchange: {{{SITE}, tga: a, tag: a, users: [1]}}", "unknown key 'tga'; did you mean tag?"),
        ("stackexchange: {site: https://x.example, tag: a, users: [1]}", "a site as in the API is needed"),
        (f"stackexchange: {{{SITE}, users: [1]}}", "stackexchange needs a board"),
        ("stackexchange: {tag: a, users: [1]}", "stackexchange needs a board"),
    ],
)
def test_board_that_is_wrong_is_told(tmp_path: Path, form: str, said: str) -> None:
    assert said in complaint(tmp_path, form)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (f"{URL}, staff: {{groups: [a]}}", f"{URL}, staff: {{groups: [b]}}", True),
        (f"{URL}, name: one", f"{URL}, name: two", True),
        (URL, f"{URL}, category: billing/5", True),
        (f"{URL}, category: help/6", f"{URL}, category: billing/5", False),
        (f"{URL}, tag: a", f"{URL}, tag: b", False),
        (URL, "url: https://b.example", False),
    ],
)
def test_board_belongs_to_one_brand(tmp_path: Path, first: str, second: str, clash: bool) -> None:
    forms = f"discourse: {{{first}}}", f"discourse: {{{second}}}"
    if clash:
        assert "in line 3 already, of brand" in complaint(tmp_path, *forms)
    else:
        assert len(handles(tmp_path, *forms)) == 2


def test_board_of_a_tag_belongs_to_one_brand(tmp_path: Path) -> None:
    form = f"stackexchange: {{{SITE}, tag: acme, users: [1]}}"
    assert "already, of brand" in complaint(tmp_path, form, form.replace("[1]", "[2]"))
    assert len(handles(tmp_path, form, form.replace("acme", "other").replace("[1]", "[2]"))) == 2
