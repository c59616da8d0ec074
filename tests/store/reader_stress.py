"""A reader that loads frames in a loop while a writer saves: `python -m tests.store.reader_stress 60 [URL]`.

The reader is a second process. Its waits are measured apart from its reading: opening the store and beginning a
snapshot, which is where a lock would hold it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

from socialbench.store import Batch, RawPage, open_store
from tests.store.invented import ACME, T0, batch, covered, message, to_acme

PAGE = 100


def page(number: int) -> Batch:
    """One page of a busy collector, a tenth of it seen before."""
    ids = range(number * PAGE - PAGE // 10, number * PAGE + PAGE)
    rows = [message(f"m{id_}", T0 + id_, f"@acme where is order {id_}?", addressed=to_acme()) for id_ in ids]
    raw = RawPage(
        "bluesky", "", ACME.id, "mentions", "", f"https://x.example/{number}", T0, T0, b"{}" * 2000, [row.id for row in rows]
    )
    return batch(rows, T0 + number, raw=raw, coverage=[covered(T0, T0 + number * PAGE)])


def read_in_a_loop(url: str, seconds: float) -> dict[str, Any]:
    """What a reader meets in three reads or more: reads, the longest wait beyond its own reading in s, rows seen last."""
    reads, longest, rows = 0, 0.0, 0
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at or reads < 3:
        began_at = time.monotonic()
        with open_store(url) as store:
            store.counts()
            longest = max(longest, time.monotonic() - began_at)
            frames = store.frames()
        if len(frames.addresses) != len(frames.messages) or len(frames.messages) < rows:
            raise AssertionError("a reader saw half of a batch")
        rows = len(frames.messages)
        reads += 1
    return {"reads": reads, "longest_wait_s": longest, "rows": rows}


def stress(url: str, seconds: float) -> dict[str, Any]:
    """Write for some seconds beside a reader; what both did. Raises where the reader failed."""
    open_store(url, write=True).close()
    command = [sys.executable, "-m", "tests.store.reader_stress", "--read", url, str(seconds)]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    slowest = 0.0
    numbers = count(1)
    while reader.poll() is None:
        # A collector opens the store, saves some pages and closes it: the log comes and goes under the reader.
        with open_store(url, write=True) as store:
            for number in (next(numbers) for _ in range(20)):
                began_at = time.monotonic()
                store.save(page(number))
                slowest = max(slowest, time.monotonic() - began_at)
                time.sleep(0.005)
    if reader.returncode:
        raise AssertionError(f"the reader ended with {reader.returncode}")
    told: dict[str, Any] = json.loads(reader.communicate()[0])
    return told | {"pages": next(numbers) - 1, "slowest_save_s": slowest}


def main() -> None:
    """Read or write as the command line says."""
    if sys.argv[1] == "--read":
        print(json.dumps(read_in_a_loop(sys.argv[2], float(sys.argv[3]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else str(Path(folder) / "store.db")
        told = stress(url, float(sys.argv[1]))
    print(json.dumps(told))
    if told["longest_wait_s"] > 1:
        sys.exit("a reader waited for more than a second")


if __name__ == "__main__":
    main()
