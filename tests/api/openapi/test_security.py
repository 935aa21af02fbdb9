"""Who may ask without an account, as the reference declares it and as the service answers."""

import re

from tests.api.client import Town
from tests.api.openapi.reference import document

from api.openapi.document import operations

NEEDED: list[dict[str, list[str]]] = [{"HTTPBearer": []}]
ANY_ID = "0192f0c1-6f3a-7c3e-9d5b-2f1a4e8b7c60"
# The stream has no end; tests/api/routes/test_feed.py listens to it.
ASKED = [(method, path, one) for method, path, one in operations(document()) if path != "/v1/feed/stream"]
VALUES = {"programme": "beijing-2010", "sha256": "0" * 64, "position": "1", "version": "1", "table": "projects"}


def real(path: str, project: str, organisation: str) -> str:
    known = VALUES | {
        "project_id": project,
        "organisation_id": organisation,
        "webhook_id": ANY_ID,
        "subject_id": ANY_ID,
    }
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "x"), path)


async def test_strangers_are_turned_away_where_a_token_is_declared(town: Town) -> None:
    project = (await town.published()).rsplit("/", 1)[1]
    await town.followed()
    kinds: dict[str, int] = {}
    for method, path, operation in ASKED:
        address = real(path, project, str(town.local_id))
        answer = await town.public.http.request(method, address)
        needed = operation["security"] == NEEDED
        kind = "needed" if needed else "optional" if operation["security"] else "none"
        kinds[kind] = kinds.get(kind, 0) + 1
        assert (answer.status_code == 401) == needed, f"{method} {path}: {answer.status_code}"
        assert answer.status_code != 403, f"{method} {path}"
        if needed:
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["code"] == "sign_in_needed"
    assert all(kinds[kind] > 20 for kind in ("needed", "optional", "none"))


async def test_a_wrong_token_is_refused_where_one_is_read(town: Town) -> None:
    project = (await town.published()).rsplit("/", 1)[1]
    await town.followed()
    wrong = {"Authorization": "Bearer no-such-token"}
    for method, path, operation in ASKED:
        address = real(path, project, str(town.local_id))
        answer = await town.public.http.request(method, address, headers=wrong)
        assert (answer.status_code == 401) == bool(operation["security"]), f"{method} {path}: {answer.status_code}"


def test_reads_need_no_account_unless_they_say_so() -> None:
    """The operations that are confidential are these; a new one is added here on purpose."""
    needed = sorted(path for method, path, one in ASKED if method == "GET" and one["security"] == NEEDED)
    assert needed == [
        "/v1/accounts",
        "/v1/accounts/{account_id}",
        "/v1/audit/clock-acceptances",
        "/v1/audit/exceptions",
        "/v1/audit/late-entries",
        "/v1/audit/pairs",
        "/v1/audit/refusals",
        "/v1/audit/role-grants",
        "/v1/audit/sealed-reads",
        "/v1/credit/acks",
        "/v1/credit/changes",
        "/v1/credit/digests",
        "/v1/programmes/{programme}/competition",
        "/v1/programmes/{programme}/documents",
        "/v1/programmes/{programme}/retention",
        "/v1/projects/{project_id}/feedback",
        "/v1/projects/{project_id}/findings",
        "/v1/projects/{project_id}/interests",
        "/v1/redactions",
        "/v1/subjects/{subject_id}",
        "/v1/webhooks",
        "/v1/webhooks/{webhook_id}",
        "/v1/webhooks/{webhook_id}/deliveries",
        "/v1/worklist",
    ]
