"""Reminders: of what is due soon or overdue, through each channel at least once, and not twice when all went well."""

from datetime import date
from io import StringIO
from uuid import UUID

import pytest
from tests.api.bodies import CONTACT, report
from tests.api.client import Town
from tests.api.reminders.servers import MailServer, WebServer, open_mail_server, open_web_server

from api.reminders.channels import LogChannel, channels_of
from api.reminders.worker import Passed, Result, Worker
from ledger.accounts import OPERATOR
from ledger.commands.organisation import Registration
from ledger.identifiers import Identifier
from ledger.organisation.registration import OrganisationKind
from ledger.unit_of_work import CommandContext
from ledger.values import Contact

# The first milestone falls due on Saturday the 20th of March, so it is in time until Monday.
TOO_EARLY, SOON, IN_TIME, OVERDUE = (date(2010, 3, day) for day in (12, 13, 22, 23))
REASON = {"reason": "示例：场地关闭。"}


class Passes:
    """Passes over a town, and what stood in the log after them."""

    def __init__(self, town: Town) -> None:
        self.town, self.log = town, StringIO()

    async def __call__(self, urls: str, on: date = SOON, *, dry_run: bool = False) -> Passed:
        await self.town.followed()
        log = LogChannel(self.log)
        return await Worker(self.town.service, channels_of(urls, self.log), log, dry_run).remind(on)

    @property
    def lines(self) -> list[str]:
        return self.log.getvalue().splitlines()


@pytest.fixture
def passes(town: Town) -> Passes:
    return Passes(town)


def counted(passed: Passed) -> dict[Result, int]:
    return {
        result: sum(number for (_, which), number in passed.results.items() if which is result) for result in Result
    }


async def test_due_soon_and_overdue_are_said_once(town: Town, passes: Passes) -> None:
    project = (await town.published()).rsplit("/", 1)[1]
    said = []
    for day in (TOO_EARLY, SOON, SOON, IN_TIME, OVERDUE, OVERDUE):
        before = len(passes.lines)
        await passes("log:", day)
        said.append([line.split(": ", 1)[1] for line in passes.lines[before:]])
    place = f"milestone by 2010-03-20 of project {project}"
    assert said == [[], [f"due soon: {place}"], [], [], [f"overdue: {place}"], []]


async def test_the_default_day_is_the_programmes_today(town: Town, passes: Passes) -> None:
    await town.published()
    await town.followed()
    # In Beijing the day of the reminder has begun.
    town.clock.to(3, 12, 17)
    worker = Worker(town.service, channels_of("log:", passes.log), LogChannel(passes.log))
    assert (await worker.remind()).due == 1


async def test_each_channel_takes_it_once(town: Town, passes: Passes) -> None:
    await town.published(contact=CONTACT)
    async with open_mail_server() as mail:
        with open_web_server() as web:
            urls = f"log:, {mail.url} {web.url}"
            assert counted(await passes(urls)) == {Result.SENT: 3, Result.FAILED: 0}
            assert counted(await passes(urls)) == {Result.SENT: 0, Result.FAILED: 0}
            [letter], [message] = mail.letters, web.messages
    assert (letter["To"], letter["From"]) == (CONTACT["email"], "ledger@example.org")
    assert letter["Subject"] == "[民生账本] 即将到期：示例：为独居老人送午餐"
    assert "2010-03-22（含）" in letter.get_content() and "Due on 2010-03-20" in letter.get_content()
    assert (message["kind"], message["due_on"]) == ("due soon", "2010-03-20")
    assert letter["Message-ID"] == f"<{message['id']}@example.org>"
    assert len(passes.lines) == 1


@pytest.mark.parametrize("email", ["li@example.org", None])
async def test_letters_go_to_the_contact_named_last(town: Town, passes: Passes, email: str | None) -> None:
    await town.amended_and_published(applied={"contact": CONTACT}, contact=CONTACT | {"email": email})
    async with open_mail_server() as mail:
        await passes(mail.url)
    # Without an address the line goes to the log, and no letter to who was the contact before.
    assert [letter["To"] for letter in mail.letters] == ([email] if email else [])


async def test_outputs_hold_no_personal_data_or_secret(town: Town, passes: Passes) -> None:
    project = await town.published(contact=CONTACT)
    town.clock.to(3, 1)
    order = {"kind": "order", "what": f"示例：请{CONTACT['name']}补齐台账。", "due_on": "2010-03-12"}
    await town.district.done(f"{project}/rectifications", order)
    async with open_mail_server() as mail:
        with open_web_server() as web:
            passed = await passes(f"log: {mail.url} {web.url}")
            assert passed.due == len(mail.letters) == len(web.messages) == len(passes.lines) == 2
            told = passes.log.getvalue() + str(web.messages)
    async with town.service.pool.connection() as connection:
        told += str(await (await connection.execute("SELECT * FROM ledger.reminders")).fetchall())
    for private in (*CONTACT.values(), "补齐台账", "secret"):
        assert private not in told
    assert any("补齐台账" in letter.get_content() for letter in mail.letters)


@pytest.mark.parametrize("contact", [None, {"email": None}, {"email": "a@example.org, b@example.org"}, {"email": "@"}])
async def test_reminders_without_address_are_logged_once(
    town: Town, passes: Passes, contact: dict[str, str | None] | None
) -> None:
    await town.published(contact=contact and {**CONTACT, **contact})
    async with open_mail_server() as mail:
        assert counted(await passes(mail.url)) == {Result.SENT: 1, Result.FAILED: 0}
        assert counted(await passes(mail.url)) == {Result.SENT: 0, Result.FAILED: 0}
        assert counted(await passes(f"log: {mail.url}")) == {Result.SENT: 0, Result.FAILED: 0}
        assert (len(mail.letters), len(passes.lines)) == (0, 1)


