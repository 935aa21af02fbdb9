"""Acts that are withheld change no public answer, neither when they are recorded nor as known later."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.api import bodies
from tests.api.client import Caller, Town
from tests.api.routes.test_redactions import redaction
from tests.api.routes.test_subjects import BASIS, reported, subject_of
from tests.api.transparency.logs import open_signed_town, signed
from tests.attack.observer import Observer, Place, Seen, changed

from ledger.database import Database

INTEREST = {"nature": "示例：亲属在该组织任职。"}


@pytest.fixture
async def town(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Town]:
    async with open_signed_town(database, tmp_path) as opened:
        yield opened


class Watched:
    """Does something withheld, and then looks at what everybody can see."""

    def __init__(self, town: Town, observer: Observer) -> None:
        self.town, self.observer = town, observer
        self.kinds: dict[int, str] = {}
        self.told: dict[str, set[str]] = {}

    async def begin(self) -> None:
        """After a withheld event, so that the last one is told by its hour from the start."""
        self.seen = await self._look()
        self.still = await self.observer.everything(self.seen.known)

    async def _look(self) -> Seen:
        await self.town.followed()
        await signed(self.town)
        return await self.observer.everything()

    async def does(self, kind: str, by: Caller, path: str, body: Any) -> str:
        receipt = await by.done(path, body)
        seen, still = await self._look(), await self.observer.everything(self.still.known)
        self.kinds |= dict.fromkeys(range(self.seen.known + 1, seen.known + 1), kind)
        self._note(kind, self.seen, seen)
        self._note(f"{kind}, as known before", self.still, still)
        self.seen, self.still = seen, still
        return f"/v1/projects/{receipt.get('id')}"

    async def known_later(self) -> None:
        before = await self.observer.everything(min(self.kinds) - 1)
        for position, kind in self.kinds.items():
            at = await self.observer.everything(position)
            self._note(f"{kind}, known later", before, at)
            before = at

    def _note(self, kind: str, before: Seen, after: Seen) -> None:
        if told := changed(before, after):
            self.told[kind] = self.told.get(kind, set()) | told


def observer_of(town: Town, *projects: str) -> Observer:
    ids = [path.rsplit("/", 1)[1] for path in projects]
    return Observer(town.public.http, Place(bodies.PROGRAMME, ids, [str(town.city_id), str(town.local_id)]))


async def test_acts_on_projects_before_publication_change_no_public_answer(town: Town) -> None:
    shown = await town.published(title="示例：公开的项目")
    watched = Watched(town, observer_of(town, shown))
    await town.applied()
    await watched.begin()
    here = f"/v1/programmes/{bodies.PROGRAMME}"
    project = await watched.does(
        "apply", town.local, "/v1/projects", bodies.application(town.local_id, title="示例：隐")
    )
    amendment = {"form": bodies.form(title="示例：改"), "reason": "示例。"}
    await watched.does("amend", town.local, f"{project}/amendment", amendment)
    await watched.does("interest", town.members[3], f"{project}/interests", INTEREST)
    await watched.does("screen", town.district, f"{project}/screening", bodies.screening(2))
    await watched.does("hand in", town.district, f"{here}/hand-ins", bodies.hand_in(project))
    await watched.does("review", town.members[0], f"{project}/reviews", bodies.review(2))
    for member in town.members[1:3]:
        await member.done(f"{project}/reviews", bodies.review(2))
    await watched.begin()
    await watched.does("approve", town.leaders, f"{project}/approval", bodies.approval(2))
    await watched.does("contract", town.district, f"{project}/contract", bodies.contract())
    await watched.does("redact", town.office, f"{project}/redactions", redaction(1, {"form.content": []}))
    await watched.does("correct", town.district, f"{project}/corrections", bodies.VOID | {"target": 9})
    rejected, withdrawn = await town.reviewed(title="示例：隐二"), await town.applied(title="示例：隐三")
    await watched.begin()
    await watched.does("reject", town.leaders, f"{rejected}/rejection", bodies.rejection())
    await watched.does("withdraw", town.local, f"{withdrawn}/withdrawal", {"reason": "示例。"})
    await watched.does("public report", town.public, f"{shown}/public-reports", {"text": "示例。"})
    await watched.known_later()
    assert watched.told == {}


async def test_confidential_acts_on_public_projects_change_no_public_answer(town: Town) -> None:
    shown = await town.completed()
    town.clock.to(12, 1)
    await town.local.done(f"{shown}/sample-frame", bodies.frame())
    town.clock.to(12, 2)
    await town.office.done(f"/v1/programmes/{bodies.PROGRAMME}/samples", bodies.sample(shown))
    drawn = (await town.public.read(f"{shown}/sample-frame"))["sample"]["drawn"]
    assert set(drawn) <= set(bodies.ENTRIES)
    watched = Watched(town, observer_of(town, shown))
    await town.members[0].done(f"{shown}/interests", INTEREST)
    await watched.begin()
    for person in drawn[:2]:
        await watched.does("feedback", town.district, f"{shown}/feedback", bodies.answer(person))
    await watched.does("feedback online", town.beneficiary, f"{shown}/feedback", bodies.online("000000197001010019"))
    await watched.does("invite", town.office, f"{shown}/invitations", {"expires_on": "2010-12-20"})
    named = {"name": "赵示例", "identity": "000000197001010019"}
    openly = {"respondent": named, "telephone": "13000000000", "answers": {"satisfaction": 4}}
    await watched.does("open answer", town.public, f"{shown}/open-answers", openly)
    await watched.does("interest", town.members[3], f"{shown}/interests", INTEREST)
    await watched.does("public report", town.public, f"{shown}/public-reports", {"text": "示例。"})
    await watched.does("redact", town.office, "/v1/redactions", redaction_at(await town.size() - 1))
    await reported(town, shown)
    subject = await subject_of(town)
    await watched.begin()
    await watched.does("propose to erase", town.office, f"{subject}/erasure-proposals", BASIS)
    await watched.does("erase", town.leaders, f"{subject}/erasures", {"proposal": 1})
    town.clock.to(12, 6)
    await watched.begin()
    await watched.does(
        "nominate", town.local, f"/v1/programmes/{bodies.PROGRAMME}/nominations", bodies.nomination(shown, "top-ten")
    )
    await watched.known_later()
    assert watched.told == {}


def redaction_at(position: int) -> dict[str, Any]:
    body = redaction(0, {"text": []}) | {"position": position}
    del body["target"]
    return body
