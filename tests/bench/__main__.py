"""All benches: `python -m tests.bench [--full] [--write] [NAME ...]`. A bench is a file here with a `run`.

`--full` takes the sizes at which claims are decided, `--write` puts the figures into docs/method.md. Ends with 1 where a
limit is not kept by more than two standard errors.
"""

from __future__ import annotations

import pkgutil
import sys
import time
from importlib import import_module
from types import ModuleType

from tests import bench
from tests.bench.page import BENCHES, write
from tests.bench.result import Result

OPTIONS = ("--full", "--write")


def benches(names: list[str]) -> dict[str, ModuleType]:
    """The files asked for, all where none is; a name that is none ends the program."""
    found = {each.name: import_module(f"tests.bench.{each.name}") for each in pkgutil.iter_modules(bench.__path__)}
    found = {name: module for name, module in found.items() if hasattr(module, "run")}
    strange = [name for name in names if name not in found]
    if strange:
        sys.exit(f"no bench {', '.join(strange)}; there are {', '.join(found)}")
    return {name: module for name, module in found.items() if not names or name in names}


def main(words: list[str]) -> int:
    """Run as told on the command line."""
    full, names = "--full" in words, [word for word in words if word not in OPTIONS]
    results: list[Result] = []
    for name, module in benches(names).items():
        print(f"== {name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        started, own = time.monotonic(), []
        for result in module.run(full):
            print(f"   {result.line}", flush=True)
            own.append(result)
        if "--write" in words and name in BENCHES and own:
            write(name, own, getattr(module, "WORLDS", (0, 0))[full], time.monotonic() - started)
        results += own
    beyond = [result for result in results if not result.within]
    print(f"== {len(results)} figures, {len(beyond)} beyond their limits")
    for result in beyond:
        print(f"   {result.line}")
    return int(any(result.verdict == "NOT HELD" for result in beyond))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
