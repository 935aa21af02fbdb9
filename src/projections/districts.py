"""Rows of what is a district's today: its own, and those of the districts that it succeeded in their programmes."""

from typing import LiteralString

from projections.temporal import ON_DAY

_OF_DISTRICT = (
    "({rows}.programme, {rows}.district) IN (SELECT p.code, d.key"
    " FROM listing.programmes p, jsonb_each_text(p.districts_now) d"
    " WHERE {known} AND {on_day} AND d.value = %({parameter})s)"
)


def of_district(
    rows: LiteralString, parameter: LiteralString, known: LiteralString = "p.to_position IS NULL"
) -> LiteralString:
    """A condition on the columns programme and district of `rows`. Programmes lie in the listing, and are taken as
    they are now unless `known` says otherwise: who may see what goes by the districts of the day %(today)s."""
    return _OF_DISTRICT.format(rows=rows, parameter=parameter, known=known, on_day=ON_DAY.format("p"))
