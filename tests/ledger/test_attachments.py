"""Files by their content: where they lie, who uploaded them, and which facts cite them."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import obstore
import pytest
from obstore.store import LocalStore, MemoryStore
from pydantic import BaseModel
from tests.ledger.test_storage_format import GOLDEN
from tests.support import open_ledger

from ledger.attachments import Attachments, FileStoreProblem, find_files, key_of, open_files, uploaded_by
from ledger.core.envelope import decode
from ledger.database import Database
from ledger.facts import FACTS
from ledger.project.attachments import Attachment
from ledger.refusals.attachments import AttachmentOutOfReach
from ledger.values import Document

CONTENT = b"%PDF-1.7 example"
DIGEST = sha256(CONTENT).hexdigest()


async def test_uploading_a_file_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    async with open_ledger(database) as ledger:
        files = Attachments(open_files(tmp_path / "attachments"), ledger.store.pool)
        first, second = uuid4(), uuid4()
        stored = await files.put(CONTENT, "application/pdf", first)
        assert (stored.sha256, stored.bytes, stored.media_type) == (DIGEST, len(CONTENT), "application/pdf")
        assert await files.put(CONTENT, "text/plain", second) == stored
        assert await files.put(CONTENT, "application/pdf", first) == stored
        assert await find_files(ledger.store.pool, [DIGEST, "0" * 64]) == {DIGEST: stored}
        assert await files.get(DIGEST) == CONTENT
        for account, found in ((first, {DIGEST}), (second, {DIGEST}), (uuid4(), set[str]())):
            assert await uploaded_by(ledger.store.pool, account, [DIGEST]) == found
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "attachments" / key_of(DIGEST)]
    assert key_of(DIGEST) == f"sha256/{DIGEST[:2]}/{DIGEST[2:]}"
    assert (tmp_path / "attachments").stat().st_mode & 0o077 == 0


async def test_a_lost_or_changed_file_is_unavailable(database: Database) -> None:
    async with open_ledger(database) as ledger:
        objects = MemoryStore()
        files = Attachments(objects, ledger.store.pool)
        await files.put(CONTENT, "application/pdf", uuid4())
        await obstore.put_async(objects, key_of(DIGEST), b"something else")
        with pytest.raises(AttachmentOutOfReach):
            await files.get(DIGEST)
        await obstore.delete_async(objects, key_of(DIGEST))
        with pytest.raises(AttachmentOutOfReach):
            await files.get(DIGEST)


async def test_a_store_that_takes_nothing_leaves_no_row(database: Database, tmp_path: Path) -> None:
    (tmp_path / "sha256").write_text("a file where the folder should be")
    async with open_ledger(database) as ledger:
        with pytest.raises(AttachmentOutOfReach):
            await Attachments(open_files(tmp_path), ledger.store.pool).put(CONTENT, "application/pdf", uuid4())
        assert await find_files(ledger.store.pool, [DIGEST]) == {}


def test_a_store_is_a_folder_or_an_address(tmp_path: Path) -> None:
    assert isinstance(open_files(tmp_path), LocalStore)
    assert isinstance(open_files("memory:///"), MemoryStore)
    assert "bucket" in repr(open_files("s3://bucket/files"))
    (tmp_path / "taken").touch()
    for where in ("nowhere", "gopher://example.org", "s3:", tmp_path / "taken"):
        with pytest.raises(FileStoreProblem, match="cannot be used as a store of files"):
            open_files(where)


# A restatement, asked for or not, cites what its fact cites; a redaction nothing, since the event that is read instead
# does.
INDIRECT = ("Restated", "Redacted", "CorrectionRequested")


def test_every_citable_file_is_known() -> None:
    """Whatever fact may hold a file has a stored example that does, and `citations` finds it."""
    citing = {name for name, fact in FACTS.items() if name not in INDIRECT and _can_cite(fact)}
    examples = [decode(payload).fact for payload in GOLDEN.values()]
    for name in citing:
        example = next(fact for fact in examples if fact.type == name)
        if hasattr(example, "original_sha256"):
            example = example.model_copy(update={"original_sha256": "f" * 64})
        expected = sorted(_digests(example.model_dump()))
        assert expected, name
        assert sorted(document.sha256 for document in example.citations()) == expected, name
    assert {"MilestoneReported", "Attached", "ContractSigned", "PaperReceived"} <= citing
    assert [fact.citations() for fact in examples if fact.type not in citing | {"Restated"} and fact.citations()] == []


def _can_cite(model: type[BaseModel]) -> bool:
    if model in (Document, Attachment):
        return True
    return any(
        name == "original_sha256" or any(map(_can_cite, _models(field.annotation)))
        for name, field in model.model_fields.items()
    )


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _digests(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("sha256", "original_sha256") and inner:
                yield inner
            else:
                yield from _digests(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _digests(inner)
