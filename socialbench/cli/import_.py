"""Import messages and replies from exported files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import console
from socialbench.cli.options import config_option, did_you_mean, load_benchmark, now_ms, pass_settings
from socialbench.console import Settings

if TYPE_CHECKING:
    from socialbench.collect.importing import Importer, Job, Outcome
    from socialbench.collect.rows import Rejected
    from socialbench.collect.shapes import Source
    from socialbench.config import Benchmark

_SHAPES = Path(__file__).parent.parent / "collect" / "files"
_PASSES = 2
_NOTES = {
    "undecodable": "rows hold bytes that do not decode; they were replaced (say --encoding if it is not UTF-8)",
    "mojibake": "rows look wrongly decoded before they came here (Ã©, â€™); kept as they are",
    "several_parents": "rows answer several messages; the first counts",
    "stars_out_of_range": "rows have no stars from 1 to 5; kept without",
    "in_future": "messages are dated in the future; is the time zone right?",
    "after_observed_until": "messages are not older than --observed-until",
}
_REJECTS = ("file", "line", "reason", "id")


class ShapeName(click.ParamType[str]):
    """The name of a shape; the files of the folder are the list."""

    name = "shape"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept a name, or say which there are."""
        names = _shape_names()
        if value not in names:
            self.fail(f"there is no shape {value!r}{did_you_mean(str(value), names)}; shapes are {', '.join(names)}", param, ctx)
        return str(value)


def _shape_names() -> list[str]:
    return sorted(path.stem.replace("_", "-") for path in _SHAPES.glob("*.py") if not path.stem.startswith("_"))


@click.command("import")
@click.argument("shape", type=ShapeName())
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@config_option(must_exist=False)
@click.option("--brand", metavar="NAME", help="The brand that all rows belong to.")
@click.option("--brand-column", metavar="COLUMN", help="The column that names the brand of each row.")
@click.option("--network", metavar="NAME", help="The network that the messages are from.")
@click.option("--origin", metavar="NAME", help="The host, site or sample within which ids are unique.")
@click.option("--timezone", metavar="ZONE", help="The zone of times that say none, such as Asia/Jakarta.")
@click.option("--sample", type=click.Choice(["complete", "answered-only"]), help="Whether unanswered messages are in it.")
@click.option("--observed-until", metavar="TIME", help="Up to when answers were watched for; else the newest row of a brand.")
@click.option("--map", "map_path", metavar="FILE.yaml", type=click.Path(path_type=Path), help="Which column holds what (table).")
@click.option("--encoding", metavar="NAME", default="utf-8", show_default=True, help="How the files are encoded.")
@click.option("--rejects", metavar="FILE", type=click.Path(path_type=Path), help="List every row left out, as CSV.")
@pass_settings
def command(
    settings: Settings,
    /,
    shape: str,
    files: tuple[Path, ...],
    config: Path,
    encoding: str,
    rejects: Path | None,
    **stated: Any,
) -> None:
    """Import messages and replies from exported files of one SHAPE (`socialbench list files` names them).

    Several files are one import. A config that is not there yet is written from the brands found.

    Example: socialbench import play-reviews reviews.csv -c apps.yaml --brand by.U --timezone Asia/Jakarta
    """
    from socialbench.collect.importing import Job
    from socialbench.collect.shapes import load_shape
    from socialbench.collect.sourcing import Stated, resolve_source

    benchmark = load_benchmark(config) if config.exists() else None
    _check_files(files, encoding)
    kind = load_shape(shape)
    found = resolve_source(kind, files, Stated(**stated), benchmark)
    job = Job(kind, files, found.source, now_ms(), encoding, found.observed_until)
    done = _carry_out(job, _Target(config, benchmark), rejects)
    if settings.json:
        console.emit_json(_tree(done))
    _tell(done)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where an import goes."""

    config: Path
    benchmark: Benchmark | None

    @property
    def store_url(self) -> str:
        """The store of the config, or what will be the store of the config that is to be written."""
        if self.benchmark is not None:
            return self.benchmark.store_url()
        return str(Path.cwd() / "data" / f"{self.config.stem}.db")


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of it. `outcome` None: the same import was done before, and nothing was asked but that."""

    job: Job
    target: _Target
    known: bool
    outcome: Outcome | None
    written: bool = False


def _check_files(files: tuple[Path, ...], encoding: str) -> None:
    import codecs

    from socialbench.errors import UsageError

    for path in files:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file")
        if not path.is_file():
            raise UsageError(f"{path}: no file that can be read twice: save it to a plain file first")
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise UsageError(f"--encoding {encoding!r} is unknown: write e.g. utf-8, cp1252, latin-1, utf-16") from None


def _carry_out(job: Job, target: _Target, rejects: Path | None) -> _Done:
    from socialbench.collect.importing import Importer, Sink
    from socialbench.collect.labelling import Labeller, extensions_of
    from socialbench.collect.sourcing import accounts_known

    checksum = job.checksum()
    known = _was_imported(target.store_url, checksum)
    if known and rejects is None and target.config.exists():
        return _Done(job, target, True, None)
    source = job.source
    in_config = accounts_known(source.network, source.origin, target.benchmark) if target.benchmark else lambda account_id: True
    with _progress(job) as watch, Labeller(extensions_of(target.benchmark)) as labeller:
        importer = Importer(job, watch, in_config, labeller)
        brands = importer.survey()
        with _rejecting(rejects) as reject:
            outcome = importer.save(Sink(reject=reject)) if known else _save(job, target, importer, checksum, reject)
    return _Done(job, target, known, outcome, _write_config(target, brands, source))


