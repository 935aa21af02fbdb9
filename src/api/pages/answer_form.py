"""The questionnaire of a beneficiary, one question a page: what was filled in so far travels in the form itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from api.pages.answer_texts import ANSWER, CHARGED, HELPED, RELATION, SATISFACTION, WHY
from api.pages.reader import Reader
from ledger.commands.invitations import Filled, Helper
from ledger.commands.open_answers import Person
from ledger.core.words import Words
from ledger.identity_codes import Telephone

FIELDS = (
    "who",
    "name",
    "relation",
    "why",
    "satisfaction",
    "helped",
    "charged",
    "comment",
    "own_name",
    "identity",
    "telephone",
    "proof",
)
ANOTHER = "another"
K = TypeVar("K", bound=str)


class Step(StrEnum):
    """In their order."""

    WHO = "who"
    SATISFACTION = "satisfaction"
    HELPED = "helped"
    CHARGED = "charged"
    IDENTITY = "identity"
    CHECK = "check"
    SEND = "send"


BY_NAME = tuple(Step)
# A code says whose answer it is.
BY_CODE = tuple(step for step in Step if step is not Step.IDENTITY)
_TITLES = {
    Step.WHO: "answer_title",
    Step.SATISFACTION: "answer_satisfaction",
    Step.HELPED: "answer_helped",
    Step.CHARGED: "answer_charged",
    Step.IDENTITY: "answer_identity",
    Step.CHECK: "answer_check",
}
_OWN = {
    Step.WHO: ("who", "name", "relation", "why"),
    Step.CHARGED: ("charged", "comment"),
    Step.IDENTITY: ("own_name", "identity", "telephone"),
}
_WRONG = {Step.WHO: "answer_say_who", Step.IDENTITY: "answer_say_identity"}
_TELEPHONE: TypeAdapter[str] = TypeAdapter(Telephone)
_HINTS = {Step.HELPED: "answer_helped_hint", Step.CHARGED: "answer_charged_hint"}
QUESTIONS = (Step.SATISFACTION, Step.HELPED, Step.CHARGED)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    text: str
    hint: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """`step`: where it is changed."""

    question: str
    answer: str
    step: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """`kept`: what other steps filled in. `back`: the step before, none at the first."""

    action: str
    step: str
    to: str
    back: str
    number: int
    of: str
    title: str
    hint: str
    error: str | None
    notice: str | None
    project: str
    organisation: str
    kept: tuple[tuple[str, str], ...]
    choices: tuple[Choice, ...]
    why: tuple[Choice, ...]
    relations: tuple[Choice, ...]
    name: str
    comment: str
    own_name: str
    identity: str
    telephone: str
    by_name: bool
    verified_as: str
    provider: str
    provider_action: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in so far, as it was sent; `steps`: what is asked."""

    given: Mapping[str, str]
    steps: tuple[Step, ...] = BY_CODE

    def get(self, name: str) -> str:
        return self.given.get(name, "").strip()

    @property
    def is_for_another(self) -> bool:
        return self.get("who") == ANOTHER

    def helper(self) -> Helper | None:
        """Raises ValidationError."""
        if not self.is_for_another:
            return None
        given = {"name": self.get("name"), "relation": self.get("relation"), "why": self.get("why")}
        return Helper.model_validate(given)

    def filled(self) -> Filled:
        """Raises ValidationError."""
        satisfaction = int(self.get("satisfaction")) if self.get("satisfaction") in ("1", "2", "3", "4", "5") else 0
        return Filled.model_validate(
            {
                "satisfaction": satisfaction,
                "helped": self.get("helped") or None,
                "charged": self.get("charged") or None,
                "comment": self.get("comment") or None,
            }
        )

    def person(self) -> Person:
        """Who answers by real name. Raises ValidationError."""
        guardian = self.get("name") if self.is_for_another else None
        return Person(name=self.get("own_name"), identity=self.get("identity"), guardian=guardian)

    def telephone(self) -> str:
        """Raises ValidationError."""
        return _TELEPHONE.validate_python(self.get("telephone"))

    def wrong(self, step: Step) -> Words | None:
        """What is missing or wrong at a step."""
        try:
            match step:
                case Step.WHO:
                    if self.get("who") not in ("", "self", ANOTHER):
                        return ANSWER["answer_choose"]
                    self.helper()
                case Step.SATISFACTION:
                    return None if self.get("satisfaction") in map(str, SATISFACTION) else ANSWER["answer_choose"]
                case Step.HELPED:
                    return None if self.get("helped") in HELPED else ANSWER["answer_choose"]
                case Step.CHARGED:
                    if self.get("charged") not in CHARGED:
                        return ANSWER["answer_choose"]
                    self.filled()
                case Step.IDENTITY:
                    self.person()
                    self.telephone()
                case Step.CHECK | Step.SEND:
                    pass
        except ValidationError:
            return ANSWER[_WRONG.get(step, "answer_too_long")]
        return None

    def reached(self, wanted: Step) -> tuple[Step, Words | None]:
        """The step to show: the one asked for, or the first before it at which something is missing, with what."""
        for step in self.steps[: self.steps.index(wanted)]:
            if (wrong := self.wrong(step)) is not None:
                return step, wrong
        return wanted, None

    def step_of(self, text: str) -> Step:
        return Step(text) if text in self.steps else Step.WHO


