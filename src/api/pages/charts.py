"""Bar charts as SVG, for pages and for paper: a label, a bar in proportion, its figure. Colours are attributes, which a
page's style sheet overrides; the table next to it has the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, BAR = 360, 38, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """`text`: the figure as it is read."""

    label: str
    text: str
    value: int


def bars(title: str, rows: Sequence[Bar]) -> str:
    """As wide as a phone; scaled without loss. Empty without anything to show."""
    longest = max((row.value for row in rows), default=0)
    if longest <= 0:
        return ""
    drawn = "".join(_row(row, number * ROW, longest) for number, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {WIDTH} {len(rows) * ROW}"'
        f' width="{WIDTH}" height="{len(rows) * ROW}" font-family="Noto Sans SC" font-size="13">'
        f"<title>{escape(title)}</title>{drawn}</svg>"
    )


def _row(row: Bar, top: int, longest: int) -> str:
    words = f'<text class="chart-text" fill="#1b2326" y="{top + 14}"'
    return (
        f'{words} x="0">{escape(row.label)}</text>{words} x="{WIDTH}" text-anchor="end">{escape(row.text)}</text>'
        f'<rect class="chart-bar" fill="#0b5563" y="{top + 19}" width="{WIDTH * max(row.value, 0) / longest:.2f}"'
        f' height="{BAR}"/>'
    )
