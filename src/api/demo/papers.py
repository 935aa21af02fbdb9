"""Files of projects, and what the public reports (N6, N12)."""

from contextlib import nullcontext
from datetime import date
from random import Random

from api.demo import forms
from api.demo.clock import AFTERNOON, CLOSING, EVENING, later, seeded
from api.demo.contract import Underway
from api.demo.personal_data import forget_reporter
from api.demo.pictures import laid_table
from api.demo.play import Play, ask
from ledger.accounts import ANYONE
from ledger.commands.attachments import Attaching, Disclosure
from ledger.commands.public_reports import PublicAnswer, PublicReportBody
from ledger.commands.publicity import MediaReport, Photograph, PhotographWithdrawal, Story
from ledger.photographs import Photographs
from ledger.unit_of_work import CommandContext
from ledger.values import Document

LAST_ANSWER = date(2010, 12, 30)
REPORTS = (
    ("活动时间与公布的不一致。", "活动时间", "因天气改期，已在社区公告栏补发通知。"),
    ("活动现场人数少于所报人数。", "服务人数", "经核对签到表，所报人数为全年累计，属实。"),
    ("志愿者没有佩戴标识。", "现场管理", "已要求该组织统一佩戴标识。"),
)


async def attach(play: Play, number: int, underway: Underway, day: date) -> None:
    """Some organisations attach the list of their activities, and most of these let everybody read it."""
    project = underway.project
    chance = seeded("attach", number)
    if chance.random() > 0.2:
        return
    organisation = underway.confirmed.case.player.account
    await play.until(day, EVENING)
    text = f"活动清单（演示数据，虚构）\n{underway.confirmed.case.form.title}\n"
    async with play.in_order:
        stored = await play.files.put(text.encode(), "text/plain", organisation.id)
        files = (Document(name="活动清单（演示）.txt", sha256=stored.sha256),)
        await play.ledger.transact(ask(organisation), Attaching(subject="活动清单", files=files).on(project))
        if chance.random() < 0.7:
            await play.ledger.transact(ask(organisation), Disclosure(subject="公开", files=files).on(project))


async def publicise(play: Play, number: int, underway: Underway, day: date) -> None:
    """Some organisations tell a story, and of some a newspaper reports."""
    chance = seeded("publicity", number)
    if chance.random() > 0.12:
        return
    project, organisation = underway.project, ask(underway.confirmed.case.player.account)
    group = underway.confirmed.case.form.beneficiaries.group
    await play.until(day, EVENING)
    story = Story(title=f"和{group}在一起的一天（演示）", text=f"志愿者记下了活动的一天，{group}不具姓名。{forms.NOTE}")
    await play.ledger.transact(organisation, story.on(project))
    if chance.random() < 0.5:
        media = MediaReport(
            outlet="示例日报",
            title=f"公益项目服务{group}（演示）",
            published_on=day,
            link=f"https://news.example.org/{number}",
        )
        await play.ledger.transact(organisation, media.on(project))
    if chance.random() < 0.4:
        await _photograph(play, organisation, underway, chance)


async def _photograph(play: Play, organisation: CommandContext, underway: Underway, chance: Random) -> None:
    """Some show a photograph, and of some the consent is taken back, so that it is removed."""
    project = underway.project
    photographs = Photographs(play.files.objects, play.ledger.store.pool, play.ledger.vault.master)
    async with play.in_order:
        sealed = await photographs.put(laid_table(chance), "image/jpeg", organisation.who.id)
        photograph = Photograph(
            photograph=sealed.commitment,
            caption="活动当天的餐桌（演示）",
            description="示意图：铺好桌布的长桌，上面摆着盘子，没有人。",
            nobody_recognisable=True,
        )
        shown = await play.ledger.transact(organisation, photograph.on(project))
        if chance.random() < 0.25:
            withdrawal = PhotographWithdrawal(target=shown.version, reason=f"相关人员撤回同意。{forms.NOTE}")
            await play.ledger.transact(organisation, withdrawal.on(project))


async def supervise(play: Play, number: int, underway: Underway, day: date) -> None:
    """Somebody reports about the project; most reports are answered by the authority before the year ends."""
    project = underway.project
    chance = seeded("public report", number)
    if chance.random() > 0.06:
        return
    text, subject, answer = chance.choice(REPORTS)
    day = later(day, chance.randrange(22, 30))
    answered_on = later(day, chance.randrange(3, 12))
    contact = forms.contact(chance) if chance.random() < 0.5 else None
    if day > LAST_ANSWER:
        return
    await play.until(day, AFTERNOON)
    body = PublicReportBody(text=f"{text}{forms.NOTE}", contact=contact)
    async with play.in_order if contact else nullcontext():
        receipt = await play.ledger.transact(ask(ANYONE), body.on(project))
    if answered_on <= LAST_ANSWER:
        await play.until(answered_on, CLOSING)
        said = PublicAnswer(report=receipt.id, subject=subject, answer=f"{answer}{forms.NOTE}")
        await play.ledger.transact(ask(underway.authority), said.on(project))
        if contact and seeded("forget the reporter", number).random() < 0.2:
            await forget_reporter(play, receipt.id, answered_on)
