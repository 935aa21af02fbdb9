"""Finding whose data is sealed: by every text in it, by the number of a document, and by nobody else's."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from tests.ledger.store.appends import written
from tests.ledger.test_vault import CONTACT, keep, registered
from tests.support import MASTER, open_ledger, refuses

from ledger.commands.honours import person_id
from ledger.core.envelope import encode
from ledger.core.fact import Sealed
from ledger.database import Database
from ledger.identity import DocumentKind, IdentityDocument
from ledger.personal_data import AT_ONCE, SHORTEST, SearchTooShort, find, plain
from ledger.transaction import Ledger
from ledger.values import PersonName
from ledger.vault import Purpose

DOCUMENT = IdentityDocument(kind=DocumentKind.RESIDENT_ID, number="110101190001010006")


async def names(ledger: Ledger, text: str) -> dict[UUID, dict[Purpose, set[str]]]:
    found = await find(ledger.store.pool, MASTER, text, ["beijing-2010"])
    return {one.subject: one.fields for one in found}


async def test_each_text_of_a_value_finds_its_subject(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await keep(ledger.store, ledger.vault, UUID(int=7))
        await keep(ledger.store, ledger.vault, UUID(int=8), CONTACT.model_copy(update={"name": "示例联系人乙"}))
        for text, fields in (("联系人甲", {"name"}), ("someone@EXAMPLE.invalid", {"email"})):
            assert (await names(ledger, text))[UUID(int=7)] == {Purpose.CONTACT: fields}
        assert set(await names(ledger, "联系人甲")) == {UUID(int=7)}
        assert set(await names(ledger, "01000000000")) == {UUID(int=7), UUID(int=8)}
        with refuses(SearchTooShort, least=SHORTEST):
            await names(ledger, " - 示")


async def test_a_document_finds_whom_it_tells_apart(database: Database) -> None:
    async with open_ledger(database) as ledger:
        person = person_id(ledger.vault, "beijing-2010", DOCUMENT)
        _, row = await ledger.vault.seal(PersonName(name="示例获奖人"), person, Purpose.HONOUR)
        event = encode(registered(Sealed(commitment="0" * 64)).event)
        await ledger.store.append(replace(written(uuid4(), 0, event), sealed=(row,)))
        for text in (DOCUMENT.number, f"{DOCUMENT.number[:6]} {DOCUMENT.number[6:14]} {DOCUMENT.number[14:]}"):
            assert await names(ledger, text) == {person: {Purpose.HONOUR: {"identity_document"}}}
        assert await names(ledger, "E12345678") == {}


async def test_all_values_are_searched_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.personal_data.AT_ONCE", 2)
    assert AT_ONCE > 2
    async with open_ledger(database) as ledger:
        for number in range(5):
            await keep(ledger.store, ledger.vault, UUID(int=100 + number))
        assert set(await names(ledger, CONTACT.name)) == {UUID(int=100 + number) for number in range(5)}


def test_width_case_and_spaces_make_no_difference() -> None:
    assert plain("Ｏu Yang-１２") == plain("ouyang12")
