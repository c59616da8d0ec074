"""The rules of kinds against labels that people gave (../shared/real), with counts and Wilson's intervals."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from socialbench.classify.addressing import leading_block
from socialbench.classify.kinds import Rules
from socialbench.measure.intervals import wilson
from socialbench.model import Kind, ReplyKind
from tests.bench.result import Result

REAL = Path(__file__).parents[3] / "shared" / "real"
BRANDS = ("AmazonHelp", "AppleSupport", "SpotifyCares")
RULES = Rules(detect=lambda _text: None)
"""Without a detector of languages, so that the figures are the same wherever the extra `lang` is installed."""


def rows(*path: str) -> list[dict[str, str]]:
    """A CSV of the labelled sets."""
    with REAL.joinpath(*path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(head: Sequence[str], body: Sequence[Sequence[object]]) -> str:
    """A table in Markdown, the words left and the numbers right."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def said(part: int, whole: int) -> tuple[str, str, str]:
    """Counts, the share and its 95 % interval."""
    low, high = wilson(part / whole, whole)
    return f"{part} of {whole}", f"{100 * part / whole:.1f} %", f"{100 * low:.1f} to {100 * high:.1f} %"


def sentiments() -> tuple[str, str, list[Result]]:
    """Three hundred messages to one support account, labelled by feeling: who needs a response, and as which kind."""
    asks: Counter[str] = Counter()
    structural: Counter[str] = Counter()
    total: Counter[str] = Counter()
    kinds: Counter[tuple[str, int]] = Counter()
    for row in rows("labels-amazonhelp-300", "amazonhelp_annotations.csv"):
        label = RULES.inbound(row["text"], "en")
        needs, feeling = RULES.asks(label), row["label"]
        total[feeling] += 1
        asks[feeling] += needs
        structural[feeling] += needs or (bool(leading_block(row["text"])) and not RULES.dismisses(label))
        kinds[feeling, label.kind] += 1
    feelings = sorted(total)
    body = [(name, *said(asks[name], total[name]), *said(structural[name], total[name])[:2]) for name in feelings]
    first = table(
        ("label", "by its words", "share", "95 % interval", "with how it is addressed", "share"),
        body,
    )
    confusion = [(name, *(kinds[name, kind] for kind in Kind)) for name in feelings]
    second = table(("label", *(kind.name.lower() for kind in Kind)), confusion)
    results = []
    for name, least, limit in (("negative", 90.0, None), ("positive", None, 15.0)):
        for found, how in ((asks, "by their words"), (structural, "with how they are addressed")):
            what = f"{name} messages that need a response, {how}"
            results.append(Result(what, 100 * found[name] / total[name], "%", limit, least))
    return first, second, results


def acts() -> tuple[str, list[Result]]:
    """A hundred answers of each of three accounts, whose acts people named: is the customer asked into private messages?"""
    from openpyxl import load_workbook

    agree: Counter[tuple[str, bool, bool]] = Counter()
    for brand in BRANDS:
        path = REAL / "labels-twcs-topics" / f"twcs-{brand}-100-outbound.xlsx"
        sheet: Any = load_workbook(path, read_only=True).active
        head, *body = sheet.iter_rows(values_only=True)
        columns = [place for place, name in enumerate(head) if name and "DM" in name]
        for row in body:
            asked = any(row[place] for place in columns)
            kind = RULES.reply(str(row[head.index("text")]), "en").kind
            agree[brand, asked, kind == ReplyKind.HANDOFF_PRIVATE] += 1
    shown = [(brand, *_cells(agree, (brand,))) for brand in BRANDS]
    shown.append(("all", *_cells(agree, BRANDS)))
    f1 = float(shown[-1][-1])
    head_row = ("account", "both say so", "people alone", "rules alone", "neither", "precision", "recall", "F1")
    return table(head_row, shown), [Result("hand-off to private against the agents' acts, F1", f1, "", least=0.9)]


def _cells(agree: Counter[tuple[str, bool, bool]], brands: Sequence[str]) -> tuple[str, ...]:
    both, people, ours, neither = (
        sum(agree[brand, *each] for brand in brands) for each in ((True, True), (True, False), (False, True), (False, False))
    )
    ratios = ((both, both + ours), (both, both + people), (2 * both, 2 * both + people + ours))
    return (*map(str, (both, people, ours, neither)), *(f"{part / whole:.3f}" if whole else "none" for part, whole in ratios))


def stars() -> str:
    """Reviews of banking apps: a complaint, question or request in their words, by stars."""
    asks: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows("play-anz", "app_reviews.csv"):
        total[row["score"]] += 1
        asks[row["score"]] += RULES.asks(RULES.inbound(row["content"], "en"))
    return table(
        ("stars", "asking", "share", "95 % interval"), [(name, *said(asks[name], total[name])) for name in sorted(total)]
    )


def openers() -> str:
    """First messages of conversations with support accounts, by kind."""
    kinds: Counter[int] = Counter()
    for name in ("dev.json", "test.json"):
        for conversation in json.loads((REAL / "ibm-cdp" / name).read_text("utf-8")):
            first = conversation["dialogContent"][0]
            if any(key.startswith("client") for key in first):
                kinds[RULES.inbound(first["message"]).kind] += 1
    body = [(kind.name.lower(), *said(kinds[kind], kinds.total())) for kind in Kind]
    return table(("kind", "first messages", "share", "95 % interval"), body)


def tables() -> Iterator[tuple[str, str]]:
    """(what stands there, the table) of each set, for docs/method.md."""
    first, second, _ = sentiments()
    yield "Messages to @AmazonHelp, labelled by feeling (labels-amazonhelp-300): how many need a response", first
    yield "The same, by the kind that the rules give (rows: people, columns: rules)", second
    yield "Answers of three accounts, hand-off to private messages (labels-twcs-topics)", acts()[0]
    yield "Reviews of a banking app (play-anz), by stars: how many ask or complain in words", stars()
    yield "First messages of conversations with support accounts (ibm-cdp), by the kind that the rules give", openers()


def simulate(_worlds: int) -> Iterator[Result]:
    """Nothing is drawn here: the figures that have a limit."""
    if not REAL.exists():
        return
    yield from sentiments()[2]
    yield from acts()[1]


def run(full: bool) -> Iterator[Result]:
    """The figures that have a limit; none where ../shared/real is not there."""
    if not REAL.exists():
        print("   skipped: ../shared/real is not there")
    yield from simulate(full)
