"""One record of the ledger: in words, field by field, in its history, and what its proof is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import segno

from api.pages.event_texts import EVENT
from api.pages.field_view import FieldRow, fact_rows
from api.pages.frame import Link
from api.pages.hashed_files import address_of
from api.pages.history_view import FieldChange, HistoryRow, Mark
from api.pages.reader import Reader
from api.pages.sentences import Naming
from ledger.core.envelope import Recorded
from ledger.core.fact import instant_text
from ledger.transparency.notes import Verifier

SCRIPT, VERIFIER = address_of("event.js"), address_of("proof.js")


@dataclass(frozen=True, slots=True)
class About:
    """What a record is part of: its page, its whole history, its past moments, where its author corrects it,
    and the draw that it belongs to; empty where there are none."""

    link: Link
    history: str = ""
    time: str = ""
    correct: str = ""
    draw: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A line about the record. `href`: of the record that it leads to."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the module in the browser needs. `version`, `recorded_at`: what the page says, which is compared too."""

    position: int
    proof: str
    key: str
    event: str
    opening: str
    version: int
    recorded_at: str
    witnesses: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class EventView:
    """`sentence`: None of a record that is not public. `proof`: None where the log is not signed."""

    title: str
    about: About | None
    kind: str
    sentence: str | None
    is_corrected: bool
    told: tuple[Told, ...]
    changes: tuple[FieldChange, ...]
    fields: tuple[FieldRow, ...]
    neighbours: tuple[Told, ...]
    numbers: tuple[Link, ...]
    proof: Proof | None
    address: str
    qr: str
    script: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is. `size`: how many records the ledger has; `is_signed`: whether there are proofs."""

    position: int
    size: int
    address: str
    base: str
    is_signed: bool
    witnesses: Sequence[Verifier]


def hidden_view(reader: Reader, place: Place) -> EventView:
    """Of a record that is not public: what the log shows of it."""
    return EventView(
        title=reader.say(EVENT["event_title"], position=reader.number(place.position)),
        about=None,
        kind="",
        sentence=None,
        is_corrected=False,
        told=(),
        changes=(),
        fields=(),
        neighbours=(),
        numbers=tuple(_numbers(reader, place)),
        proof=_proof(reader, place, None) if place.is_signed else None,
        address=place.address,
        qr=_qr(place.address),
        script=reader.at(SCRIPT),
        verifier=reader.at(VERIFIER),
    )


def event_view(
    naming: Naming,
    place: Place,
    event: Recorded,
    events: Sequence[Recorded],
    rows: Sequence[HistoryRow],
    about: About | None,
) -> EventView:
    """`events`: those of its stream that the reader sees, `rows` what they say."""
    reader, fact = naming.reader, event.fact
    number = events.index(event)
    row = rows[number]
    positions = {one.version: one.position for one in events}

    def leads(mark: Mark) -> str:
        return reader.link(f"/events/{positions[mark.version]}") if mark.version in positions else ""

    return EventView(
        title=reader.say(EVENT["event_title"], position=reader.number(place.position)),
        about=about,
        kind=reader.say(fact.named),
        sentence=row.sentence,
        is_corrected=row.corrected is not None,
        told=(
            Told(reader.say(EVENT["event_recorded"]), row.recorded_at.text),
            Told(reader.say(EVENT["event_effective"]), row.effective_on.text),
            Told(reader.say(EVENT["event_by"]), row.by),
            *(Told(reader.say(EVENT["event_corrects"]), one.text, leads(one)) for one in (row.corrects,) if one),
            *(
                Told(reader.say(EVENT["event_since"]), one.text, leads(one))
                for one in (row.corrected, row.disputed, *row.after)
                if one
            ),
            *((Told(reader.say(EVENT["event_late"]), event.event.late_reason),) if event.event.late_reason else ()),
            *((Told(reader.say(EVENT["event_redacted"]), row.redacted),) if row.redacted else ()),
        ),
        changes=tuple(row.changes),
        fields=fact_rows(naming, fact),
        neighbours=tuple(_neighbours(reader, events, rows, number)),
        numbers=tuple(_numbers(reader, place)),
        proof=_proof(reader, place, event) if place.is_signed else None,
        address=place.address,
        qr=_qr(place.address),
        script=reader.at(SCRIPT),
        verifier=reader.at(VERIFIER),
    )


def _neighbours(reader: Reader, events: Sequence[Recorded], rows: Sequence[HistoryRow], number: int) -> Iterable[Told]:
    for key, at, edge in (("event_before", number - 1, "event_first"), ("event_after", number + 1, "event_last")):
        label = reader.say(EVENT[key])
        if 0 <= at < len(events):
            yield Told(label, rows[at].sentence, reader.link(f"/events/{events[at].position}"))
        else:
            yield Told(label, reader.say(EVENT[edge]))


def _numbers(reader: Reader, place: Place) -> Iterable[Link]:
    for key, position in (("event_ledger_before", place.position - 1), ("event_ledger_after", place.position + 1)):
        if 0 <= position < place.size:
            yield Link(reader.say(EVENT[key]), reader.link(f"/events/{position}"))


def _proof(reader: Reader, place: Place, event: Recorded | None) -> Proof:
    number = place.position
    return Proof(
        position=number,
        proof=reader.at(f"/log/proof/{number}"),
        key=reader.at("/log/key"),
        event=reader.at(f"/log/events/{number}") if event else "",
        opening=reader.at(f"/log/openings/{number}") if event else "",
        version=event.version if event else 0,
        recorded_at=instant_text(event.recorded_at) if event else "",
        witnesses=tuple(verifier.vkey for verifier in place.witnesses),
        command=f"minsheng-verify inclusion {place.base} {number}",
    )


def _qr(address: str) -> str:
    return segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, light="#ffffff", dark="#000000", omitsize=True
    )
