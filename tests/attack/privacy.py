"""Section 4: what outsiders can infer about private data. The attacker has labelled data: acts of a kind, on a project,
of which the receipt tells where they stand."""

import asyncio
import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID, uuid4, uuid5

from tests.api.bodies import (
    ANY_ID,
    FILES,
    PROGRAMME,
    approval,
    award,
    contract,
    form,
    hand_in,
    honour_proposals,
    nomination,
    publication,
    rejection,
    report,
    review,
    revocation,
    sample,
    screening,
    selection,
)
from tests.api.pictures import SAID, picture
from tests.attack.frame import Target, attack, unlike
from tests.attack.observer import Entry, Observer, Place, changed, features, p_value

from ledger.vault import Purpose, commitment

HERE = f"/v1/programmes/{PROGRAMME}"
NAMESPACE = UUID("5b1f3ab0-6b0c-5d5c-9c0e-2010011890a1")
# A result that chance alone gives once in a hundred questions is tested again with more deals.
SUSPICIOUS, SIGNIFICANT, DEALS = 0.01, 0.0005, 5000
OUTSIDERS = (None, "neighbour", "elsewhere", "beneficiary", "association")
WORDS = {"reason": "示例。", "nature": "示例。"}


@dataclass(frozen=True)
class Act:
    kind: str
    project: str
    position: int
    recorded_at: str


@dataclass
class World:
    """Acts that are withheld, as those know them who took part."""

    target: Target
    organisation: str
    acts: list[Act] = field(default_factory=list)

    async def does(self, kind: str, role: str | None, path: str, body: Any, project: str = "") -> str:
        content = json.dumps(body).encode()
        answer = await self.target.send(path, content, role, headers={"Content-Type": "application/json"})
        if answer.status_code != 201:
            raise AssertionError(f"{kind}: {answer.text[:300]}")
        receipt = answer.json()
        about = project or receipt["id"]
        self.acts.append(Act(kind, about, receipt["position"], receipt["recorded_at"]))
        return str(about)

    async def on(self, project: str, kind: str, role: str | None, path: str, body: Any) -> None:
        await self.does(kind, role, f"/v1/projects/{project}/{path}", body, project)

    async def applied(self, title: str = "示例：隐") -> str:
        said = {"programme": PROGRAMME, "organisation": self.organisation, "form": form(title=title)}
        return await self.does("apply", "organisation", "/v1/projects", said)

    async def reviewed(self, title: str = "示例：隐") -> str:
        project = await self.applied(title)
        await self.on(project, "screen", "district", "screening", screening())
        await self.does("hand in", "district", f"{HERE}/hand-ins", hand_in(f"/{project}"), project)
        for member in ("committee", "committee_2", "committee_3"):
            await self.on(project, "review", member, "reviews", review())
        return project

    async def contracted(self, title: str = "示例：隐") -> str:
        project = await self.reviewed(title)
        await self.on(project, "approve", "leading_group", "approval", approval())
        await self.on(project, "contract", "district", "contract", contract())
        return project

    async def published(self, title: str = "示例：公开") -> str:
        project = await self.contracted(title)
        await self.does("publish", "office", f"{HERE}/publications", publication(f"/{project}"), project)
        self.acts = [act for act in self.acts if act.project != project]
        return project

    async def all_kinds(self, shown: str, member: str = "association") -> None:
        """A project in each state in which it is not public, and confidential acts on one that is."""
        await self.contracted()
        rejected = await self.reviewed()
        await self.on(rejected, "reject", "leading_group", "rejection", rejection())
        left = await self.applied()
        await self.on(left, "amend", "organisation", "amendment", {"form": form(title="示例：改"), "reason": "示例。"})
        await self.on(left, "withdraw", "organisation", "withdrawal", {"reason": "示例。"})
        await self.on(shown, "interest", member, "interests", {"nature": "示例。"})
        await self.on(shown, "public report", None, "public-reports", {"text": "示例。"})


async def _world(target: Target) -> tuple[World, Observer, str]:
    listed = (await target.get("/v1/organisations", limit=200)).json()["organisations"]
    organisations = [one["id"] for one in listed]
    own = next(one["id"] for one in listed if one["district"] == "110105")
    world = World(target, own)
    shown = await world.published()
    return world, Observer(target.services[0], Place(PROGRAMME, [shown], organisations)), shown


