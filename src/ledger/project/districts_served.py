"""Which districts a project serves, by the programme's codes (N6): apart from the one where it is registered."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from ledger.core.refusal import Kind, Refusal
from ledger.refusals.general import ChoiceUnknown
from ledger.rules import Rules
from ledger.values import Code

# In the place of all districts.
WHOLE_CITY = "whole_city"
DistrictsServed = Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]


class DistrictsServedUnclear(Refusal):
    kind = Kind.INVALID
    zh = "服务区县每个只填一次；服务全市的只填“全市”。"
    en = "Each district served is named once; a project that serves the whole city names no district besides."


def check_districts_served(codes: Sequence[str] | None, rules: Rules) -> None:
    """Districts of the programme, also abolished ones. Raises DistrictsServedUnclear, ChoiceUnknown."""
    if not codes or codes == (WHOLE_CITY,):
        return
    if len(set(codes)) != len(codes) or WHOLE_CITY in codes:
        raise DistrictsServedUnclear()
    for code in codes:
        if rules.district(code) is None:
            choices = ", ".join((WHOLE_CITY, *(district.code for district in rules.districts)))
            raise ChoiceUnknown(field="districts_served", value=code, choices=choices)
