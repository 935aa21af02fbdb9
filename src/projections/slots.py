"""What cells add up to: figures, by what tells them apart."""

from decimal import Decimal
from typing import Any

from projections.counted import What
from projections.figures import Figures

# What a cell adds to: a figure and what tells it apart. By it, how many cells it was and what they make.
Slot = tuple[str, Any]
Slots = dict[Slot, list[int]]


def add(into: Slots, slot: Slot, count: int, number: int) -> None:
    cell = into.get(slot)
    if cell is None:
        into[slot] = [count, number]
    else:
        cell[0] += count
        cell[1] += number


def figures_of(slots: Slots) -> Figures:
    found = Figures()
    for (figure, key), (count, number) in slots.items():
        if not count:
            continue
        match figure:
            case What.BEGAN:
                found.projects, found.planned = count, number
            case What.STEP:
                found.steps[key] = number
            case What.MONEY:
                *name, places = key
                stage, source, currency = name
                amount = Decimal(number).scaleb(-places)
                found.money[stage, source, currency] = found.money.get((stage, source, currency), 0) + amount
            case "in_time":
                found.in_time = count
            case "late":
                found.late = count
            case "overdue":
                found.overdue = count
            case What.ASKED:
                found.asked = number
            case What.ANSWERED:
                found.answered = number
            case What.RATED:
                found.rated = number
            case What.SATISFIED:
                found.satisfied = number
    return found
