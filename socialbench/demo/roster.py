"""The thirty invented brands of the demo, and how each of them treats its customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Habit:
    """How a brand answers.

    `rate`: chance that a message is answered at all. `median_min`, `spread`: log-normal waiting time in minutes
    while somebody is at the desk. `desk`: staffed hours UTC, None for round the clock; `weekends`: whether the
    desk is staffed then. `automatic`: chance of a template reply within a minute. `handoff`: share of answers
    that only ask for a private message. `macros`: answers come from four fixed texts.
    """

    rate: float
    median_min: float
    spread: float = 0.9
    desk: tuple[int, int] | None = None
    weekends: bool = True
    automatic: float = 0.0
    handoff: float = 0.06
    macros: bool = False


@dataclass(frozen=True, slots=True)
class BrandSpec:
    """One brand of the roster.

    `talks`: conversations that customers start in the whole time, by network. `support`: a second handle for help,
    on Bluesky. `token`: the brand's own Mastodon token is at hand. `group`: its staff on Discourse is told by a group,
    not by flags. `twin_of`: lives through the same events as another brand, so that both get the same figures.
    `surge`: day (from the start) on which something breaks.
    """

    name: str
    sector: str
    slug: str
    habit: Habit
    talks: Mapping[str, int] = field(default_factory=dict)
    lang: str = "en"
    support: str | None = None
    token: bool = False
    group: str | None = None
    twin_of: str | None = None
    surge: int | None = None

    @property
    def home(self) -> str:
        """The server on which the brand lives on Mastodon."""
        return HOMES[len(self.slug) % len(HOMES)]

    @property
    def board(self) -> str:
        """The brand's own board on Discourse."""
        return f"forum.{self.slug}.test"

    def handle(self, network: str = "bluesky") -> str:
        """The brand's own handle on a network.

        >>> spec = BrandSpec("Fennick & Loy", "Retail", "fennick-loy", Habit(1, 1))
        >>> [spec.handle(network) for network in ("bluesky", "x", "youtube", "mastodon")]
        ['fennick-loy.test', 'fennick_loy', 'fennickloy', 'fennick_loy']
        """
        if network == "bluesky":
            return f"{self.slug}.test"
        return self.slug.replace("-", "" if network == "youtube" else "_")


HOMES = ("lanternpost.test", "harbourtalk.test")
"""The servers of the simulated Mastodon."""

_PROMPT = Habit(rate=0.96, median_min=11, spread=1.0)
_STEADY = Habit(rate=0.88, median_min=38, spread=1.0)
_OFFICE = Habit(rate=0.86, median_min=45, spread=0.8, desk=(8, 17), weekends=False)
_NIGHTS = Habit(rate=0.92, median_min=16, spread=0.9, desk=(7, 21))
_SLOW = Habit(rate=0.64, median_min=900, spread=1.3)
_SILENT = Habit(rate=0.0, median_min=60)
_HANDOFF = Habit(rate=0.9, median_min=25, handoff=1.0)
_ROBOT = Habit(rate=0.42, median_min=420, spread=0.9, automatic=0.97)
_DAYS = Habit(rate=0.55, median_min=5200, spread=0.8)

CAPPED = "Tritonet"
"""The brand that more people write to than the network's search lists."""
SEARCH_CAP = 240
"""Results after which the simulated search ends without a word."""
SPARSE = "Quillivant Cruises"
"""The brand with too few messages to be ranked."""

_LETTERS = {"b": "bluesky", "x": "x", "y": "youtube", "m": "mastodon", "d": "discourse"}


def _on(**talks: int) -> dict[str, int]:
    return {_LETTERS[letter]: volume for letter, volume in talks.items()}