async def _signed(observer: Observer, size: int) -> list[Entry]:
    while True:
        entries = await observer.entries()
        if len(entries) >= size:
            return entries
        await asyncio.sleep(0.1)


@attack(4)
async def withheld_acts_seen_in_public_answers(target: Target) -> str | None:
    """By polling, and by asking what was known at each position."""
    world, observer, shown = await _world(target)
    await world.applied()
    size = await observer.caught_up()
    before, still = await observer.everything(), await observer.everything(size - 1)
    await world.all_kinds(shown)
    await observer.caught_up()
    seen, again = await observer.everything(), await observer.everything(size - 1)
    if told := changed(before, seen) | changed(still, again):
        return f"changed by acts that are withheld: {sorted(told)}"
    kinds = {act.position: act.kind for act in world.acts if act.position >= size}
    earlier = again
    for position in range(size, seen.known + 1):
        at = await observer.everything(position)
        if told := changed(earlier, at):
            return f"changed at position {position}, {kinds.get(position)}: {sorted(told)}"
        earlier = at
    return None


@attack(4)
async def entries_that_tell_the_kind_or_the_project(target: Target) -> str | None:
    world, observer, shown = await _world(target)
    for member in ("association", "committee", "committee_2"):
        await world.all_kinds(shown, member)
    entries = {one.position: one for one in await _signed(observer, max(act.position for act in world.acts) + 1)}
    known = [(entries[act.position], act) for act in world.acts]
    if bare := [act.kind for entry, act in known if not entry.is_withheld]:
        return f"not withheld: {bare}"
    rows = []
    for entry, _ in known:
        asked = [await observer.get(f"/log/{kind}/{entry.position}") for kind in ("events", "openings", "proof")]
        answers = [f"{one.status_code} {sorted(one.headers)} {len(one.content) // 40}" for one in asked[:2]]
        rows.append((*features(entry), *answers, str(asked[2].status_code)))
    random = Random(4)
    for what, labels in (
        ("kind", [act.kind for _, act in known]),
        ("project", [act.project for _, act in known]),
        ("link to a public project", [str(act.project == shown) for _, act in known]),
    ):
        # In a thread: while it counts, the bystanders of this process must go on asking.
        if await asyncio.to_thread(p_value, rows, labels, random) >= SUSPICIOUS:
            continue
        if (found := await asyncio.to_thread(p_value, rows, labels, random, DEALS)) < SIGNIFICANT:
            return f"{what} is guessed better than by chance (p = {found:.4f})"
    tags = [entry.said["tag"] for entry, _ in known]
    return "two entries share a tag" if len(set(tags)) < len(tags) else None


@attack(4)
async def ids_that_can_be_computed(target: Target) -> str | None:
    """Of the streams of which only one exists, from ids that everybody knows."""
    world, observer, shown = await _world(target)
    await world.all_kinds(shown)
    text = "".join(str(one.said) + str(one.told) for one in await _signed(observer, world.acts[-1].position + 1))
    ids = [uuid5(NAMESPACE, f"{kind}/{shown}") for kind in ("interests", "frame", "feedback")]
    ids += [uuid5(NAMESPACE, f"{kind}/{PROGRAMME}/{of}") for kind in ("nominations", "register")
            for of in ("top-ten", "leading_group", "office")]  # fmt: skip
    return next((f"{one} is in the log" for one in ids if str(one) in text), None)


@attack(4)
async def projects_that_are_there_but_unknown(target: Target) -> str | None:
    """Who may not know of a project gets the answer that there is none, by every route and whatever is sent."""
    world, observer, _ = await _world(target)
    hidden, nothing = await world.contracted(), str(uuid4())
    paths = (await observer.get("/openapi.json")).json()["paths"]
    routes = [(method, path) for path, methods in paths.items() for method in methods if "{project_id}" in path]
    across = {
        "nominations": nomination(f"/{ANY_ID}", "top-ten"),
        "hand-ins": hand_in(f"/{ANY_ID}"),
        "publications": publication(f"/{ANY_ID}"),
        "samples": sample(f"/{ANY_ID}"),
        "purchases": selection(f"/{ANY_ID}"),
        "honour-proposals": honour_proposals("top-ten", f"/{ANY_ID}"),
        "awards": award(f"/{ANY_ID}", "top-ten"),
        "revocations": revocation(f"/{ANY_ID}", 1),
    }
    bodies: list[Any] = [{}, report("start"), review(), approval(), contract(), FILES, WORDS | {"text": "示例。"}]
    for role in OUTSIDERS:
        for method, path in routes:
            path = path.replace("{version}", "1")
            for body in bodies if method == "post" else [None]:
                for extra in ({}, {"If-Match": '"99"'}):
                    headers = target.headers(role) | extra
                    told = [await _told(target, method, path, body, headers, one) for one in (hidden, nothing)]
                    if told[0] != told[1]:
                        return f"{method} {path} as {role}: {[one[:200] for one in told]}"
        for name, body in across.items():
            told = [
                await _told(target, "post", f"{HERE}/{name}", body, target.headers(role), one)
                for one in (hidden, nothing)
            ]
            if told[0] != told[1]:
                return f"{name} as {role}: {[one[:200] for one in told]}"
    return None


