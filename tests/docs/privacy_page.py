"""Writes docs/privacy.md from the audiences of the facts, what their fields are sealed for, and who opens it:
`python -m tests.docs.privacy_page`."""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel
from tests.docs.access_page import _name, _table
from tests.docs.documents import DOCS

from ledger.access import reads
from ledger.accounts import Account
from ledger.core.fact import Audience, Fact, Role, Sealed, SealedFor
from ledger.facts import FACTS
from ledger.subjects import PURPOSE
from ledger.vault import OPENERS, Purpose

PAGE = DOCS / "privacy.md"
HEAD = """# What is kept of people, and who sees it

For officials, auditors and whom the data is about. Made by `python -m tests.docs.privacy_page` from what each fact
declares with its fields in the code; a test fails when the two differ.

A value is of one of three kinds: *public*, from the day on which its fact is; *organisational*, for those who take part
or for officials, by the audience of its fact; or *sealed*, which every value about a person is: the fact then holds a
commitment, and the value lies encrypted under a key of the person and purpose
([decision 7](decisions/0007-sealed-values.md)). Somebody is found, gets all that is held, and is erased by
[decision 78](decisions/0078-erasure.md); how long it is kept, by the programme's `retention`
([writing a programme](programmes.md)). A text into which somebody wrote a name all the same is redacted
([decision 27](decisions/0027-redaction.md)).

## Sealed values

Who opens a value reads, besides, the fact that holds it: an organisation or a district opens only what is its own, and
of somebody proposed for an honour the public sees the name only while it is shown.

"""
_AUDIENCES = """
## Who reads a fact

By audience, of a project that is published or not; *own*: who takes part in it, as its organisation or district.

"""
_FACTS = """
## Facts, field by field

The sealed fields, each with its purposes; all others have the audience of the fact. What speaks of another fact (*as
the fact it speaks of*) is read by those who read that.

"""
_TABLES = """
## Outside the facts

What the service keeps in tables of its own. Of all other tables none holds anything about a person: they hold hashes,
positions, and what the service does.

"""
# By table: what in it is about people, who reads it, and how long it is kept. Also those in which nothing is.
KEPT: dict[str, tuple[str, str, str]] = {
    "accounts": ("what the account is called; no name is needed", "administrators", "until its holder is erased"),
    "administrative_acts": ("who opened, bound and closed accounts", "administrators, auditors", "for good"),
    "attachments": ("which account uploaded a file", "nobody", "until the file goes"),
    "daily_use": ("how often an account did what is limited", "nobody", "30 days"),
    "drafts": ("what somebody has not sent yet, encrypted", "who writes it", "30 days, or until it is sent"),
    "files": ("files, by their digest", "who reads a fact that cites them", "until they go"),
    "idempotency_keys": ("digests of requests", "nobody", "30 days, or until its subject is erased"),
    "invitation_codes": ("digests of codes of beneficiaries, and of telephones", "nobody", "until they expire"),
    "invitations": ("which account was invited", "nobody", "as long as the account"),
    "logins": ("digests of names, and of passwords", "nobody", "until its holder is erased"),
    "passkey_challenges": ("nothing but a browser on its way", "nobody", "minutes"),
    "passkeys": ("what a passkey is called", "its holder", "until its holder is erased"),
    "payloads": ("which account recorded an event", "auditors", "for good"),
    "photographs": ("keys of photographs, on which nobody can be recognised", "nobody", "until withdrawn"),
    "provided_people": ("digests of what an identity provider calls somebody", "nobody", "until its holder is erased"),
    "provider_turns": ("nothing but a browser on its way", "nobody", "minutes"),
    "recovery_codes": ("digests of codes", "nobody", "until its holder is erased"),
    "refused_attempts": ("who was refused what, by account and pseudonym of the network", "auditors", "half a year"),
    "report_limits": ("pseudonyms of networks", "nobody", "an hour or so"),
    "sealed_reads": ("who looked for somebody, and why", "auditors", "for good"),
    "sealed_values": ("sealed values, encrypted", "see above", "until their subject is erased"),
    "sessions": ("what the browser calls itself", "its holder", "until it expires, or its holder is erased"),
    "sign_in_attempts": ("pseudonyms of names and networks", "nobody", "a quarter of an hour"),
    "tokens": ("what a token is called", "its holder", "until its holder is erased"),
    "vault_keys": ("the keys of subjects, wrapped", "nobody", "until they are erased; the pseudonym for good"),
    "erasures": ("the pseudonyms of subjects that were erased", "nobody", "for good"),
    "webhooks": ("where a program is reached", "its account, the office, auditors", "for good"),
}
READERS = [role for role in Role if role is not Role.PUBLIC]


