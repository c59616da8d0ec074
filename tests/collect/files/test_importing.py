"""What holds for every import: order, splitting, repeats, reruns, several files, a crash."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from socialbench.collect import importing
from socialbench.collect.importing import Importer, Job, Sink
from socialbench.collect.shapes import load_shape, shape_names
from socialbench.collect.sourcing import Stated, resolve_source
from socialbench.errors import UsageError
from socialbench.store import open_store
from tests.collect.files.harness import NOW, PLAY, TWCS, fresh_store, import_files, tweet, write_csv


def talk(count: int) -> list[tuple[object, ...]]:
    """Customers and brands, one in five unanswered, some naming a second brand."""
    rows: list[tuple[object, ...]] = []
    for number in range(0, 2 * count, 2):
        brand, minute = f"brand{number % 3}", number / 2
        rows.append(
            tweet(
                number + 1,
                f"c{number % 7}",
                "True",
                minute,
                f"@{brand} and @brand{(number + 1) % 3}?",
                number - 1 if number % 8 == 4 else "",
            )
        )
        if number % 10:
            rows.append(tweet(number + 2, brand, "False", minute + number % 5, "sorry", number + 1))
    return rows


def test_the_order_of_rows_and_files_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 7)
    rows = talk(60)
    shuffled = random.Random(5).sample(rows, len(rows))
    whole = import_files(tmp_path / "1.db", "twcs", [write_csv(tmp_path / "1.csv", TWCS, rows)])
    mixed = import_files(tmp_path / "2.db", "twcs", [write_csv(tmp_path / "2.csv", TWCS, shuffled)])
    halves = [write_csv(tmp_path / f"{name}.csv", TWCS, part) for name, part in (("b", rows[50:]), ("a", rows[:50]))]
    split = import_files(tmp_path / "3.db", "twcs", halves)
    assert whole.messages == mixed.messages == split.messages
    assert whole.coverage == mixed.coverage == split.coverage
    assert whole.outcome.attributed_by == mixed.outcome.attributed_by == split.outcome.attributed_by
    assert len(whole.messages) == len(rows)


def test_rows_repeated_over_several_files_are_counted(tmp_path: Path) -> None:
    one, two = (write_csv(tmp_path / f"{name}.csv", TWCS, talk(10)) for name in "ab")
    result = import_files(tmp_path / "a.db", "twcs", [one, two])
    assert result.outcome.repeated == len(result.messages) == len(talk(10))


def test_a_second_import_adds_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", TWCS, talk(10))
    first = import_files(tmp_path / "a.db", "twcs", [path])
    second = import_files(tmp_path / "a.db", "twcs", [path])
    assert first.outcome.saved.new == len(talk(10))
    assert (second.outcome.saved.new, second.outcome.saved.updated) == (0, 0)
    assert first.messages == second.messages
    assert first.coverage == second.coverage


def make_job(files: list[Path], shape: str = "twcs", **stated: Any) -> Job:
    kind = load_shape(shape)
    resolved = resolve_source(kind, tuple(files), Stated(**stated), None)
    return Job(kind, tuple(files), resolved.source, NOW, observed_until=resolved.observed_until)


def test_the_checksum_follows_content_and_meaning_not_names_and_order(tmp_path: Path) -> None:
    one, same = (write_csv(tmp_path / f"{name}.csv", TWCS, talk(10)) for name in "ab")
    other = write_csv(tmp_path / "c.csv", TWCS, talk(11))
    checksum = make_job([one, other]).checksum()
    assert checksum == make_job([other, same]).checksum()
    meanings = [{"sample": "complete"}, {"origin": "elsewhere"}, {"timezone": "UTC"}, {"observed_until": "2020-01-01T00Z"}]
    found = {make_job([one, other], **stated).checksum() for stated in meanings}
    assert len(found | {checksum, make_job([one]).checksum()}) == 6


def test_a_stop_in_the_middle_leaves_no_claim_and_the_same_import_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 5)
    path = write_csv(tmp_path / "a.csv", TWCS, talk(30))
    job = make_job([path])
    reads = 0

    def stop(_: int) -> None:
        nonlocal reads
        reads += 1
        if reads == 2:
            raise KeyboardInterrupt

    importer = Importer(job, stop)
    importer.survey()
    with open_store(str(tmp_path / "a.db"), write=True) as store, pytest.raises(KeyboardInterrupt):
        importer.save(Sink(store, store.begin_run("import", "0", "", NOW)))
    with open_store(str(tmp_path / "a.db")) as store:
        assert 0 < len(list(store.export_rows("messages"))) < len(talk(30))
        assert not list(store.export_rows("coverage"))
        assert not store.imported(job.checksum())
    mended = import_files(tmp_path / "a.db", "twcs", [path])
    clean = import_files(tmp_path / "b.db", "twcs", [path])
    assert mended.messages == clean.messages
    assert mended.coverage == clean.coverage


def test_a_file_that_changes_between_the_passes_is_noticed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", TWCS, talk(10))
    importer = Importer(make_job([path]), lambda count: None)
    importer.survey()
    write_csv(path, TWCS, talk(9))
    with pytest.raises(UsageError, match="changed while it was read"):
        importer.save(Sink())


def test_equal_ids_of_two_origins_do_not_meet(tmp_path: Path) -> None:
    store = fresh_store(tmp_path)
    import_files(store, "twcs", [write_csv(tmp_path / "a.csv", TWCS, [tweet(1, "Acme", "False", 0, "one")])])
    both = import_files(
        store, "twcs", [write_csv(tmp_path / "b.csv", TWCS, [tweet(1, "Acme", "False", 0, "two")])], origin="other"
    )
    assert [(row["origin"], row["id"], row["text"]) for row in both.messages] == [("other", "1", "two"), ("twcs", "1", "one")]


def test_messages_from_the_future_are_kept_and_told(tmp_path: Path) -> None:
    rows = [("r1", "u", "x", 1, "2099-01-01T00:00Z", "", "", "")]
    result = import_files(tmp_path / "a.db", "play-reviews", [write_csv(tmp_path / "a.csv", PLAY, rows)], brand="acme")
    assert result.outcome.notes.counts == {"in_future": 1}
    assert len(result.messages) == 1


def test_every_file_of_the_folder_is_a_shape_of_its_own_name() -> None:
    assert shape_names() == ["conversations", "play-reviews", "table", "twcs"]
    assert [load_shape(name).name for name in shape_names()] == shape_names()
