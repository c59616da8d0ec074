"""Writes configs: the commented starter of `init`, and the one that `import` makes of a file's own brands."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from socialbench.config.handles import bare_name, fold
from socialbench.config.vocabulary import NETWORKS
from socialbench.errors import UsageError
from socialbench.model import Brand, Handle, Role

_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN = re.compile(r"[a-z][a-z0-9_-]{0,63}")

_STARTER = """\
# yaml-language-server: $schema={schema}
# What socialbench compares. `socialbench check` says what is wrong here; `socialbench schema` describes every key.
benchmark: UK banks
timezone: Europe/London        # of the report
period: last-month             # or 7d, 2026-10, 2026-Q3, 2026-10-01..2026-10-15 (the end is not included), all
# store: data/uk-banks.db      # or postgresql://...; by default data/<name of this file>.db
# follow_up: 7d                # how long an answer is waited for

# Only where a network differs from the usual. Tokens never stand here: set SOCIALBENCH_<NETWORK>_TOKEN.
# networks:
#   x: {{budget: 20}}            # US dollars that one run may spend
#   trustpilot: {{collect: false}}

brands:
  - name: Example Bank
    sector: Banking
    handles:
      bluesky: example-bank.bsky.social
      # A list, where a brand has several; quote what starts with @:
      # x: [ExampleBank, {{name: ExampleBankHelp, role: support}}]
      # youtube: "@examplebank"
  - name: Sample Mutual
    sector: Banking
    # hours: Mon-Fri 08:00-20:00, Sat 09:00-17:00
    handles:
      bluesky: sample-mutual.bsky.social

# Messages to leave out; they are counted, and named in the method page.
# exclude:
#   - {{pattern: "giveaway", since: 2026-05-03, until: 2026-05-06, why: prize draw}}

# Single messages put right by hand: a CSV beside this file with network,origin,id,kind (or not_addressed, spam).
# corrections: corrections.csv
"""


def write_starter(path: Path, *, schema_path: str, force: bool = False) -> None:
    """Write the commented starter to `path`. Raises UsageError where a file is in the way and not `force`."""
    _write(path, _STARTER.format(schema=schema_path), force=force)


def write_import_config(
    path: Path, benchmark: str, brands: Iterable[Brand], *, timezone: str = "UTC", networks: Mapping[str, bool] | None = None
) -> tuple[Brand, ...]:
    """Write a config for imported `brands`: `period: all`, and `collect: false` for their networks.

    Names may be anything a file holds. Brands whose names differ only in case are one, and an account that an
    earlier brand has is not given to a later one; returned are the brands as written. `networks` adds to, or
    with True takes back, the `collect: false`. Raises UsageError where a file is in the way.
    """
    kept = unite(brands)
    if not kept:
        raise UsageError(f"{path}: not written, for there is no brand to write")
    collect = {handle.network: False for brand in kept for handle in brand.handles} | dict(networks or {})
    lines = [
        "# Written by `socialbench import` from the brands of the file. Edit freely: it is not written again.",
        f"benchmark: {quoted(benchmark)}",
        f"timezone: {quoted(timezone)}  # of the report",
        "period: all",
        "networks:",
        *(f"  {_key(network)}: {{collect: {str(asked).lower()}}}" for network, asked in sorted(collect.items())),
        "brands:",
    ]
    for brand in kept:
        lines += _brand_lines(brand)
    _write(path, "\n".join(lines) + "\n", force=False)
    return kept


def unite(brands: Iterable[Brand]) -> tuple[Brand, ...]:
    """Brands with names and accounts once each: equal names are united, an account belongs to the first brand that names it."""
    united: dict[str, Brand] = {}
    taken: dict[tuple[str, str], set[str | None]] = {}
    for brand in brands:
        name = clean(brand.name)
        if not name.strip():
            continue
        own: list[Handle] = []
        for handle in brand.handles:
            origins = taken.setdefault((handle.network, fold(handle.name)), set())
            # No origin means any, as in `load`.
            free = not origins if handle.origin is None else not origins & {None, handle.origin}
            if free and fold(handle.name):
                origins.add(handle.origin)
                own.append(replace(handle, name=bare_name(handle.name)))
        if not own:
            continue
        known = united.get(name.casefold())
        before = known.handles if known else ()
        united[name.casefold()] = replace(known or brand, name=known.name if known else name, handles=(*before, *own))
    return tuple(united.values())


def clean(text: str) -> str:
    """`text` without halves of characters, which no UTF-8 file can hold."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def quoted(text: str) -> str:
    """`text` as a YAML scalar in double quotes, whatever it holds."""
    escaped = json.dumps(clean(text), ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)


def _brand_lines(brand: Brand) -> list[str]:
    lines = [f"  - name: {quoted(brand.name)}"]
    if brand.sector:
        lines.append(f"    sector: {quoted(brand.sector)}")
    lines.append("    handles:")
    for network in sorted({handle.network for handle in brand.handles}):
        lines.append(f"      {_key(network)}:")
        lines += [f"        - {_form(handle)}" for handle in brand.handles if handle.network == network]
    return lines


def _form(handle: Handle) -> str:
    parts: Sequence[tuple[str, str | None]] = (
        ("name", handle.name),
        ("role", None if handle.role is Role.BRAND else handle.role.value),
        ("origin", handle.origin or None),
    )
    # Block style for long names would break the line; in flow style only keys are bound to 1,024 letters.
    return "{" + ", ".join(f"{key}: {quoted(text)}" for key, text in parts if text is not None) + "}"


def _key(network: str) -> str:
    if network not in NETWORKS and not _PLAIN.fullmatch(network):
        raise UsageError(f"{network[:40]!r} is no name for a network: write small letters, digits, - and _")
    return network


def _write(path: Path, text: str, *, force: bool) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if force:
            part.write_text(text, encoding="utf-8", newline="\n")
            part.replace(path)
        else:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already; --force replaces it") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from None
    finally:
        part.unlink(missing_ok=True)
