"""The form by which an organisation files all projects of its plan for the year, all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from api.door import ReceiptBody
from api.pages.form_texts import FORMS
from api.problem_texts import sentence
from api.problems import names_for
from api.reading.listing import ListingQuery, list_page
from api.work.form import ErrorLine, Form
from api.work.offers import Offer, Target, Way
from api.work.values import typed_of
from ledger.commands.application import AnnualPlan, file_plan, plan_decision
from ledger.core.refusal import Refusal
from ledger.project.application import APPLY
from ledger.refusals.general import BatchRefused

MOST = 50
WAY = Way("plan", AnnualPlan, APPLY, AnnualPlan)
OFFER = Offer("plan", Target.PROGRAMME, "file_annual_plan", "File a year's plan", (WAY,), "", plan_decision)


@dataclass
class PlanForm(Form):
    """`receipts`: those of its projects, once it is filed."""

    receipts: Sequence[ReceiptBody] = field(default=(), kw_only=True)
    shows_paper: ClassVar[bool] = False

    @property
    def address(self) -> str:
        return f"{self.place.address}/plan"

    @property
    def title(self) -> str:
        return self.place.reader.say(FORMS["plan_title"])

    async def copy_of(self, programme: str) -> None:
        """Begins with the organisation's projects of another programme, without their days."""
        assert self.place.programme is not None
        categories = {one.code for one in self.place.programme.rules.categories}
        said = []
        for project_id in (await self.earlier()).get(programme, ()):
            project = (await self.place.of_project(project_id)).project
            if project is None or project.form is None:
                continue
            form = project.form.model_dump(mode="json", exclude={"schedule"})
            if form["category"] not in categories:
                del form["category"]
            said.append({"form": form})
        if said:
            self.typed |= dict(typed_of(self.node, {"applications": said}))
            await self.choose()

    async def earlier(self) -> Mapping[str, Sequence[UUID]]:
        """The organisation's projects by programme, but for those of this one."""
        organisation = self.typed.get("organisation")
        if not organisation:
            return {}
        wanted = ListingQuery(organisation=UUID(organisation), limit=MOST)
        found: dict[str, list[UUID]] = {}
        for row in (await list_page(self.place.service, self.place.who, wanted)).rows:
            if row.programme != self.place.target_id:
                found.setdefault(row.programme, []).append(row.project)
        return found

    async def refuse(self, refusal: Refusal) -> None:
        """Of several projects, at the title of each."""
        if not isinstance(refusal, BatchRefused):
            await Form.refuse(self, refusal)
            return
        names = await names_for(self.place.request, refusal)
        for place, one in refusal.reasons.items():
            path = f"{place}.form.title"
            said = sentence(one, self.place.reader.language, names)
            self.errors.setdefault(path, said)
            self.lines.append(ErrorLine(path, self.typed.get(path, ""), said))

    async def submit(self, body: Any, key: str) -> ReceiptBody:
        context = body.context(self._door(body, key).context)
        receipts = await file_plan(self.place.service.ledger, context, str(self.place.target_id), body)
        self.receipts = [ReceiptBody.of(one) for one in receipts]
        return self.receipts[0]
