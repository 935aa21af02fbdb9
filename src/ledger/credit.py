"""What an organisation's events, and those of its projects, say for its credit record (N22), stream by stream.

Only what everybody may read of published projects: no nominees, no persons, nothing of beneficiaries. The one thing
beyond is that something is disputed, which `Dispute` alone says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid5

from ledger.clock import LEDGER_ZONE
from ledger.credit_line import CreditKind, CreditLine, Dispute, EvaluationScore
from ledger.events import (
    Applied,
    Delisted,
    Deregistered,
    Graded,
    IdentifierAdded,
    Listed,
    Merged,
    OrganisationRecipient,
    OrganisationRegistered,
    Recorded,
    Redacted,
    Relocated,
    Renamed,
    Restated,
    Role,
    SupervisorNamed,
    ThirdPartyEvaluation,
    Transferred,
)
from ledger.history import Timeline, corrected, live_corrections, subject_of
from ledger.organisation import Organisation
from ledger.project.state import Order, Project
from ledger.values import LATEST

# What these enter is the organisation's own word; no authority stands behind it.
_PARTY = Role.ORGANISATION


def credit_lines(timeline: Timeline[Any]) -> tuple[CreditLine, ...]:
    """The lines of a stream, by all that is known of it; none of a stream that is neither."""
    match timeline.state:
        case Project() as project if project.is_public and project.applied:
            return tuple(_ProjectLines(_Stream.of(timeline.events), project).lines())
        case Organisation() as organisation if organisation.exists:
            return tuple(_of_organisation(_Stream.of(timeline.events)))
        case _:
            return ()


@dataclass(frozen=True)
class _Stream:
    """`counting`: the events as they count, by version, in order."""

    events: tuple[Recorded, ...]
    counting: dict[int, Recorded]
    corrections: dict[int, Recorded]
    redactions: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, events: Sequence[Recorded]) -> "_Stream":
        return cls(
            events=tuple(events),
            counting={found.version: found for found in corrected(events)},
            corrections=live_corrections(events),
            redactions=tuple(
                (subject_of(events, found).version, found.position)
                for found in events
                if isinstance(found.fact, Redacted)
            ),
        )

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
        founding = self.counting[version]
        cited = sorted({version, *cites} & set(self.counting))
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


def _of_organisation(stream: _Stream) -> Iterator[CreditLine]:
    id = stream.events[0].stream
    for version, found in stream.counting.items():
        match found.fact:
            case OrganisationRegistered() as fact:
                yield stream.line(CreditKind.REGISTRATION, id, version, fact.name)
            case Renamed() as fact:
                yield stream.line(CreditKind.NAME, id, version, fact.name)
            case IdentifierAdded() as fact:
                yield stream.line(CreditKind.IDENTIFIER, id, version, fact.identifier.text)
            case SupervisorNamed() as fact:
                yield stream.line(CreditKind.SUPERVISOR, id, version, fact.authority)
            case Relocated() as fact:
                yield stream.line(CreditKind.DISTRICT, id, version, fact.district or "city", reason=fact.reason)
            case Merged() as fact:
                yield stream.line(CreditKind.MERGER, id, version, fact.into_name, result=str(fact.into))
            case Deregistered() as fact:
                yield stream.line(CreditKind.DEREGISTRATION, id, version, fact.document_number, reason=fact.reason)
            case Graded() as fact:
                yield stream.line(
                    CreditKind.GRADE,
                    id,
                    version,
                    f"{fact.grade}A",
                    since=fact.valid_from,
                    expires_on=_day_after(fact.valid_until),
                )
            case Listed() as fact:
                left = _left(stream, version, fact)
                yield stream.line(
                    CreditKind.LIST,
                    id,
                    version,
                    fact.list.value,
                    cites=[left.version] if left else (),
                    reason=fact.reason,
                    repaired_on=left and left.event.effective_on,
                )
            case _:
                pass


def _day_after(day: date) -> date:
    return min(day, LATEST - timedelta(days=1)) + timedelta(days=1)


def _left(stream: _Stream, version: int, entered: Listed) -> Recorded | None:
    """What took it off the list again."""
    later = list(stream.counting.values())[list(stream.counting).index(version) + 1 :]
    return next((one for one in later if isinstance(one.fact, Delisted) and one.fact.list is entered.list), None)


@dataclass(frozen=True)
class _ProjectLines:
    """A line is that of the organisation that held the project when its founding event counted."""

    stream: _Stream
    project: Project
    # By version: who held the project once that event counted.
    holders: dict[int, UUID] = field(default_factory=dict)

    def lines(self) -> Iterator[CreditLine]:
        held: UUID | None = None
        for version, found in self.stream.counting.items():
            if isinstance(found.fact, Applied | Transferred):
                held = found.fact.organisation
            if held:
                self.holders[version] = held
        yield from self._participations()
        yield from self._contracts()
        yield from self._reports()
        yield from self._supervision()
        yield from self._evaluations()
        yield from self._honours()

    def _line(self, kind: CreditKind, version: int, what: str, **said: Any) -> Iterator[CreditLine]:
        holder = self.holders.get(version)
        if holder is None or self.project.applied is None:
            # Effective before the application, by a wrong day that nobody has corrected yet.
            return
        cites = said.pop("cites", ())
        yield self.stream.line(
            kind,
            holder,
            version,
            what,
            cites=cites,
            disputes=self._disputes({version, *cites}),
            programme=self.project.applied.programme,
            project=self.project.id,
            **said,
        )

    def _disputes(self, versions: set[int]) -> list[Dispute]:
        """While an objection, or a request for review, speaks of one of these."""
        found = [(one.version, one.resolution) for one in self.project.objections if one.fact.target in versions]
        asked = [(one.version, one.decision) for one in self.project.requests if one.fact.target in versions]
        return [
            Dispute(since=self.stream.counting[version].event.effective_on, until=decided.on if decided else None)
            for version, decided in (*found, *asked)
        ]

    def _participations(self) -> Iterator[CreditLine]:
        project, form = self.project, self.project.form
        founding = [
            version
            for version, found in self.stream.counting.items()
            if isinstance(found.fact, Applied | Transferred) and version in self.holders
        ]
        for version, following in zip(founding, [*founding[1:], None], strict=True):
            yield from self._line(
                CreditKind.PARTICIPATION,
                version,
                form.title if form else "",
                authority=None,
                result=project.status.value if following is None else "transferred",
                cites=[one for one in (project.form_version, following, *self._ends()) if one],
            )

    def _ends(self) -> list[int]:
        return [one.version for one in (self.project.published, self.project.terminated, self.project.closed) if one]

    def _contracts(self) -> Iterator[CreditLine]:
        project = self.project
        if project.contract and project.contract_version:
            yield from self._line(
                CreditKind.CONTRACT,
                project.contract_version,
                project.contract.number,
                document_number=project.contract.number,
                since=project.contract.signed_on,
                result=self._kept(project.contract_version),
                cites=[*(one.version for one in project.amendments), *self._ends()],
            )
        if bought := project.purchase_contract:
            selected = [project.purchased.version] if project.purchased else []
            yield from self._line(
                CreditKind.PURCHASE,
                bought.version,
                bought.fact.number,
                document_number=bought.fact.number,
                since=bought.fact.signed_on,
                result=self._kept(bought.version),
                cites=[*selected, *self._ends()],
            )

    def _kept(self, version: int) -> str:
        """Kept is a contract whose project was completed and closed."""
        project = self.project
        if self.holders.get(version) != list(self.holders.values())[-1]:
            return "transferred"
        if project.terminated:
            return "terminated"
        if project.closed:
            return "kept" if project.is_complete else "closed"
        return "running"

    def _reports(self) -> Iterator[CreditLine]:
        """Timeliness counts the first submission of each milestone."""
        seen: set[str] = set()
        for report in self.project.reports:
            milestone = report.fact.milestone
            if milestone in seen:
                continue
            seen.add(milestone)
            yield from self._line(
                CreditKind.TIMELINESS,
                report.version,
                milestone,
                authority=None,
                due_on=report.fact.due_on,
                done_on=report.on,
            )

    def _supervision(self) -> Iterator[CreditLine]:
        for found in self.project.inspections:
            result = "satisfactory" if found.fact.satisfactory else "unsatisfactory"
            yield from self._line(
                CreditKind.INSPECTION, found.version, found.fact.inspected_on.isoformat(), result=result
            )
        for order in self.project.orders:
            yield from self._rectification(order)

    def _rectification(self, order: Order) -> Iterator[CreditLine]:
        fulfilled = next((check.on for check in order.checks if check.fact.fulfilled), None)
        answered = [answer.on for answer in order.answers]
        yield from self._line(
            CreditKind.RECTIFICATION,
            order.version,
            order.fact.what,
            result="ordered" if fulfilled is None else "fulfilled",
            due_on=order.due_on,
            done_on=answered[-1] if answered else None,
            repaired_on=fulfilled,
            cites=[one.version for one in (*order.answers, *order.checks)],
        )

    def _evaluations(self) -> Iterator[CreditLine]:
        """On the record when the notice 公示 is over."""
        upheld = {
            one.resolution.fact.target: one.resolution.version
            for one in self.project.objections
            if one.resolution and one.resolution.fact.upheld
        }
        for shown in self.project.shown:
            named = shown.fact.evaluations
            against = [upheld[version] for version in named if version in upheld]
            yield from self._line(
                CreditKind.EVALUATION,
                shown.version,
                shown.fact.notice,
                since=_day_after(shown.fact.objections_until),
                scores=self._scores(set(named)),
                cites=[*named, *against],
                overruled=bool(against),
            )

    def _scores(self, versions: set[int]) -> tuple[EvaluationScore, ...]:
        """Of those that stand. What beneficiaries said is not repeated here."""
        found: dict[str, list[tuple[Decimal, int]]] = {}
        for noted in self.project.evaluations:
            evaluation = noted.fact.evaluation
            if noted.version in versions and evaluation.by != "beneficiaries" and evaluation.scores:
                by = "third_party" if isinstance(evaluation, ThirdPartyEvaluation) else "self"
                mean = Decimal(sum(one.score for one in evaluation.scores)) / len(evaluation.scores)
                found.setdefault(by, []).append((mean, noted.fact.scale))
        return tuple(
            EvaluationScore.model_construct(by=by, score=str(_mean(found[by])), scale=found[by][0][1])
            for by in ("self", "third_party")
            if by in found
        )

    def _honours(self) -> Iterator[CreditLine]:
        """Of organisations; a person's honour is the person's."""
        for award in self.project.honours:
            if not isinstance(award.fact.recipient, OrganisationRecipient):
                continue
            revoked = [one for one in self.project.revocations if one.fact.award == award.version]
            yield from self._line(
                CreditKind.HONOUR,
                award.version,
                award.fact.honour,
                result="revoked" if revoked else "granted",
                expires_on=revoked[0].on if revoked else None,
                cites=[one.version for one in revoked],
            )


def _mean(scores: Sequence[tuple[Decimal, int]]) -> Decimal:
    mean = sum((score for score, _ in scores), Decimal()) / len(scores)
    return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)
