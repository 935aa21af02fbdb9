"""Section 5: reports by the public that a few addresses would keep others from making; headers that proxies write."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from tests.attack.frame import NotTried, Target, attack, unlike
from tests.attack.strangers import PROXY, called, request, status, visitor, whole_answer

EVIL = "evil.example"
SPOOFED = (
    "X-Forwarded-For: {0}", "X-Real-IP: {0}", "Forwarded: for={0}", "X-Client-IP: {0}", "True-Client-IP: {0}",
    "CF-Connecting-IP: {0}", "X-Forwarded: {0}", "X-Cluster-Client-IP: {0}", "Client-IP: {0}", "X_Forwarded_For: {0}",
)  # fmt: skip
MOST_OF_ONE, MOST_OF_A_SITE = 10, 40
PLACES = (
    "/", "/?lang=en", "/projects", "/embed", "/feed.atom", "/feed.json", "/catalog.jsonld", "/360giving.json",
    "/openapi.json", "/docs", "/v1/projects?limit=1", "/v1/feed", "/robots.txt", "/.well-known/security.txt",
    "/ocds/releases.json",
    "/ocds/records.json", "/ocds/extension/extension.json", "/exports/datapackage.json", "/nothing", "/v1/projects/",
)  # fmt: skip
MISLEADING = (
    f"X-Forwarded-Host: {EVIL}", f"X-Host: {EVIL}", f"Forwarded: host={EVIL};proto=gopher", "X-Forwarded-Proto: gopher",
    f"X-Original-Host: {EVIL}", f"X-Forwarded-Server: {EVIL}", f"X-Forwarded-Prefix: //{EVIL}",
    f"X-Rewrite-URL: //{EVIL}", f"X-Original-URL: //{EVIL}", f"X-Script-Name: //{EVIL}", "X-Forwarded-Port: 6666",
    f"X-HTTP-Host-Override: {EVIL}",
)  # fmt: skip


async def _project(target: Target) -> str:
    """That strangers may report about."""
    listed = (await target.get("/v1/projects", limit="50")).json().get("projects") or []
    for one in listed:
        found = f"/v1/projects/{one['id']}"
        if (await target.get(found)).status_code == 200:
            return found
    raise NotTried("nothing is published")


async def _report(client: httpx2.AsyncClient, project: str, said: dict[str, str] | None = None) -> httpx2.Response:
    return await client.post(f"{project}/public-reports", json={"text": "示例：没有送到。"}, headers=said or {})


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name, value


@asynccontextmanager
async def _everywhere(target: Target, address: str) -> AsyncIterator[list[httpx2.AsyncClient]]:
    """One client of each service, from the same address."""
    first = visitor(target, address, 0)
    async with first as one:
        if len(target.services) == 1:
            yield [one]
            return
        async with visitor(target, address, 1) as two:
            yield [one, two]


async def _taken(
    target: Target, project: str, address: str, said: list[dict[str, str]]
) -> tuple[int, list[httpx2.Response]]:
    async with _everywhere(target, address) as clients:
        sent = [_report(clients[n % len(clients)], project, one) for n, one in enumerate(said)]
        answers = await asyncio.gather(*sent)
    return sum(one.status_code == 201 for one in answers), answers


async def _others_are_heard(target: Target, project: str, address: str) -> str | None:
    taken, answers = await _taken(target, project, address, [{}])
    return None if taken else f"a neighbour is silenced: {unlike(answers[0], (201, None))}"


@attack(5)
async def one_address_that_claims_to_be_many(target: Target) -> str | None:
    _ = target.own
    project = await _project(target)
    said = [dict([_field(line.format(f"198.51.100.{n}"))]) for n, line in enumerate(SPOOFED * 3)]
    taken, answers = await _taken(target, project, "127.0.0.21", said)
    if taken > MOST_OF_ONE:
        return f"{taken} reports of one address were taken"
    for answer in answers:
        if wrong := unlike(answer, (201, None), (429, "too_many_reports")):
            return wrong
    return await _others_are_heard(target, project, "127.0.0.22")


@attack(5)
async def a_few_addresses_that_report_without_end(target: Target) -> str | None:
    _ = target.own
    project = await _project(target)
    for turn in range(2):
        rush = [_taken(target, project, f"127.0.0.{30 + n}", [{}] * 12) for n in range(8)]
        for taken, _answers in await asyncio.gather(*rush):
            if taken > MOST_OF_ONE:
                return f"{taken} reports of one address were taken"
        for number in range(3):
            if wrong := await _others_are_heard(target, project, f"127.0.0.{40 + turn * 3 + number}"):
                return wrong
    return None


@attack(5)
async def one_subscriber_with_all_networks_of_a_site(target: Target) -> str | None:
    """Behind the proxy: a /64 after the other of one /48, and what a client writes left of its own address."""
    _ = target.own
    project = await _project(target)
    hops = [{"X-Forwarded-For": f"2001:db8:7:{n:x}::1"} for n in range(MOST_OF_A_SITE + 20)]
    taken, _answers = await _taken(target, project, PROXY, hops)
    if not 0 < taken <= MOST_OF_A_SITE:
        return f"{taken} reports of one /48 were taken"
    spellings = ("203.0.113.7", "::ffff:203.0.113.7", "::FFFF:cb00:7107", "203.0.113.7:4711", "[::ffff:203.0.113.7]:80")
    chains = [f"198.51.100.{n}, {one}" for n, one in enumerate(spellings * 4)]
    chains += [f"{one}, {PROXY}" for one in spellings]
    taken, _answers = await _taken(target, project, PROXY, [{"X-Forwarded-For": chain} for chain in chains])
    if taken > MOST_OF_ONE:
        return f"{taken} reports of one address in other spellings were taken"
    for other in ("2001:db8:8::1", "203.0.113.8"):
        taken, answers = await _taken(target, project, PROXY, [{"X-Forwarded-For": other}])
        if not taken:
            return f"a neighbour is silenced: {unlike(answers[0], (201, None))}"
    return None


@attack(5)
async def a_repeated_report_is_answered_as_before(target: Target) -> str | None:
    """Who lost the answer asks again by the same key, and is not taken for one who reports without end."""
    _ = target.own
    project = await _project(target)
    said = [{"Idempotency-Key": f"again-{project[-12:]}"}] * (3 * MOST_OF_ONE)
    ids = set()
    async with _everywhere(target, "127.0.0.23") as clients:
        for number, one in enumerate(said):
            answer = await _report(clients[number % len(clients)], project, one)
            if wrong := unlike(answer, (201, None)):
                return wrong
            ids.add(answer.json()["id"])
    return None if len(ids) == 1 else f"written {len(ids)} times"


def _names_evil(answer: bytes) -> bool:
    return EVIL.encode() in answer.lower() or b"gopher:" in answer or b":6666" in answer


@attack(5)
async def hosts_that_poison_caches(target: Target) -> str | None:
    """Neither the answer to the liar nor the next one names the wrong host, in a header or in the body."""
    ways = [
        *((path, (line,), "ledger.example") for path, line in itertools.product(PLACES[:3], MISLEADING)),
        *((path, MISLEADING, EVIL) for path in PLACES),
        *((path, (), f"{EVIL}:80@ledger.example") for path in PLACES),
    ]
    for path, lines, host in ways:
        answer = await whole_answer(target, request(path, *lines, "Connection: close", host=host))
        if status(answer) in (0, 500) or _names_evil(answer):
            return f"{path} of {host}: {answer[:160]!r}"
    for path in PLACES:
        answer = await whole_answer(target, request(path, "Connection: close"))
        if _names_evil(answer):
            return f"{path} names the wrong host afterwards"
    return None


@attack(5)
async def addresses_that_lead_elsewhere(target: Target) -> str | None:
    """Targets in unusual forms are neither followed nor redirected to another host."""
    paths = (
        f"//{EVIL}/", f"//{EVIL}/..;/", f"/\\{EVIL}/", f"/%2f%2f{EVIL}/", f"/{EVIL}//", "/docs//",
        f"/;@{EVIL}/", f"http://{EVIL}/v1/projects/", f"http://{EVIL}/", "/v1/../../v1/projects", "/%2e%2e/%2e%2e/etc",
        "/ledger/v1/projects", "/assets/../../app.py", "/assets/%2e%2e/%2e%2e/app.py", "/assets//etc/passwd",
        "/%00", "*",
    )  # fmt: skip
    for path in paths:
        for line in ("Accept: */*", f"X-Forwarded-Prefix: //{EVIL}"):
            answer = await whole_answer(target, request(path, line, "Connection: close"))
            head, _, _body = answer.partition(b"\r\n\r\n")
            if status(head) in (0, 500) or f"//{EVIL}".encode() in head or b"root:" in answer:
                return f"{path}: {answer[:200]!r}"
    return None


@attack(5)
async def large_bodies_by_other_spellings(target: Target) -> str | None:
    """The room for uploads is for uploads alone, and for those who may upload."""
    body = bytes(2_500_000)
    for path in ("/v1/attachments/", "/v1/attachments%2f", "//v1/attachments", "/v1/projects", "/healthz", "/"):
        fields = (f"Content-Length: {len(body)}", "Content-Type: application/json", "Connection: close")
        line = await called(target, request(path, *fields, method="POST"))
        await line.say(body)
        head = await line.head()
        await line.close()
        if head and not 300 <= status(head) < 500:
            return f"{path}: {head[:160]!r}"
    return None
