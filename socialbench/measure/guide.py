"""What each metric is, told from the registry: docs/metrics.md."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from socialbench.measure.metrics import Metric, registry

_UNIT = {
    "count": "a number",
    "share": "share, 0 to 1 (printed in %)",
    "s": "seconds",
    "points": "points, 0 to 100",
    "ratio": "ratio, may exceed 1",
}
_BETTER = {"high": "high", "low": "low", "none": "neither"}
_OVER = {"population": "`--population`", "brand": "the brand, whatever the population"}
_GIVEN = {
    "everywhere": "brand and slices",
    "brand": "brand alone",
    "staffed": "brand, in its stated opening hours",
}

HEAD = """# Metrics

Written by `make docs` from `socialbench/measure/metrics`: one function each, whose docstring this is. The worked examples
run as tests; `socialbench list metrics` prints the names. [method.md](method.md) tells how intervals and places were tried.

## What all of them share

- **Unit.** An *episode*: what one author writes to one brand in one thread until it is answered (`--unit episode`,
  `message`, `opener`). Its clock starts at the first message that needs a response. The score and the ranking count
  *openers*: episodes with nothing of the customer or of the brand's replies above them.
- **Population.** `needs-response` (default) or `all`. A message needs a response if it leads with the handle or stands on the
  brand's page, unless its words only cheer or thank; elsewhere if it asks, requests or complains. Reviews go by their stars
  alone, up to three need one. An unknown language counts in. `rules: {needs_response: structural}` reads no words.
- **Answered.** By the first reply of any of the brand's accounts that is linked to the episode, within the follow-up of
  seven days. `--answers` says whether automatic ones and mere hand-offs count.
- **Watched.** An unanswered episode is censored where collection last covered it, never counted as answered or as ignored
  for longer than it was watched. What the brand hid counts as ignored to the end; what its author took back is censored.
- **A(H), the Kaplan-Meier share answered by H**: 1 - product over the answer times t <= H of (1 - d / r), with d answers at
  t and r episodes still unanswered and watched right before it. Times such as the median are read off the same curve.
- **Interval** (95 %): of another period with these habits. Variances sum each episode's influence by author and by calendar
  day, V = max(V_author, V_day, V_author + V_day - V_episode); shares near 0 or 1 take Wilson's on n / design effect.
  The quantile is Student's t with days - 1 degrees (under 10 days authors - 1, normal from 60 days); where one author has over
  a tenth, with at most the effective number of authors less one, (sum of their episodes)^2 / sum of squares.
- **Least n**: with fewer units the figure is null, which is never 0.
- **Answered-only samples** hold no message that was not answered (a listing of replies, say): no rate can be made of them, and
  metrics marked *refused* are null there and say why.
- **Slices** are networks, handle roles, kinds, topics and weeks.

## Mistakes that change figures without a word

| mistake | what it does | here |
|---|---|---|
| the mean for the median | one answer after a month outweighs a thousand | times are quantiles; a mean only by name |
| every reply instead of the first | a chatty brand looks slow and its rate exceeds 1 | the first answer stops the clock |
| an inner join of messages and answers | the unanswered vanish, every rate is 1 | unanswered units stay, censored |
| a cut at 60 min | all later answers look alike | the whole curve up to the follow-up |
| ids read as floating-point numbers | replies lose their message | ids are text; `1234.0` is mended where it is whole |
| a window cut by collection | young messages count as ignored | censored where coverage ends |
| a parent that is absent | ignored by mistake, or an opener by mistake | unknown, counted, and above 5 % not ranked |
| repeated rows | volume and speed of whoever is repeated weigh twice | one row per id; repeats are told |
| several brands in one message | one customer counted for the wrong one | one row for each brand addressed |
| another handle of the brand as a customer | the brand answers itself at once | no message of the brand's accounts is inbound |
| mixed zones in one file | answers before their questions | naive times are refused without a zone |
| days of surge behind a cap | the busiest, slowest days are lost | a capped listing is not ranked |
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A metric's docstring in parts. `rules`: what more defines it, `words`: the example's, `example`: what runs."""

    definition: str
    rules: tuple[str, ...]
    words: str
    example: str
    pitfall: str


def tell(metric: Metric) -> Told:
    """The parts of a metric's docstring; a part that is missing is ''."""
    definition, _, rest = inspect.cleandoc(metric.compute.__doc__ or "").partition("\n")
    parts = [part.strip("\n") for part in rest.split("\n\n") if part.strip()]
    places = [place for place, part in enumerate(parts) if part.startswith(">>> ")]
    first, last = (places[0], places[-1] + 1) if places else (len(parts), len(parts))
    before = [_line(part) for part in parts[:first]]
    words = before.pop() if before and places else ""
    pitfalls = [_line(part).removeprefix("Pitfall: ") for part in parts[last:] if part.startswith("Pitfall: ")]
    return Told(definition, tuple(before), words, "\n".join(parts[first:last]), " ".join(pitfalls))


def page() -> str:
    """docs/metrics.md."""
    lines = [HEAD]
    folder = ""
    for metric in registry().values():
        if metric.compute.__module__ != folder:
            folder = metric.compute.__module__
            lines.append(f"## {_title(folder)}\n")
        lines.extend(_section(metric))
    return "\n".join(lines).rstrip() + "\n"


def _section(metric: Metric) -> Iterator[str]:
    told = tell(metric)
    yield f"### {metric.name}\n"
    yield f"{told.definition}\n"
    for rule in told.rules:
        yield f"{rule}\n"
    yield "| unit | better | least n | answered-only sample | counted over | given for |\n|---|---|---|---|---|---|"
    yield (
        f"| {_UNIT[metric.unit]} | {_BETTER[metric.better]} | {metric.minimum or 'none'} | {metric.answered_only} "
        f"| {_OVER[metric.over]} | {_GIVEN[metric.given]} |\n"
    )
    yield f"Worked example. {told.words}\n" if told.words else "Worked example:\n"
    yield f"```python\n{told.example}\n```\n"
    if told.pitfall:
        yield f"Pitfall: {told.pitfall}\n"


def _line(part: str) -> str:
    return " ".join(textwrap.dedent(part).split())


def _title(module: str) -> str:
    return (sys.modules[module].__doc__ or "").splitlines()[0].rstrip(".")


if __name__ == "__main__":
    sys.stdout.write(page())