_ROWS = (
    BrandSpec("Osprino Air", "Travel", "osprino", _PROMPT, _on(b=120, m=45), support="help.osprino", token=True, surge=17),
    BrandSpec("Zephonia Mobile", "Telecom", "zephonia", _ROBOT, _on(b=95, x=70)),
    BrandSpec("Marrowfield Bank", "Banking", "marrowfield", replace(_PROMPT, median_min=6, rate=0.98), _on(x=85, y=45)),
    BrandSpec("Fennick & Loy", "Retail", "fennick-loy", _STEADY, _on(b=110, d=32), support="care.fennick-loy", group="care"),
    BrandSpec("Glimmervue", "Media", "glimmervue", replace(_PROMPT, median_min=14, rate=0.93), _on(y=80, m=35)),
    BrandSpec("Watterly", "Utilities", "watterly", _NIGHTS, _on(m=90), token=True, surge=24),
    BrandSpec("Veloro Rail", "Travel", "veloro", _NIGHTS, _on(b=125, x=65), surge=9),
    BrandSpec(CAPPED, "Telecom", "tritonet", _STEADY, _on(b=430)),
    BrandSpec("Penngrove Savings", "Banking", "penngrove", _OFFICE, _on(b=85, y=40)),
    BrandSpec("Mooncart", "Retail", "mooncart", replace(_PROMPT, median_min=4, rate=0.985, macros=True), _on(b=60, x=55, d=32)),
    BrandSpec("Radio Tansy", "Media", "radio-tansy", replace(_SLOW, rate=0.08), _on(b=80, y=36)),
    BrandSpec("Gasperon", "Utilities", "gasperon", replace(_STEADY, handoff=0.55), _on(x=115)),
    BrandSpec("Tramontel Hotels", "Travel", "tramontel", _SLOW, _on(b=115, d=30)),
    BrandSpec("Brixel Telecom", "Telecom", "brixel", _STEADY, _on(b=105, y=42), support="brixel-help"),
    BrandSpec("Bancalinda", "Banking", "bancalinda", _STEADY, _on(m=90), lang="es", token=True),
    BrandSpec("Casa Verdina", "Retail", "casa-verdina", replace(_OFFICE, rate=0.9), _on(y=85), lang="es"),
    BrandSpec("Pagelark", "Media", "pagelark", _SLOW, _on(x=120)),
    BrandSpec("Lumenvale Energy", "Utilities", "lumenvale", replace(_STEADY, median_min=70), _on(b=95, d=32)),
    BrandSpec(SPARSE, "Travel", "quillivant", _STEADY, _on(b=18, y=14)),
    BrandSpec("Ondalume", "Telecom", "ondalume", replace(_NIGHTS, weekends=False), _on(b=130), lang="es"),
    BrandSpec("Sparholt Kasse", "Banking", "sparholt", _HANDOFF, _on(b=120), lang="de"),
    BrandSpec("Wollrausch", "Retail", "wollrausch", replace(_SLOW, median_min=480), _on(b=95, m=35), lang="de"),
    BrandSpec("Brockfilm", "Media", "brockfilm", replace(_STEADY, median_min=95, rate=0.8), _on(b=95, m=35), lang="de"),
    BrandSpec("Stadtquell", "Utilities", "stadtquell", _OFFICE, _on(y=85), lang="de"),
    BrandSpec("Hoppla Bus", "Travel", "hoppla", replace(_HANDOFF, median_min=55), _on(y=45, x=65)),
    BrandSpec("Kabelhain", "Telecom", "kabelhain", _SILENT, _on(b=85, y=36), lang="de", surge=30),
    BrandSpec("Ledgerlea", "Banking", "ledgerlea", _OFFICE, _on(b=85, y=40), twin_of="Penngrove Savings"),
    BrandSpec("Patchwell", "Retail", "patchwell", replace(_STEADY, rate=0.33), _on(b=120)),
    BrandSpec("Novelaria", "Media", "novelaria", replace(_SLOW, rate=0.3), _on(x=105, m=35), lang="es"),
    BrandSpec("Aguasol Norte", "Utilities", "aguasol", _DAYS, _on(b=85, y=36), lang="es"),
)


def roster(count: int = len(_ROWS)) -> tuple[BrandSpec, ...]:
    """The first `count` brands; sectors take turns, so a short list still has several.

    >>> len({spec.sector for spec in roster(6)})
    6
    """
    if not 1 <= count <= len(_ROWS):
        raise ValueError(f"the demo has 1 to {len(_ROWS)} brands, not {count}")
    return _ROWS[:count]
