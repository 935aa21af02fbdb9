"""The service as its users meet it: a town with one account for each who acts, and what they say over HTTP."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx2
from obstore.store import MemoryStore
from tests.api import bodies
from tests.support import MASTER, HandClock

from api.app import create_app
from api.cli.stopping import StoppingServer
from api.protocol.proxies import DIRECT, Proxies
from api.service import Service, Signing, open_service
from api.webhooks.addresses import PUBLIC_ONLY, Addresses
from ledger.accounts import OPERATOR, open_account
from ledger.attachments import Attachments
from ledger.clock import LEDGER_ZONE
from ledger.commands.organisation import Registration
from ledger.commands.programme import announce
from ledger.core.fact import Role
from ledger.database import Database
from ledger.identifiers import Identifier
from ledger.organisation.registration import OrganisationKind
from ledger.rules import beijing_2010
from ledger.store import open_store
from ledger.tokens import issue_token
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.vault import Vault
from projections.follower import Follower

# Programme and organisations were there before the paper forms of January that are entered in February.
AT_NEW_YEAR = CommandContext(OPERATOR, effective_on=date(2010, 1, 1), late_reason="示例：启用账本时补录。")


@dataclass(frozen=True)
class Caller:
    """Somebody with a token, or without one."""

    http: httpx2.AsyncClient
    token: str | None = None

    async def get(self, path: str, language: str = "en", **query: Any) -> httpx2.Response:
        return await self.http.get(path, params=query, headers=self._headers(language))

    async def post(self, path: str, body: Any, headers: dict[str, str] | None = None, **query: Any) -> httpx2.Response:
        return await self.http.post(path, json=body, params=query, headers=self._headers("en") | (headers or {}))

    async def send(self, path: str, content: bytes, **headers: str) -> httpx2.Response:
        """Bytes as they are, said to be JSON."""
        said = self._headers("en") | {"Content-Type": "application/json"} | headers
        return await self.http.post(path, content=content, headers=said)

    async def done(self, path: str, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """The receipt of a command that must succeed."""
        answer = await self.post(path, body, headers)
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def uploaded(self, name: str = "示例.pdf", content: bytes = b"%PDF-1.7 example") -> dict[str, str]:
        """A file as commands cite it."""
        answer = await self.send("/v1/attachments", content, **{"Content-Type": "application/pdf"})
        assert answer.status_code == 201, answer.text
        return {"name": name, "sha256": answer.json()["sha256"]}

    async def read(self, path: str, **query: Any) -> Any:
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _headers(self, language: str) -> dict[str, str]:
        return {"Accept-Language": language} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


@dataclass(frozen=True)
class Town:
    """The programme of 2010 in February, an organisation of the city, one of a district, and those who decide.
    `neighbour` and `elsewhere` have no part in the two organisations' projects."""

    service: Service
    clock: HandClock
    city_id: UUID
    local_id: UUID
    public: Caller
    office: Caller
    district: Caller
    elsewhere: Caller
    city: Caller
    local: Caller
    neighbour: Caller
    members: tuple[Caller, ...]
    leaders: Caller
    association: Caller
    beneficiary: Caller
    auditor: Caller
    jurors: tuple[Caller, ...]
    treasury: Caller

    @property
    def today(self) -> str:
        return self.clock().astimezone(LEDGER_ZONE).date().isoformat()

    async def size(self) -> int:
        return (await self.service.store.head()).size

    async def followed(self) -> int:
        """The last position, when the read model has seen it."""
        head = await self.size() - 1
        await self.service.wait_for(head)
        return head

    async def account(self, role: str, body: str | None = None) -> Caller:
        """One more who acts."""
        async with self.service.pool.connection() as connection:
            account = await open_account(connection, Role(role), body, role)
            return Caller(self.public.http, await issue_token(connection, account.id))

    async def applied(self, caller: Caller | None = None, **form: Any) -> str:
        """A project's path; of the district's organisation unless the city's own is the caller."""
        caller = caller or self.local
        organisation = self.city_id if caller is self.city else self.local_id
        receipt = await caller.done("/v1/projects", bodies.application(organisation, **form))
        return f"/v1/projects/{receipt['id']}"

    async def handed_in(self, caller: Caller | None = None, **form: Any) -> str:
        """Screened and handed in by the district, unless the project is the city's: then there is nothing to do."""
        project = await self.applied(caller, **form)
        if caller is not self.city:
            await self.district.done(f"{project}/screening", bodies.screening())
            await self.district.done(f"/v1/programmes/{bodies.PROGRAMME}/hand-ins", bodies.hand_in(project))
        return project

    async def reviewed(self, caller: Caller | None = None, **form: Any) -> str:
        project = await self.handed_in(caller, **form)
        for member in self.members[:3]:
            await member.done(f"{project}/reviews", bodies.review())
        return project

    async def approved(self, caller: Caller | None = None, **form: Any) -> str:
        project = await self.reviewed(caller, **form)
        await self.leaders.done(f"{project}/approval", bodies.approval())
        return project

    async def contracted(self, caller: Caller | None = None, **form: Any) -> str:
        project = await self.approved(caller, **form)
        contract = bodies.contract(signed_on=self.today)
        await (self.office if caller is self.city else self.district).done(f"{project}/contract", contract)
        return project

    async def published(self, caller: Caller | None = None, **form: Any) -> str:
        project = await self.contracted(caller, **form)
        await self.office.done(f"/v1/programmes/{bodies.PROGRAMME}/publications", bodies.publication(project))
        return project

    async def amended_and_published(self, **amendment: Any) -> str:
        """Applied for, amended once, and taken as amended."""
        project = await self.applied(**amendment.pop("applied", {}))
        await self.local.done(f"{project}/amendment", {"form": bodies.form(), "reason": "补填。"} | amendment)
        await self.district.done(f"{project}/screening", bodies.screening(2))
        await self.district.done(f"/v1/programmes/{bodies.PROGRAMME}/hand-ins", bodies.hand_in(project))
        for member in self.members[:3]:
            await member.done(f"{project}/reviews", bodies.review(2))
        await self.leaders.done(f"{project}/approval", bodies.approval(2))
        await self.district.done(f"{project}/contract", bodies.contract(signed_on=self.today))
        await self.office.done(f"/v1/programmes/{bodies.PROGRAMME}/publications", bodies.publication(project))
        return project

    async def entered(self, caller: Caller | None = None, **form: Any) -> str:
        """In the competition on the day on which one may still apply, scored by three jurors."""
        project = await self.published(caller, **form)
        self.clock.to(3, 1)
        await (caller or self.local).done(f"{project}/competition-entry", bodies.ENTRY)
        for number, juror in enumerate(self.jurors):
            await juror.done(f"{project}/competition-scores", {"score": 80 + number, "reason": "方案可行。"})
        return project

    async def evaluated(self, caller: Caller | None = None, score: int = 85, **form: Any) -> str:
        """Completed, evaluated by all three, and shown for objection in March."""
        project = await self.completed(caller, **form)
        await (caller or self.local).done(f"{project}/evaluations", bodies.evaluation("self"))
        await self.office.done(f"{project}/evaluations", bodies.evaluation("beneficiaries"))
        await self.members[3].done(
            f"{project}/evaluations", bodies.evaluation("third_party", scores=bodies.scores(score))
        )
        await self.office.done(f"{project}/evaluation-publication", {"notice": "示例公示第1号"})
        return project

    async def completed(self, caller: Caller | None = None, **form: Any) -> str:
        """All five reports in March."""
        project = await self.published(caller, **form)
        self.clock.to(3, 15)
        for milestone in bodies.MILESTONES:
            await (caller or self.local).done(f"{project}/milestones", bodies.report(milestone))
        return project

    async def corrected(self, project: str, body: dict[str, Any]) -> dict[str, Any]:
        """By the author of the target."""
        events: list[dict[str, Any]] = await self.auditor.read(f"{project}/history")
        return await self.author(events, body["target"]).done(f"{project}/corrections", body)

    def author(self, events: list[dict[str, Any]], version: int) -> Caller:
        """Who entered the event of a project; members and jurors judge in the order in which they stand here."""
        role, body = events[version - 1]["role"], events[version - 1]["body"]
        while events[version - 1]["type"] in ("Voided", "Restated"):
            version = events[version - 1]["payload"]["target"]
        kind = events[version - 1]["type"]
        before = len([one for one in events[: version - 1] if one["type"] == kind and one["role"] == role])
        if role == "organisation":
            return self.local if body == str(self.local_id) else self.city
        callers = {
            "office": self.office,
            "district": self.district,
            "committee": self.members[before if kind == "Reviewed" else 3],
            "juror": self.jurors[min(before, 2)],
            "leading_group": self.leaders,
            "promotion_association": self.association,
            "treasury": self.treasury,
        }
        return callers[str(role)]

    async def proposed(self, project: str, honour: str, by: Caller, **person: Any) -> dict[str, str]:
        """Nominated and proposed on the first days of December; the notice period is over on the 16th. With what names
        a nominated person from then on."""
        self.clock.to(12, 6)
        path = f"/v1/programmes/{bodies.PROGRAMME}"
        await self.local.done(f"{path}/nominations", bodies.nomination(project, honour, **person))
        nominee = await self.nominee(honour) if person else {}
        await by.done(f"{path}/honour-proposals", bodies.honour_proposals(honour, project, **nominee))
        return nominee

    async def nominee(self, honour: str, nth: int = -1) -> dict[str, str]:
        events = await self.office.read(f"/v1/programmes/{bodies.PROGRAMME}/nominations", honour=honour)
        return {"nominee": events[nth]["payload"]["recipient"]["person"]}


