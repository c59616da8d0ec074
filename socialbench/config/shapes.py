"""What the YAML may hold, key by key: the pydantic models behind `load` and `schema`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError, WithJsonSchema

from socialbench.config.colours import Colour
from socialbench.config.hours import parse_hours
from socialbench.config.periods import Period, is_absolute, parse_duration, read_period, span
from socialbench.config.source import Fraction, Whole
from socialbench.config.vocabulary import shown

_UTC = ZoneInfo("UTC")
# Any moment will do to see whether a period can be read; it must be the same each time.
_SOME_NOW = 1_800_000_000_000
_MAX_PATTERN = 2_000
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
CREDENTIALS = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


def _as_written(value: object) -> object:
    # A brand called 365 or a handle 007 is text, however YAML reads it.
    return value.source if isinstance(value, (Whole, Fraction)) else value


def _check_text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _zone_hint(value: str) -> str:
    cities = {name.rsplit("/", 1)[-1].casefold(): name for name in sorted(_zones()) if "/" in name}
    folded = value.strip().replace(" ", "_").casefold()
    nearest = [cities[folded]] if folded in cities else difflib.get_close_matches(value[:60], sorted(_zones()), 1, 0.6)
    nearest = nearest or [cities[city] for city in difflib.get_close_matches(folded[:60], sorted(cities), 1, 0.7)]
    return f"; did you mean {nearest[0]}?" if nearest else ", or UTC"


def _check_zone(value: str) -> str:
    if value not in _zones():
        raise ValueError(f"{shown(value)} is no time zone; write one like Europe/London{_zone_hint(value)}")
    return value


def _check_pattern(value: str) -> str:
    if len(value) > _MAX_PATTERN:
        raise ValueError(f"the pattern is longer than {_MAX_PATTERN} letters")
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        at = f" at letter {error.pos + 1}" if isinstance(error, re.error) and error.pos is not None else ""
        raise ValueError(f"{shown(value)} is no regular expression: {getattr(error, 'msg', error)}{at}") from None
    return value


def _check_phrase(value: str) -> str:
    if len(value) > 2 and value[0] == value[-1] == "/":
        _check_pattern(value[1:-1])
    return value


def _check_duration(value: str) -> str:
    parse_duration(value)
    return value


def _check_positive_duration(value: str) -> str:
    if parse_duration(value) == 0:
        raise ValueError(f"{shown(value)} must be longer than nothing")
    return value


def _check_fixed_moment(value: str) -> str:
    if not is_absolute(value):
        raise ValueError(f"{shown(value)} moves with the present; write a date or time, e.g. 2026-10-01")
    read_period(f"{value}..", _UTC, _SOME_NOW)
    return value


def _check_period(value: str) -> str:
    read_period(value, _UTC, _SOME_NOW)
    return value


def _check_hours(value: str) -> str:
    parse_hours(value)
    return value


def _check_holiday(value: str) -> str:
    if value[:1].isdigit():
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{shown(value)} is no date; write one like 2026-12-25") from None
    elif not _COUNTRY.fullmatch(value):
        raise ValueError(f"{shown(value)} is neither a date (2026-12-25) nor a country (GB) or a part of one (GB-ENG)")
    return value


def _check_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fine, parts = False, urlsplit("")
    if not fine or any(letter.isspace() for letter in value):
        raise ValueError(f"{shown(value)} is no address; write one like https://community.example")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address with a user or password: secrets do not belong in the YAML")
    return value.rstrip("/")


def _check_credentials(value: str) -> str:
    # The value is not shown: it may be a token that somebody pasted.
    if not CREDENTIALS.fullmatch(value):
        raise ValueError("must be the beginning of a variable's name, e.g. ACME_FB for ACME_FB_TOKEN; never the token itself")
    return value


def _one_as_list(value: object) -> object:
    return [value] if isinstance(value, (str, Whole, Fraction)) else value


def _check_any(value: object) -> object:
    # pydantic's own minimum counts the items that are right, and would blame an empty list for one wrong brand.
    if value == []:
        raise ValueError("must not be empty")
    return value


_Text = Annotated[str, BeforeValidator(_as_written)]
Text = Annotated[_Text, AfterValidator(_check_text)]
Zone = Annotated[Text, AfterValidator(_check_zone)]
Pattern = Annotated[Text, AfterValidator(_check_pattern)]
Duration = Annotated[Text, AfterValidator(_check_positive_duration)]
Overlap = Annotated[Text, AfterValidator(_check_duration)]
FixedMoment = Annotated[Text, AfterValidator(_check_fixed_moment)]
Url = Annotated[Text, AfterValidator(_check_url)]
Credentials = Annotated[Text, AfterValidator(_check_credentials)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_one_as_list)]
Phrases = Annotated[tuple[Annotated[Text, AfterValidator(_check_phrase)], ...], BeforeValidator(_one_as_list)]
"""Words or phrases, or a regular expression between slashes."""
KindName = Literal["question", "request", "complaint", "praise", "thanks", "other"]
Holidays = Annotated[tuple[Annotated[Text, AfterValidator(_check_holiday)], ...], BeforeValidator(_one_as_list)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_as_list)]


class Shape(BaseModel):
    """Frozen, and refusing keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


