"""Whatever is sent: a coded refusal, no event, and nothing personal repeated."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.api.bodies import (
    ANY_ID,
    COMMANDS,
    CONTACT,
    OPEN_COMMANDS,
    REGISTRATION,
    SECRET,
    application,
    approval,
    form,
    review,
)
from tests.api.client import Caller, Town, check_problem


def late(effective_on: Any = "2010-01-28", reason: Any = SECRET) -> Callable[[bytes], bytes]:
    """Every command takes a late entry, so it carries what is wrong for all of them."""
    entry = json.dumps({"effective_on": effective_on, "reason": reason}).encode()
    return lambda valid: valid[:-1] + b', "late_entry": ' + entry + b"}"


def added(text: str | bytes) -> Callable[[bytes], bytes]:
    raw = text.encode() if isinstance(text, str) else text
    return lambda valid: valid[:-1] + b", " + raw + b"}"


def instead(text: bytes) -> Callable[[bytes], bytes]:
    return lambda _: text


# What becomes of the bytes of a valid body, and the status of the answer.
BROKEN: dict[str, tuple[Callable[[bytes], bytes], int]] = {
    "single quotes": (lambda valid: valid.replace(b'"', b"'"), 400),
    "truncated": (lambda valid: valid[:-1], 400),
    "something behind": (lambda valid: valid + b"{}", 400),
    "empty": (instead(b""), 400),
    "a byte order mark": (lambda valid: b"\xef\xbb\xbf" + valid, 400),
    "UTF-16": (lambda valid: valid.decode().encode("utf-16"), 400),
    "an array": (lambda valid: b"[" + valid + b"]", 422),
    "a string": (instead(json.dumps(SECRET).encode()), 422),
    "a number": (instead(b"13800138000"), 422),
    "null": (instead(b"null"), 422),
    "no fields": (instead(b"{}"), 422),
    "an unknown field": (added(f'"surprise": "{SECRET}"'), 422),
    "NaN": (added('"late_entry": NaN'), 422),
    "Infinity": (added('"late_entry": {"effective_on": -Infinity, "reason": "a"}'), 422),
    "a huge integer": (added(b'"late_entry": ' + b"9" * 400), 422),
    "a huger integer": (added(b'"late_entry": ' + b"9" * 20_000), 400),
    "NUL": (late(reason=f"{SECRET}\0"), 422),
    "a control character": (late(reason=f"{SECRET}\x1b[31m"), 422),
    "half a surrogate pair, escaped": (late(reason=f"{SECRET}\ud800"), 400),
    "the other half, escaped": (late(reason=f"{SECRET}\udfff"), 400),
    "a surrogate in bytes": (added(b'"late_entry": {"effective_on": "2010-01-28", "reason": "\xed\xa0\x80"}'), 400),
    "invalid UTF-8": (added(b'"late_entry": {"effective_on": "2010-01-28", "reason": "\xff\xfe"}'), 400),
    "deep arrays": (added(b'"late_entry": ' + b"[" * 10_000 + b"]" * 10_000), 400),
    "deep objects": (added(b'"late_entry": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000), 400),
    "a day that is not": (late("2010-02-30"), 422),
    "a day without hyphens": (late("20100301"), 422),
    "a day before the calendar": (late("1899-12-31"), 422),
    "a day behind the calendar": (late("2200-01-01"), 422),
    "a day as a number": (late(1_264_636_800), 422),
    "a day with an hour": (late("2010-01-28T00:00:00"), 422),
    "too long a text": (late(reason=SECRET * 1000), 422),
    "no text": (late(reason="  "), 422),
}


@pytest.mark.parametrize("command", COMMANDS | OPEN_COMMANDS)
async def test_a_body_that_is_broken_is_refused(town: Town, command: str, subtests: pytest.Subtests) -> None:
    who, path, valid = (COMMANDS | OPEN_COMMANDS)[command]
    address = path.format(project=await town.applied())
    size = await town.size()
    for name, (broken, status) in BROKEN.items():
        with subtests.test(name):
            answer = await caller(town, who).send(address, broken(json.dumps(valid).encode()))
            check_problem(answer, status, "body_unreadable" if status == 400 else "invalid_request")
            assert await town.size() == size


async def test_strangers_unknown_ids_and_old_versions_are_refused(town: Town, subtests: pytest.Subtests) -> None:
    project = await town.applied()
    own: dict[str, dict[str, Any]] = {
        "apply": {"organisation": str(town.local_id)},
        "publish": {"projects": [project.rsplit("/", 1)[1]]},
        "award": {"project": project.rsplit("/", 1)[1]},
        "nominate": {"project": project.rsplit("/", 1)[1]},
        "revoke": {"project": project.rsplit("/", 1)[1]},
    }
    size = await town.size()
    for command, (who, path, valid) in COMMANDS.items():
        by_right = caller(town, who)
        tries: list[tuple[Caller, str, dict[str, str], int]] = [
            (town.public, project, {}, 401),
            (town.auditor, project, {}, 403),
        ]
        if "{project}" in path:
            tries += [
                (by_right, "/v1/projects/1", {}, 422),
                (by_right, "/v1/projects/%00", {}, 422),
                (by_right, f"/v1/projects/{ANY_ID}", {}, 404),
                # A beneficiary knows only what is published.
                (by_right, project, {"If-Match": '"7"'}, 404 if who == "beneficiary" else 412),
                (town.association, project, {}, 404),
            ]
        for asker, target, headers, status in tries:
            with subtests.test(f"{command} {status}"):
                body = valid | own.get(command, {})
                check_problem(await asker.post(path.format(project=target), body, headers), status)
                assert await town.size() == size


async def test_ids_of_other_kinds_are_unknown(town: Town) -> None:
    project = await town.applied()
    other = project.rsplit("/", 1)[1]
    check_problem(await town.local.post("/v1/projects", application(other)), 404, "organisation_unknown")
    amendment = {"form": form(), "reason": "改。"}
    check_problem(await town.local.post(f"/v1/projects/{town.local_id}/amendment", amendment), 404, "project_unknown")
    await town.local.done(f"{project}/amendment", amendment)
    await town.local.done("/v1/projects", application(town.local_id))


def money(amount: Any, currency: Any = "CNY") -> dict[str, Any]:
    return {"money": {"amount": amount, "currency": currency}, "source": "own"}


# Who, command, what is changed in its valid body, and the refusal.
WRONG: dict[str, tuple[str, str, dict[str, Any], tuple[int, str]]] = {
    "money as a float": ("local", "apply", {"form": form(budget=[money(1234.5)])}, (422, "invalid_request")),
    "money as an integer": ("local", "apply", {"form": form(budget=[money(1234)])}, (422, "invalid_request")),
    "less than no money": ("local", "apply", {"form": form(budget=[money("-1.00")])}, (422, "invalid_request")),
    "money with an exponent": ("local", "apply", {"form": form(budget=[money("1e3")])}, (422, "invalid_request")),
    "money in other digits": ("local", "apply", {"form": form(budget=[money("١٢")])}, (422, "invalid_request")),
    "too much money": ("local", "apply", {"form": form(budget=[money("1" * 16)])}, (422, "invalid_request")),
    "money in euros": ("local", "apply", {"form": form(budget=[money("1", "EUR")])}, (422, "currency_wrong")),
    "money in nothing": ("local", "apply", {"form": form(budget=[money("1", "yuan")])}, (422, "invalid_request")),
    "one source twice": ("local", "apply", {"form": form(budget=[money("1")] * 2)}, (422, "funding_source_repeated")),
    "money for no reason": ("local", "apply", {"form": form(support=[])}, (422, "support_reason_missing")),
    "no such category": ("local", "apply", {"form": form(category="sport")}, (422, "choice_unknown")),
    "no such programme": ("local", "apply", {"programme": "beijing-2011"}, (404, "programme_unknown")),
    "no such district": ("nowhere", "apply", {"organisation": "nowhere"}, (422, "choice_unknown")),
    "no such organisation": ("local", "apply", {"organisation": ANY_ID}, (404, "organisation_unknown")),
    "another's organisation": ("city", "apply", {}, (403, "out_of_scope")),
    "another district's organisation": ("elsewhere", "apply", {}, (403, "out_of_scope")),
    "a schedule that ends first": (
        "local", "apply", {"form": form(schedule={"start": "2010-05-01", "end": "2010-04-30"})},
        (422, "invalid_request"),
    ),
    "more people than a number holds": (
        "local", "apply", {"form": form(beneficiaries={"count": 10**30, "group": SECRET})}, (422, "invalid_request")
    ),
    "people as text": (
        "local", "apply", {"form": form(beneficiaries={"count": "100", "group": SECRET})}, (422, "invalid_request")
    ),
    "a contact without a telephone": ("local", "apply", {"contact": {"name": SECRET}}, (422, "invalid_request")),
    "a contact with too much": ("local", "apply", {"contact": CONTACT | {"age": SECRET}}, (422, "invalid_request")),
    "a contact of two lines": (
        "local", "apply", {"contact": CONTACT | {"name": f"{SECRET}\n2"}}, (422, "invalid_request")
    ),
    "a wrong check digit": (
        "office", "register", {"identifiers": [{"scheme": "CN-USCI", "id": "51100000500000000A"}]},
        (422, "invalid_request"),
    ),
    "a person as an identifier": (
        "office", "register", {"identifiers": [{"scheme": "CN-ORGCODE", "id": SECRET}]}, (422, "invalid_request")
    ),
    "no identifier": ("office", "register", {"identifiers": []}, (422, "invalid_request")),
    "a scheme of one's own": (
        "office", "register", {"identifiers": [{"scheme": SECRET, "id": "1"}]}, (422, "invalid_request")
    ),
    "an identifier that is taken": (
        "office", "register", {"identifiers": [{"scheme": "CN-REG", "id": "示例京社证字第0001号"}]},
        (409, "organisation_already_registered"),
    ),
    "a register of another district": ("district", "register", {"district": "110106"}, (403, "out_of_scope")),
    "a version nobody saw": ("member", "review", review(version=2), (409, "version_not_seen")),
    "a version of none": ("member", "review", review(version=0), (422, "invalid_request")),
    "a score beyond the scale": (
        "member", "review", {"feasibility": {"score": 101, "reason": SECRET}}, (422, "invalid_request")
    ),
    "approval of an old version": ("leaders", "approve", approval(version=9), (409, "version_not_seen")),
    "approval without reviews": ("leaders", "approve", {}, (409, "reviews_missing")),
    "rejection without reviews": ("leaders", "reject", {}, (409, "reviews_missing")),
    "a contract before approval": ("district", "contract", {}, (409, "step_out_of_order")),
    "a contract of the other tier": ("office", "contract", {}, (403, "out_of_scope")),
    "publication before the contract": ("office", "publish", {"projects": "own"}, (409, "batch_refused")),
    "publication of nothing": ("office", "publish", {"projects": []}, (422, "invalid_request")),
    "publication of what is not there": ("office", "publish", {}, (409, "batch_refused")),
    "screening of what is handed in": ("district", "screen", {}, (409, "step_out_of_order")),
    "a result of one's own": ("district", "screen", {"result": SECRET}, (422, "invalid_request")),
    "hand-in of nothing": ("district", "hand_in", {"projects": []}, (422, "invalid_request")),
    "hand-in of what is handed in": ("district", "hand_in", {"projects": "own"}, (409, "batch_refused")),
    "hand-in of what is not there": ("district", "hand_in", {}, (409, "batch_refused")),
    "a return by yesterday": ("office", "return", {"amend_by": "2010-01-31"}, (422, "deadline_passed")),
    "a return of an old version": ("office", "return", {"application_version": 9}, (409, "version_not_seen")),
    "an interest of no nature": ("member", "interest", {"nature": " "}, (422, "invalid_request")),
    "support that nobody asked for": ("office", "support", {"request": 3}, (422, "support_request_unknown")),
    "support with nothing given": ("office", "support", {"given": None}, (422, "support_given_inconsistent")),
    "support of a negative number": ("office", "support", {"request": -1}, (422, "invalid_request")),
    "service of what is no decision": ("office", "serve", {"target": 1}, (404, "decision_unknown")),
    "service of what is not there": ("office", "serve", {"target": 99}, (404, "decision_unknown")),
    "service tomorrow": ("office", "serve", {"target": 2, "served_on": "2010-02-02"}, (422, "dated_in_future")),
    "a review of what passed": ("local", "request_review", {"target": 2}, (404, "decision_unknown")),
    "a review of what is not there": ("local", "request_review", {"target": 99}, (404, "decision_unknown")),
    "a decision on no request": ("leaders", "decide_request", {}, (404, "review_request_unknown")),
    "a report before March": ("local", "report", {}, (409, "phase_closed")),
    "an evaluation before March": ("local", "evaluate", {}, (409, "phase_closed")),
    "an evaluation of one's own kind": ("local", "evaluate", {"evaluation": {"by": SECRET}}, (422, "invalid_request")),
    "a frame before March": ("local", "frame", {}, (409, "phase_closed")),
    "a frame of no digests": ("local", "frame", {"entries": [SECRET]}, (422, "invalid_request")),
    "a frame of nobody": ("local", "frame", {"entries": []}, (422, "invalid_request")),
    "an answer of a means of one's own": ("office", "feedback", {"means": SECRET}, (422, "invalid_request")),
    "more than very satisfied": (
        "office", "feedback", {"answers": {"satisfaction": 6}}, (422, "invalid_request")
    ),
    "satisfied as text": ("office", "feedback", {"answers": {"satisfaction": "5"}}, (422, "invalid_request")),
    "an unnamed answer online": (
        "office", "feedback", {"means": "online", "respondent": None}, (422, "invalid_request")
    ),
    "showing what is not evaluated": ("office", "show evaluation", {}, (409, "step_out_of_order")),
    "an objection to an application": ("local", "object", {}, (409, "not_open_to_objection")),
    "a resolution of nothing": ("leaders", "resolve", {}, (404, "objection_unknown")),
    "a draw for no project": ("office", "draw", {"projects": []}, (422, "invalid_request")),
    "a draw before March": ("office", "draw", {}, (409, "phase_closed")),
    "an honour before December": ("leaders", "award", {"project": "own"}, (409, "phase_closed")),
    "a nomination before December": ("local", "nominate", {"project": "own"}, (409, "phase_closed")),
    "a nomination of another's project": ("city", "nominate", {"project": "own"}, (404, "project_unknown")),
    "a proposal before December": ("leaders", "propose", {}, (409, "phase_closed")),
    "a proposal of nobody": ("leaders", "propose", {"proposals": []}, (422, "invalid_request")),
    "a revocation of what is no honour": ("leaders", "revoke", {"project": "own"}, (404, "award_unknown")),
    "a revocation of nothing": ("leaders", "revoke", {"award": 0}, (422, "invalid_request")),
    "a correction of one's own kind": ("office", "correct", {"kind": SECRET}, (422, "invalid_request")),
    "a correction with NaN": (
        "local", "restate", {"changes": {"form": float("nan")}}, (409, "correction_not_possible")
    ),
    "an extension that is none": ("office", "extend", {"last_day": "2010-03-01"}, (422, "extension_not_later")),
    "an extension of no phase": ("office", "extend", {"phase": "spring"}, (422, "phase_unknown")),
}  # fmt: skip


async def test_what_the_rules_do_not_allow_is_refused(town: Town, subtests: pytest.Subtests) -> None:
    nowhere = REGISTRATION | {"district": "999999"}
    registered = await town.office.done("/v1/organisations", nowhere)
    project = await town.handed_in()
    ids = {"nowhere": registered["id"], "own": project.rsplit("/", 1)[1]}
    size = await town.size()
    for name, (who, command, changes, (status, code)) in WRONG.items():
        _, path, valid = COMMANDS[command]
        body = valid | ({"organisation": str(town.local_id)} if command == "apply" else {}) | changes
        for field in ("organisation", "project"):
            body |= {field: ids[body[field]]} if body.get(field) in ids else {}
        body |= {"projects": [ids["own"]]} if body.get("projects") == "own" else {}
        with subtests.test(name):
            asker = town.office if who == "nowhere" else caller(town, who)
            content = json.dumps(body).encode()
            check_problem(await asker.send(path.format(project=project), content), status, code)
            assert await town.size() == size


@pytest.mark.parametrize(
    "command", ["apply", "amend", "screen", "hand_in", "review", "approve", "reject", "contract", "publish"]
)
async def test_a_step_is_refused_when_its_phase_is_over(town: Town, command: str) -> None:
    who, path, valid = COMMANDS[command]
    project = await town.reviewed()
    town.clock.to(4, 1, 0)
    size = await town.size()
    body = valid | ({"organisation": str(town.local_id)} if command == "apply" else {})
    body |= {"projects": [project.rsplit("/", 1)[1]]} if command in ("publish", "hand_in") else {}
    answer = await caller(town, who).post(path.format(project=project), body)
    check_problem(answer, 409, "phase_closed")
    assert await town.size() == size


def caller(town: Town, who: str) -> Caller:
    found: Caller = town.members[0] if who == "member" else getattr(town, who)
    return found