@cache
def sealed_fields(model: type[BaseModel]) -> tuple[tuple[str, SealedFor | None], ...]:
    """The sealed fields by their paths, with for what they are sealed; None where that is not declared."""
    return tuple(_sealed_fields(model, ""))


def _sealed_fields(model: type[BaseModel], before: str) -> Iterator[tuple[str, SealedFor | None]]:
    for name, hint in get_type_hints(model, include_extras=True).items():
        if name not in model.model_fields:
            continue
        declared = next((one for one in _metadata(hint) if isinstance(one, SealedFor)), None)
        for kind in _models(hint):
            if issubclass(kind, Sealed):
                yield before + name, declared
            elif not issubclass(kind, Fact):
                yield from _sealed_fields(kind, f"{before}{name}.")


def _metadata(hint: Any) -> tuple[Any, ...]:
    return hint.__metadata__ if get_origin(hint) is Annotated else ()


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if get_origin(hint) in (Annotated, Union, UnionType, tuple):
        yield from chain.from_iterable(_models(part) for part in get_args(hint))
    elif isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint


def value_fields(purpose: Purpose) -> set[str]:
    """What a value sealed for the purpose says of somebody."""
    holding = [fact for fact in FACTS.values() if sealed_fields(fact)]
    return {
        name
        for fact in holding
        for kind in _sealed_kinds(fact, purpose)
        for value in kind.__pydantic_generic_metadata__["args"]
        for name in value.model_fields
    }


def _sealed_kinds(model: type[BaseModel], purpose: Purpose) -> Iterator[type[BaseModel]]:
    for hint in get_type_hints(model, include_extras=True).values():
        declared = [one for one in _metadata(hint) if isinstance(one, SealedFor)]
        for kind in _models(hint):
            if issubclass(kind, Sealed):
                if declared and purpose in declared[0].purposes:
                    yield kind
            elif not issubclass(kind, Fact):
                yield from _sealed_kinds(kind, purpose)


def _others(fact: type[Fact]) -> Iterator[str]:
    sealed = {path for path, _ in sealed_fields(fact)}
    return (name for name in fact.model_fields if name != "type" and name not in sealed)


def _purposes() -> Iterator[list[str]]:
    for purpose in Purpose:
        where = [
            f"{_name(fact)}.`{path}`"
            for _, fact in sorted(FACTS.items())
            for path, declared in sealed_fields(fact)
            if declared and purpose in declared.purposes
        ]
        roles = OPENERS[purpose]
        opens = "everybody" if roles == set(Role) else ", ".join(f"`{role}`" for role in Role if role in roles)
        says = ", ".join(f"`{name}`" for name in sorted(value_fields(purpose)))
        yield [f"`{purpose}`", PURPOSE[purpose].zh, says, ", ".join(where), opens or "nobody"]


def _audiences() -> Iterator[list[str]]:
    for audience in Audience:
        if audience is Audience.AS_TARGET:
            continue
        [fact] = [fact for fact in FACTS.values() if fact.audience is audience][:1]
        said = fact.model_construct(type=fact.__name__)
        cells = []
        for published in (False, True):
            own = [role for role in Role if reads(_of(role), said, published=published, part=True)]
            others = [role for role in Role if reads(_of(role), said, published=published, part=False)]
            cells.append(_who(others, own))
        yield [audience.value, *cells]


def _of(role: Role) -> Account:
    return Account(UUID(int=1), role)


def _who(others: list[Role], own: list[Role]) -> str:
    if set(others) == set(Role):
        return "everybody"
    named = ", ".join(f"`{role}`" for role in others)
    if set(own) == set(Role):
        return "own" if not others else f"own, {named}"
    return named


def text() -> str:
    facts = [
        [
            _name(fact),
            fact.audience.value,
            ", ".join(
                f"`{path}` ({' or '.join(declared.purposes)})" for path, declared in sealed_fields(fact) if declared
            ),
            ", ".join(f"`{name}`" for name in _others(fact)),
        ]
        for _, fact in sorted(FACTS.items())
    ]
    tables = [[f"`{table}`", *said] for table, said in sorted(KEPT.items())]
    return (
        HEAD
        + _table(["purpose", "中文", "what it says", "where", "who opens it"], _purposes())
        + _AUDIENCES
        + _table(["audience", "before publication", "from publication on"], _audiences())
        + _FACTS
        + _table(["fact", "who reads it", "sealed", "all others"], facts)
        + _TABLES
        + _table(["table", "what in it is about people", "who reads it", "how long"], tables)
    )


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