class PeriodShape(Shape):
    """A period by its ends; `until` is not included."""

    since: FixedMoment | None = None
    until: FixedMoment | None = None


def _period_text(value: object) -> object:
    value = _as_written(value)
    if not isinstance(value, dict):
        return value
    try:
        ends = PeriodShape.model_validate(value)
    except ValidationError as error:
        what = "; ".join(f"{details['loc'][0]}: {details['msg'].removeprefix('Value error, ')}" for details in error.errors())
        raise ValueError(f"a period by its ends has since and until: {what}") from None
    if ends.since is None and ends.until is None:
        raise ValueError("a period by its ends needs since, until or both")
    return f"{ends.since or ''}..{ends.until or ''}"


PeriodText = Annotated[
    str,
    BeforeValidator(_period_text),
    AfterValidator(_check_period),
    WithJsonSchema({"anyOf": [{"type": ["string", "integer"]}, PeriodShape.model_json_schema()]}),
]


class NetworkSettings(BaseModel):
    """How one network is read. A network's own further options are kept as they are, in `options`."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    url: Url | None = Field(
        default=None, description="Where the network's programming interface stands, if not in its usual place."
    )
    collect: StrictBool = Field(default=True, description="false: only imports; `collect` skips it.")
    budget: float | None = Field(default=None, ge=0, description="US dollars that one run may spend, for networks with a price.")
    cap: int | None = Field(default=None, ge=1, description="Items after which a listing is known to end without a word.")
    overlap: Overlap | None = Field(
        default=None, description="How far a sweep reaches back behind the last complete one, e.g. 1h."
    )
    credentials: Credentials | None = Field(
        default=None, description="Beginning of its variables' names; ACME_X reads ACME_X_TOKEN."
    )

    @property
    def overlap_s(self) -> int | None:
        """`overlap` in seconds."""
        return None if self.overlap is None else parse_duration(self.overlap)

    @property
    def options(self) -> Mapping[str, Any]:
        """The network's own options, unchecked."""
        return self.model_extra or {}


class SourceSettings(Shape):
    """What is known about a file, an origin or a network that was imported."""

    timezone: Zone | None = Field(default=None, description="Zone of times without an offset.")
    sample: Literal["complete", "answered-only"] | None = Field(
        default=None, description="Whether unanswered messages are in it."
    )
    observed_until: FixedMoment | None = Field(default=None, description="Up to when it was watched for answers.")

    def observed_until_at(self, zone: ZoneInfo) -> int | None:
        """`observed_until` in UTC ms, read in the source's own zone, else in `zone`."""
        if self.observed_until is None:
            return None
        own = ZoneInfo(self.timezone) if self.timezone else zone
        return read_period(f"{self.observed_until}..", own, 0).since_at


class Exclude(Shape):
    """Messages to leave out, counted and named in the method page; `until` is not included."""

    pattern: Pattern = Field(description="Regular expression, found anywhere in the text, upper and lower case alike.")
    since: FixedMoment | None = None
    until: FixedMoment | None = None
    why: Text | None = Field(default=None, description="Said in the method page.")

    def period(self, zone: ZoneInfo) -> Period:
        """From when to when it holds."""
        if self.since is None and self.until is None:
            return span(None, None, zone)
        return read_period(f"{self.since or ''}..{self.until or ''}", zone, 0)


class BrandShape(Shape):
    """One row of the ranking."""

    name: Text
    sector: Text | None = None
    handles: dict[str, Any] = Field(
        description="Network to handle: a name, a map (name, role, url, origin ...), or a list of these."
    )
    hours: Annotated[Text, AfterValidator(_check_hours)] | None = Field(
        default=None, description="Mon-Fri 09:00-17:30, Sat 10:00-14:00"
    )
    holidays: Holidays | None = Field(
        default=None,
        description="Dates (2026-12-25) or a country (GB, GB-SCT) on which the desk is closed; else the benchmark's.",
    )
    zone: Zone | None = Field(default=None, description="Zone of the hours; else that of the report.")


class RuleSettings(Shape):
    """What needs a response, and patterns that say what kind a brand's reply is, before the built-in ones.

    `needs_response`: `text` goes by what a message says and how it is addressed, and for reviews by their stars (rule
    version 2); `structural` by how it is addressed, by stars and openers alone (rule version 1).
    """

    needs_response: Literal["structural", "text"] = "text"
    automated: Patterns = Field(default=(), description="Regular expressions; replies that a machine wrote.")
    acknowledgement: Phrases = ()
    handoff_private: Phrases = ()
    handoff_link: Phrases = ()
    substantive: Phrases = ()


class WatchRule(Shape):
    """Unanswered messages to flag to somebody: what they say, how old they are, how far their author reaches."""

    words: Phrases = Field(
        default=(),
        description="Words, phrases or /regular expressions/, any of which will do; none: all that needs a response.",
    )
    older_than: Duration | None = Field(default=None, description="Unanswered for longer than this, e.g. 2h.")
    reach: int | None = Field(default=None, ge=0, description="Author's followers, at least.")
    owner: Text | None = Field(default=None, description="Who is to be told.")


