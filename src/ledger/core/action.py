"""What somebody may do, and who has the right to it (domain.md, notice §3 and §5).

Each phase states the actions of its commands. Officials read all of them in docs/access.md.
"""

from collections.abc import Mapping
from enum import Enum

from ledger.core.fact import Role
from ledger.core.words import Words


class Scope(Enum):
    ALL = "all"
    OWN = "own organisation"
    DISTRICT = "own district's organisations"
    CITY = "organisations of the city, which belong to no district"


Rights = Mapping[Role, Scope]

# Officials may also enter what an organisation brings on paper.
PARTY: Rights = {Role.ORGANISATION: Scope.OWN, Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.ALL}
# Who supervises: the office everywhere, a district its own. Who contracts: each for those that are its own.
AUTHORITY: Rights = {Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.ALL}
CONTRACTOR: Rights = {Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.CITY}
OFFICE: Rights = {Role.OFFICE: Scope.ALL}
LEADING_GROUP: Rights = {Role.LEADING_GROUP: Scope.ALL}
TREASURY: Rights = {Role.TREASURY: Scope.ALL}
# Who decides on honours, each on those that the programme gives it.
GRANTING: Rights = {Role.LEADING_GROUP: Scope.ALL, Role.PROMOTION_ASSOCIATION: Scope.ALL}
# Every action by its code.
ACTIONS: "dict[str, Action]" = {}


class Action(str):
    """The code of an action, which refusals and work lists name. `named`: a verb in both languages.

    - `judging`: refused to somebody who declared an interest in the project (N8);
    - `citing`: its facts may cite files, of themselves or as a scan of the paper that they came on;
    - `unasked`: no project waits for it, so no work list names it."""

    may: Rights
    named: Words
    judging: bool
    citing: bool
    unasked: bool

    def __new__(
        cls,
        code: str,
        may: Rights,
        named: Words,
        *,
        judging: bool = False,
        citing: bool = False,
        unasked: bool = False,
    ) -> "Action":
        action = super().__new__(cls, code)
        action.may, action.named, action.judging, action.citing, action.unasked = may, named, judging, citing, unasked
        if ACTIONS.setdefault(code, action) is not action:
            raise TypeError(f"{code} is an action already")
        return action

    @property
    def is_of_the_party(self) -> bool:
        """Whether it is the organisation's to do, no matter which account enters it."""
        return self.may.items() >= PARTY.items()


# Who enters facts that can be corrected.
AUTHORS: Rights = dict.fromkeys(
    (
        Role.ORGANISATION,
        Role.DISTRICT,
        Role.OFFICE,
        Role.COMMITTEE,
        Role.JUROR,
        Role.LEADING_GROUP,
        Role.PROMOTION_ASSOCIATION,
        Role.TREASURY,
    ),
    Scope.ALL,
)
# Of all streams. Each corrects what it said itself (ledger/authors.py), and cites what the corrected fact may.
CORRECT = Action("correct", AUTHORS, Words("更正", "correct an event"))
REDACT = Action("redact", OFFICE, Words("删除文字", "redact a text"))
