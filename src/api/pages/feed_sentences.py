"""One sentence for each fact of the feed: those of projects as on their pages, the others here."""

from typing import Any

from api.pages.feed_texts import CREDIT_LIST, FEED_SENTENCES
from api.pages.sentence_texts import SENTENCES
from api.pages.sentences import Naming, sentence
from ledger.core.envelope import Restated
from ledger.identifiers import Identifier
from ledger.organisation.ending import Deregistered, Merged
from ledger.organisation.particulars import Relocated, Renamed, SupervisorNamed
from ledger.organisation.registration import IdentifierAdded, IdentifierClaimed, OrganisationRegistered
from ledger.organisation.standing import Delisted, Graded, Listed
from ledger.programme import DistrictsReorganised, FundingRegisterOpened, PhaseExtended, ProgrammeAnnounced
from ledger.project.public_reports import PublicReportAnswered
from ledger.project.sampling import FrameRegistered, SampleDrawn
from ledger.quota import PlaceReleased, PlaceTaken
from ledger.restart_note import LogRestarted
from ledger.values import Period


def feed_sentence(fact: Any, naming: Naming) -> str:
    reader = naming.reader

    def say(**values: Any) -> str:
        return reader.say(FEED_SENTENCES[fact.type], **values)

    match fact:
        case ProgrammeAnnounced():
            return say(code=fact.code)
        case FundingRegisterOpened():
            return say(name=fact.funder_name)
        case PhaseExtended():
            return say(phase=fact.phase, day=reader.day(fact.last_day).text, reason=fact.reason)
        case DistrictsReorganised():
            return say(decree=fact.decree)
        case PlaceTaken():
            return say(quota=naming.honour(fact.quota), places=fact.places)
        case PlaceReleased() | Relocated():
            return say(reason=fact.reason)
        case LogRestarted():
            return say(
                origin=fact.origin,
                fork=reader.number(fact.fork),
                size=reader.number(fact.previous_size),
                reason=fact.reason,
            )
        case OrganisationRegistered():
            return say(name=fact.name)
        case Renamed():
            return say(name=fact.name, document=fact.document_number)
        case IdentifierAdded() | IdentifierClaimed():
            return say(identifier=_identifier(fact.identifier))
        case SupervisorNamed():
            return say(authority=fact.authority)
        case Merged():
            return say(name=fact.into_name, document=fact.document_number)
        case Deregistered():
            return say(document=fact.document_number, reason=fact.reason)
        case Graded():
            period = Period.model_construct(start=fact.valid_from, end=fact.valid_until)
            return say(grade=fact.grade, period=reader.period(period))
        case Listed() | Delisted():
            name = reader.say(CREDIT_LIST[fact.list])
            return say(list=name, document=fact.document_number, reason=fact.reason)
        case FrameRegistered():
            return say(count=reader.number(len(fact.entries)), source=fact.source)
        case SampleDrawn():
            return say(count=reader.number(len(fact.drawn)), value=fact.value)
        case PublicReportAnswered():
            return say(subject=fact.subject, answer=fact.answer)
        case Restated():
            told, day = feed_sentence(fact.fact, naming), reader.day(fact.restated_on).text
            restated = SENTENCES[fact.type]
            return reader.say(restated, version=fact.target, reason=fact.reason, sentence=told, day=day)
        case _:
            return sentence(fact, naming)


def _identifier(identifier: Identifier) -> str:
    return f"{identifier.scheme} {identifier.id}"
