"""The thirty invented brands of the demo, and how each of them treats its customers."""

from __future__ import annotations

from dataclasses import dataclass, replace


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

    `volume`: conversations that customers start in the whole time. `support`: a second handle for help.
    `twin_of`: lives through the same events as another brand, so that both get the same figures.
    `surge`: day (from the start) on which something breaks.
    """

    name: str
    sector: str
    slug: str
    habit: Habit
    volume: int
    lang: str = "en"
    support: str | None = None
    twin_of: str | None = None
    surge: int | None = None

    @property
    def handle(self) -> str:
        """The brand's own handle."""
        return f"{self.slug}.test"


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

_ROWS = (
    BrandSpec("Osprino Air", "Travel", "osprino", _PROMPT, 185, support="help.osprino", surge=17),
    BrandSpec("Zephonia Mobile", "Telecom", "zephonia", _ROBOT, 160),
    BrandSpec("Marrowfield Bank", "Banking", "marrowfield", replace(_PROMPT, median_min=6, rate=0.98), 150),
    BrandSpec("Fennick & Loy", "Retail", "fennick-loy", _STEADY, 140, support="care.fennick-loy"),
    BrandSpec("Glimmervue", "Media", "glimmervue", replace(_PROMPT, median_min=14, rate=0.93), 150),
    BrandSpec("Watterly", "Utilities", "watterly", _NIGHTS, 135, surge=24),
    BrandSpec("Veloro Rail", "Travel", "veloro", _NIGHTS, 175, surge=9),
    BrandSpec(CAPPED, "Telecom", "tritonet", _STEADY, 430),
    BrandSpec("Penngrove Savings", "Banking", "penngrove", _OFFICE, 125),
    BrandSpec("Mooncart", "Retail", "mooncart", replace(_PROMPT, median_min=4, rate=0.985, macros=True), 150),
    BrandSpec("Radio Tansy", "Media", "radio-tansy", replace(_SLOW, rate=0.08), 120),
    BrandSpec("Gasperon", "Utilities", "gasperon", replace(_STEADY, handoff=0.55), 125),
    BrandSpec("Tramontel Hotels", "Travel", "tramontel", _SLOW, 130),
    BrandSpec("Brixel Telecom", "Telecom", "brixel", _STEADY, 160, support="brixel-help"),
    BrandSpec("Bancalinda", "Banking", "bancalinda", _STEADY, 130, lang="es"),
    BrandSpec("Casa Verdina", "Retail", "casa-verdina", replace(_OFFICE, rate=0.9), 125, lang="es"),
    BrandSpec("Pagelark", "Media", "pagelark", _SLOW, 120),
    BrandSpec("Lumenvale Energy", "Utilities", "lumenvale", replace(_STEADY, median_min=70), 130),
    BrandSpec(SPARSE, "Travel", "quillivant", _STEADY, 32),
    BrandSpec("Ondalume", "Telecom", "ondalume", replace(_NIGHTS, weekends=False), 140, lang="es"),
    BrandSpec("Sparholt Kasse", "Banking", "sparholt", _HANDOFF, 125, lang="de"),
    BrandSpec("Wollrausch", "Retail", "wollrausch", replace(_SLOW, median_min=480), 120, lang="de"),
    BrandSpec("Brockfilm", "Media", "brockfilm", replace(_STEADY, median_min=95, rate=0.8), 125, lang="de"),
    BrandSpec("Stadtquell", "Utilities", "stadtquell", _OFFICE, 120, lang="de"),
    BrandSpec("Hoppla Bus", "Travel", "hoppla", replace(_HANDOFF, median_min=55), 130),
    BrandSpec("Kabelhain", "Telecom", "kabelhain", _SILENT, 135, lang="de", surge=30),
    BrandSpec("Ledgerlea", "Banking", "ledgerlea", _OFFICE, 125, twin_of="Penngrove Savings"),
    BrandSpec("Patchwell", "Retail", "patchwell", replace(_STEADY, rate=0.33), 130),
    BrandSpec("Novelaria", "Media", "novelaria", replace(_SLOW, rate=0.3), 120, lang="es"),
    BrandSpec("Aguasol Norte", "Utilities", "aguasol", _DAYS, 120, lang="es"),
)


def roster(count: int = len(_ROWS)) -> tuple[BrandSpec, ...]:
    """The first `count` brands; sectors take turns, so a short list still has several.

    >>> len({spec.sector for spec in roster(6)})
    6
    """
    if not 1 <= count <= len(_ROWS):
        raise ValueError(f"the demo has 1 to {len(_ROWS)} brands, not {count}")
    return _ROWS[:count]
