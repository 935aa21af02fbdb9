"""The first page after signing in: what waits, as the work list answers it, and which forms are open."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from api.admin.places import link_to
from api.pages.form_texts import FORMS
from api.pages.reader import Reader
from api.pages.work_texts import WORK
from api.routes.worklist import OpenStep, WaitingItem, Worklist
from api.work.batches import batches_of
from api.work.offers import OFFERS, Target, offers_for, offers_of
from api.work.tables import tables_of
from api.work.titles import form_link, title_of
from api.work.views import StepGroup, StepLink, Task, TaskList, WorkView
from ledger.access import SEES_CONFIDENTIAL
from ledger.accounts import Account
from ledger.authors import ROLE
from ledger.core.action import ACTIONS
from ledger.project.application import APPLY
from ledger.project.supervision import INSPECT

SOON = 7


def item_link(reader: Reader, item: WaitingItem, who: Account, programme: str | None = None) -> str:
    """The form by which it is done; of a command across projects, by way of the project's page, which knows its
    programme."""
    for offer in offers_for(item.command):
        if offer.target is Target.PROJECT and offer.ways_of(who):
            ways = [way for way in offer.ways_of(who) if way.action == item.command]
            # What was put right is checked; the last of the ways that a form about an order has.
            if item.command == INSPECT and len(ways) == 1:
                continue
            given = {"way": ways[-1].code} if len(offer.ways_of(who)) > 1 else {}
            return form_link(reader, offer, item.project, **given)
        if offer.target is Target.PROGRAMME and programme and offer.ways_of(who):
            return form_link(reader, offer, programme)
    return reader.link(f"/projects/{item.project}/decide")


def work_view(
    reader: Reader,
    who: Account,
    label: str,
    found: Worklist,
    today: date,
    names: Mapping[str, str],
    drafts: Sequence[tuple[str, datetime]],
) -> WorkView:
    """`names`: of programmes, by their codes."""
    late = [one for one in found.items if one.overdue]
    soon = [one for one in found.items if not one.overdue and one.until and (one.until - today).days <= SOON]
    later = [one for one in found.items if not one.overdue and one.until and (one.until - today).days > SOON]
    open_ended = [one for one in found.items if one.until is None]
    lists = (("overdue", late), ("due_soon", soon), ("due_later", later), ("no_term", open_ended))
    count = len(found.items)
    lead = "work_lead_page" if found.next_cursor else "work_lead"
    heading = "overdue_first" if late else "waits" if count else "nothing_waits"
    return WorkView(
        heading=reader.say(WORK[heading], count=len(late) if late else count),
        lead=reader.say(WORK[lead], count=count, overdue=len(late), soon=len(soon)) if count else "",
        acting=f"{reader.say(ROLE[who.role])} {label}".strip(),
        account=reader.link("/account"),
        lists=[
            TaskList(reader.say(WORK[key]), [_task(reader, who, one, today) for one in items])
            for key, items in lists
            if items
        ],
        more=reader.link("/work", cursor=found.next_cursor) if found.next_cursor else "",
        drafts=list(_drafts(reader, who, drafts)),
        open=list(_open(reader, who, found.open, names)),
        others=list(_others(reader, who, names)),
        tables=reader.link("/tables") if tables_of(who) else "",
        audit=reader.link("/audit") if who.role in SEES_CONFIDENTIAL else "",
        find_project=reader.at("/work/projects"),
        administration=link_to(reader, who),
        find_organisation=reader.at("/work/organisations") if offers_of(Target.ORGANISATION, who) else "",
        carried=list(reader.carried.items()),
    )


def _drafts(reader: Reader, who: Account, drafts: Sequence[tuple[str, datetime]]) -> Iterable[StepLink]:
    for form, changed_at in drafts:
        target, _, name = form.lstrip("/").partition("/do/") if "/do/" in form[1:] else ("", "", form[len("/do/") :])
        offer = OFFERS.get((Target(target.partition("/")[0]), name))
        if offer and offer.ways_of(who):
            saved = reader.say(WORK["draft_saved"], at=reader.instant(changed_at).text)
            yield StepLink(title_of(reader, offer, who), reader.link(form), saved)


def _task(reader: Reader, who: Account, item: WaitingItem, today: date) -> Task:
    when, tone = "", ""
    if item.until:
        days = (item.until - today).days
        key = "days_over" if days < 0 else "days_left" if days else "due_today"
        when, tone = reader.say(WORK[key], days=abs(days)), "late" if days < 0 else "soon" if days <= SOON else ""
    else:
        when = reader.say(WORK["since"], day=reader.day(item.since).text)
    return Task(
        title=reader.say(ACTIONS[item.command].named).capitalize(),
        about=item.title,
        by=item.organisation_name,
        until=reader.day(item.until) if item.until else None,
        when=when,
        tone=tone,
        href=item_link(reader, item, who),
    )


def _open(reader: Reader, who: Account, steps: Sequence[OpenStep], names: Mapping[str, str]) -> Iterable[StepGroup]:
    """By programme; what is done project by project waits above."""
    for code in dict.fromkeys(one.programme for one in steps):
        links = []
        if any(step.command == APPLY for step in steps if step.programme == code):
            at = reader.link(f"/programmes/{code}/plan")
            links.append(StepLink(reader.say(FORMS["plan_title"]), at))
        for step in (one for one in steps if one.programme == code):
            for offer in offers_for(step.command):
                if offer.target is Target.PROJECT or not offer.ways_of(who):
                    continue
                about = reader.say(
                    WORK["open_until"], phase=reader.say(step.phase_name), day=reader.day(step.until).text
                )
                given = {"programme": code} if offer.target is Target.NOTHING else {}
                links.append(StepLink(title_of(reader, offer, who), form_link(reader, offer, code, **given), about))
        if links:
            yield StepGroup(names.get(code, code), links)


def _others(reader: Reader, who: Account, names: Mapping[str, str]) -> Iterable[StepGroup]:
    """What is founded, and the page of each programme with what is done across its projects."""
    founding = [
        StepLink(title_of(reader, one, who), form_link(reader, one))
        for one in offers_of(Target.NOTHING, who)
        if not any(way.step for way in one.ways)
    ]
    programmes = [StepLink(name, reader.link(f"/programmes/{code}/decide")) for code, name in names.items()]
    if any(batches_of(who)):
        title = reader.say(FORMS["batches_title"])
        programmes += [
            StepLink(title, reader.link(f"/programmes/{code}/batches"), name) for code, name in names.items()
        ]
    if links := founding + (programmes if offers_of(Target.PROGRAMME, who) else []):
        yield StepGroup("", links)
