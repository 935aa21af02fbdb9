"""The form that takes words out of one event, of whatever stream: its texts, and what of each has to go."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from api.pages.field_view import field_name
from api.pages.form_texts import FORMS
from api.work.describe import Group, Kind, Leaf, Rows
from api.work.form import Form
from api.work.known import Included
from api.work.offers import Offer, Target, Way
from api.work.values import Choice, Read
from ledger.commands.redactions import PositionRedaction, redact_position
from ledger.core.action import REDACT
from ledger.core.envelope import Recorded
from ledger.redaction import texts_of
from ledger.transaction import Decide

OWNER = "PositionRedaction"
_PASSAGES = Leaf("passages", OWNER, Kind.TEXT, False, longest=10_000)
_TEXTS = Rows(
    "texts",
    OWNER,
    True,
    Group("", OWNER, True, (_PASSAGES,)),
    Leaf("path", OWNER, Kind.KNOWN, True),
    Included.TICKED,
)
_NODE = Group(
    "",
    OWNER,
    True,
    (
        _TEXTS,
        Leaf("reason", OWNER, Kind.TEXT, True, longest=10_000),
        Leaf("authority", OWNER, Kind.LINE, True),
    ),
)
WAY = Way("redact", PositionRedaction, REDACT, PositionRedaction)


def _bound(_: object, body: PositionRedaction) -> Decide:
    return redact_position(body)


OFFER = Offer("redact", Target.NOTHING, "redact", "Take words out of a record", (WAY,), "/v1/redactions", _bound)


@dataclass
class RedactionForm(Form):
    event: Recorded = field(kw_only=True)
    shows_paper: ClassVar[bool] = False
    keeps_drafts: ClassVar[bool] = False

    @property
    def node(self) -> Group:
        return _NODE

    @property
    def late(self) -> Group | None:
        """It takes effect at once."""
        return None

    @property
    def address(self) -> str:
        return f"/events/{self.event.position}/redact"

    @property
    def title(self) -> str:
        return self.place.reader.say(FORMS["redact"])

    @property
    def about(self) -> str:
        reader = self.place.reader
        kind = reader.say(type(self.event.fact).named)
        return reader.say(FORMS["redact_about"], position=reader.number(self.event.position), kind=kind)

    async def choose(self) -> None:
        reader = self.place.reader

        def named(path: str) -> str:
            parts = (part if not part.isdigit() else str(int(part) + 1) for part in path.split("."))
            return " · ".join(part if part.isdigit() else field_name(reader, part) for part in parts)

        self.choices = {"texts": [Choice(path, named(path), text) for path, text in texts_of(self.event.event)]}

    def said(self, read: Read) -> dict[str, Any] | None:
        typed = read.body(self.node)
        texts = {one["path"]: _passages(one.get("passages", "")) for one in typed.get("texts", [])}
        found = {name: typed[name] for name in ("reason", "authority") if name in typed}
        return found | {"texts": texts, "position": self.event.position}


def _passages(said: str) -> list[str]:
    """Each on a line of its own; none, where the whole text goes."""
    return [line.strip() for line in said.splitlines() if line.strip()]
