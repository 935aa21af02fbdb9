"""Every command that a person may give has a form, and none asks for what the system knows."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import get_args
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel
from tests.api import bodies
from tests.api.client import Caller, Town
from tests.api.work.clerk import Clerk, Page, clerk

from api.app import create_app
from api.pages.reader import Reader
from api.work import decide
from api.work.choices import OF_PROJECTS, SOURCES
from api.work.describe import Kind, Leaf, described, leaves
from api.work.labels import hint_of, label_of
from api.work.offers import OFFERS, Offer, Target, offers_for
from api.work.work_codes import BY_CODE, words_of
from ledger.accounts import Account
from ledger.core.action import ACTIONS
from ledger.core.fact import Role

HUMAN = (
    Role.ORGANISATION,
    Role.DISTRICT,
    Role.OFFICE,
    Role.COMMITTEE,
    Role.JUROR,
    Role.LEADING_GROUP,
    Role.PROMOTION_ASSOCIATION,
    Role.TREASURY,
)
# Actions that no form is for, each with the reason.
WITHOUT_A_FORM = {
    "announce": "a programme's rules are a file, which the operator announces",
    "import": "files of other funders are imported by the operator",
    "carry_over": "projects of earlier years are a table, which the operator imports",
}
# Whose page is none of the engine's, and where it is.
WITH_A_PAGE = {
    "redact": "/events/{position}/redact",
    "report_publicly": "/participate/report",
    "object_publicly": "/participate/objection",
    "answer_openly": "/projects/{project_id}/answer",
    "answer_invited": "/f/{code}",
    "invite_beneficiaries": "/projects/{project_id}/invitations",
    "read_subjects": "/admin/subjects",
    "place_hold": "/admin/subjects",
    "release_hold": "/admin/subjects",
    "propose_erasure": "/admin/subjects",
    "erase_subject": "/admin/subjects",
}
# What looks like a code and is none that the system knows before.
TYPED = {
    "Identifier.id": "the number on a certificate of registration",
    "FrameBody.entries": "commitments that the organisation's own tool makes",
}
WORDS = re.compile(r"(_id|_version|_code|sha256)$")
EVERY = [(offer, way) for offer in OFFERS.values() for way in offer.ways]
FIELDS = sorted({(one.owner, one.name): one for _, way in EVERY for one in leaves(described(way.model))}.items())


def test_every_right_of_a_person_has_a_form() -> None:
    rights = {(role, code) for code, action in ACTIONS.items() for role in action.may if role in HUMAN}
    offered = {(role, way.action) for _, way in EVERY for role in way.action.may}
    others = WITHOUT_A_FORM | WITH_A_PAGE
    missing = {(role, code) for role, code in rights - offered if code not in others}
    assert missing == set()
    assert others.keys() <= ACTIONS.keys() - {way.action for _, way in EVERY}


async def test_other_rights_have_pages_of_their_own(town: Town) -> None:
    routes = {(path, method) for path, method in _routes(town)}
    for path in WITH_A_PAGE.values():
        assert {(path, "GET"), (path, "POST")} <= routes, path


def _routes(town: Town) -> Iterator[tuple[str, str]]:
    for route in create_app(town.service).routes:
        if isinstance(route, APIRoute):
            yield from ((route.path, method) for method in route.methods or ())


@pytest.mark.parametrize("leaf", [leaf for _, leaf in FIELDS], ids=lambda leaf: f"{leaf.owner}.{leaf.name}")
def test_field_is_labelled_and_asks_for_nothing_known(leaf: Leaf) -> None:
    zh, en = Reader("zh"), Reader("en")
    if leaf.name:
        assert re.search(r"[\u4e00-\u9fff]", label_of(zh, leaf.owner, leaf.name))
        assert not re.search(r"[\u4e00-\u9fff_]", label_of(en, leaf.owner, leaf.name))
        assert re.search(r"[\u4e00-\u9fff]", hint_of(zh, leaf.owner, leaf.name))
        assert hint_of(en, leaf.owner, leaf.name)
    for code in leaf.codes:
        if leaf.kind is Kind.CODE:
            assert words_of(leaf.code_type, code).zh
    if leaf.kind is Kind.KNOWN:
        assert f"{leaf.owner}.{leaf.name}" in SOURCES or leaf.name in SOURCES or leaf.name in OF_PROJECTS
    elif f"{leaf.owner}.{leaf.name}" not in TYPED:
        assert leaf.kind in (Kind.FILE, Kind.DIGEST) or not WORDS.search(leaf.name)


def test_identifiers_and_codes_are_never_typed() -> None:
    """By their types: a version or position names an event, a code or a UUID something that is there."""
    typed = set()
    for _, way in EVERY:
        for model in _models(way.model):
            for name, info in model.model_fields.items():
                kinds = repr(info.annotation) + repr(info.metadata)
                names_something = (
                    "UUID" in kinds
                    or "a-z0-9][a-z0-9_-]{0,79}" in kinds
                    or ("Strict" in kinds and "<object object" in kinds)
                )
                known = f"{model.__name__}.{name}" in SOURCES or name in SOURCES or name in OF_PROJECTS
                if names_something and not known and name != "late_entry":
                    typed.add(f"{model.__name__}.{name}")
    assert typed <= {"Photograph.photograph"}


def _models(model: type[BaseModel]) -> set[type[BaseModel]]:
    found = {model}
    for info in model.model_fields.values():
        for inner in _inside(info.annotation):
            if isinstance(inner, type) and issubclass(inner, BaseModel) and inner not in found:
                found |= _models(inner)
    return found


def _inside(annotation: object) -> list[object]:
    return [annotation] + [one for part in get_args(annotation) for one in _inside(part)]


def test_every_code_of_a_form_has_words() -> None:
    for codes, words in BY_CODE.items():
        assert issubclass(codes, Enum)
        assert set(codes) <= set(words)


async def anything_is_possible(*_: object) -> bool:
    return True


async def test_each_form_opens_for_each_role(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """From what waits, by way of the page of its target; whatever the state of the project."""
    monkeypatch.setattr(decide, "is_possible", anything_is_possible)
    project = (await town.evaluated()).removeprefix("/v1")
    await town.followed()
    callers: dict[Role, Caller] = {
        Role.ORGANISATION: town.local,
        Role.DISTRICT: town.district,
        Role.OFFICE: town.office,
        Role.COMMITTEE: town.members[0],
        Role.JUROR: town.jurors[0],
        Role.LEADING_GROUP: town.leaders,
        Role.PROMOTION_ASSOCIATION: town.association,
        Role.TREASURY: town.treasury,
    }
    targets = {
        Target.PROJECT: project,
        Target.ORGANISATION: f"/organisations/{town.local_id}",
        Target.PROGRAMME: f"/programmes/{bodies.PROGRAMME}",
        Target.NOTHING: "",
    }
    opened: set[tuple[Target, str, tuple[str, ...]]] = set()
    for role, caller in callers.items():
        person = await clerk(town, caller)
        work = await person.open("/work")
        assert person.status == 200, work.text
        for target, path in targets.items():
            linked = (await person.open(f"{path}/decide")).links if path else work.links
            for offer in OFFERS.values():
                ways = tuple(way.code for way in offer.ways if role in way.action.may)
                if offer.target is not target or not ways:
                    continue
                # The same form for the next role is only looked for.
                is_linked = any(link.partition("?")[0] == f"{path}/do/{offer.name}" for link in linked)
                if not is_linked or (target, offer.name, ways) not in opened:
                    await _opens(person, offer, path, linked)
                opened.add((target, offer.name, ways))


async def _opens(person: Clerk, offer: Offer, path: str, linked: list[str]) -> None:
    page = await person.open(f"{path}/do/{offer.name}")
    # What cannot be done today says why.
    assert person.status in (200, 403, 409), (offer.name, person.status, page.text)
    if person.status == 200 and 'class="empty"' not in page.text:
        at = f"{path}/do/{offer.name}"
        assert any(link.partition("?")[0] == at for link in linked), (offer.name, linked)


def test_what_waits_leads_to_a_form() -> None:
    for code, action in ACTIONS.items():
        if not action.unasked and code not in WITHOUT_A_FORM | WITH_A_PAGE:
            assert offers_for(code), code


async def test_only_steps_that_are_possible_now_are_offered(town: Town) -> None:
    project = (await town.applied()).removeprefix("/v1")
    district, organisation = await clerk(town, town.district), await clerk(town, town.local)
    offered = _steps(await district.open(f"{project}/decide"), project)
    assert {"screening", "interests"} <= offered
    assert not offered & {"milestone-decisions", "suspension", "resumption", "closure", "recovery", "settlement"}
    offered = _steps(await organisation.open(f"{project}/decide"), project)
    assert {"amendment", "withdrawal", "attachments"} <= offered
    assert not offered & {"milestones", "settlement-statements", "forfeiture", "screening"}
    await town.district.done(f"/v1{project}/interests", {"nature": "本人系该组织理事。"})
    await town.followed()
    page = await district.open(f"{project}/decide")
    assert "screening" not in _steps(page, project)
    assert 'class="notice"' in page.text


def _steps(page: Page, project: str) -> set[str]:
    return {link.rpartition("/do/")[2].partition("?")[0] for link in page.links if link.startswith(f"{project}/do/")}


def test_what_is_the_organisations_is_told_apart() -> None:
    office = Account(UUID(int=1), Role.OFFICE)
    behalf = {one.name for one in OFFERS.values() if one.ways_of(office) and one.is_behalf(office)}
    assert {"milestones", "amendment", "apply"} <= behalf
    assert not behalf & {"appointments", "appointment-endings", "rectifications", "inspections"}
