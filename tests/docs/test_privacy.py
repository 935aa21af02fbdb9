"""The page of privacy is made from what facts declare, and what they declare is so."""

from collections.abc import Iterator
from typing import Any

import psycopg
from tests.api.appointing import appoint, first
from tests.api.bodies import application
from tests.api.client import open_town
from tests.api.routes.test_subjects import reported
from tests.docs.privacy_page import KEPT, PAGE, sealed_fields, text

from ledger.core.fact import Fact, Sealed
from ledger.database import Database
from ledger.facts import FACTS
from ledger.values import Frozen
from ledger.vault import Purpose

# Tables with nothing about people: of the log, of facts, and of the service's own work.
ABOUT_NOBODY = {
    "checkpoints",
    "clock_acceptances",
    "clock_references",
    "credit_acks",
    "disclosures",
    "document_numbers",
    "earlier_checkpoints",
    "erased_citations",
    "erased_files",
    "events",
    "file_remover",
    "head",
    "log_format",
    "redactions",
    "reminders",
    "restarts",
    "signer",
    "tiles",
    "timestamps",
    "veils",
    "webhook_attempts",
    "webhook_deliveries",
    "webhook_requests",
    "webhook_secrets",
    "webhook_sender",
    "withheld",
}


def test_the_page_says_what_facts_declare() -> None:
    assert PAGE.read_text("utf-8") == text()


def test_every_sealed_field_says_what_for() -> None:
    declared = [(fact, path, said) for fact in FACTS.values() for path, said in sealed_fields(fact)]
    assert [(fact.__name__, path) for fact, path, said in declared if said is None] == []
    purposes = {purpose for _, _, said in declared if said for purpose in said.purposes}
    assert purposes == {purpose.value for purpose in Purpose}


def test_every_table_is_accounted_for(database: Database) -> None:
    with psycopg.connect(database.login) as connection:
        rows = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'ledger'")
        there = {name for (name,) in rows.fetchall()}
    assert there - {"migrations"} == KEPT.keys() | ABOUT_NOBODY
    assert not KEPT.keys() & ABOUT_NOBODY


def commitments(value: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Of a fact: the path of each sealed field and the commitment in it."""
    for name in type(value).model_fields:
        inner = getattr(value, name)
        if isinstance(inner, Sealed):
            yield inner.commitment, before + name
        elif isinstance(inner, Frozen) and not isinstance(inner, Fact):
            yield from commitments(inner, f"{before}{name}.")


async def test_values_are_sealed_for_what_fields_say(database: Database) -> None:
    async with open_town(database) as town:
        account = {"holder": "示例朝阳助老服务中心", "bank": "示例银行", "number": "0000"}
        contact = {"name": "示例联系人", "telephone": "010-1"}
        await town.local.done("/v1/projects", application(town.local_id) | {"account": account, "contact": contact})
        await reported(town, await town.published())
        await first(town)
        await appoint(town)
        async with town.service.pool.connection() as connection:
            cursor = await connection.execute("SELECT commitment, purpose, position FROM ledger.sealed_values")
            rows = await cursor.fetchall()
        for commitment, purpose, position in rows:
            [recorded] = await town.service.store.range(position, position + 1)
            path = dict(commitments(recorded.fact))[commitment.hex()]
            declared = dict(sealed_fields(type(recorded.fact)))[path]
            assert declared is not None
            assert purpose in declared.purposes
        assert {purpose for _, purpose, _ in rows} >= {"contact", "account", "complainant", "appointee"}
