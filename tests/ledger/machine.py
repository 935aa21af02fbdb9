"""Every command as a rule of a state machine, issued whether or not it is possible."""

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import repeat
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.ledger.bought import BoughtYear
from tests.ledger.forms import EVALUATIONS, award_of, nomination_of, nominee_of, proposals_of, review_of
from tests.ledger.keeping import KEEPING
from tests.ledger.project.given import DUE, PERIOD, form, form_body, yuan
from tests.ledger.promises import PLACES, late
from tests.support import ASSOCIATION, LEADING_GROUP, MEMBERS, OFFICE, account

from ledger.accounts import ANYONE, Account
from ledger.commands import correction_requests, corrections
from ledger.commands.application import Amendment, Application, Withdrawal
from ledger.commands.attachments import Attaching
from ledger.commands.contract import Contract, Publication
from ledger.commands.correction_requests import CorrectionAnswer
from ledger.commands.corrections import CorrectionBody, RestateBody, VoidBody
from ledger.commands.delivery import ProgressReport
from ledger.commands.evaluation import BeneficiaryStatement, EvaluationBody, EvaluationPublication
from ledger.commands.feedback import Answer, OnlineFeedback, SampleFeedback
from ledger.commands.honours import Revocation
from ledger.commands.interests import Interest
from ledger.commands.objections import ObjectionBody, ResolutionBody
from ledger.commands.open_answers import Person
from ledger.commands.organisation import Registration
from ledger.commands.programme import Extension, Reorganisation
from ledger.commands.public_reports import PublicAnswer, PublicReportBody
from ledger.commands.reconsideration import ReviewDecision, ReviewRequest, Service
from ledger.commands.review import Approval, Rejection
from ledger.commands.sampling import FrameBody, SampleBody
from ledger.commands.screening import HandIn, Return, Screening
from ledger.commands.support import Support
from ledger.core.fact import Role
from ledger.core.refusal import Refusal
from ledger.identifiers import Identifier, programme_stream
from ledger.organisation.registration import OrganisationKind
from ledger.programme import DistrictSucceeded
from ledger.project.delivery import Milestone, returned_milestones
from ledger.project.feedback import FeedbackMeans
from ledger.project.proposals import standing_proposal
from ledger.project.reconsideration import RequestOutcome
from ledger.project.screening import ScreeningResult
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.project.support import SupportOutcome
from ledger.unit_of_work import CommandContext, Receipt

DISTRICT = account(Role.DISTRICT, "110101")
BENEFICIARY = account(Role.BENEFICIARY)
ENTRIES = tuple(str(digit) * 64 for digit in range(8))
OTHER_LEADER = account(Role.LEADING_GROUP)
CHAIR = {"top-ten": ASSOCIATION, "advanced-organisation": LEADING_GROUP, "advanced-individual": LEADING_GROUP}
OPENING = {"call": None, "review": Status.UNDER_REVIEW, "delivery": Status.IN_DELIVERY, "honours": Status.COMPLETED}

some = st.integers(0, 7)
days_late = st.sampled_from([0, 0, 0, 3, 30])
# Less than nothing is a day ahead.
days_off = st.sampled_from([0, 0, 0, 3, -1, -20, -900])
officials = st.sampled_from([OFFICE, OFFICE, OFFICE, DISTRICT, LEADING_GROUP])
newest = st.sampled_from([0, 0, 1, 1, 2, 3, 6])
has_projects = precondition(lambda self: self.projects)


