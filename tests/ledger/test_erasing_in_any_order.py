"""Holds, proposals, erasures, sealing and clearing in any order: what is open is what nobody erased, and no more."""

import os
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from obstore.store import MemoryStore
from tests.ledger.store.appends import written
from tests.ledger.store.checks import check_whole
from tests.ledger.test_vault import READING, registered
from tests.ledger.world import World, open_world
from tests.support import LEADING_GROUP, MASTER, OFFICE, account

from ledger.accounts import Account
from ledger.commands.subjects import Erasure, ErasureProposal, HoldRelease, LegalHold
from ledger.core.envelope import encode
from ledger.core.fact import Role
from ledger.core.refusal import Refusal
from ledger.database import Database
from ledger.erasing import Eraser
from ledger.personal_data import SubjectUnknown
from ledger.refusals.storage import SubjectErased
from ledger.store import Append
from ledger.subjects import (
    ErasureNotProposed,
    HoldUnknown,
    NothingToErase,
    ProposerMayNotConfirm,
    SubjectOnHold,
)
from ledger.transaction import Decide, Ledger
from ledger.unit_of_work import CommandContext, Receipt
from ledger.values import Contact
from ledger.vault import Purpose, Vault

EXAMPLES = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
PEOPLE = (OFFICE, account(Role.OFFICE), LEADING_GROUP)
PURPOSES = (Purpose.CONTACT, Purpose.COMPLAINANT)
SUBJECTS, WHO = st.integers(0, 1), st.sampled_from(PEOPLE)
AUTHORITY, REASON = "示例规定第3条", "示例。"


@dataclass
class Expected:
    """What should be so of a subject."""

    id: UUID = field(default_factory=uuid4)
    values: dict[str, Purpose] = field(default_factory=dict)
    ever: list[str] = field(default_factory=list)
    used: set[Purpose] = field(default_factory=set)
    erased: set[Purpose] = field(default_factory=set)
    holds: set[int] = field(default_factory=set)
    proposal: tuple[int, Account, tuple[Purpose, ...]] | None = None

    @property
    def kept(self) -> set[Purpose]:
        return self.used - self.erased


class Erasing(RuleBasedStateMachine):
    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.ledger = Ledger(world.store, Vault(MASTER, world.store))
        self.subjects = (Expected(), Expected())

    def asked(self, who: Account, decide: Decide, *refusals: type[Refusal] | None) -> Receipt | None:
        """The receipt; or the refusal that is the first of those expected."""
        expected = next((one for one in refusals if one is not None), None)
        try:
            receipt = self.world.run(self.ledger.transact(CommandContext(who), decide))
        except Refusal as refusal:
            assert type(refusal) is expected
            return None
        assert expected is None
        return receipt

    @rule(number=SUBJECTS, purpose=st.sampled_from(PURPOSES))
    def seal(self, number: int, purpose: Purpose) -> None:
        subject = self.subjects[number]
        try:
            sealed, row = self.world.run(
                self.ledger.vault.seal(Contact(name="示例某人", telephone="1"), subject.id, purpose)
            )
        except SubjectErased:
            assert purpose in subject.erased
            return
        append: Append = written(uuid4(), 0, encode(registered(sealed).event))
        self.world.run(self.ledger.store.append(Append(append.writes, sealed=(row,))))
        assert purpose not in subject.erased
        subject.values[sealed.commitment] = purpose
        subject.ever.append(sealed.commitment)
        subject.used.add(purpose)

    @rule(number=SUBJECTS, who=st.sampled_from(PEOPLE[:2]))
    def hold(self, number: int, who: Account) -> None:
        subject = self.subjects[number]
        if receipt := self.asked(
            who, LegalHold(authority=AUTHORITY, reason=REASON).on(subject.id), self.unknown(subject)
        ):
            subject.holds.add(receipt.version)

    @rule(number=SUBJECTS, hold=st.integers(1, 6))
    def release(self, number: int, hold: int) -> None:
        subject = self.subjects[number]
        unknown = None if hold in subject.holds else HoldUnknown
        if self.asked(OFFICE, HoldRelease(hold=hold, reason=REASON).on(subject.id), self.unknown(subject), unknown):
            subject.holds.remove(hold)

    @rule(number=SUBJECTS, who=st.sampled_from(PEOPLE[:2]), purposes=st.lists(st.sampled_from(PURPOSES), unique=True))
    def propose(self, number: int, who: Account, purposes: list[Purpose]) -> None:
        subject = self.subjects[number]
        wanted = set(purposes) or subject.kept
        nothing = None if wanted and wanted <= subject.kept else NothingToErase
        on_hold = SubjectOnHold if subject.holds else None
        body = ErasureProposal(purposes=tuple(purposes), authority=AUTHORITY, reason=REASON)
        if receipt := self.asked(who, body.on(subject.id), self.unknown(subject), on_hold, nothing):
            subject.proposal = receipt.version, who, tuple(wanted)

    @rule(number=SUBJECTS, who=WHO, newest=st.booleans())
    def confirm(self, number: int, who: Account, newest: bool) -> None:
        subject = self.subjects[number]
        version, proposer, purposes = subject.proposal or (1, None, ())
        version = version if newest else version + 1
        refusals = (
            self.unknown(subject),
            None if subject.proposal and newest else ErasureNotProposed,
            ProposerMayNotConfirm if proposer is who else None,
            SubjectOnHold if subject.holds else None,
        )
        if self.asked(who, Erasure(proposal=version).on(subject.id), *refusals):
            subject.erased |= set(purposes)
            subject.values = {one: purpose for one, purpose in subject.values.items() if purpose not in purposes}
            subject.proposal = None

    @rule()
    def clear(self) -> None:
        self.world.run(Eraser(MemoryStore(), self.world.store.pool).clear())

    @staticmethod
    def unknown(subject: Expected) -> type[Refusal] | None:
        return None if subject.used else SubjectUnknown

    @invariant()
    def what_nobody_erased_is_open(self) -> None:
        for subject in self.subjects:
            opened = self.world.run(self.ledger.vault.open(subject.ever, READING))
            assert set(opened) == set(subject.values)

    def teardown(self) -> None:
        check_whole(self.world.database)


def test_only_what_nobody_erased_is_open(database: Database) -> None:
    with open_world(database) as world:
        run_state_machine_as_test(partial(Erasing, world), settings=EXAMPLES)  # type: ignore[arg-type]  # takes any factory
