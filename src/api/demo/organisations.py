"""What becomes of organisations and districts in the invented year (N6, N22)."""

from collections.abc import Sequence
from datetime import date, timedelta

from api.demo.cast import Player
from api.demo.clock import AFTERNOON, CLOSING, MORNING, later, moment, seeded
from api.demo.play import PROGRAMME, Play, ask
from ledger.accounts import Account
from ledger.aggregates import PROJECT
from ledger.commands.ending import Transfer
from ledger.commands.organisation import (
    AnnualReport,
    Deregistration,
    FurtherIdentifier,
    Grading,
    Listing,
    Merger,
    Penalty,
    PenaltyEnd,
    Relocation,
    Renaming,
    Supervisor,
)
from ledger.commands.programme import Reorganisation
from ledger.core.history import state
from ledger.identifiers import Identifier
from ledger.organisation.ending import RegistrationEnd
from ledger.organisation.oversight import InspectionResult, PenaltyEnding, PenaltyKind
from ledger.organisation.registration import OrganisationKind
from ledger.programme import DistrictSucceeded
from ledger.project.status import Status
from ledger.rules import CreditList

# 国函〔2010〕55号: 东城 and 崇文 became 东城, 西城 and 宣武 became 西城, under the codes that GB/T 2260 keeps for them.
DECREE, DECREED_ON, RECORDED_ON = "国函〔2010〕55号", date(2010, 6, 28), date(2010, 7, 1)
SUCCESSIONS = {"110101": "110101", "110103": "110101", "110102": "110102", "110104": "110102"}
ABOLISHED = [former for former, to in SUCCESSIONS.items() if former != to]
REPORTS_DUE, REPORTED = date(2010, 3, 31), 12
RENAMED, SUPERVISED, RENUMBERED, GRADED, LISTED, DELISTED = 4, 8, 3, 60, 5, 2
SUPERVISORS = ("示例教育委员会", "示例卫生局", "示例体育局", "示例妇女联合会")
GRADE_WEIGHTS = (1, 3, 6, 3, 2)


async def reorganise(play: Play) -> None:
    """The office records the decree before anybody acts that day, then moves the organisations of the old districts."""
    office = play.cast.office.account
    await play.stage.until(moment(RECORDED_ON, MORNING) - timedelta(hours=1))
    body = Reorganisation(
        decree=DECREE,
        successions=tuple(DistrictSucceeded(former=former, to=to) for former, to in SUCCESSIONS.items()),
    )
    asked = ask(office, effective_on=DECREED_ON, why="批复于6月28日作出，收到后补录。（演示）")
    await play.ledger.transact(asked, body.on(PROGRAMME))
    play.cast.successors.update(SUCCESSIONS)
    await play.until(later(RECORDED_ON, 1), MORNING)
    moved = [player for player in play.cast.organisations if player.registration.district in ABOLISHED]
    for player in moved:
        district = SUCCESSIONS[player.registration.district or ""]
        relocation = Relocation(district=district, reason=f"按{DECREE}，登记管理机关由新设区承继。（演示）")
        await play.ledger.transact(ask(office), relocation.on(player.id))
    await play.until(later(RECORDED_ON, 20), AFTERNOON)
    for number, player in enumerate(moved[:RENUMBERED], 1):
        old = player.registration.identifiers[0]
        new = Identifier(scheme=old.scheme, id=f"演示京东西字第{number:04}号")
        further = FurtherIdentifier(identifier=new, replaces=old)
        await play.ledger.transact(ask(authority(play, player)), further.on(player.id))


async def keep(play: Play, active: Sequence[Player]) -> None:
    """Those that have no project: one is merged, one deregistered, some are listed, of which one is struck off. Of the
    others some get a new name, a supervisor, a grade."""
    chance = seeded("life of organisations")
    # The first are left alone: they open the programme of today.
    idle = [player for player in play.cast.organisations[20:] if player not in active]
    merged, deregistered, *listed = idle[: LISTED + 2]
    changing = chance.sample([player for player in active if player is not play.cast.host], SUPERVISED)
    await play.until(date(2010, 4, 20), AFTERNOON)
    for player in changing:
        named = Supervisor(authority=chance.choice(SUPERVISORS))
        await play.ledger.transact(ask(authority(play, player)), named.on(player.id))
    for number, player in enumerate(changing[:RENAMED], 1):
        await play.until(date(2010, 4 + number, 12), CLOSING)
        name = player.registration.name.replace("（示例）", "（更名）（示例）")
        renamed = Renaming(name=name, document_number=_number(100 + number))
        await play.ledger.transact(ask(authority(play, player)), renamed.on(player.id))
    await play.until(date(2010, 9, 15), MORNING)
    merger = Merger(into=active[0].id, document_number=_number(121))
    await play.ledger.transact(ask(authority(play, merged)), merger.on(merged.id))
    end = Deregistration(reason="章程规定的宗旨已完成，自行解散。（演示）", document_number=_number(122))
    await play.ledger.transact(ask(authority(play, deregistered)), end.on(deregistered.id))
    await _list(play, listed)


