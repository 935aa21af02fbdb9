"""Which witnesses there are and how many of them it takes (C2SP tlog-policy)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from ledger.operator_problem import OperatorProblem
from ledger.transparency.notes import COSIGNATURE, NoteWrong, Verifier

NONE = "none"
MOST = 64


class PolicyWrong(OperatorProblem, ValueError):
    """The policy cannot be used; the message names the line."""


@dataclass(frozen=True)
class Witness:
    """`url`: its submission prefix; a witness without one is known, and not asked."""

    name: str
    verifier: Verifier
    url: str | None


@dataclass(frozen=True)
class Group:
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """`quorum`: the name of a witness or group, or `none`."""

    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @property
    def verifiers(self) -> list[Verifier]:
        return [witness.verifier for witness in self.witnesses.values()]

    def is_met_by(self, cosigned: Iterable[Verifier]) -> bool:
        """Whether those who cosigned are enough."""
        return self.quorum == NONE or self._has(self.quorum, set(cosigned))

    def _has(self, name: str, cosigned: set[Verifier]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].verifier in cosigned
        group = self.groups[name]
        return sum(self._has(member, cosigned) for member in group.members) >= group.least

    @classmethod
    def parse(cls, text: str) -> Self:
        """Lines `witness NAME VKEY [URL]`, `group NAME all|any|K NAME…`, `quorum NAME`; `log` lines are for others.
        Raises PolicyWrong."""
        witnesses: dict[str, Witness] = {}
        groups: dict[str, Group] = {}
        grouped: set[str] = set()
        quorum: str | None = None
        for number, line in enumerate(text.split("\n"), 1):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            known = witnesses.keys() | groups.keys()
            try:
                match words:
                    case ["log", _] | ["log", _, _]:
                        pass
                    case ["witness", name, vkey, *rest] if len(rest) < 2:
                        witness = Witness(name, _witness_key(vkey), _url(rest))
                        _new(name, known)
                        if any(witness.verifier.public == other.verifier.public for other in witnesses.values()):
                            raise PolicyWrong("the key is that of another witness")
                        witnesses[name] = witness
                    case ["group", name, least, *members] if members:
                        _new(name, known)
                        if wrong := [member for member in members if member not in known or member in grouped]:
                            raise PolicyWrong(f"{wrong[0]} is not defined before, or is in a group already")
                        if len(set(members)) < len(members):
                            raise PolicyWrong("a member is named twice")
                        grouped.update(members)
                        groups[name] = Group(_least(least, len(members)), tuple(members))
                    case ["quorum", name] if quorum is None:
                        if name != NONE and name not in known:
                            raise PolicyWrong(f"{name} is not defined before")
                        quorum = name
                    case _:
                        raise PolicyWrong("the line is none of a policy")
            except (PolicyWrong, NoteWrong) as error:
                raise PolicyWrong(f"line {number}: {error}") from error
        if quorum is None:
            raise PolicyWrong("the policy has no line quorum")
        if len(witnesses) > MOST or len(groups) > MOST:
            raise PolicyWrong(f"a policy has at most {MOST} witnesses and groups")
        return cls(witnesses, groups, quorum)


def _new(name: str, known: Iterable[str]) -> None:
    if name == NONE or name in known:
        raise PolicyWrong(f"the name {name} is taken")


def _witness_key(vkey: str) -> Verifier:
    verifier = Verifier.parse(vkey)
    if verifier.kind != COSIGNATURE:
        raise PolicyWrong("a witness has a key of type 04")
    return verifier


def _url(rest: list[str]) -> str | None:
    if not rest:
        return None
    parts = urlsplit(rest[0])
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise PolicyWrong("a witness has an address that begins with http:// or https://")
    return rest[0].rstrip("/")


def _least(text: str, members: int) -> int:
    if text in ("all", "any"):
        return members if text == "all" else 1
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= members or text.startswith("0"):
        raise PolicyWrong(f"{text} is neither all nor any nor a number from 1 to {members}")
    return int(text)