def answer_view(
    reader: Reader,
    draft: Draft,
    step: Step,
    wrong: str | None,
    *,
    action: str,
    project: str,
    organisation: str,
    notice: Words | None = None,
    verified_as: str = "",
    provider: str = "",
    provider_action: str = "",
) -> AnswerView:
    say, at = reader.say, draft.steps.index(step)
    own = _OWN.get(step, (step.value,))
    number = QUESTIONS.index(step) + 1 if step in QUESTIONS else 0
    return AnswerView(
        action=action,
        step=step.value,
        to=draft.steps[at + 1].value,
        back=draft.steps[at - 1].value if at else "",
        number=number,
        of=say(ANSWER["answer_of"], number=number) if number else "",
        title=say(ANSWER[_TITLES[step]]),
        hint=say(ANSWER[_HINTS[step]]) if step in _HINTS else "",
        error=wrong,
        notice=say(notice) if notice else None,
        project=project,
        organisation=organisation,
        kept=tuple((name, draft.get(name)) for name in FIELDS if name not in own and draft.get(name)),
        choices=_choices(reader, draft, step),
        why=_listed(reader, WHY, draft.get("why")),
        relations=_listed(reader, RELATION, draft.get("relation")),
        name=draft.get("name"),
        comment=draft.get("comment"),
        own_name=draft.get("own_name"),
        identity=draft.get("identity"),
        telephone=draft.get("telephone"),
        by_name=Step.IDENTITY in draft.steps or bool(verified_as),
        verified_as=verified_as,
        provider=provider,
        provider_action=provider_action,
        lines=_lines(reader, draft) if step is Step.CHECK else (),
    )


def _choices(reader: Reader, draft: Draft, step: Step) -> tuple[Choice, ...]:
    say = reader.say
    match step:
        case Step.WHO:
            another = draft.is_for_another
            return (
                Choice("self", say(ANSWER["answer_myself"]), "", not another),
                Choice(ANOTHER, say(ANSWER["answer_for_another"]), say(ANSWER["answer_for_another_hint"]), another),
            )
        case Step.SATISFACTION:
            levels = {str(level): words for level, words in SATISFACTION.items()}
            return _listed(reader, levels, draft.get("satisfaction"))
        case Step.HELPED:
            return _listed(reader, HELPED, draft.get("helped"))
        case Step.CHARGED:
            return _listed(reader, CHARGED, draft.get("charged"))
        case Step.IDENTITY | Step.CHECK | Step.SEND:
            return ()


def _listed(reader: Reader, words: Mapping[K, Words], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(str(value), reader.say(text), "", value == chosen) for value, text in words.items())


def _lines(reader: Reader, draft: Draft) -> tuple[AnswerLine, ...]:
    say, helper, filled = reader.say, draft.helper(), draft.filled()
    who = say(ANSWER["answer_myself"])
    if helper:
        relation, why = say(RELATION[helper.relation]), say(WHY[helper.why])
        who = say(ANSWER["answer_by"], name=helper.name, relation=relation, why=why)
    assert filled.helped and filled.charged
    named = []
    if Step.IDENTITY in draft.steps:
        named = [AnswerLine(say(ANSWER["answer_own_name"]), draft.person().name, Step.IDENTITY.value)]
    return (
        *named,
        AnswerLine(say(ANSWER["answer_who"]), who, Step.WHO.value),
        AnswerLine(say(ANSWER["answer_satisfaction"]), say(SATISFACTION[filled.satisfaction]), Step.SATISFACTION.value),
        AnswerLine(say(ANSWER["answer_helped"]), say(HELPED[filled.helped]), Step.HELPED.value),
        AnswerLine(say(ANSWER["answer_charged"]), say(CHARGED[filled.charged]), Step.CHARGED.value),
        AnswerLine(say(ANSWER["answer_comment"]), filled.comment or say(ANSWER["answer_nothing"]), Step.CHARGED.value),
    )