def check_problem(answer: httpx2.Response, status: int, code: str | None = None) -> None:
    """A problem document of this status and code, which repeats nothing personal."""
    body = answer.json()
    assert (answer.status_code, body["status"]) == (status, status), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "code"} <= set(body) <= {"type", "title", "status", "code", "details", "errors"}
    assert body["type"] == f"urn:minsheng:problem:{body['code']}"
    assert code is None or body["code"] == code, answer.text
    for private in (bodies.SECRET, bodies.CONTACT["name"], bodies.CONTACT["telephone"]):
        assert private not in answer.text


async def move_in(service: Service, http: httpx2.AsyncClient, clock: HandClock) -> Town:
    ledger = service.ledger
    await ledger.transact(AT_NEW_YEAR, announce(beijing_2010()))
    city = await _register(ledger, "示例京社证字第0001号", "示例市助老协会", None)
    local = await _register(ledger, "示例京朝民证字第0002号", "示例朝阳助老服务中心", bodies.DISTRICT)
    neighbour = await _register(ledger, "示例京朝民证字第0003号", "示例邻里互助社", "110106")

    async with service.pool.connection() as connection, connection.pipeline():

        async def caller(role: Role, body: UUID | str | None = None) -> Caller:
            account = await open_account(connection, role, str(body) if body else None, role.value)
            return Caller(http, await issue_token(connection, account.id))

        return Town(
            service=service,
            clock=clock,
            city_id=city,
            local_id=local,
            public=Caller(http),
            office=await caller(Role.OFFICE),
            district=await caller(Role.DISTRICT, bodies.DISTRICT),
            elsewhere=await caller(Role.DISTRICT, "110106"),
            city=await caller(Role.ORGANISATION, city),
            local=await caller(Role.ORGANISATION, local),
            neighbour=await caller(Role.ORGANISATION, neighbour),
            members=tuple([await caller(Role.COMMITTEE) for _ in range(4)]),
            leaders=await caller(Role.LEADING_GROUP),
            association=await caller(Role.PROMOTION_ASSOCIATION),
            beneficiary=await caller(Role.BENEFICIARY),
            auditor=await caller(Role.AUDITOR),
            jurors=tuple([await caller(Role.JUROR) for _ in range(3)]),
            treasury=await caller(Role.TREASURY),
        )


