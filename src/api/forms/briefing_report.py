"""The briefing 简报 on paper (N24)."""

from api.forms.typeset import Report
from api.pages.briefing_texts import BRIEFING
from api.pages.briefing_view import briefing_view
from api.pages.reader import Reader
from api.routes.briefing import Briefing


def briefing_report(reader: Reader, shown: Briefing, link: str) -> Report:
    """`link`: the address of the same briefing as a page."""
    view = briefing_view(reader, shown)
    return Report(
        language=reader.language,
        title=view.title,
        programme=view.programme,
        facts=view.facts,
        tables=view.tables,
        empty=view.empty,
        note=view.note,
        code=f"{shown.programme} · {view.facts[-1][1]}",
        link=link,
        synthetic=reader.say(BRIEFING["synthetic"]) if shown.synthetic else None,
    )