def _was_imported(url: str, checksum: str) -> bool:
    """Asked without the lock, so that a rerun never waits; a store that cannot be read is judged when it is written to."""
    from socialbench.errors import StoreError
    from socialbench.store import open_store

    try:
        with open_store(url) as store:
            return store.imported(checksum)
    except StoreError:
        return False


def _save(job: Job, target: _Target, importer: Importer, checksum: str, reject: Callable[[Rejected], None]) -> Outcome:
    from socialbench import __version__
    from socialbench.collect.importing import Sink
    from socialbench.store import Ledger, open_store

    files = ", ".join(str(path) for path in job.files)
    config_hash = target.benchmark.config_hash if target.benchmark else ""
    with open_store(target.store_url, write=True) as store:
        run = store.begin_run("import", __version__, config_hash, job.now)
        ending = "failed"
        try:
            outcome = importer.save(Sink(store, run, reject), lambda rows: Ledger(checksum, files, job.shape.name, rows))
            ending = "done"
        except KeyboardInterrupt:
            ending = "interrupted"
            raise
        finally:
            store.end_run(run, now_ms(), ending)
    return outcome


def _write_config(target: _Target, brands: tuple[str, ...], source: Source) -> bool:
    """Write the config that is absent; the zone in which the file's times are read is the report's too, until it is edited."""
    from socialbench.collect.sourcing import brands_to_write
    from socialbench.config import write_import_config

    if target.benchmark is not None:
        return False
    zone = getattr(source.zone, "key", "UTC")
    write_import_config(target.config, target.config.stem, brands_to_write(brands, source.network), timezone=zone)
    return True


@contextmanager
def _progress(job: Job) -> Iterator[Callable[[int], None]]:
    total = _PASSES * sum(path.stat().st_size for path in job.files)
    with console.progress() as display:
        task = display.add_task(f"import {job.shape.name}", total=total)
        yield lambda count: display.advance(task, count)


@contextmanager
def _rejecting(path: Path | None) -> Iterator[Callable[[Rejected], None]]:
    if path is None:
        yield lambda rejected: None
        return
    import csv

    from socialbench.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_REJECTS)

            def write(rejected: Rejected) -> None:
                place = rejected.place
                writer.writerow((_defused(place.file), place.line, rejected.reason, _defused(rejected.id)))

            yield write
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error


def _defused(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _tree(done: _Done) -> dict[str, Any]:
    job, outcome = done.job, done.outcome
    tree: dict[str, Any] = {
        "shape": job.shape.name,
        "files": [str(path) for path in job.files],
        "network": job.source.network,
        "origin": job.source.origin,
        "sample": job.source.sample,
        "already_imported": done.known,
        "config": str(done.target.config),
        "config_written": done.written,
        "store": console.redact(done.target.store_url),
    }
    if outcome is None:
        return tree
    names = ("rows", "empty_lines", "messages", "replies", "repeated", "not_in_config", "attributed_by")
    tree |= {name: getattr(outcome, name) for name in names}
    tree["saved"] = {name: getattr(outcome.saved, name) for name in ("new", "updated", "unchanged")}
    tree["left_out"] = dict(sorted(outcome.left_out.items()))
    tree["notes"] = {
        name: {"count": count, "first": str(outcome.notes.first[name])} for name, count in sorted(outcome.notes.counts.items())
    }
    tree["brands"] = [
        {"account": row.account_id, "since": _iso(row.since_at), "observed_until": _iso(row.until_at), "assumed": row.assumed}
        for row in outcome.coverage
    ]
    return tree


def _iso(at: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def _tell(done: _Done) -> None:
    outcome, target = done.outcome, done.target
    if outcome is None:
        console.info(f"imported before: nothing to add to {console.redact(target.store_url)}")
        return
    left_out = sum(outcome.left_out.values())
    console.info(
        f"{outcome.rows:,} rows: {outcome.messages:,} messages, {outcome.replies:,} of them by brands, of"
        f" {len(outcome.coverage):,} brands; {outcome.repeated:,} repeated, {left_out:,} left out"
    )
    reasons = [*sorted(outcome.left_out.items()), ("empty lines", outcome.empty_lines)]
    told = ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in reasons if count)
    if told:
        console.info(f"left out: {told}")
    if outcome.attributed_by:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in outcome.attributed_by.items())
        console.info(f"attributed by: {rules}")
    if outcome.not_in_config:
        console.warn(
            f"{outcome.not_in_config:,} rows are of brands that {target.config} does not name (not_in_config); they are stored"
        )
    for name, count in sorted(outcome.notes.counts.items()):
        console.warn(f"{outcome.notes.first[name]}: {count:,} {_NOTES[name]}")
    _tell_ends(done)


def _tell_ends(done: _Done) -> None:
    outcome, target = done.outcome, done.target
    if outcome is not None and outcome.coverage:
        ends = sorted({row.until_at for row in outcome.coverage})
        span = _iso(ends[0]) if len(ends) == 1 else f"{_iso(ends[0])} to {_iso(ends[-1])}, by brand"
        word = " (assumed: the newest row of a brand)" if outcome.coverage[0].assumed else ""
        console.info(f"observed until {span}{word}")
    if done.known:
        console.info(f"imported before: nothing added to {console.redact(target.store_url)}")
    if done.written:
        console.info(f"wrote {target.config}")
    console.info(f"next: socialbench report {target.config}")
