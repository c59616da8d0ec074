"""The same messages give the same bytes of JSON: rows in any order, a file in two, either store, any number of processes."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialbench.cli import main
from tests.store.conftest import schemas, server

__all__ = ["schemas", "server"]

COLUMNS = ("tweet_id", "author_id", "inbound", "created_at", "text", "response_tweet_id", "in_response_to_tweet_id")
BRANDS = ("acme", "beta", "gamma")
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
YAML = """\
benchmark: Same bytes
timezone: Europe/Berlin
store: {store}
networks: {{x: {{collect: false}}}}
brands:
  - {{name: Acme, sector: Shops, handles: {{x: acme}}}}
  - {{name: Beta, sector: Shops, handles: {{x: beta}}}}
  - {{name: Gamma, handles: {{x: gamma}}}}
"""

Row = tuple[object, ...]


def talk(number: int, seed: random.Random) -> Iterator[Row]:
    """A question, at times answered, at times gone on with; many share a second, and ids have several lengths."""
    brand, author = BRANDS[number % 3], f"c{seed.randrange(60)}"
    asked = FIRST + timedelta(hours=3 * seed.randrange(240), seconds=seed.randrange(3))
    first = 97 + 10 * number
    yield tweet(first, author, True, asked, f"@{brand} where is my order? @{seed.choice(BRANDS)}", "")
    if seed.random() < 0.3:
        yield tweet(first + 1, author, True, asked + timedelta(minutes=seed.randrange(900)), f"@{brand} hello?", first)
    if seed.random() < 0.7:
        wait = timedelta(minutes=seed.randrange(-2, 90 * 60))
        yield tweet(first + 2, brand, False, asked + wait, f"@{author} on its way", first)
        yield tweet(first + 3, author, True, asked + wait + timedelta(hours=1), f"@{brand} thanks", first + 2)
    if seed.random() < 0.1:
        yield tweet(first + 4, brand, False, asked, f"Offer {number}", "")


def tweet(number: int, author: str, inbound: bool, at: datetime, text: str, parent: object) -> Row:
    return number, author, inbound, at.strftime("%a %b %d %H:%M:%S +0000 %Y"), text, "", parent


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    seed = random.Random(20261122)
    made = [row for number in range(300) for row in talk(number, seed)]
    return sorted(made, key=lambda row: datetime.strptime(str(row[3]), "%a %b %d %H:%M:%S +0000 %Y"))  # noqa: DTZ007


def report(folder: Path, calls: Sequence[Sequence[Sequence[Row]]], *, sample: str, store: str, jobs: str = "1") -> bytes:
    """The JSON after these imports, each of one file or more."""
    folder.mkdir()
    (folder / "b.yaml").write_text(YAML.format(store=store))
    for call, files in enumerate(calls):
        names = [write(folder / f"{call}-{place}.csv", rows) for place, rows in enumerate(files)]
        run(folder, "import", "twcs", *names, "-c", "b.yaml", "--sample", sample)
    run(folder, "report", "b.yaml", "-f", "json", "-o", "out.json", "--jobs", jobs)
    return (folder / "out.json").read_bytes()


def run(folder: Path, *arguments: str) -> None:
    """A command line in this process: thirty processes of their own would take a minute."""
    with chdir(folder), pytest.raises(SystemExit) as ending:
        main(list(arguments))
    assert ending.value.code == 0, arguments


def write(path: Path, rows: Sequence[Row]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return path.name


def shuffled(rows: Sequence[Row]) -> list[Row]:
    return random.Random(1).sample(list(rows), len(rows))


Cut = Callable[[list[Row]], tuple[list[Row], list[Row]]]
CUTS: dict[str, Cut] = {
    "head and tail": lambda rows: (rows[: len(rows) // 2], rows[len(rows) // 2 :]),
    "at random": lambda rows: (shuffled(rows)[::2], shuffled(rows)[1::2]),
}


@pytest.fixture(scope="module")
def plain(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """The JSON of the rows as they come, in one file, on SQLite, measured by one process."""
    folder, made = tmp_path_factory.mktemp("plain"), dict[str, bytes]()

    def of(sample: str) -> bytes:
        if sample not in made:
            made[sample] = report(folder / sample, [[rows]], sample=sample, store="b.db")
        return made[sample]

    return of


@pytest.mark.parametrize("sample", ["complete", "answered-only"])
def test_bytes_are_those_of_shuffled_rows(rows: list[Row], tmp_path: Path, plain: Callable[[str], bytes], sample: str) -> None:
    assert report(tmp_path / "s", [[shuffled(rows)]], sample=sample, store="b.db") == plain(sample)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("sample", ["complete", "answered-only"])
def test_bytes_are_those_of_a_file_in_two(
    rows: list[Row], tmp_path: Path, plain: Callable[[str], bytes], sample: str, cut: str
) -> None:
    assert report(tmp_path / "s", [CUTS[cut](rows)], sample=sample, store="b.db") == plain(sample)


@pytest.mark.parametrize("cut", CUTS)
def test_bytes_are_those_of_two_imports(rows: list[Row], tmp_path: Path, plain: Callable[[str], bytes], cut: str) -> None:
    calls = [[part] for part in CUTS[cut](rows)]
    assert report(tmp_path / "s", calls, sample="complete", store="b.db") == plain("complete")


def test_bytes_are_those_of_two_processes(rows: list[Row], tmp_path: Path, plain: Callable[[str], bytes]) -> None:
    assert report(tmp_path / "s", [[rows]], sample="complete", store="b.db", jobs="2") == plain("complete")


def test_bytes_are_those_of_postgresql(
    rows: list[Row], tmp_path: Path, plain: Callable[[str], bytes], schemas: Callable[[], str]
) -> None:
    found = report(tmp_path / "s", [[shuffled(rows)]], sample="complete", store=f'"{schemas()}"')
    assert found == plain("complete")
