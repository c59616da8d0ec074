"""Places on a slide, in inches."""

from __future__ import annotations

from dataclasses import dataclass

EMU = 914_400


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide, in inches from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """Left, top, width and height as office files count."""
        return (round(self.left * EMU), round(self.top * EMU), round(self.width * EMU), round(self.height * EMU))

    def below(self, inches: float) -> Box:
        """What is left of it under its first inches."""
        return Box(self.left, self.top + inches, self.width, max(0.5, self.height - inches))

    def columns(self, count: int, gutter: float = 0.3) -> list[Box]:
        """It in columns of one width."""
        wide = (self.width - gutter * (count - 1)) / count
        return [Box(self.left + number * (wide + gutter), self.top, wide, self.height) for number in range(count)]
