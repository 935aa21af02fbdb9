"""One line of the table: what, how much, against what, what was asked for."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    work: str
    figure: float
    unit: str
    ratio: float | None = None
    against: str = ""
    wanted: str = ""

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:8.2f} × {self.against}"
        wanted = f"   (wanted: {self.wanted})" if self.wanted else ""
        return f"{self.work:<58}{self.figure:>12,.1f} {self.unit:<10}{ratio}{wanted}"


def median(values: list[float]) -> float:
    return statistics.median(values)
