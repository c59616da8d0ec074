"""Draw docs/gallery/ anew: the demo's report as pictures. Needs chromium, soffice and pdftoppm; says which is missing.

    python docs/gallery/make.py [report.json]

Without a report it runs `socialbench demo` for one. The same report gives the same pictures, up to the programs' versions.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from pptx import Presentation
from pypdf import PdfReader

from socialbench.report.output import load_format
from socialbench.report.plates import plates
from socialbench.report.tree import Report, freeze

GALLERY = Path(__file__).parent
CHART_WIDTH, PAGE_WIDTH, SLIDE_WIDTH = 960, 620, 800
COLOURS = 96
LARGEST_MB = 4.0
SCREENS = {"page": (1200, 1500, "light"), "page-dark": (1200, 1500, "dark"), "page-phone": (390, 844, "light")}
SLIDES = {1: "cover", 2: "key-figures", 3: "ranking"}
BOOK = {"Cover": 1, "Contents": 2, "Key figures": 3, "Ranking": 4}


def main(words: list[str]) -> int:
    """Draw everything; 1 where a program is missing."""
    missing = [name for name in ("chromium", "soffice", "pdftoppm") if shutil.which(name) is None]
    if missing:
        sys.stderr.write(f"the gallery needs {', '.join(missing)}: install and call again\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(words[0]) if words else run_demo(Path(folder))
        report = Report(freeze(json.loads(path.read_text("utf-8"))))
        for old in GALLERY.glob("*.png"):
            old.unlink()
        for plate in plates(report):
            raw = Path(folder) / "chart.png"
            raw.write_bytes(plate.png())
            save(raw, f"chart-{plate.chart.name}", CHART_WIDTH)
        draw_page(report, Path(folder))
        draw_deck(report, Path(folder))
        draw_book(report, Path(folder))
    size = sum(one.stat().st_size for one in GALLERY.glob("*.png")) / 1e6
    sys.stdout.write(f"{len(list(GALLERY.glob('*.png')))} pictures, {size:.1f} MB\n")
    return int(size > LARGEST_MB)


def run_demo(folder: Path) -> Path:
    """Collect and report the simulated networks in `folder`; gives the JSON of the report."""
    subprocess.run([sys.executable, "-m", "socialbench", "-q", "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next((folder / "reports" / "demo").glob("*/report.json"))


def save(raw: Path, name: str, width: int) -> None:
    """Keep a picture at a width, in few colours."""
    with Image.open(raw) as opened:
        picture = opened.convert("RGB")
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(GALLERY / f"{name}.png", optimize=True)


def draw_page(report: Report, folder: Path) -> None:
    """The top of the html page: light, dark, on a phone, and the first printed page."""
    path = written(report, "html", folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (width, height, scheme) in SCREENS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(path.as_uri())
            page.screenshot(path=folder / "screen.png")
            save(folder / "screen.png", name, min(width, 900))
        page = browser.new_page()
        page.goto(path.as_uri())
        page.pdf(path=folder / "print.pdf", prefer_css_page_size=True, print_background=True)
        browser.close()
    save(next(pages_of(folder / "print.pdf", [1])), "page-print", PAGE_WIDTH)


def draw_deck(report: Report, folder: Path) -> None:
    """The first slides, as an office program shows them."""
    path = written(report, "pptx", folder)
    office = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*office, "--outdir", str(folder / "deck"), str(path)], check=True, stdout=subprocess.DEVNULL)
    slides = enumerate(Presentation(str(path)).slides, 1)
    chart = next(number for number, slide in slides if any(shape.has_chart for shape in slide.shapes))
    drawn = pages_of(folder / "deck" / "report.pdf", [*SLIDES, chart])
    for raw, name in zip(drawn, [*SLIDES.values(), "chart"], strict=True):
        save(raw, f"slide-{name}", SLIDE_WIDTH)


def draw_book(report: Report, folder: Path) -> None:
    """The first pages of the book, and the first profile."""
    path = written(report, "pdf", folder)
    reader = PdfReader(path)
    starts = [entry for entry in reader.outline if not isinstance(entry, list)]
    profiles = next(reader.get_destination_page_number(entry) for entry in starts if entry.title == "Brand profiles")
    shown = {**BOOK, "Profile": profiles + 2}
    for raw, name in zip(pages_of(path, list(shown.values())), shown, strict=True):
        save(raw, f"book-{name.lower().replace(' ', '-')}", PAGE_WIDTH)


def written(report: Report, name: str, folder: Path) -> Path:
    """One format's main file."""
    output = next(iter(load_format(name).render(report)))
    (folder / output.name).write_bytes(output.data)
    return folder / output.name


def pages_of(path: Path, numbers: list[int]) -> Iterator[Path]:
    """Some pages of a PDF as pictures."""
    for number in numbers:
        target = path.with_name(f"{path.stem}-{number}")
        words = ["pdftoppm", "-png", "-singlefile", "-r", "110", "-f", str(number), "-l", str(number), str(path), str(target)]
        subprocess.run(words, check=True)
        yield target.with_suffix(".png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
