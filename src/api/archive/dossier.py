"""The archive for reading, as PDF: the organisation, and its projects in volumes of a few, so that it never takes much
memory to set one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.archive.contents import Question
from api.archive.organisation_chapters import say
from api.forms.typeset import Chapter, Dossier, typeset
from api.pages.reader import Reader
from ledger.authors import ROLE

PROJECTS_A_VOLUME = 3


@dataclass(frozen=True, slots=True)
class Binding:
    """What all volumes have in common. `base`: the address that the code on them begins with."""

    reader: Reader
    asked: Question
    name: str
    recorded_at: datetime
    checkpoint: dict[str, Any]
    base: str
    volumes: int

    async def volume(self, number: int, chapters: Sequence[Chapter], synthetic: bool) -> tuple[str, bytes]:
        """Its name and the PDF, which is dated by the newest event that was known."""
        form = self._dossier(number, tuple(chapters), synthetic)
        # In a thread, since typesetting takes some tens of milliseconds and would block the event loop.
        return volume_path(number), await asyncio.to_thread(typeset, form, self.recorded_at)

    def _dossier(self, number: int, chapters: tuple[Chapter, ...], synthetic: bool) -> Dossier:
        reader, asked, signed = self.reader, self.asked, self.checkpoint
        title = say(reader, "volume", number=number, count=self.volumes) if self.volumes > 1 else say(reader, "title")
        instant = reader.instant(self.recorded_at).text
        facts = {
            "known": say(reader, "known_at", position=asked.known, instant=instant),
            "on": reader.day(asked.on).text,
            "made_for": reader.say(ROLE[asked.who.role]),
            "checkpoint": say(reader, "checkpoint_of", origin=signed["origin"], size=signed["size"]),
        }
        return Dossier(
            language=reader.language,
            title=title,
            name=self.name,
            facts=tuple((say(reader, key), value) for key, value in facts.items()),
            chapters=chapters,
            note=say(reader, "note"),
            code=say(reader, "code", id=asked.organisation, position=asked.known),
            link=f"{self.base}/?organisation={asked.organisation}",
            synthetic=say(reader, "synthetic") if synthetic else None,
        )


def volume_of(index: int) -> int:
    """Of the project at this place in the list, from 0; volumes count from 1."""
    return index // PROJECTS_A_VOLUME + 1


def volume_path(number: int) -> str:
    return "dossier.pdf" if number == 1 else f"dossier-{number}.pdf"
