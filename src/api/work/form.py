"""One form: what is asked for, what was typed, and what becomes of it."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, ClassVar, get_args
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError

from api.door import Door, ReceiptBody
from api.files.file_types import taken_type
from api.files.photographs.drawing import taken_picture
from api.pages.history_view import FieldChange
from api.problem_texts import field_error, sentence
from api.problems import names_for
from api.protocol.proxies import client_network
from api.routes.attachments import keep_file
from api.routes.photographs import keep_photograph
from api.work.batches import selection_of, ticked
from api.work.choices import choices_of, open_programme
from api.work.describe import Group, Kind, Leaf, described, is_by_project, leaves
from api.work.labels import label_of
from api.work.offers import Offer, Target, Way
from api.work.place import Place, with_programme, with_project
from api.work.prefill import prefilled
from api.work.sent import Sent, SentFile
from api.work.titles import title_of, way_words
from api.work.values import ALL, COUNT, FILE_NAME, TICKED, Choice, Read, joined, shown_leaves, typed_of
from api.work.widgets import Shown, Widget, blocked, first_rows
from ledger.attachments import find_files
from ledger.commands.command import Command
from ledger.core.refusal import Refusal
from ledger.refusals.general import BatchRefused, ProjectUnknown
from ledger.unit_of_work import STATES_ANOTHER_DAY, CommandContext

LATE = "late_entry"
# What a form carries besides its fields, none of which is named with a dot or like a field.
KEY, STEP, WAY, BASIS = "_key", "_step", "_way", "_basis"
# That the projects were chosen beforehand: the form shows those alone.
SELECTED = "_selected"
FILE = ".file"
_VERSION = re.compile(r"[0-9]{1,9}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """`path`: of the field it is about, or empty."""

    path: str
    label: str
    text: str


@dataclass(slots=True)
class Form:
    """`basis`: the version of the project that was shown when the form was opened; what is judged is judged as it was
    then, or looked at again. `selected`: its projects were chosen on the page before."""

    place: Place
    offer: Offer
    way: Way
    typed: dict[str, str] = field(default_factory=dict)
    basis: str = ""
    selected: bool = False
    choices: dict[str, list[Choice]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    lines: list[ErrorLine] = field(default_factory=list)

    # Whether the project that it is about stands next to it, and whether it can be saved and finished later.
    shows_paper: ClassVar[bool] = True
    keeps_drafts: ClassVar[bool] = True

    @property
    def node(self) -> Group:
        return described(self.way.model)

    @property
    def address(self) -> str:
        """Of its page; by it a draft is found again."""
        return f"{self.place.address}/do/{self.offer.name}"

    @property
    def title(self) -> str:
        reader, who = self.place.reader, self.place.who
        if len(self.offer.ways_of(who)) > 1:
            return reader.say(way_words(self.way.code, self.way.action.named)).capitalize()
        return title_of(reader, self.offer, who)

    @property
    def about(self) -> str:
        """Instead of what the page of its target says."""
        return ""

    @property
    def shown_to_check(self) -> Group:
        """What of it is read through before it is sent, next to what it changes."""
        return self.node

    def changes(self) -> list[FieldChange]:
        """What reads otherwise once it is sent, of a form that corrects something."""
        return []

    @property
    def late(self) -> Group | None:
        """For officials: since when it was so, with the scan of a paper form where it may be one."""
        annotation = self.way.command.model_fields[LATE].annotation
        if self.place.who.role not in STATES_ANOTHER_DAY:
            return None
        kinds = [one for one in get_args(annotation) if isinstance(one, type) and issubclass(one, BaseModel)]
        return described(kinds[0], LATE, required=False) if kinds else None

    async def open(self, given: Mapping[str, str]) -> None:
        """As it is first shown. `given`: what the link to it chose."""
        named = {name: value for name, value in given.items() if value}
        if self.place.programme is None and self.way.step and "programme" not in named:
            named["programme"] = await open_programme(self.place, self.way.step)
        await self._in_programme(named)
        self.typed = await prefilled(self.place, self.offer, self.node) | named
        first_rows(self.node, self.typed)
        await self.choose()
        for leaf in self.node.fields:
            there = self.choices.get(leaf.name, [])
            if isinstance(leaf, Leaf) and leaf.name == "evaluations":
                self.typed |= {joined(leaf.name, one.value): TICKED for one in there}

    async def _in_programme(self, typed: Mapping[str, str]) -> None:
        """A founding command is of the programme that is chosen in it."""
        if self.place.target is Target.NOTHING and (code := typed.get("programme")):
            self.place = await with_programme(self.place, code)

    async def choose(self) -> None:
        await self._in_programme(self.typed)
        self.choices = await choices_of(self.place, self.offer, self.node, self.typed)
        if self.selected and (path := selection_of(self.node)):
            chosen = ticked(path, self.typed)
            self.choices[path] = [one for one in self.choices[path] if one.value in chosen]
        for path, there in self.choices.items():
            if len(there) == 1 and path in self._required:
                self.typed.setdefault(path, there[0].value)

    @property
    def _required(self) -> set[str]:
        return {
            path
            for path, leaf in shown_leaves(self.node, "", self.typed, self.choices)
            if leaf.required and not leaf.many
        }

    @property
    def blocked(self) -> str | None:
        """Of what there is nothing to choose, so that this cannot be sent."""
        leaf = blocked(self.node, self.choices)
        return label_of(self.place.reader, leaf.owner, leaf.name) if leaf else None

    def widgets(self) -> list[Widget]:
        return Shown(self.place.reader, self.typed, self.choices, self.errors).widgets(self.node)

    def late_widgets(self) -> list[Widget]:
        late = self.late
        return Shown(self.place.reader, self.typed, self.choices, self.errors).widgets(late, LATE) if late else []

    def share(self) -> None:
        """What is the same for all projects goes to those that are chosen and say nothing of their own."""
        for node in self.node.fields:
            if not is_by_project(node):
                continue
            start = f"{joined(node.name, ALL)}."
            said = {name.removeprefix(start): value for name, value in self.typed.items() if name.startswith(start)}
            for project in ticked(node.name, self.typed):
                for name, value in said.items():
                    at = joined(joined(node.name, project), name)
                    if value and not self.typed.get(at):
                        self.typed[at] = value
            for name in said:
                del self.typed[start + name]

    def change(self, step: str) -> None:
        """A row more, or one less."""
        what, _, path = step.partition(":")
        if what == "add":
            count = self.typed.get(path + COUNT, "0")
            self.typed[path + COUNT] = str(int(count) + 1 if count.isdigit() else 1)
        elif what == "drop":
            self._drop(path)

    def _drop(self, at: str) -> None:
        path, _, key = at.rpartition(".")
        count = self.typed.get(path + COUNT, "0")
        if not (key.isdigit() and count.isdigit() and int(key) < int(count)):
            return
        kept: dict[str, str] = {}
        for name, value in self.typed.items():
            place, dot, rest = name.removeprefix(path + ".").partition(".")
            if name.startswith(path + ".") and place.isdigit():
                if int(place) == int(key):
                    continue
                place = str(int(place) - (int(place) > int(key)))
                name = f"{path}.{place}{dot}{rest}"
            kept[name] = value
        self.typed = kept | {path + COUNT: str(int(count) - 1)}

    async def copy(self, earlier: str) -> None:
        """An earlier application of the same organisation, without its days. Raises ProjectUnknown."""
        try:
            near = await with_project(self.place, UUID(earlier))
        except ValueError as error:
            raise ProjectUnknown(project=earlier[:80]) from error
        project = near.project
        holder = project.holder if project else None
        if project is None or project.form is None or str(holder and holder.organisation) != self.typed["organisation"]:
            raise ProjectUnknown(project=earlier[:80])
        said = project.form.model_dump(mode="json", exclude={"schedule"})
        if said["category"] not in {one.value for one in self.choices["form.category"]}:
            del said["category"]
        self.typed |= dict(typed_of(self.node, {"form": said}))
        await self.choose()

    async def drop_lost_files(self) -> None:
        kept = {name.removesuffix(FILE_NAME) for name in self.typed if name.endswith(FILE_NAME)}
        digests = {path: self.typed[path] for path in kept if _DIGEST.fullmatch(self.typed.get(path, ""))}
        there = await find_files(self.place.service.pool, digests.values())
        for path, digest in digests.items():
            if digest not in there:
                del self.typed[path]
                self.typed.pop(path + FILE_NAME, None)

    async def keep_files(self, sent: Sent) -> None:
        """Stores the files that were chosen, whose digests the form carries from here on."""
        there = dict(shown_leaves(self.node, "", self.typed, self.choices))
        if late := self.late:
            there |= dict(shown_leaves(late, LATE, self.typed, self.choices))
        for name, file in sent.files.items():
            path = name.removesuffix(FILE)
            leaf = there.get(path)
            if leaf is None or leaf.kind not in (Kind.FILE, Kind.DIGEST):
                continue
            try:
                self.typed[path] = await self._kept(leaf, file)
                self.typed[path + FILE_NAME] = file.name
            except Refusal as refusal:
                self._wrong(path, await self._said(refusal))

    async def _kept(self, leaf: Leaf, file: SentFile) -> str:
        service, who = self.place.service, self.place.who

        async def content() -> bytes:
            return file.content

        if leaf.owner == "Photograph":
            # The picture alone is kept: the file may say more than its owner knows.
            kept = await keep_photograph(service, who, taken_picture(file.media_type), content, strip=True)
            return kept.photograph
        return (await keep_file(service, who, taken_type(file.media_type), content)).sha256

    def body(self) -> Command | None:
        """The command, or None where something is wrong, which is then said next to its field."""
        read = Read(self.typed, self.choices, self.place.currency)
        said = self.said(read)
        if said is None:
            return None
        if late := self.late:
            found = Read(self.typed, {}, self.place.currency).part(late, LATE)
            said |= {LATE: found} if found else {}
        adapter: TypeAdapter[Command] = TypeAdapter(self.way.command)
        try:
            return adapter.validate_json(json.dumps(said))
        except ValidationError as error:
            for found in error.errors(include_url=False, include_input=False)[:100]:
                self._explain(read, found)
        return None

    def said(self, read: Read) -> dict[str, Any] | None:
        """What is sent; None where something is wrong, which is then said next to its field."""
        said: dict[str, Any] = read.body(self.node)
        return {self.way.inside: said} if self.way.inside else said

    def _explain(self, read: Read, found: Any) -> None:
        loc = found["loc"]
        if self.way.inside and loc and loc[0] == self.way.inside:
            # Behind the field stands the kind.
            loc = loc[2:]
        if loc and loc[0] == LATE and self.late:
            path = joined(LATE, read.place_of(self.late, loc[1:]))
        else:
            path = read.place_of(self.node, loc)
        text = field_error(found, self.place.reader.language)
        self._wrong(path, text.rpartition("：")[2] if self.place.reader.language == "zh" else text)

    def _wrong(self, path: str, text: str) -> None:
        if path and path in self.errors:
            return
        self.errors[path] = text
        self.lines.append(ErrorLine(path, self._label(path), text))

    def _label(self, path: str) -> str:
        every = [("", self.node), *([(LATE, late)] if (late := self.late) else [])]
        for start, node in every:
            for at, leaf in shown_leaves(node, start, self.typed, self.choices):
                if at == path:
                    return label_of(self.place.reader, leaf.owner, leaf.name) if leaf.name else ""
        owner, _, name = path.rpartition(".")
        return label_of(self.place.reader, owner, name) if name and not name.isdigit() else ""

    async def refuse(self, refusal: Refusal) -> None:
        """Next to the field that it names, where it names one; of several projects, next to each."""
        if isinstance(refusal, BatchRefused):
            names = await names_for(self.place.request, refusal)
            for place, one in refusal.reasons.items():
                title = await self._title(str(place))
                self.lines.append(ErrorLine("", title, sentence(one, self.place.reader.language, names)))
            return
        paths = {leaf.name: path for path, leaf in shown_leaves(self.node, "", self.typed, self.choices)}
        path = next((paths[name] for name in refusal.details if name in paths), "")
        self._wrong(path, await self._said(refusal))

    async def _said(self, refusal: Refusal) -> str:
        names = await names_for(self.place.request, refusal)
        return sentence(refusal, self.place.reader.language, names)

    async def _title(self, place: str) -> str:
        """Of the project that a reason is about."""
        for part in place.replace(".", " ").split():
            try:
                project_id = UUID(part)
            except ValueError:
                continue
            near = await self.place.of_project(project_id)
            return near.project.form.title if near.project and near.project.form else part
        return place

    async def submit(self, body: Command, key: str) -> ReceiptBody:
        """Through the door of every command. Raises what the command refuses."""
        door = self._door(body, key)
        target = self.place.target_id
        names = {Target.PROJECT: "project_id", Target.ORGANISATION: "organisation_id", Target.PROGRAMME: "programme"}
        named: dict[str, Any] = {names[self.place.target]: target} if self.place.target is not Target.NOTHING else {}
        return await door.run(self.offer.bind(target, body), body, self.offer.at, **named)

    async def check(self, body: Command) -> None:
        """Whether it would be taken now; nothing is written. Raises what the command refuses."""
        context = body.context(self._door(body, "").context)
        await self.place.service.ledger.check(context, self.offer.bind(self.place.target_id, body))

    @property
    def _if_match(self) -> tuple[int, ...] | None:
        """Of what is judged and names no version itself."""
        names_one = any(leaf.kind is Kind.KNOWN and leaf.is_json for leaf in leaves(self.node))
        is_wanted = self.place.target is Target.PROJECT and self.way.action.judging and not names_one
        return (int(self.basis),) if is_wanted and _VERSION.fullmatch(self.basis) else None

    def _door(self, body: Command, key: str) -> Door:
        said = f"{self.address}\0{body.model_dump_json()}".encode()
        context = CommandContext(
            self.place.who, if_match=self._if_match, key=key or None, request_sha256=sha256(said).digest()
        )
        request = self.place.request
        root: str = request.scope.get("root_path", "")
        return Door(self.place.service, context, True, {}, client_network(request.scope), root)


def fresh_key() -> str:
    return secrets.token_urlsafe(24)
