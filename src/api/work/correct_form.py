"""The form that corrects one event: what it says, filled in, so that its author changes what was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import ValidationError

from api.pages.form_texts import FORMS
from api.pages.history_view import FieldChange
from api.pages.texts import PAGE
from api.problem_texts import field_error
from api.work.answers import Answers
from api.work.correcting import REASON, VOID, form_of, restatable
from api.work.describe import Either, Group, Rows
from api.work.form import Form
from api.work.offers import Way
from api.work.values import Read, typed_of
from api.work.widgets import first_rows
from ledger.commands.corrections import RestateBody, VoidBody
from ledger.core.action import CORRECT
from ledger.core.envelope import Recorded
from ledger.facts import FACT
from ledger.project.correction_requests import REQUEST_CORRECTION
from ledger.unit_of_work import STATES_ANOTHER_DAY

# By the author, or asked of the author, by the offer that takes each.
WAYS: dict[str, tuple[str, Way]] = {
    "restate": ("corrections", Way("restate", RestateBody, CORRECT, RestateBody)),
    "void": ("corrections", Way("void", VoidBody, CORRECT, VoidBody)),
    "ask_restate": ("correction-requests", Way("ask_restate", RestateBody, REQUEST_CORRECTION, RestateBody)),
    "ask_void": ("correction-requests", Way("ask_void", VoidBody, REQUEST_CORRECTION, VoidBody)),
}


@dataclass
class CorrectionForm(Form):
    """`present`: the event, as it reads today; `told`: the same in words."""

    present: Recorded = field(kw_only=True)
    told: str = field(kw_only=True)
    shows_paper: ClassVar[bool] = False
    keeps_drafts: ClassVar[bool] = False

    @property
    def node(self) -> Group:
        if self.way.model is VoidBody:
            return VOID
        return form_of(type(self.present.fact), states_day=self.place.who.role in STATES_ANOTHER_DAY)

    @property
    def address(self) -> str:
        return f"{self.place.address}/correct/{self.present.version}"

    @property
    def title(self) -> str:
        return self.place.reader.say(FORMS[self.way.code])

    @property
    def about(self) -> str:
        return self.told

    @property
    def shown_to_check(self) -> Group:
        return Group("", "RestateBody", True, (REASON,))

    @property
    def _if_match(self) -> tuple[int, ...] | None:
        """What was read is what is corrected."""
        return (int(self.basis),) if self.basis.isascii() and self.basis.isdigit() else None

    @property
    def _stood(self) -> dict[str, str]:
        day = self.present.event.effective_on.isoformat()
        said = {"changes": self.present.fact.model_dump(mode="json"), "effective_on": day}
        return dict(typed_of(self.node, said))

    async def open(self, given: Mapping[str, str]) -> None:
        self.typed = self._stood | dict(given)
        first_rows(self.node, self.typed)
        await self.choose()

    def said(self, read: Read) -> dict[str, Any] | None:
        typed = read.body(self.node)
        found = {"kind": self.way.code.removeprefix("ask_"), "target": self.present.version}
        if "reason" in typed:
            found["reason"] = typed["reason"]
        if self.way.model is VoidBody:
            return found
        changes = self._changed(read, typed.get("changes", {}))
        if changes is None:
            return None
        day = typed.get("effective_on")
        if day and day != self.present.event.effective_on.isoformat():
            found["effective_on"] = day
        elif not changes:
            self._wrong("", self.place.reader.say(FORMS["nothing_changed"]))
            return None
        return found | {"changes": changes}

    def _changed(self, read: Read, typed: dict[str, Any]) -> dict[str, Any] | None:
        """The fields that read otherwise; None where one cannot be taken, which is then said next to it."""
        nodes = restatable(type(self.present.fact))
        stood = self.present.fact.model_dump(mode="json")
        kept = {name: value for name, value in stood.items() if name not in {one.name for one in nodes}}
        emptied: dict[str, Any] = {
            one.name: [] if isinstance(one, Rows) else None
            for one in nodes
            if isinstance(one, Rows | Group | Either) and not one.required
        }
        try:
            said = FACT.validate_python(kept | emptied | typed).model_dump(mode="json")
        except ValidationError as error:
            for found in error.errors(include_url=False, include_input=False):
                # The first part names the kind of fact.
                path = read.place_of(self.node, ("changes", *found["loc"][1:]))
                text = field_error(found, self.place.reader.language)
                self._wrong(path, text.rpartition("：")[2] if self.place.reader.language == "zh" else text)
            return None
        return {one.name: said[one.name] for one in nodes if said[one.name] != stood[one.name]}

    def changes(self) -> list[FieldChange]:
        if self.way.model is VoidBody:
            return []
        before, after = self._answers(self._stood), self._answers(self.typed)
        nothing = self.place.reader.say(PAGE["nothing"])
        found = []
        for path, (label, _) in (before | after).items():
            old, new = (there.get(path, ("", nothing))[1] for there in (before, after))
            if old != new:
                found.append(FieldChange(label, old, new))
        return found

    def _answers(self, typed: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        """Each value that is shown with the names around it, by its path."""
        said = Group("", "RestateBody", True, tuple(one for one in self.node.fields if one is not REASON))
        parts: dict[str, str] = {}
        found = {}
        for one in Answers(self.place.reader, typed, self.choices, self.place.currency).of(said):
            around = [label for path, label in parts.items() if one.path.startswith(f"{path}.")]
            if one.is_heading:
                if one.path != "changes":
                    parts[one.path] = one.label
            else:
                found[one.path] = (" · ".join((*around, one.label)), one.value)
        return found
