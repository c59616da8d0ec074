"""An independent reading of printed numbers, to hold what is printed against the JSON."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br"}


class Printed(HTMLParser):
    """Collects what stands inside elements with `data-figure`, and the text outside of them."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[dict[str, str | None]] = []
        self.figures: list[tuple[str, str, str]] = []
        self.outside: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.stack.append({"tag": tag} | dict(attrs) | {"text": ""})

    def handle_data(self, data: str) -> None:
        if any(element["tag"] in {"style", "script", "svg"} for element in self.stack):
            return
        marked = next((element for element in reversed(self.stack) if element.get("data-figure")), None)
        if marked is None:
            self.outside.append(data)
        else:
            marked["text"] = (marked["text"] or "") + data

    def handle_endtag(self, tag: str) -> None:
        while self.stack:
            element = self.stack.pop()
            if element.get("data-figure"):
                self.figures.append((element["data-figure"] or "", element.get("data-part") or "", element["text"] or ""))
            if element["tag"] == tag:
                return


def number(text: str) -> tuple[float, float]:
    """A printed number and by how much it may be rounded: '97.2 %' is .972, off by .0005 at most."""
    text = text.replace(",", "").strip()
    if found := re.fullmatch(r"(\d+) h (\d\d)", text):
        return int(found[1]) * 3600 + int(found[2]) * 60, 301
    found = re.fullmatch(r"(-?\d+(?:\.(\d+))?)(?: (%|s|min|h|days))?", text)
    assert found, f"not a number: {text!r}"
    scale = {"%": 0.01, "s": 1, "min": 60, "h": 3600, "days": 86_400, None: 1}[found[3]]
    step = scale * 10 ** -len(found[2] or "")
    # Times drop a trailing '.0': '2 days' may be anything from 1.95 to 2.05 days, and whole hours from 10 minutes on.
    return float(found[1]) * scale, step * 0.5001 + 1e-9


def ends(text: str) -> list[tuple[float, float]]:
    """Both ends of a printed interval, '94.2–99.9', '4.8–6.3 min', '59 s – 2.1 min'; of '≥ 3 days' the lower."""
    if text.startswith("≥"):
        return [number(text[1:])]
    first, last = (part.strip() for part in text.split("–"))
    unit = last.partition(" ")[2]
    return [number(first if " " in first or not unit else f"{first} {unit}"), number(last)]