class AnyYear(BoughtYear):
    """The rules: every command, possible or not. Numbers choose among what is there."""

    @initialize(opening=st.sampled_from([*OPENING, "honours", "honours", "honours"]), number=st.integers(2, 5))
    def open(self, opening: str, number: int) -> None:
        """Years begin at different times, so that each part of them is tried."""
        for index in range(number if OPENING[opening] else 1):
            self.register(local=index % 2 == 0)
            if status := OPENING[opening]:
                self.apply(index, OFFICE, 0)
                self.carry_to(index, status)
        if opening == "honours":
            self.move_to(date(2010, 12, 1))
            for honour in ("advanced-organisation", "top-ten"):
                self.propose_each(range(len(self.projects)), honour)
            self.move_to(date(2010, 12, 11))

    @rule(local=st.booleans())
    def register(self, local: bool) -> None:
        body = Registration(
            identifiers=(Identifier(scheme="CN-REG", id=f"{self.code}/{len(self.organisations)}"),),
            name=f"示例第{len(self.organisations)}服务中心",
            kind=OrganisationKind.ASSOCIATION,
            district="110101" if local else None,
        )
        if receipt := self.do("register", CommandContext(OFFICE), body.decide):
            self.organisations.append(receipt.id)

    @rule(
        number=some, into=some, what=st.sampled_from([*KEEPING, "identify", "identify"]), who=officials, days=days_off
    )
    def keep(self, number: int, into: int, what: str, who: Account = OFFICE, days: int = 0) -> None:
        one, other = (self.organisations[chosen % len(self.organisations)] for chosen in (number, into))
        self.do(what, late(who, self.today, days), KEEPING[what](into, self.code, other, one))

    @rule(
        former=st.sampled_from(["110103", "110104", "110101"]),
        to=st.sampled_from(["110101", "110102", "110103"]),
        days=days_off,
    )
    def reorganise(self, former: str, to: str, days: int = 0) -> None:
        body = Reorganisation(decree="示例", successions=(DistrictSucceeded(former=former, to=to),))
        self.do("reorganise", late(OFFICE, self.today, days), body.on(self.code))

    @rule(back=newest, days=st.sampled_from([None, None, 0, 20, -20]))
    def correct_programme(self, back: int, days: int | None = None) -> None:
        """Void, or moved to another day."""
        target = self.version_back(programme_stream(self.code), back)
        body: CorrectionBody = VoidBody(kind="void", target=target, reason="登记有误。")
        if days is not None:
            on = self.today - timedelta(days=days)
            body = RestateBody(kind="restate", target=target, effective_on=on, reason="改期。")
        what = "void of the programme" if days is None else "restate the programme"
        self.do(what, CommandContext(OFFICE), corrections.correct_programme(self.code, body))

    @rule(number=some, who=officials, days=days_late)
    def apply(self, number: int, who: Account, days: int) -> None:
        organisation = self.organisations[number % len(self.organisations)]
        title = f"示例第{len(self.projects)}项目"
        body = Application(programme=self.code, organisation=organisation, form=form_body(title=title))
        if receipt := self.do("apply", late(who, self.today, days), body.decide):
            self.projects.append(receipt.id)

    @rule(number=some, who=officials, days=st.integers(0, 40), uploads=st.sampled_from([True, True, False]))
    def apply_on_paper(self, number: int, who: Account, days: int, uploads: bool = True) -> None:
        """Also when the phase is over: what counts is the day on which the paper came."""
        organisation = self.organisations[number % len(self.organisations)]
        scan = self.upload(who if uploads else account(Role.OFFICE))
        asked = CommandContext(who, self.today - timedelta(days=days), "纸质申报表。", scan)
        body = Application(programme=self.code, organisation=organisation, form=form_body(title="示例纸质"))
        if receipt := self.do("apply on paper", asked, body.decide):
            self.projects.append(receipt.id)

    @has_projects
    @rule(number=some, own=st.booleans(), uploads=st.sampled_from([True, True, False]))
    def attach_and_disclose(self, number: int, own: bool, uploads: bool = True) -> None:
        who = self.own(number) if own else OFFICE
        body = Attaching(subject="示例材料", files=(self.upload(who if uploads else account(Role.JUROR)),))
        self.do("attach", CommandContext(who), body.on(self.pick(number)))
        self.do("disclose", CommandContext(who), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, signed_in=st.booleans())
    def report_publicly(self, number: int, signed_in: bool = False) -> None:
        body = PublicReportBody(text="示例：场地关门。")
        who = self.own(number) if signed_in else ANYONE
        if receipt := self.do("report publicly", CommandContext(who), body.on(self.pick(number))):
            self.reports.append(receipt.id)

    @has_projects
    @rule(number=some, report=some, who=officials)
    def answer_publicly(self, number: int, report: int, who: Account = OFFICE) -> None:
        """A report about this project or another, or something that is none."""
        asked = self.reports[report % len(self.reports)] if self.reports else self.pick(report)
        body = PublicAnswer(report=asked, subject="场地", answer="已开放。")
        self.do("answer publicly", CommandContext(who), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, own=st.booleans())
    def amend(self, number: int, own: bool) -> None:
        body = Amendment(form=form_body(title="示例修改"), reason="补充。")
        who = self.own(number) if own else DISTRICT
        self.do("amend", CommandContext(who), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, who=officials)
    def withdraw(self, number: int, who: Account) -> None:
        body = Withdrawal(reason="场地未落实。")
        self.do("withdraw", CommandContext(who), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, result=st.sampled_from([*ScreeningResult, ScreeningResult.PASSED]), days=days_late)
    def screen(self, number: int, result: ScreeningResult = ScreeningResult.PASSED, days: int = 0) -> None:
        body = Screening(application_version=self.version_seen(number), result=result, reason="示例。")
        self.do(f"screen {result}", late(DISTRICT, self.today, days), body.on(self.pick(number)))

    @has_projects
    @rule(numbers=st.lists(some, min_size=1, max_size=3))
    def hand_in(self, numbers: list[int]) -> None:
        body = HandIn(projects=tuple(map(self.pick, numbers)), notice="示例上报")
        self.do("hand in", CommandContext(DISTRICT), body.on(self.code))

    @has_projects
    @rule(number=some, days=days_late)
    def give_back(self, number: int, days: int = 0) -> None:
        body = Return(application_version=self.version_seen(number), reason="请补充预算。")
        self.do("return", late(OFFICE, self.today, days), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, who=st.sampled_from([*MEMBERS, DISTRICT, LEADING_GROUP]))
    def declare_interest(self, number: int, who: Account) -> None:
        body = Interest(nature="曾任该组织理事。")
        project = self.pick(number)
        if self.do("declare interest", CommandContext(who), body.on(project)):
            self.interested.add((project, who.id))

    @has_projects
    @rule(number=some, request=st.integers(0, 1), outcome=st.sampled_from(SupportOutcome), who=officials)
    def arrange_support(self, number: int, request: int, outcome: SupportOutcome, who: Account) -> None:
        given = None if outcome is SupportOutcome.REFUSED else "提供资金。"
        body = Support(request=request, result=outcome, given=given, reason="示例。")
        self.do("arrange support", CommandContext(who), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, back=newest, days=st.integers(0, 3))
    def serve(self, number: int, back: int, days: int = 0) -> None:
        project = self.pick(number)
        body = Service(
            target=self.version_back(project, back), served_on=self.today - timedelta(days=days), means="邮寄"
        )
        self.do("serve", CommandContext(OFFICE), body.on(project))

    @has_projects
    @rule(number=some, back=newest)
    def request_review(self, number: int, back: int) -> None:
        project = self.pick(number)
        body = ReviewRequest(target=self.version_back(project, back), reason="请复核。")
        self.do("request review", CommandContext(self.own(number)), body.on(project))

    @has_projects
    @rule(
        number=some, back=newest, outcome=st.sampled_from(RequestOutcome), who=st.sampled_from([OFFICE, OTHER_LEADER])
    )
    def decide_request(self, number: int, back: int, outcome: RequestOutcome, who: Account) -> None:
        """Of a pending request if there is one."""
        project = self.pick(number)
        open_ones = [one.version for one in self.project(project).requests if not one.decision]
        body = ReviewDecision(
            request=open_ones[0] if open_ones else self.version_back(project, back), result=outcome, reason="示例。"
        )
        self.do(f"decide request {outcome}", CommandContext(who), body.on(project))

    @has_projects
    @rule(number=some)
    def ask_again(self, number: int) -> None:
        """What was decided against a project is looked at again, and set aside."""
        self.request_review(number, 0)
        self.decide_request(number, 0, RequestOutcome.SET_ASIDE, OFFICE)
        self.decide_request(number, 0, RequestOutcome.SET_ASIDE, OTHER_LEADER)

    @has_projects
    @rule(number=some, member=st.integers(0, 4), passed=st.sampled_from([True, True, True, False]))
    def review(self, number: int, member: int, passed: bool = True) -> None:
        body = review_of(self.version_seen(number), passed)
        self.do("review", CommandContext(MEMBERS[member]), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, amount=st.sampled_from(["30000.00", "12000.00", "30000.01"]))
    def approve(self, number: int, amount: str = "30000.00") -> None:
        body = Approval(application_version=self.version_seen(number), amount=yuan(amount), reason="同意。")
        self.do("approve", CommandContext(LEADING_GROUP), body.on(self.pick(number)))

    @has_projects
    @rule(number=some)
    def reject(self, number: int) -> None:
        version = self.version_seen(number)
        body = Rejection(application_version=version, reason="条件不足。")
        self.do("reject", CommandContext(LEADING_GROUP), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, days=days_late)
    def contract(self, number: int, days: int = 0) -> None:
        body = Contract(
            number="示例合同", signed_on=self.today, period=PERIOD, services="送餐。", amount=yuan("12000.00"), due=DUE
        )
        local = self.project(self.pick(number)).applied
        who = DISTRICT if local and local.district else OFFICE
        self.do("contract", late(who, self.today, days), body.on(self.pick(number)))

    @has_projects
    @rule(numbers=st.lists(some, min_size=1, max_size=3))
    def publish(self, numbers: list[int]) -> None:
        body = Publication(projects=tuple(map(self.pick, numbers)), notice="示例公告")
        self.do("publish", CommandContext(OFFICE), body.on(self.code))

    @has_projects
    @rule(number=some, milestone=st.sampled_from(Milestone), days=days_late, own=st.booleans())
    def report(self, number: int, milestone: Milestone, days: int = 0, own: bool = False) -> None:
        body = ProgressReport(
            milestone=milestone,
            work_done="按计划进行。",
            people_served=number + 5,
            summary="全部完成。" if milestone == Milestone.COMPLETION else None,
        )
        context = CommandContext(self.own(number)) if own else late(OFFICE, self.today, days)
        self.do("report", context, body.on(self.pick(number)))

    @has_projects
    @rule(number=some, kind=st.sampled_from(["self", "beneficiaries", "third_party"]), member=st.integers(0, 4))
    def evaluate(self, number: int, kind: str, member: int) -> None:
        who = {"self": self.own(number), "beneficiaries": OFFICE, "third_party": MEMBERS[member]}[kind]
        said = EVALUATIONS[kind]
        if isinstance(said, BeneficiaryStatement):
            said = said.model_copy(update={"no_identifiable": not self.frame(self.pick(number)).registered})
        body = EvaluationBody(evaluation=said)
        self.do(f"evaluate {kind}", CommandContext(who), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, size=st.integers(1, 8), days=st.integers(0, 3))
    def register_frame(self, number: int, size: int = 6, days: int = 1) -> None:
        body = FrameBody(entries=ENTRIES[:size], source="示例彩票", announced_on=self.today + timedelta(days=days))
        self.do("register frame", CommandContext(self.own(number)), body.on(self.pick(number)))

    @has_projects
    @rule(numbers=st.lists(some, min_size=1, max_size=3))
    def draw(self, numbers: list[int]) -> None:
        body = SampleBody(projects=tuple(map(self.pick, numbers)), source="示例彩票", value="07")
        self.do("draw", CommandContext(OFFICE), body.on(self.code))

    @has_projects
    @rule(number=some, place=st.integers(0, 7), satisfaction=st.integers(1, 5))
    def answer_when_asked(self, number: int, place: int, satisfaction: int = 5) -> None:
        body = SampleFeedback(
            means=FeedbackMeans.VISIT, entry=ENTRIES[place], answers=Answer(satisfaction=satisfaction)
        )
        self.do("feedback visit", CommandContext(OFFICE), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, person=st.integers(0, 3), satisfaction=st.integers(1, 5))
    def answer_online(self, number: int, person: int, satisfaction: int = 4) -> None:
        body = OnlineFeedback(
            means=FeedbackMeans.ONLINE,
            respondent=Person(name="示例某", identity=f"示例护照{person}"),
            answers=Answer(satisfaction=satisfaction),
        )
        self.do("feedback online", CommandContext(BENEFICIARY), body.on(self.pick(number)))

    @has_projects
    @rule(number=some)
    def show(self, number: int) -> None:
        body = EvaluationPublication(notice="示例公示")
        self.do("show", CommandContext(OFFICE), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, back=newest, own=st.booleans())
    def object(self, number: int, back: int, own: bool = True) -> None:
        project = self.pick(number)
        body = ObjectionBody(target=self.version_back(project, back), reason="示例异议。")
        who = self.own(number) if own else DISTRICT
        self.do("object", CommandContext(who), body.on(project))

    @has_projects
    @rule(number=some, accepted=st.booleans(), who=st.sampled_from([LEADING_GROUP, OFFICE]))
    def resolve(self, number: int, accepted: bool, who: Account = LEADING_GROUP) -> None:
        """The newest objection that there is, resolved or not."""
        project = self.pick(number)
        version = max((found.version for found in self.project(project).objections), default=1)
        body = ResolutionBody(objection=version, accepted=accepted, reason="示例处理。")
        self.do(f"resolve {accepted}", CommandContext(who), body.on(project))

    @has_projects
    @rule(number=some, honour=st.sampled_from(list(PLACES)), person=st.integers(0, 3))
    def award(self, number: int, honour: str, person: int = 0) -> None:
        body = award_of(self.pick(number), honour, nominee_of(self.ledger.vault, self.code, honour, person))
        self.do(f"award {honour}", CommandContext(CHAIR[honour]), body.on(self.code))

    @has_projects
    @rule(number=some, honour=st.sampled_from(list(PLACES)), person=st.integers(0, 3))
    def nominate(self, number: int, honour: str, person: int = 0) -> None:
        local = self.project(self.pick(number)).applied
        who = DISTRICT if local and local.district else OFFICE
        body = nomination_of(self.pick(number), honour, person)
        self.do(f"nominate {honour}", CommandContext(who), body.on(self.code))

    @has_projects
    @rule(
        numbers=st.lists(some, min_size=1, max_size=3),
        honour=st.sampled_from(list(PLACES)),
        person=st.integers(0, 3),
        departs=st.booleans(),
    )
    def propose(self, numbers: list[int], honour: str, person: int = 0, departs: bool = False) -> None:
        nominee = nominee_of(self.ledger.vault, self.code, honour, person)
        body = proposals_of(map(self.pick, numbers), honour, nominee, "示例：另有考虑。" if departs else None)
        self.do(f"propose {honour}", CommandContext(CHAIR[honour]), body.on(self.code))

    @has_projects
    @rule(number=some, honour=st.sampled_from(list(PLACES)), person=st.integers(0, 3))
    def put_forward(self, number: int, honour: str, person: int = 0) -> None:
        """Nominated, proposed, and waited until the notice period is over."""
        self.propose_each([number], honour, person)
        until = [found.fact.objections_until for found in self.project(self.pick(number)).proposals]
        if until:
            self.move_to(max(until) + timedelta(days=1))

    @has_projects
    @rule(number=some, back=newest, frees=st.booleans(), honour=st.sampled_from(list(PLACES)))
    def revoke(self, number: int, back: int, frees: bool, honour: str) -> None:
        project = self.pick(number)
        body = Revocation(
            project=project,
            award=self.version_back(project, back),
            reason="材料不实。",
            place_freed_because="依名次递补。" if frees else None,
        )
        self.do("revoke", CommandContext(CHAIR[honour]), body.on(self.code))

    @has_projects
    @rule(number=some, honour=st.sampled_from(list(PLACES)), back=newest)
    def award_and_void(self, number: int, honour: str, back: int) -> None:
        """What gives places back, and takes them again when the void is void."""
        self.put_forward(number, honour)
        self.award(number, honour)
        self.void(number, 0)
        self.void(number, back)

    @has_projects
    @rule(honour=st.sampled_from(["top-ten", "advanced-organisation"]))
    def award_all_at_once(self, honour: str) -> None:
        """Everybody for the places that are left: as many win as there are places, or as may win."""
        holders = self.quota(honour).holders
        may_win = {holder for holder in map(self.may_have, map(self.project, self.projects), repeat(honour)) if holder}
        may_win -= set(holders)
        expected = min(PLACES[honour] - len(holders), len(may_win)) if self.is_open("award", self.today) else 0

        async def all_of_them() -> list[Receipt | BaseException]:
            nominee = nominee_of(self.ledger.vault, self.code, honour, 0)
            bodies = [award_of(project, honour, nominee) for project in self.projects]
            asked = [self.ledger.transact(CommandContext(CHAIR[honour]), body.on(self.code)) for body in bodies]
            return await asyncio.gather(*asked, return_exceptions=True)

        answers = self.world.run(all_of_them())
        assert all(isinstance(answer, Receipt | Refusal) for answer in answers)
        assert sum(isinstance(answer, Receipt) for answer in answers) == expected
        if expected:
            self.note("award all at once")
            self.world.done["award all at once"] += 1
            self.take_in()
        assert self.head() == self.size

    def may_have(self, project: Project, honour: str) -> UUID | None:
        """The organisation, if its proposal was shown long enough."""
        if project.status is not Status.COMPLETED or project.applied is None:
            return None
        organisation = project.applied.organisation
        proposal = standing_proposal(project, honour, organisation)
        return organisation if proposal and proposal.fact.objections_until < self.today else None

    @rule(phase=st.sampled_from(["application", "review", "delivery", "honours"]), days=st.integers(-5, 20))
    def extend(self, phase: str, days: int) -> None:
        body = Extension(phase=phase, last_day=self.today + timedelta(days=days), reason="示例延期。")
        self.do("extend", CommandContext(OFFICE), body.on(self.code))

    @has_projects
    @rule(number=some, back=newest, who=st.none() | officials)
    def void(self, number: int, back: int, who: Account | None = None) -> None:
        """Any version, the newest first: corrections too, and corrections of corrections. Mostly by its author."""
        project = self.pick(number)
        body = VoidBody(kind="void", target=self.version_back(project, back), reason="登记有误。")
        who = who or self.author(project, body.target)
        self.do(
            f"void {self.fact_at(project, body.target)}",
            CommandContext(who),
            corrections.correct_project(project, body),
        )

    @has_projects
    @rule(number=some, back=newest, days=st.sampled_from([None, None, 0, 1, 40]))
    def restate(self, number: int, back: int, days: int | None) -> None:
        project = self.pick(number)
        target = self.version_back(project, back)
        kind = self.fact_at(project, target)
        changes: dict[str, dict[str, Any]] = {
            "Applied": {"form": form(title="示例更正").model_dump(mode="json")},
            "MilestoneReported": {"people_served": back},
            "Awarded": {"deed": "更正的事迹。"},
            "Approved": {"reason": "更正。"},
        }
        on = None if days is None else self.today - timedelta(days=days)
        body = RestateBody(
            kind="restate", target=target, effective_on=on, changes=changes.get(kind, {}), reason="更正。"
        )
        self.do(
            f"restate {kind}", CommandContext(self.author(project, target)), corrections.correct_project(project, body)
        )

    @has_projects
    @rule(number=some, back=newest, who=officials)
    def request_correction(self, number: int, back: int, who: Account = OFFICE) -> None:
        project = self.pick(number)
        body = VoidBody(kind="void", target=self.version_back(project, back), reason="登记有误。")
        self.do("request a correction", CommandContext(who), correction_requests.request_correction(project, body))

    @has_projects
    @rule(number=some, granted=st.booleans(), who=st.none() | officials)
    def answer_request(self, number: int, granted: bool, who: Account | None = None) -> None:
        """Mostly by who is asked."""
        project = self.pick(number)
        for request in self.project(project).open_requests:
            body = CorrectionAnswer(request=request.version, granted=granted, reason="示例。")
            context = CommandContext(who or self.author(project, request.fact.asked_of))
            self.do("answer a request", context, body.on(project))

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.move_to(self.today + timedelta(days=days))

    @rule(day=st.sampled_from([date(2010, 3, 1), date(2010, 3, 31), date(2010, 4, 1), date(2010, 12, 1)]))
    def wait_until(self, day: date) -> None:
        self.move_to(day)

    @has_projects
    @rule(number=some, steps=st.integers(1, 5))
    def carry_on(self, number: int, steps: int) -> None:
        """What the main line has next for a project."""
        for _ in range(steps):
            self.next_step(number)

    def propose_each(self, numbers: Iterable[int], honour: str, person: int = 0) -> None:
        """Nominated first, all of them; whether or not it is by rank, of which one or the other is refused."""
        numbers = list(numbers)
        for number in numbers:
            self.nominate(number, honour, person)
        for number in numbers:
            self.propose([number], honour, person)
            self.propose([number], honour, person, departs=True)

    def carry_to(self, number: int, status: Status) -> None:
        while (now := self.project(self.pick(number)).status) is not status:
            if now is Status.PUBLISHED:
                self.move_to(date(2010, 3, 1))
            before = self.size
            self.next_step(number)
            assert self.size > before

    def next_step(self, number: int) -> None:
        project = self.project(self.pick(number))
        match project.status:
            case Status.APPLIED if project.applied and project.applied.district:
                self.screen(number)
            case Status.SCREENED:
                self.hand_in([number])
            case Status.RETURNED:
                self.amend(number, own=True)
            case Status.APPLIED | Status.HANDED_IN | Status.UNDER_REVIEW if len(project.current_reviews) < 3:
                free = [n for n, one in enumerate(MEMBERS) if (project.id, one.id) not in self.interested]
                self.review(number, free[len(project.current_reviews) % len(free)] if free else 0)
            case Status.UNDER_REVIEW:
                self.approve(number)
            case Status.APPROVED:
                self.contract(number)
            case Status.CONTRACTED:
                self.publish([number])
            case Status.PUBLISHED | Status.IN_DELIVERY:
                reported = {report.fact.milestone for report in project.reports}
                ahead = (code for code in Milestone if code not in reported)
                self.report(number, Milestone([*returned_milestones(project), *ahead][0]))
            case Status.SUSPENDED:
                self.resume(number)
            case Status.COMPLETED:
                self.put_forward(number, "advanced-organisation")
                self.award(number, "advanced-organisation")
