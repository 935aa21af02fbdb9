"""Government purchase and money as rules of the state machine: every step of it on any project at any time."""

from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from tests.ledger.project.given import PERIOD, yuan
from tests.ledger.promises import PURCHASED
from tests.ledger.supervised import SupervisedYear, has_projects, some
from tests.support import LEADING_GROUP, account

from ledger.accounts import Account
from ledger.commands.payments import Disbursement, Refund
from ledger.commands.purchase import CompetitionEntry, Forfeiture, JurorScore, PurchaseContract, Selection, Selections
from ledger.core.envelope import Restated, Voided
from ledger.core.fact import Role
from ledger.identifiers import quota_stream
from ledger.project.application import Beneficiaries
from ledger.project.contract import ContractAmended, ContractSigned
from ledger.project.payments import PaidUnder, paid, returned
from ledger.project.purchase import ContractRelation
from ledger.unit_of_work import CommandContext
from ledger.values import FundingLine, FundingSource

JURORS = [account(Role.JUROR) for _ in range(3)]
TREASURY = account(Role.TREASURY)
PRICE = yuan("50000.00")


class BoughtYear(SupervisedYear):
    """Numbers choose among what is there."""

    @has_projects
    @rule(number=some)
    def enter(self, number: int) -> None:
        body = CompetitionEntry(
            goals="示例。",
            tasks="示例。",
            funding=(FundingLine(source=FundingSource.REQUESTED, money=PRICE),),
            beneficiaries=Beneficiaries(count=200, group="示例"),
        )
        self.do("enter", CommandContext(self.own(number)), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, juror=st.sampled_from(JURORS), score=st.integers(0, 100))
    def score(self, number: int, juror: Account, score: int) -> None:
        body = JurorScore(score=score, reason="示例。")
        self.do("score", CommandContext(juror), body.on(self.pick(number)))

    @has_projects
    @rule(numbers=st.lists(some, min_size=1, max_size=3), replaces=st.none() | some)
    def select(self, numbers: list[int], replaces: int | None = None) -> None:
        replaced = None if replaces is None else self.pick(replaces)
        selections = tuple(
            Selection(project=self.pick(number), amount=PRICE, reason="示例。", replaces=replaced) for number in numbers
        )
        name = "select" if replaces is None else "select instead"
        self.do(name, CommandContext(LEADING_GROUP), Selections(selections=selections).on(self.code))

    @has_projects
    @rule(number=some)
    def forfeit(self, number: int) -> None:
        body = Forfeiture(reason="示例：放弃。")
        self.do("forfeit", CommandContext(LEADING_GROUP), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, relation=st.sampled_from(ContractRelation))
    def sign_purchase(self, number: int, relation: ContractRelation) -> None:
        body = PurchaseContract(
            number="示例购1号", signed_on=self.today, period=PERIOD, services="送餐。", amount=PRICE, relation=relation
        )
        self.do("sign purchase", CommandContext(LEADING_GROUP), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, under=st.sampled_from(PaidUnder), amount=st.sampled_from(["9000.00", "30000.00"]), voucher=some)
    def disburse(self, number: int, under: PaidUnder, amount: str, voucher: int) -> None:
        body = Disbursement(
            under=under, amount=yuan(amount), cost=f"示例{voucher}", paid_on=self.today, voucher=f"示例凭证{voucher}"
        )
        self.do("disburse", CommandContext(TREASURY), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, under=st.sampled_from(PaidUnder), amount=st.sampled_from(["400.00", "9000.00"]), voucher=some)
    def refund(self, number: int, under: PaidUnder, amount: str, voucher: int) -> None:
        body = Refund(
            under=under, amount=yuan(amount), received_on=self.today, voucher=f"示例退款{voucher}", reason="示例。"
        )
        self.do("refund", CommandContext(TREASURY), body.on(self.pick(number)))

    @invariant()
    def there_are_no_more_selected_than_places(self) -> None:
        held = self.quota("purchase").holders
        assert len(held) <= PURCHASED
        assert all(self.project(stream).purchased for stream in held)
        self.check_movements(self.streams.get(quota_stream(self.code, "purchase"), []), PURCHASED)

    @invariant()
    def no_contract_pays_more_than_it_says_and_no_voucher_twice(self) -> None:
        """A correction may leave what the rules would have refused."""
        for stream in self.projects:
            if any(isinstance(found.fact, Voided | Restated) for found in self.streams[stream]):
                continue
            project = self.project(stream)
            bought = project.purchase_contract
            for under, most in ((PaidUnder.SUPPORT, self.most_agreed(stream)), (PaidUnder.PURCHASE, PRICE.amount)):
                assert 0 <= returned(project, under) <= paid(project, under) <= most
            assert bought or not paid(project, PaidUnder.PURCHASE)
            vouchers = [found.fact.voucher for found in project.disbursed]
            vouchers += [found.fact.voucher for found in project.refunded]
            assert len(set(vouchers)) == len(vouchers)

    def most_agreed(self, stream: UUID) -> Decimal:
        """The largest amount that a contract of support or an amendment of it gave."""
        contracts = [found.fact for found in self.streams[stream]]
        amounts = [fact.amount for fact in contracts if isinstance(fact, ContractSigned | ContractAmended)]
        return max((amount.amount for amount in amounts if amount), default=Decimal(0))


def buy(year: BoughtYear) -> None:
    """Of three published projects two are selected; one gives its place up, to the third."""
    for number in range(3):
        year.enter(number)
        for juror in JURORS:
            year.score(number, juror, 80 + number)
    year.select([0, 1])
    year.forfeit(1)
    year.select([2], replaces=1)
    year.sign_purchase(0, ContractRelation.SUPPLEMENTS)
    year.disburse(0, PaidUnder.PURCHASE, "30000.00", 0)
    year.refund(0, PaidUnder.PURCHASE, "400.00", 0)