async def oversee(play: Play) -> None:
    """The annual reports of the year before; who files late is warned."""
    reporting = play.cast.organisations[20 : 20 + REPORTED]
    late = reporting[-1]
    for player in reporting:
        filed_on = REPORTS_DUE if player is not late else later(REPORTS_DUE, 50)
        result = InspectionResult.PASSED if player is not late else InspectionResult.BASICALLY_PASSED
        await play.until(later(filed_on, 1), CLOSING)
        report = AnnualReport(year=filed_on.year - 1, filed_on=filed_on, inspection_result=result)
        await play.ledger.transact(ask(authority(play, player)), report.on(player.id))
    await play.until(later(REPORTS_DUE, 55), AFTERNOON)
    penalty = Penalty(
        kind=PenaltyKind.WARNING,
        reason="未按规定期限报送年度工作报告。（演示）",
        authority=f"{late.place.name.zh}民政局（演示）",
        document_number=_number(105),
    )
    imposed = await play.ledger.transact(ask(authority(play, late)), penalty.on(late.id))
    await play.until(later(REPORTS_DUE, 120), AFTERNOON)
    ended = PenaltyEnd(
        penalty=imposed.version,
        ending=PenaltyEnding.SERVED,
        reason="警告已送达并公开，单位已补报年度工作报告。（演示）",
        authority=f"{late.place.name.zh}民政局（演示）",
        document_number=_number(106),
    )
    await play.ledger.transact(ask(authority(play, late)), ended.on(late.id))


async def merge_at_year_end(play: Play) -> None:
    """An organisation with a project under way goes into another one, which carries the project on."""
    await play.until(date(2010, 12, 31), MORNING)
    ids = {number: underway.project for number, underway in sorted(play.underway.items())}
    streams = await play.ledger.store.streams(list(ids.values()))
    states = {number: state(PROJECT, project, streams[project]) for number, project in ids.items()}
    number = next(number for number, found in states.items() if found.status is Status.IN_DELIVERY)
    underway, host = play.underway[number], play.cast.host
    player = underway.confirmed.case.player
    merger = Merger(into=host.id, document_number=_number(129))
    await play.ledger.transact(ask(authority(play, player)), merger.on(player.id))
    await play.until(date(2010, 12, 31), AFTERNOON)
    body = Transfer(organisation=host.id, reason="两家组织合并，项目由合并后的组织继续承担。（演示）")
    await play.ledger.transact(ask(underway.authority), body.on(underway.project))


async def _list(play: Play, listed: Sequence[Player]) -> None:
    """The lists are of 2018; that this year has some is invented like the rest."""
    for number, player in enumerate(listed):
        await play.until(later(date(2010, 9, 20), number), AFTERNOON)
        name = CreditList.SERIOUS if number == 0 else CreditList.ABNORMAL
        await play.ledger.transact(
            ask(authority(play, player)), _listing(player, "enter", name, 131 + number).on(player.id)
        )
    await play.until(date(2010, 11, 22), AFTERNOON)
    for number, player in enumerate(listed[-DELISTED:]):
        await play.ledger.transact(
            ask(authority(play, player)), _listing(player, "leave", CreditList.ABNORMAL, 141 + number).on(player.id)
        )
    await play.until(date(2010, 11, 23), AFTERNOON)
    revoked = Deregistration(
        kind=RegistrationEnd.REVOKED,
        reason="严重违法失信，情节严重，依法撤销登记。（演示）",
        document_number=_number(151),
    )
    await play.ledger.transact(ask(authority(play, listed[0])), revoked.on(listed[0].id))


def _listing(player: Player, kind: str, name: CreditList, number: int) -> Listing:
    reason = "未按规定报送年度工作报告。（演示）" if kind == "enter" else "已补报年度工作报告。（演示）"
    return Listing.model_validate(
        {
            "kind": kind,
            "list": name,
            "reason": reason,
            "authority": f"{player.place.name.zh}民政局（演示）",
            "document_number": _number(number),
        }
    )


async def grade(play: Play) -> None:
    """Grades of those with legal personality, by the office."""
    chance = seeded("grades")
    community = OrganisationKind.COMMUNITY
    entitled = [player for player in play.cast.organisations if player.registration.kind is not community]
    await play.until(date(2010, 8, 18), CLOSING)
    for player in chance.sample(entitled[40:], GRADED):
        body = Grading(
            grade=chance.choices(range(1, 6), GRADE_WEIGHTS)[0],
            valid_from=date(2010, 8, 18),
            authority="北京市民政局（演示）",
            document_number=_number(110),
        )
        await play.ledger.transact(ask(play.cast.office.account), body.on(player.id))


def authority(play: Play, player: Player) -> Account:
    """As districts are at the time."""
    return play.cast.authority(player.registration.district)


def _number(number: int) -> str:
    return f"京民社函〔2010〕{number}号（演示）"
