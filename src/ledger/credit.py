"""What an organisation's events, and those of its projects, say for its credit record (N22), stream by stream.

Only what everybody may read of published projects: no nominees, no persons, nothing of beneficiaries. The one thing
beyond is that something is disputed, which `Dispute` alone says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ledger.core.envelope import Recorded
from ledger.core.history import Timeline
from ledger.credit_line import CreditKind, CreditLine, Dispute, EvaluationScore
from ledger.credit_stream import CreditStream
from ledger.organisation.ending import Deregistered, Merged, RegistrationEnd, RegistrationEnded
from ledger.organisation.oversight import AnnualReportFiled, PenaltyEnding, PenaltyImposed, PenaltyLifted
from ledger.organisation.particulars import Relocated, Renamed, SupervisorNamed
from ledger.organisation.registration import IdentifierAdded, OrganisationRegistered
from ledger.organisation.standing import Delisted, Graded, Listed
from ledger.organisation.state import Organisation
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.evaluation import ThirdPartyEvaluation
from ledger.project.nominations import OrganisationRecipient
from ledger.project.payments import owed
from ledger.project.state import Project
from ledger.project.supervision import Order
from ledger.values import LATEST


@dataclass(frozen=True, slots=True)
class CreditLines:
    """The lines of a stream, and its events as far as they were drawn from."""

    lines: tuple[CreditLine, ...]
    stream: CreditStream | None


NONE = CreditLines((), None)


def credit_lines(timeline: Timeline[Any]) -> tuple[CreditLine, ...]:
    """The lines of a stream, by all that is known of it; none of a stream that is neither."""
    return lines_after(NONE, timeline).lines


def lines_after(before: CreditLines, timeline: Timeline[Any]) -> CreditLines:
    """As `credit_lines`, given those before the last event: most events change no line, and of the others few."""
    events = timeline.events
    match timeline.state:
        case Project() as project if project.is_public and project.applied:
            if before.stream and not events[-1].fact.credit:
                return before
            stream = before.stream.extended(events) if before.stream else CreditStream.of(events)
            return CreditLines(tuple(_ProjectLines(stream, project).lines()), stream)
        case Project(earlier=EarlierProjectRecorded() as earlier):
            stream = before.stream.extended(events) if before.stream else CreditStream.of(events)
            return CreditLines((_carried_over(stream, earlier),), stream)
        case Organisation() as organisation if organisation.exists:
            stream = before.stream.extended(events) if before.stream else CreditStream.of(events)
            return CreditLines(tuple(_of_organisation(stream)), stream)
        case _:
            return NONE


def _of_organisation(stream: CreditStream) -> Iterator[CreditLine]:
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
            case RegistrationEnded(kind=RegistrationEnd.REVOKED) as fact:
                yield stream.line(CreditKind.REVOCATION, id, version, fact.document_number, reason=fact.reason)
            case Deregistered() | RegistrationEnded() as fact:
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
            case AnnualReportFiled() as fact:
                result = fact.inspection_result and fact.inspection_result.value
                yield stream.line(
                    CreditKind.ANNUAL_REPORT, id, version, str(fact.year), result=result, done_on=fact.filed_on
                )
            case PenaltyImposed() as fact:
                yield stream.line(
                    CreditKind.PENALTY,
                    id,
                    version,
                    fact.kind.value,
                    reason=fact.reason,
                    **_ended(stream, version, fact),
                )
            case _:
                pass


def _ended(stream: CreditStream, version: int, fact: PenaltyImposed) -> dict[str, Any]:
    """Its last day, and the decision that says how it ended: one that expired is no repair."""
    over = fact.ends_on and _day_after(fact.ends_on)
    for found in stream.counting.values():
        if isinstance(found.fact, PenaltyLifted) and found.fact.penalty == version:
            ended_on, ending = found.event.effective_on, found.fact.ending
            days = {"expires_on": ended_on} if ending is PenaltyEnding.EXPIRED else {"repaired_on": ended_on}
            return {"expires_on": over, "cites": [found.version], "result": ending.value} | days
    return {"expires_on": over}


def _carried_over(stream: CreditStream, fact: EarlierProjectRecorded) -> CreditLine:
    """History from before the ledger, as the papers of that year have it."""
    return stream.line(
        CreditKind.EARLIER,
        fact.organisation,
        1,
        fact.title,
        programme=fact.programme,
        project=stream.events[0].stream,
        result=fact.result.value,
        since=fact.started_on,
        done_on=fact.ended_on,
    )


def _day_after(day: date) -> date:
    return min(day, LATEST - timedelta(days=1)) + timedelta(days=1)


def _left(stream: CreditStream, version: int, entered: Listed) -> Recorded | None:
    """What took it off the list again."""
    later = list(stream.counting.values())[list(stream.counting).index(version) + 1 :]
    return next((one for one in later if isinstance(one.fact, Delisted) and one.fact.list is entered.list), None)


@dataclass(frozen=True)
class _ProjectLines:
    """A line is that of the organisation that held the project when its founding event counted."""

    stream: CreditStream
    project: Project

    def lines(self) -> Iterator[CreditLine]:
        yield from self._participations()
        yield from self._contracts()
        yield from self._reports()
        yield from self._supervision()
        yield from self._recovery()
        yield from self._evaluations()
        yield from self._honours()

    def _line(self, kind: CreditKind, version: int, what: str, **said: Any) -> Iterator[CreditLine]:
        holder = self.stream.holders.get(version)
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
        founding = self.stream.founding
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
        if self.stream.holders.get(version) != list(self.stream.holders.values())[-1]:
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
        fulfilled = next((check.on for check in order.checks if check.fact.accepted), None)
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

    def _recovery(self) -> Iterator[CreditLine]:
        """待追缴, until all of it has come."""
        found = self.project.recovery
        if found is None:
            return
        later = [one for one in self.project.refunded if one.version > found.version]
        came = None if owed(self.project) else max(one.on for one in (found, *later))
        amount = found.fact.amount
        yield from self._line(
            CreditKind.RECOVERY,
            found.version,
            f"{amount.amount:f} {amount.currency}",
            reason=found.fact.reason,
            result="outstanding" if came is None else "recovered",
            repaired_on=came,
            cites=[one.version for one in later],
        )

    def _evaluations(self) -> Iterator[CreditLine]:
        """On the record when the notice 公示 is over."""
        upheld = {
            one.resolution.fact.target: one.resolution.version
            for one in self.project.objections
            if one.resolution and one.resolution.fact.accepted
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
