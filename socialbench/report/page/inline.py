"""A drawn chart as part of the page: no inline style (the policy forbids it), no id twice, no digit that nobody sees."""

from __future__ import annotations

import re

from markupsafe import Markup

MARGIN = 0.045
"""A slide's margin, cut off where the page has its own."""
_NUMBERS = re.compile(r"-?\d+\.\d+")
_MEASURED = re.compile(r'\b(d|x|y|x1|x2|y1|y2|width|height|points)="([^"]*)"')
_MOVED = re.compile(r"translate\([^)]*\)")
_LETTERS = re.compile(r"\s*([MLHVQCZz])\s*")
_UNNEEDED = re.compile(r' stroke-(?:miterlimit|linejoin)="[^"]*"| stroke-linecap="butt"')
_IDS = re.compile(r' id="([^"]*)"')
_LINKS = re.compile(r'(?:xlink:)?href="#([^"]*)"|url\(#([^)]*)\)')
_OUTLINE = re.compile(r'<path id="([^"]*)" d="([^"]*)"( transform="scale\([\d.]+\)")/>\s*')
_NO_DEFS = re.compile(r"<defs>\s*</defs>\s*")
_LETTER = re.compile(r' transform="translate\(([-\d.]+) 0\)"/>')
_LONELY = re.compile(r"<g>\s*(<(?:path|use)\b[^>]*/>)\s*</g>|<g/>|<g>\s*</g>")


def inline_svg(text: str, name: str, label: str, letters: dict[str, str]) -> Markup:
    """Make a drawn SVG part of the page: an image whose words are `label`, its ids begun with `name`, a short one.

    `letters` are the outlines that the page has already, each with its id; the drawing's new ones are added.
    """
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.DOTALL)
    width, height = (float(number) for number in re.findall(r"[\d.]+", body[body.index("viewBox") :])[2:4])
    box = f"{width * MARGIN:.1f} 0 {width * (1 - 2 * MARGIN):.1f} {height:.1f}"
    head = Markup('<svg class="chart" viewBox="{}" role="img" aria-label="{}"').format(box, label)
    body = re.sub(r"<svg[^>]*>", lambda _: head + ">", body, count=1)
    body = re.sub(r' style="([^"]*)"', _attributes, body)
    body = _shortened(_renamed(body, name, letters))
    return Markup(re.sub(r"\n\s*", "\n", body).strip())  # noqa: S704 - drawn by us; letters are paths


def _renamed(body: str, name: str, letters: dict[str, str]) -> str:
    """Short ids, begun with the chart's name, for what something refers to; no others. A letter is drawn once for a page."""
    linked = dict.fromkeys(one or other for one, other in _LINKS.findall(body))
    short = {old: f"{name}-{number}" for number, old in enumerate(linked)}

    def once(found: re.Match[str]) -> str:
        outline = found.group(2) + found.group(3)
        fresh = outline not in letters
        short[found.group(1)] = letters.setdefault(outline, f"l{len(letters)}")
        return found.group() if fresh else ""

    body = _NO_DEFS.sub("", _OUTLINE.sub(once, body))
    body = _IDS.sub(lambda found: f' id="{short[found.group(1)]}"' if found.group(1) in short else "", body)
    return _LINKS.sub(
        lambda found: f'href="#{short[found.group(1)]}"' if found.group(1) else f"url(#{short[found.group(2)]})", body
    )


def _shortened(body: str) -> str:
    """A tenth of a point is finer than any screen shows; a hundred brands are a megabyte less."""
    body = _UNNEEDED.sub("", body)
    body = _MEASURED.sub(lambda found: f'{found.group(1)}="{_LETTERS.sub(_bare, _rounded(found.group(2)))}"', body)
    body = _MOVED.sub(lambda found: _rounded(found.group()), body)
    body = _LETTER.sub(r' x="\1"/>', body)
    while (less := _LONELY.sub(lambda found: found.group(1) or "", body)) != body:
        body = less
    return body


def _bare(found: re.Match[str]) -> str:
    return found.group(1)


def _rounded(text: str) -> str:
    return _NUMBERS.sub(lambda found: f"{float(found.group()):.1f}".removesuffix(".0"), text)


def _attributes(found: re.Match[str]) -> str:
    pairs = [pair.split(":", 1) for pair in found.group(1).split(";") if ":" in pair]
    return "".join(f' {key.strip()}="{value.strip()}"' for key, value in pairs)