async def _register(ledger: Ledger, number: str, name: str, district: str | None) -> UUID:
    registration = Registration(
        identifiers=(Identifier(scheme="CN-REG", id=number),),
        name=name,
        kind=OrganisationKind.ASSOCIATION,
        district=district,
    )
    return (await ledger.transact(AT_NEW_YEAR, registration.decide)).id


@asynccontextmanager
async def open_town(
    database: Database, signing: Signing | None = None, addresses: Addresses = PUBLIC_ONLY
) -> AsyncIterator[Town]:
    """Receipt goes by the town's clock, recording by the database's."""
    clock = HandClock()
    opened = open_service(database, MASTER, clock, start=threading.Thread, signing=signing, addresses=addresses)
    async with opened as service, connect(service) as http:
        yield await move_in(service, http, clock)


@asynccontextmanager
async def open_old_town(database: Database) -> AsyncIterator[Town]:
    """Recording goes by the town's clock too, so that a day of 2010 can be asked for."""
    clock = HandClock()
    async with open_store(database, clock) as store:
        follower = Follower(database, threading.Thread)
        store.on_commit(follower.nudge)
        try:
            await follower.start()
            attachments = Attachments(MemoryStore(), store.pool)
            service = Service(Ledger(store, Vault(MASTER, store), clock), follower, attachments)
            async with connect(service) as http:
                yield await move_in(service, http, clock)
        finally:
            await follower.close()


def connect(service: Service, proxies: Proxies = DIRECT) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=create_app(service, proxies))
    return httpx2.AsyncClient(transport=transport, base_url="http://ledger")


@asynccontextmanager
async def listening(town: Town) -> AsyncIterator[tuple[int, StoppingServer]]:
    """The town's service on a port, for what no transport in memory shows: sockets, and answers without end."""
    server = StoppingServer(create_app(town.service), "127.0.0.1", 0, town.service.listeners.close)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1], server
    server.should_exit = True
    await running