async def _told(target: Target, method: str, path: str, body: Any, headers: dict[str, str], project: str) -> str:
    """The whole answer, without the id that was asked for."""
    said = None if body is None else json.loads(json.dumps(body).replace(ANY_ID, project))
    path = path.replace("{project_id}", project)
    answer = await target.services[0].request(method, path, json=said, headers=headers)
    return f"{answer.status_code} {sorted(answer.headers)} {answer.text}".replace(project, "…")


@attack(4)
async def instants_at_which_answers_change(target: Target) -> str | None:
    """Within its hour, no instant finds an event that is withheld; also when its project has become public."""
    world, observer, shown = await _world(target)
    await world.all_kinds(shown)
    project = await world.contracted()
    hidden = [act for act in world.acts if act.project != project or act.kind == "review"]
    await world.does("publish", "office", f"{HERE}/publications", publication(f"/{project}"), project)
    await observer.caught_up()
    for act in hidden:
        answer = await observer.get(f"{HERE}/statistics", known_at=act.recorded_at)
        if answer.status_code == 200 and answer.json()["basis"]["known"] == act.position:
            return f"{act.kind} is found at {act.recorded_at}"
    return None


@attack(4)
async def cursors_of_others(target: Target) -> str | None:
    """A cursor that an auditor got, or that is put together, finds no neighbours of a hidden title."""
    world, observer, _ = await _world(target)
    for number in range(3):
        await world.applied(f"示例：隐{number}")
    await observer.caught_up()
    for sort in ("title", "recent", "amount"):
        page = (await target.get("/v1/projects", "auditor", sort=sort, limit=1)).json()
        for cursor in (page["next_cursor"], "W10", f"{page['next_cursor']}A"):
            answer = await observer.get("/v1/projects", sort=sort, cursor=cursor, limit=1)
            if answer.status_code != 422:
                return f"{sort}: {answer.text[:200]}"
    return None


@attack(4)
async def a_photograph_found_by_its_digest(target: Target) -> str | None:
    """By somebody who has the picture, in all that is public, while it is shown and once it was withdrawn."""
    world, observer, project = await _world(target)
    uploaded = await target.send("/v1/photographs", picture(), "organisation", headers={"Content-Type": "image/jpeg"})
    if wrong := unlike(uploaded, (201, None)):
        return wrong
    body = SAID | {"photograph": uploaded.json()["photograph"]}
    await world.on(project, "show", "organisation", "photographs", body)
    versions = [one["version"] for one in (await target.get(f"/v1/projects/{project}/history")).json()]
    content = (await target.get(f"/v1/projects/{project}/photographs/{versions[-1]}")).content
    digest = sha256(content)
    traces = {digest.hexdigest(), b64encode(digest.digest()).decode(), urlsafe_b64encode(digest.digest()).decode()}
    said = {"media_type": "image/jpeg", "sha256": digest.hexdigest()}
    traces |= {commitment(Purpose.PHOTOGRAPH, salt, said).hex() for salt in (b"", bytes(32))}
    withdrawal = {"target": versions[-1], "reason": "示例。"}
    for step in ("shown", "withdrawn"):
        texts = [str(entry.said) + str(entry.told) for entry in await _signed(observer, await observer.caught_up())]
        for template in await observer.templates():
            texts += [(await observer.get(path)).text for path in observer.place.paths(template)]
        if found := next((one for one in traces for text in texts if one in text), None):
            return f"{found} is told while the photograph is {step}"
        if step == "shown":
            await world.on(project, "withdraw", "district", "photograph-withdrawals", withdrawal)
    return unlike(await target.get(f"/v1/projects/{project}/photographs/{versions[-1]}"), (410, None))
