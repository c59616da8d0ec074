"""What no single test sees: budgets, import directions, names, and a quick `--help`."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "socialbench"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

MAY_IMPORT = {
    "model": set(),
    "errors": set(),
    "__init__": set(),
    "classify": {"model", "errors"},
    "config": {"model", "errors"},
    "store": {"model", "errors"},
    "collect": {"store", "classify", "config", "model", "errors"},
    "measure": {"model", "config", "errors"},
    "report": {"measure", "model", "errors"},
    "demo": {"model", "errors"},
    "console": {"model", "errors"},
}
RESULT_MODULES = {"socialbench.measure.result"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
FORBIDDEN_VERBS = ("get_", "process_", "handle_", "manage_")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def place(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return f"{path.relative_to(ROOT)}{line}"


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def functions(tree: ast.AST) -> Iterator[FunctionNode]:
    return (node for node in ast.walk(tree) if isinstance(node, FunctionNode))


def body_lines(function: FunctionNode) -> int:
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    """Nodes of a function without those of the functions in it, which are counted on their own."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, FunctionNode):
            waiting += ast.iter_child_nodes(node)


def complexity(function: FunctionNode) -> int:
    """As mccabe counts, the way ruff does it: one, and one per branch; boolean operators are not branches."""
    counted = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case, FunctionNode)
    return 1 + sum(isinstance(node, counted) for node in own_nodes(function))


def is_click_callback(function: FunctionNode) -> bool:
    return any("click." in ast.unparse(decorator) for decorator in function.decorator_list)


def parameters(function: FunctionNode) -> int:
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def our_imports(path: Path) -> Iterator[tuple[ast.AST, str]]:
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (start, node.module) if part)
            names = [f"{module}.{alias.name}" if module == "socialbench" else module for alias in node.names]
        else:
            continue
        yield from ((node, name) for name in names if name.split(".")[0] == "socialbench")


def wrong_imports(path: Path) -> list[str]:
    room = room_of(module_of(path))
    if room in {"cli", "__main__"}:
        return []
    allowed = MAY_IMPORT[room] | {room, "__version__"}
    wrong = [f"{place(path, node)} imports {name}" for node, name in our_imports(path) if room_of(name) not in allowed]
    if room == "report":
        wrong += [
            f"{place(path, node)} imports {name}, which is no result type"
            for node, name in our_imports(path)
            if room_of(name) == "measure" and name not in RESULT_MODULES
        ]
    return wrong


def test_function_bodies_stay_within_40_lines() -> None:
    long = [
        f"{place(path, one)} {one.name}: {body_lines(one)}"
        for path in MODULES
        for one in functions(parsed(path))
        if body_lines(one) > 40
    ]
    assert not long, "\n".join(long)


def test_function_complexity_stays_within_10() -> None:
    knotty = [
        f"{place(path, one)} {one.name}: {complexity(one)}"
        for path in MODULES
        for one in functions(parsed(path))
        if complexity(one) > 10
    ]
    assert not knotty, "\n".join(knotty)


def test_function_parameters_stay_within_6_but_for_click_callbacks() -> None:
    wide = [
        f"{place(path, one)} {one.name}: {parameters(one)}"
        for path in MODULES
        for one in functions(parsed(path))
        if parameters(one) > 6 and not is_click_callback(one)
    ]
    assert not wide, "\n".join(wide)


def test_files_stay_within_400_lines() -> None:
    long = [
        f"{place(path)}: {lines}" for path in [*MODULES, *TESTS] if (lines := len(path.read_text("utf-8").splitlines())) > 400
    ]
    assert not long, "\n".join(long)


def test_excepts_are_broad_only_at_the_top_level() -> None:
    broad = {
        place(path)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler) and is_broad(node) and not passes_on(node)
    }
    assert broad == {"socialbench/cli/__init__.py"}


def is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bool({"Exception", "BaseException"} & names_in(handler.type))


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Tidying up before the error goes on hides nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def test_rooms_import_only_what_the_plan_allows() -> None:
    wrong = [line for path in MODULES for line in wrong_imports(path)]
    assert not wrong, "\n".join(wrong)


def test_formats_and_charts_see_only_the_report() -> None:
    folders = [PACKAGE / "report" / name for name in ("formats", "charts")]
    wrong = [
        f"{place(path, node)} imports {name}"
        for folder in folders
        for path in folder.rglob("*.py")
        for node, name in our_imports(path)
        if room_of(name) != "report"
    ]
    assert not wrong, "\n".join(wrong)


def test_httpx_is_imported_in_one_module() -> None:
    importing = {place(path) for path in MODULES if imports_module(path, "httpx")}
    assert importing <= {"socialbench/collect/http.py"}


def imports_module(path: Path, module: str) -> bool:
    found = (node for node in ast.walk(parsed(path)) if isinstance(node, (ast.Import, ast.ImportFrom)))
    return any(name.split(".")[0] == module for node in found for name in imported_names(node))


def imported_names(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]


def test_nothing_prints() -> None:
    printing = [
        place(path, node)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not printing, printing


def test_modules_have_names_that_say_something() -> None:
    assert not [place(path) for path in MODULES if path.stem.strip("_") in FORBIDDEN_NAMES]


def test_functions_use_the_verbs_of_the_project() -> None:
    # click and the standard library ask for these names.
    required = {"get_command", "handle_error", "handle_starttag", "handle_data", "handle_endtag"}
    vague = [
        f"{place(path, one)} {one.name}"
        for path in MODULES
        for one in functions(parsed(path))
        if one.name.lstrip("_").startswith(FORBIDDEN_VERBS) and one.name not in required
    ]
    assert not vague, "\n".join(vague)


@pytest.mark.parametrize(
    "module", ["pandas", "numpy", "sqlalchemy", "httpx", "matplotlib", "pydantic", "yaml", "rich", "asyncio"]
)
def test_help_loads_nothing_heavy(module: str) -> None:
    code = (
        "import sys\ntry:\n    from socialbench.cli import main\n    main(['--help'])\n"
        f"except SystemExit:\n    sys.exit({module!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"--help loads {module}: {done.stderr}"
    assert "Exit codes" in done.stdout


def test_command_modules_load_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "sqlalchemy", "httpx", "matplotlib", "pydantic", "jinja2")
    code = (
        "import sys, click\nfrom socialbench.cli import frame\nctx = click.Context(frame)\n"
        "for name in frame.list_commands(ctx):\n    assert frame.get_command(ctx, name) is not None, name\n"
        f"    loaded = [module for module in {heavy!r} if module in sys.modules]\n    assert not loaded, (name, loaded)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def seconds(arguments: list[str]) -> float:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, check=True)
    return time.perf_counter() - started


def test_help_takes_at_most_three_times_a_bare_import_of_click() -> None:
    # The quickest of several alternating runs is what the program itself takes; the rest is what else the machine does.
    bare, full = float("inf"), float("inf")
    for _ in range(9):
        bare = min(bare, seconds(["-c", "import click"]))
        full = min(full, seconds(["-m", "socialbench", "--help"]))
    assert full <= 3 * bare, f"--help takes {full:.3f} s, import click {bare:.3f} s"
