"""All benches: `python -m tests.bench [--full] [NAME ...]`. A bench is a file here with a `run`. Ends with 1 above a limit."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from types import ModuleType

from tests import bench
from tests.bench.result import Result


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
    full, names = "--full" in words, [word for word in words if word != "--full"]
    results: list[Result] = []
    for name, module in benches(names).items():
        print(f"== {name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        for result in module.run(full):
            print(f"   {result.line}", flush=True)
            results.append(result)
    above = [result for result in results if not result.within]
    print(f"== {len(results)} figures, {len(above)} above their limit")
    for result in above:
        print(f"   {result.line}")
    return int(bool(above))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
