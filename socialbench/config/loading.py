"""YAML to a Benchmark, with all problems at once, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from socialbench.config.benchmark import Benchmark
from socialbench.config.boards import is_board, overlap
from socialbench.config.corrections import Corrections, read_corrections
from socialbench.config.handles import HANDLE_SCHEMA, Placed, fold, parse_handles, unknown_network
from socialbench.config.periods import Unreadable, parse_duration, read_period
from socialbench.config.shapes import ThemeShape, YamlShape
from socialbench.config.source import Path_, Source, read_source
from socialbench.config.theming import THEME_FILES, read_theme
from socialbench.config.vocabulary import NETWORKS, did_you_mean, shown
from socialbench.config.wording import say, where
from socialbench.errors import ConfigError, Problem
from socialbench.model import Brand, Handle

_SECRET_KEY = re.compile(
    r"(?:^|[_-])(?:token|password|passwd|secret|api[_-]?key|apikey|access[_-]?key|private[_-]?key|bearer|cookie)s?(?:$|[_-])",
    re.IGNORECASE,
)
_SETTING_KEYS = ("url", "collect", "budget", "cap", "overlap", "credentials")
_SUM_ROOM = 0.0005


def load(path: Path) -> Benchmark:
    """The benchmark that the file describes. Raises ConfigError with every problem, in the order of the file."""
    source = read_source(path)
    if not isinstance(source.tree, dict):
        what = f"a config is a map of keys and values (benchmark:, brands: ...), not {shown(source.tree)}"
        raise ConfigError((Problem(source.file, *source.place(()), "", what),))
    reader = _Reader(source, source.tree)
    return reader.read(path)


def schema() -> dict[str, Any]:
    """The JSON Schema of a config, for editors."""
    tree = YamlShape.model_json_schema()
    tree["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    tree["title"] = "socialbench config"
    tree["$defs"] |= HANDLE_SCHEMA
    handles = tree["$defs"]["BrandShape"]["properties"]["handles"]
    handles |= {"minProperties": 1, "additionalProperties": {"$ref": "#/$defs/HandleShapes"}}
    return tree


class _Reader:
    """Checks one parsed file; each check adds to `problems` and lets the others go on."""

    def __init__(self, source: Source, tree: dict[str, Any]) -> None:
        self.source = source
        self.tree = tree
        self.problems: list[Problem] = []
        self.others: list[Problem] = []

    def read(self, path: Path) -> Benchmark:
        """The benchmark. Raises ConfigError."""
        shape = self._validate()
        self._check_secrets()
        self._check_networks()
        handles = self._parse_brands()
        self._check_names()
        self._check_handles(placed for of_brand in handles for placed in of_brand)
        self._check_periods(shape)
        self._check_score()
        self._check_files(path.parent)
        theme = self._read_theme(shape, path.parent)
        corrections = self._read_corrections(path.parent)
        problems = (*sorted({*self.problems, *self.source.problems}, key=_order), *self.others)
        if problems or shape is None:
            raise ConfigError(problems)
        return _build(
            path, shape.model_copy(update={"report": shape.report.model_copy(update={"theme": theme})}), handles, corrections
        )

    def _report(self, path: Path_, what: str, *, key: bool = False) -> None:
        line, column = self.source.place(path, key=key)
        self.problems.append(Problem(self.source.file, line, column, where(path, self.tree), what))

    def _validate(self) -> YamlShape | None:
        try:
            return YamlShape.model_validate(self.tree)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                path = tuple(part for part in details["loc"])
                if not _is_secret(path, details["type"]):
                    self._report(path, say(details), key=details["type"] == "extra_forbidden")
            return None

    def _check_secrets(self) -> None:
        for path, key in self._setting_keys():
            if _SECRET_KEY.search(key):
                prefix = f"SOCIALBENCH_{_network_of(path)}"
                advice = f"set {prefix}_TOKEN (or {prefix}_TOKEN_FILE, or a line in .env)"
                self._report((*path, key), f"secrets do not belong in the YAML: {advice}", key=True)

    def _setting_keys(self) -> Iterator[tuple[Path_, str]]:
        maps: list[tuple[Path_, object]] = [((), self.tree)]
        networks = self.tree.get("networks")
        maps += [(("networks", name), one) for name, one in networks.items()] if isinstance(networks, dict) else []
        for place, brand in enumerate(self._brands()):
            maps.append((("brands", place), brand))
            handles = brand.get("handles")
            for network, form in handles.items() if isinstance(handles, dict) else ():
                path: Path_ = ("brands", place, "handles", network)
                maps += [((*path, spot), one) for spot, one in enumerate(form)] if isinstance(form, list) else [(path, form)]
        for path, one in maps:
            if isinstance(one, dict):
                yield from ((path, key) for key in one)

    def _brands(self) -> list[dict[str, Any]]:
        brands = self.tree.get("brands")
        return [brand if isinstance(brand, dict) else {} for brand in brands] if isinstance(brands, list) else []

    def _own_networks(self) -> dict[str, bool]:
        networks = self.tree.get("networks")
        if not isinstance(networks, dict):
            return {}
        collected = {name: not (isinstance(one, dict) and one.get("collect") is False) for name, one in networks.items()}
        return {name: collect for name, collect in collected.items() if name in NETWORKS or not collect}

    def _located(self) -> frozenset[str]:
        """Networks with an address of their own."""
        networks = self.tree.get("networks")
        settings = networks.items() if isinstance(networks, dict) else ()
        return frozenset(name for name, one in settings if isinstance(one, dict) and one.get("url"))

    def _check_networks(self) -> None:
        networks = self.tree.get("networks")
        known = {*NETWORKS, *self._own_networks()}
        for name, settings in networks.items() if isinstance(networks, dict) else ():
            if name not in known:
                self._report(("networks", name), unknown_network(name, known), key=True)
            for key in settings if isinstance(settings, dict) else ():
                hint = did_you_mean(key, _SETTING_KEYS) if key not in _SETTING_KEYS else ""
                if hint:
                    self._report(("networks", name, key), f"unknown key{hint}", key=True)

    def _parse_brands(self) -> list[list[Placed]]:
        parsed: list[list[Placed]] = []
        networks = self._own_networks()
        for place, brand in enumerate(self._brands()):
            tree = brand.get("handles")
            path = ("brands", place, "handles")
            found = parse_handles(tree, path, networks, self._report_handle, self._located()) if isinstance(tree, dict) else ()
            parsed.append(list(found))
        return parsed

    def _report_handle(self, path: Path_, what: str) -> None:
        self._report(path, what, key=what.startswith("unknown"))

    def _check_names(self) -> None:
        first: dict[str, int] = {}
        for place, brand in enumerate(self._brands()):
            name = brand.get("name")
            if isinstance(name, str) and name.strip():
                known = first.setdefault(name.casefold(), place)
                if known != place:
                    line, _ = self.source.place(("brands", known, "name"))
                    self._report(("brands", place, "name"), f"a second brand called {shown(name)}; the first is in line {line}")

    def _check_handles(self, handles: Iterable[Placed]) -> None:
        named: dict[tuple[str, str], list[Placed]] = {}
        for placed in handles:
            handle = placed.handle
            same_name = named.setdefault((handle.network, fold(handle.name)), [])
            boards = named.setdefault((handle.network, ""), []) if is_board(handle) else []
            known = next((other for other in (*same_name, *boards) if _collide(other.handle, handle)), None)
            same_name.append(placed)
            boards.append(placed)
            if known is not None:
                line, _ = self.source.place(known.path)
                whose = "the same brand" if known.path[:2] == placed.path[:2] else where(known.path[:2], self.tree)
                self._report(
                    placed.path, f"the handle {shown(handle.name)} on {handle.network} is in line {line} already, of {whose}"
                )

    def _check_periods(self, shape: YamlShape | None) -> None:
        zone = ZoneInfo(shape.timezone) if shape else ZoneInfo("UTC")
        excludes = self.tree.get("exclude")
        for place, exclude in enumerate(excludes if isinstance(excludes, list) else []):
            ends = [exclude.get(end) for end in ("since", "until")] if isinstance(exclude, dict) else []
            if len(ends) == 2 and all(isinstance(end, str) for end in ends):
                try:
                    read_period(f"{ends[0]}..{ends[1]}", zone, 0)
                except Unreadable as error:
                    if "before it starts" in str(error):
                        self._report(("exclude", place, "until"), str(error))

    def _check_score(self) -> None:
        score = self.tree.get("score")
        profiles = score.get("profiles") if isinstance(score, dict) else None
        for profile, networks in profiles.items() if isinstance(profiles, dict) else ():
            for network, weights in networks.items() if isinstance(networks, dict) else ():
                path = ("score", "profiles", profile, network)
                for horizon in weights if isinstance(weights, dict) else ():
                    self._check_horizon((*path, horizon), horizon)
                numbers = list(weights.values()) if isinstance(weights, dict) else []
                if numbers and all(isinstance(one, (int, float)) for one in numbers) and abs(sum(numbers) - 1) > _SUM_ROOM:
                    self._report(path, f"the weights sum to {sum(numbers):g}, not 1", key=True)

    def _check_horizon(self, path: Path_, horizon: str) -> None:
        try:
            parse_duration(horizon)
        except Unreadable as error:
            self._report(path, str(error), key=True)

    def _check_files(self, folder: Path) -> None:
        report = self.tree.get("report")
        if not isinstance(report, dict):
            return
        fonts = report.get("fonts")
        named: list[tuple[Path_, object]] = (
            [(("report", "fonts", place), font) for place, font in enumerate(fonts)]
            if isinstance(fonts, list)
            else [(("report", "fonts"), fonts)]
        )
        theme = report.get("theme")
        inside = theme if isinstance(theme, dict) else {}
        named += [(("report", "theme"), theme), *((("report", "theme", key), inside.get(key)) for key in THEME_FILES)]
        for path, name in [*named, (("report", "template"), report.get("template"))]:
            if isinstance(name, str) and name.strip() and not (folder / name).exists():
                self._report(path, f"there is no file {folder / name}")

    def _read_theme(self, shape: YamlShape | None, folder: Path) -> ThemeShape:
        theme = shape.report.theme if shape else ThemeShape()
        if self.problems:
            return theme
        try:
            return read_theme(theme, folder)
        except ConfigError as error:
            self.others += error.problems
            return theme

    def _read_corrections(self, folder: Path) -> Corrections | None:
        name = self.tree.get("corrections")
        if not isinstance(name, str) or not name.strip():
            return None
        try:
            corrections = read_corrections(folder / name)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            self._report(("corrections",), f"{folder / name} cannot be read: {(why or 'unknown').lower()}")
            return None
        self.others += corrections.problems
        return corrections


def _order(problem: Problem) -> tuple[int, int, str, str]:
    return problem.line, problem.column, problem.where, problem.what


def _is_secret(path: Path_, kind: str) -> bool:
    return kind == "extra_forbidden" and bool(_SECRET_KEY.search(str(path[-1])))


def _network_of(path: Path_) -> str:
    network = path[3] if len(path) > 3 and path[2] == "handles" else path[1] if path[:1] == ("networks",) else "<NETWORK>"
    return str(network).upper()


def _collide(one: Handle, other: Handle) -> bool:
    # No origin means any. Two handles on one board, told apart by their tags or categories, are two.
    if is_board(one) and is_board(other):
        return overlap(one, other)
    if one.origin != other.origin and None not in {one.origin, other.origin}:
        return False
    return one.options == other.options


def _holidays(shape: YamlShape) -> dict[str, tuple[str, ...]]:
    stated = {brand.name: shape.holidays if brand.holidays is None else brand.holidays for brand in shape.brands}
    return {name: texts for name, texts in stated.items() if texts}


def _build(path: Path, shape: YamlShape, handles: list[list[Placed]], corrections: Corrections | None) -> Benchmark:
    brands = tuple(
        Brand(brand.name, brand.sector, tuple(placed.handle for placed in of_brand), brand.hours, brand.zone)
        for brand, of_brand in zip(shape.brands, handles, strict=True)
    )
    folder = path.parent
    report = shape.report.model_copy(
        update={
            "fonts": tuple(str(folder / font) for font in shape.report.fonts),
            "template": str(folder / shape.report.template) if shape.report.template else None,
        }
    )
    rebuilt = {"brands", "holidays", "report", "corrections"}
    kept = {name: getattr(shape, name) for name in YamlShape.model_fields if name not in rebuilt}
    return Benchmark.model_construct(
        **kept,
        stem=path.stem,
        brands=brands,
        holidays=_holidays(shape),
        report=report,
        corrections=folder / shape.corrections if shape.corrections else None,
        corrections_hash=corrections.sha256 if corrections else None,
    )
