"""A stream's events as credit lines are drawn from them, one event after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from ledger.clock import LEDGER_ZONE
from ledger.core.envelope import Recorded, Redacted, Restated, Voided
from ledger.core.fact import Role
from ledger.core.history import corrected, live_corrections, subject_of
from ledger.credit_line import CreditKind, CreditLine, Dispute
from ledger.project.application import Applied
from ledger.project.ending import Transferred

# What these enter is the organisation's own word; no authority stands behind it.
_PARTY = Role.ORGANISATION
_CORRECTIONS = (Voided, Restated, Redacted)
_HOLDING = (Applied, Transferred)


@dataclass(frozen=True)
class CreditStream:
    """`counting`: the events as they count, by version, in order. Of a project: `founding` are the versions that say
    who holds it, `holders` who held it once the event at a version counted. `drawn`: lines with what they were asked
    for, which hold while nothing that counts is corrected."""

    events: tuple[Recorded, ...]
    counting: dict[int, Recorded]
    corrections: dict[int, Recorded]
    redactions: tuple[tuple[int, int], ...]
    founding: tuple[int, ...] = ()
    holders: dict[int, UUID] = field(default_factory=dict)
    drawn: dict[tuple[CreditKind, int, UUID], tuple[tuple[Any, ...], CreditLine]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Sequence[Recorded]) -> "CreditStream":
        return cls(
            events=tuple(events),
            counting={},
            corrections=live_corrections(events),
            redactions=tuple(
                (subject_of(events, found).version, found.position)
                for found in events
                if isinstance(found.fact, Redacted)
            ),
        )._with(corrected(events))

    def extended(self, events: tuple[Recorded, ...]) -> "CreditStream":
        """With those of the events that it does not have yet."""
        new, day = events[len(self.events) :], next(reversed(self.counting.values())).event.effective_on
        for one in new:
            if isinstance(one.fact, _CORRECTIONS) or one.event.effective_on < day:
                return CreditStream.of(events)
            day = one.event.effective_on
        return replace(self, events=events)._with(new)

    def _with(self, counting: Sequence[Recorded]) -> "CreditStream":
        """With events that count after those that do."""
        founding, holders = list(self.founding), dict(self.holders)
        held = holders[next(reversed(holders))] if holders else None
        for one in counting:
            if isinstance(one.fact, _HOLDING):
                founding.append(one.version)
                held = one.fact.organisation
            if held:
                holders[one.version] = held
        more = {one.version: one for one in counting}
        return replace(self, counting=self.counting | more, founding=tuple(founding), holders=holders)

    def line(
        self,
        kind: CreditKind,
        organisation: UUID,
        version: int,
        what: str,
        *,
        cites: Sequence[int] = (),
        disputes: Sequence[Dispute] = (),
        overruled: bool = False,
        **said: Any,
    ) -> CreditLine:
        """`version`: what founds it; `cites`: what else it rests on. `overruled`: an upheld objection says that it
        should not have been so."""
        cited = sorted({one for one in (version, *cites) if one in self.counting})
        asked = (what, cited, disputes, overruled, said)
        known = self.drawn.get((kind, version, organisation))
        if known is None or known[0] != asked:
            line = self._line(kind, organisation, version, what, cited, disputes, overruled=overruled, said=said)
            self.drawn[kind, version, organisation] = known = asked, line
        return known[1]

    def _line(
        self,
        kind: CreditKind,
        organisation: UUID,
        version: int,
        what: str,
        cited: Sequence[int],
        disputes: Sequence[Dispute],
        *,
        overruled: bool,
        said: dict[str, Any],
    ) -> CreditLine:
        founding = self.counting[version]
        restated = [self.corrections[one] for one in cited if one in self.corrections]
        restated = [one for one in restated if isinstance(one.fact, Restated)]
        fact, on = founding.fact, founding.event.effective_on
        optional: dict[str, Any] = {
            "programme": None,
            "project": None,
            "result": None,
            "scores": (),
            "reason": None,
            "authority": getattr(fact, "authority", None) or self.authority(version),
            "document_number": getattr(fact, "document_number", None),
            "since": on,
            "expires_on": None,
            "repaired_on": None,
            "due_on": None,
            "done_on": None,
        }
        return CreditLine.model_construct(
            **optional | said,
            line=uuid5(founding.stream, f"credit/{kind}/{version}/{organisation}"),
            organisation=organisation,
            kind=kind,
            what=what,
            corrected=bool(restated) or overruled,
            disputes=tuple(disputes),
            effective_on=on,
            received_on=founding.event.received_at.astimezone(LEDGER_ZONE).date(),
            positions=tuple(
                sorted({self.events[one - 1].position for one in cited} | {one.position for one in restated})
            ),
            redacted=tuple(at for subject, at in self.redactions if subject in cited),
        )

    def authority(self, version: int) -> str | None:
        """The body that acted, by its name or code, else its role."""
        actor = self.counting[version].event.actor
        party = actor.role is _PARTY or isinstance(actor.on_behalf_of, UUID)
        return None if party else actor.body or actor.role.value