async def test_a_successor_is_reminded_instead(town: Town, passes: Passes) -> None:
    project = await town.published(contact=CONTACT)
    registration = Registration(
        identifiers=(Identifier(scheme="CN-REG", id="示例京社证字第0009号"),),
        name="示例市互助协会",
        kind=OrganisationKind.ASSOCIATION,
        contact=Contact(name="李示例", telephone="010-55550198", email="li@example.org"),
    )
    other = (await town.service.ledger.transact(CommandContext(OPERATOR), registration.decide)).id
    town.clock.to(3, 1)
    merger = {"into": str(other), "document_number": "示例变更1号"}
    await town.office.done(f"/v1/organisations/{town.local_id}/merger", merger)
    await town.district.done(f"{project}/transfer", REASON | {"organisation": str(other)})
    async with open_mail_server() as mail:
        assert counted(await passes(mail.url)) == {Result.SENT: 1, Result.FAILED: 0}
        assert [letter["To"] for letter in mail.letters] == ["li@example.org"]


async def test_a_mail_server_is_signed_in_to(town: Town, passes: Passes) -> None:
    await town.published(contact=CONTACT)
    async with open_mail_server() as mail:
        await passes(mail.url.replace("//", "//user:p%40ss@"))
        assert (mail.signed_in, len(mail.letters)) == ([b"\0user\0p@ss"], 1)


async def test_starttls_is_required_where_configured(town: Town, passes: Passes) -> None:
    await town.published(contact=CONTACT)
    async with open_mail_server() as mail:
        passed = await passes(mail.url.replace("//", "//user:p%40ss@") + "&starttls=1")
        assert counted(passed) == {Result.SENT: 0, Result.FAILED: 1}
        assert (mail.signed_in, mail.letters) == ([], [])


def refusing(mail: MailServer, web: WebServer, which: str) -> None:
    match which:
        case "mail":
            mail.refused = {str(CONTACT["email"])}
        case "web":
            web.status = 503
        case "redirected":
            web.status = 302


@pytest.mark.parametrize("which", ["mail", "web", "redirected"])
async def test_a_refusing_channel_is_retried_alone(town: Town, passes: Passes, which: str) -> None:
    await town.published(contact=CONTACT)
    async with open_mail_server() as mail:
        with open_web_server() as web:
            urls = f"log: {mail.url} {web.url}"
            refusing(mail, web, which)
            first = await passes(urls)
            assert (counted(first), first.failed) == ({Result.SENT: 2, Result.FAILED: 1}, 1)
            mail.refused, web.status = set(), 204
            assert counted(await passes(urls)) == {Result.SENT: 1, Result.FAILED: 0}
            assert counted(await passes(urls)) == {Result.SENT: 0, Result.FAILED: 0}
            assert (len(mail.letters), len(passes.lines)) == (1, 1)


@pytest.mark.parametrize("scheme", ["smtp://127.0.0.1:1/?from=ledger@example.org", "http://127.0.0.1:1/"])
async def test_a_channel_out_of_reach_counts_all_as_failed(town: Town, passes: Passes, scheme: str) -> None:
    await town.published(contact=CONTACT)
    await town.published(contact=CONTACT, title="示例：另一个项目")
    assert counted(await passes(f"log: {scheme}")) == {Result.SENT: 2, Result.FAILED: 2}


async def test_one_that_is_not_taken_keeps_no_other_back(town: Town, passes: Passes) -> None:
    for number in range(3):
        await town.published(contact=CONTACT | {"email": f"user{number}@example.org"}, title=f"示例：项目{number}")
    async with open_mail_server() as mail:
        mail.refused = {"user1@example.org"}
        assert counted(await passes(mail.url)) == {Result.SENT: 2, Result.FAILED: 1}
        assert {letter["To"] for letter in mail.letters} == {"user0@example.org", "user2@example.org"}


async def test_a_letter_counts_whatever_follows_acceptance(town: Town, passes: Passes) -> None:
    await town.published(contact=CONTACT)
    async with open_mail_server() as mail:
        mail.farewell = b"421 closing"
        assert counted(await passes(mail.url)) == {Result.SENT: 1, Result.FAILED: 0}


async def test_done_suspended_and_ended_items_are_silent(town: Town, passes: Passes) -> None:
    done, suspended, terminated = [await town.published(title=f"示例：项目{number}") for number in range(3)]
    town.clock.to(3, 1)
    await town.local.done(f"{done}/milestones", report("start"))
    await town.district.done(f"{suspended}/suspension", REASON)
    await town.district.done(f"{terminated}/termination", REASON | {"document_number": "示例发〔2010〕8号"})
    for day in (SOON, OVERDUE):
        assert (await passes("log:", day)).due == 0
    town.clock.to(3, 8)
    await town.district.done(f"{suspended}/resumption", REASON)
    assert (await passes("log:")).due == 1


async def test_a_dry_run_counts_and_sends_nothing(town: Town, passes: Passes) -> None:
    await town.published(contact=CONTACT)
    with open_web_server() as web:
        for _ in range(2):
            assert counted(await passes(f"log: {web.url}", dry_run=True)) == {Result.SENT: 2, Result.FAILED: 0}
        assert (web.messages, passes.lines) == ([], [])


async def test_more_than_a_page_is_reminded_of(town: Town, passes: Passes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.reminders.worker.PAGE", 2)
    paths = [await town.published(title=f"示例：项目{number}") for number in range(4)]
    assert (await passes("log:")).due == 4
    assert {UUID(line.rsplit(" ", 1)[1]) for line in passes.lines} == {UUID(path.rsplit("/", 1)[1]) for path in paths}