class ThemeShape(Shape):
    """A company's colours, font and logo, beside which paths are resolved."""

    file: Text | None = Field(default=None, description="A YAML file with these keys, in the place of them.")
    accent: Colour = Field(default=None, description="The accent colour; its tints follow from it.")
    sectors: dict[str, Colour] = Field(default={}, description="Sector to its colour.")
    font: Text | None = Field(default=None, description="A .ttf or .otf for all text of html, charts and pdf.")
    font_strong: Text | None = Field(default=None, description="Its bold or semibold face.")
    logo: Text | None = Field(default=None, description="A PNG or JPEG.")


class ReportSettings(Shape):
    """How reports look. Paths are relative to the config."""

    theme: Annotated[ThemeShape, BeforeValidator(lambda value: {"file": value} if isinstance(value, str) else value)] = Field(
        default=ThemeShape(), description="A YAML file, or accent, sectors, font, font_strong and logo."
    )
    fonts: Texts = Field(default=(), description="Font files for letters that Source Sans and DejaVu have not.")
    template: Text | None = Field(default=None, description="A .pptx whose master the deck takes.")


class ScoreSettings(Shape):
    """Which survey weighs the score, and profiles of one's own: {profile: {network: {"2h": .25, "24h": .75}}}."""

    profile: Text | None = None
    profiles: dict[str, dict[str, dict[str, Annotated[float, Field(ge=0, le=1)]]]] = {}

    def terms(self) -> Mapping[str, Mapping[str, tuple[tuple[float, float], ...]]]:
        """Profile to network to terms (weight, seconds), shortest first."""
        return {
            profile: {network: _terms(weights) for network, weights in networks.items()}
            for profile, networks in self.profiles.items()
        }


def _terms(weights: Mapping[str, float]) -> tuple[tuple[float, float], ...]:
    return tuple(sorted(((weight, float(parse_duration(text))) for text, weight in weights.items()), key=lambda term: term[1]))


def _check_rank_by(value: object) -> object:
    value = _as_written(value)
    if value == {} or not isinstance(value, (str, dict)):
        raise ValueError("must be a metric, or metrics with their weights: {response_rate: 2, median_latency_s: 1}")
    return value


RankBy = Annotated[
    Text | dict[Text, Annotated[float, Field(gt=0)]],
    BeforeValidator(_check_rank_by),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "number"}}]}),
]


class YamlShape(Shape):
    """A benchmark: brands, where they can be written to, and how they are compared."""

    benchmark: Text = Field(description="Title of the benchmark.")
    timezone: Zone = Field(default="UTC", description="Zone of the report, e.g. Europe/London; it never dates a file.")
    period: PeriodText | None = Field(
        default=None, description="last-month, 7d, 2026-10, 2026-Q3, A..B (B not included), all; none means all."
    )
    store: Text | None = Field(
        default=None, description="File below the working directory, or postgresql://...; else data/<stem>.db."
    )
    preset: Text | None = Field(default=None, description="Rule set of a known study; `socialbench list presets`.")
    follow_up: Duration = Field(default="7d", description="How long an answer is waited for.")
    min_units: int = Field(default=50, ge=1, description="Openers that a brand needs to be ranked.")
    min_authors: int = Field(default=30, ge=1, description="Authors that a brand needs to be ranked.")
    holidays: Holidays = Field(default=(), description="The same for all brands that state none of their own.")
    rank_by: RankBy | None = Field(
        default=None,
        description="A metric (`socialbench list metrics`), or several: {response_rate: 2, median_latency_s: 1}.",
    )
    raw_days: int = Field(default=30, ge=0, le=36_500, description="Days after which raw answers are dropped.")
    simulated: StrictBool = Field(default=False, description="true: every message is invented; every output says SIMULATED.")
    networks: dict[str, NetworkSettings] = Field(default={}, description="Only where a network differs from the usual.")
    brands: Annotated[tuple[BrandShape, ...], BeforeValidator(_check_any)] = Field(json_schema_extra={"minItems": 1})
    exclude: tuple[Exclude, ...] = ()
    corrections: Text | None = Field(
        default=None, description="CSV beside the config: network,origin,id,kind (or not_addressed, spam)."
    )
    sources: dict[str, SourceSettings] = Field(default={}, description="By file name, origin or network.")
    author_map: dict[str, dict[str, Texts]] = Field(default={}, description="Person to network to author ids: who is one person.")
    topics: dict[str, Phrases] = Field(default={}, description="Topic to words, phrases or /regular expressions/.")
    kinds: dict[KindName, Phrases] = Field(
        default={}, description="Kind of message to words, phrases or /regular expressions/, before the built-in rules."
    )
    rules: RuleSettings = RuleSettings()
    watch: tuple[WatchRule, ...] = ()
    report: ReportSettings = ReportSettings()
    score: ScoreSettings = ScoreSettings()
