"""`/components`: every component of the pages, each as it looks with invented values."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response

from api.pages.deliveries import MilestoneView
from api.pages.facets_view import FacetChoice, FacetView
from api.pages.frame import Link, frame, render
from api.pages.history_folds import Choice
from api.pages.home import EventRow
from api.pages.listing_view import Choice as Option
from api.pages.listing_view import Select
from api.pages.phases import Month, PhaseBar, PhaseLine, Standing
from api.pages.project_summary import MoneyRow
from api.pages.public_texts import PUBLIC
from api.pages.reader import CARRIED, CLOCKS, Day, Reader, reader_for
from api.protocol.query import takes
from api.sign_in.visits import SEEN
from api.work.views import StepLink
from ledger.core.words import Words
from ledger.project.timeliness import Timeliness

router = APIRouter(include_in_schema=False, dependencies=SEEN)
DAY = date(2010, 7, 20)
SAMPLE = Words("示例", "Example")


@dataclass(frozen=True, slots=True)
class ComponentsView:
    day: Day
    tones: tuple[str, ...]
    facet: FacetView
    chips: tuple[Link, ...]
    money: tuple[MoneyRow, ...]
    milestones: tuple[MilestoneView, ...]
    event: EventRow
    choices: tuple[Choice, ...]
    select: Select
    phases: PhaseLine
    steps: tuple[StepLink, ...]
    sample: str
    here: str
    hidden: tuple[tuple[str, str], ...]


@router.get("/components", openapi_extra=takes(*CARRIED))
async def show_components(request: Request) -> Response:
    reader = reader_for(request)
    title = reader.say(PUBLIC["components"])
    around = frame(reader, "/components", {}, title=title, clocks=CLOCKS)
    return render("components.html", reader, around, components_view(reader))


def components_view(reader: Reader) -> ComponentsView:
    sample, here, day = reader.say(SAMPLE), reader.link("/components"), reader.day(DAY)
    choices = tuple(FacetChoice(f"{sample} {number}", str(number), here, number == 1) for number in (1, 2, 3))
    return ComponentsView(
        day=day,
        tones=("plain", "run", "good", "late"),
        facet=FacetView(sample, choices[:2], choices[2:], reader.say(PUBLIC["facet_more"], count=1)),
        chips=(Link(sample, here),),
        money=tuple(
            MoneyRow(sample, f"¥{share}.00", here, str(share), tone)
            for share, tone in ((100, ""), (60, "soft"), (5, "bad"))
        ),
        milestones=tuple(_milestone(sample, state, day) for state in Timeliness),
        event=EventRow(day, Link(sample, here), sample, Link("1", here)),
        choices=(Choice(sample, here, True), Choice(sample, here, False)),
        select=Select("sample", sample, (Option("", sample, True), Option("1", sample, False))),
        phases=PhaseLine(
            tuple(
                PhaseBar(sample, sample, standing, 330 * number, 330, day.text)
                for number, standing in enumerate(Standing)
            ),
            tuple(Month(83 * number, reader.month(DAY.replace(day=1, month=number + 1))) for number in range(12)),
            550,
            day.text,
        ),
        steps=(StepLink(sample, here), StepLink(sample, here, sample)),
        sample=sample,
        here=here,
        hidden=tuple(reader.carried.items()),
    )


def _milestone(sample: str, state: Timeliness, day: Day) -> MilestoneView:
    return MilestoneView(sample, None, state, state.value, day, day, None, None, None, None, ())
