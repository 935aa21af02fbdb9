"""Who acts in the demonstration: 300 invented organisations, and an account for everyone who decides."""

from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from api.demo.clock import seeded
from api.demo.fields import COMMUNITIES, FIELDS
from api.demo.forms import contact
from ledger.accounts import Account
from ledger.commands.organisation import Registration
from ledger.core.fact import Role
from ledger.identifiers import Identifier, organisation_stream, orgcode_check_digit, stream_id
from ledger.organisation.registration import OrganisationKind
from ledger.rules import Named, Rules

HOST_DISTRICT = "110105"
COMMITTEE_MEMBERS = 9
JURORS = 3
CITY_KINDS = {
    OrganisationKind.ASSOCIATION: 45,
    OrganisationKind.PRIVATE_NON_ENTERPRISE: 30,
    OrganisationKind.FOUNDATION: 25,
}
DISTRICT_KINDS = {
    OrganisationKind.ASSOCIATION: 50,
    OrganisationKind.PRIVATE_NON_ENTERPRISE: 65,
    OrganisationKind.FOUNDATION: 5,
    OrganisationKind.COMMUNITY: 80,
}
# Larger districts have more organisations; every district has some.
LARGE_DISTRICTS = ("110105", "110108", "110106", "110102")
# The old town has no farms.
INNER_DISTRICTS = ("110101", "110102", "110103", "110104")
ENDINGS = {
    OrganisationKind.ASSOCIATION: ("协会", "促进会", "联合会"),
    OrganisationKind.PRIVATE_NON_ENTERPRISE: ("服务中心", "发展中心", "社会工作事务所"),
    OrganisationKind.FOUNDATION: ("基金会",),
    OrganisationKind.COMMUNITY: ("志愿服务队", "互助社"),
}
LETTERS = {
    OrganisationKind.ASSOCIATION: "社证",
    OrganisationKind.PRIVATE_NON_ENTERPRISE: "民证",
    OrganisationKind.FOUNDATION: "基证",
    OrganisationKind.COMMUNITY: "社备",
}


@dataclass(frozen=True, slots=True)
class Part:
    """An account and whom it stands for."""

    account: Account
    label: str


@dataclass(frozen=True, slots=True)
class Player:
    """An organisation, the field it works in and where, and its account."""

    id: UUID
    registration: Registration
    category: str
    place: Named
    account: Account


@dataclass(frozen=True, slots=True)
class Cast:
    organisations: tuple[Player, ...]
    office: Part
    secretary: Part
    districts: dict[str, Part]
    committee: tuple[Part, ...]
    leading_group: Part
    leading_group_review: Part
    promotion_association: Part
    beneficiary: Part
    jurors: tuple[Part, ...]
    treasury: Part
    readers: tuple[Part, ...]
    # Filled when the year comes to the decree; from then on the new districts act for the old ones.
    successors: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> Player:
        """The organisation that a newcomer signs in as."""
        return next(player for player in self.organisations if player.registration.district == HOST_DISTRICT)

    def authority(self, district: str | None) -> Account:
        """Who registers, contracts and corrects for organisations of that district, or of the city."""
        return self.districts[self.successors.get(district, district)].account if district else self.office.account

    @property
    def appointed(self) -> tuple[Part, ...]:
        """Those who act by an appointment; organisations go on with accounts from before."""
        return tuple(part for part in self.parts if part.account.appointed)

    @property
    def parts(self) -> tuple[Part, ...]:
        players = (Part(player.account, player.registration.name) for player in self.organisations)
        return (
            self.office,
            self.secretary,
            *self.districts.values(),
            *self.committee,
            self.leading_group,
            self.leading_group_review,
            self.promotion_association,
            self.beneficiary,
            *self.jurors,
            self.treasury,
            *self.readers,
            *players,
        )


def the_cast(rules: Rules) -> Cast:
    return Cast(
        organisations=_organisations(rules),
        office=_part(Role.OFFICE, None, "领导小组办公室（演示）"),
        secretary=_part(Role.OFFICE, None, "领导小组办公室复核人（演示）", 2),
        districts={
            district.code: _part(Role.DISTRICT, district.code, f"{district.name.zh}民政局（演示）")
            for district in rules.districts
        },
        committee=tuple(
            _part(Role.COMMITTEE, None, f"评估监督委员会委员{number}（演示）", number)
            for number in range(1, COMMITTEE_MEMBERS + 1)
        ),
        leading_group=_part(Role.LEADING_GROUP, None, "领导小组（演示）"),
        leading_group_review=_part(Role.LEADING_GROUP, None, "领导小组复核人（演示）", 2),
        promotion_association=_part(Role.PROMOTION_ASSOCIATION, None, "首都社会组织发展促进会（演示）"),
        beneficiary=_part(Role.BENEFICIARY, None, "受益人（演示）"),
        jurors=tuple(_part(Role.JUROR, None, f"竞选评委{number}（演示）", number) for number in range(1, JURORS + 1)),
        treasury=_part(Role.TREASURY, None, "财政（演示）"),
        readers=(
            _part(Role.AUDITOR, None, "审计（演示）"),
            _part(Role.CREDIT_SYSTEM, None, "信用管理系统（演示）"),
        ),
    )


def _part(role: Role, body: str | None, label: str, number: int = 1) -> Part:
    appointed = role not in (Role.ORGANISATION, Role.BENEFICIARY)
    account = stream_id("account", "demonstration", role, body or "", str(number))
    return Part(Account(account, role, body, appointed=appointed), label)


def _organisations(rules: Rules) -> tuple[Player, ...]:
    chance = seeded("organisations")
    kinds = [(kind, True) for kind, count in CITY_KINDS.items() for _ in range(count)]
    kinds += [(kind, False) for kind, count in DISTRICT_KINDS.items() for _ in range(count)]
    districts = [district.code for district in rules.districts]
    # Each twice first, so that none is empty; the rest by size.
    places = districts * 2 + chance.choices(
        districts, [4 if code in LARGE_DISTRICTS else 1 for code in districts], k=len(kinds)
    )
    chance.shuffle(kinds)
    taken: set[str] = set()
    players = []
    for number, (kind, of_the_city) in enumerate(kinds, 1):
        district = None if of_the_city else places.pop(0)
        player = _player(chance, rules, number, kind, district, taken)
        taken.add(player.registration.name)
        players.append(player)
    return tuple(players)


def _player(
    chance: Random, rules: Rules, number: int, kind: OrganisationKind, district: str | None, taken: set[str]
) -> Player:
    named = rules.district(district) if district else None
    area = named.name.zh if named else "北京"
    place = named or chance.choice(rules.districts)
    fields = fields_of(place.code)
    category = chance.choice(fields)
    while (name := _name(chance, area, category, kind)) in taken:
        category = chance.choice(fields)
    identifiers = [Identifier(scheme="CN-REG", id=f"演示京{district or ''}{LETTERS[kind]}字第{number:04}号")]
    contract_body = None
    if kind is OrganisationKind.COMMUNITY:
        contract_body = f"{area}{chance.choice(COMMUNITIES)}社区居民委员会（示例）"
    elif chance.random() < 0.6:
        code = f"DEMO{number:04}"
        identifiers.append(Identifier(scheme="CN-ORGCODE", id=code + orgcode_check_digit(code)))
    organisation = organisation_stream(identifiers[0])
    return Player(
        id=organisation,
        registration=Registration(
            identifiers=tuple(identifiers),
            name=name,
            kind=kind,
            district=district,
            contract_body=contract_body,
            contact=contact(chance) if chance.random() < 0.2 else None,
        ),
        category=category,
        place=place,
        account=_part(Role.ORGANISATION, str(organisation), name).account,
    )


def fields_of(district: str) -> list[str]:
    """The categories in which something is done there."""
    return [code for code in FIELDS if not (code == "rural" and district in INNER_DISTRICTS)]


def _name(chance: Random, area: str, category: str, kind: OrganisationKind) -> str:
    community = f"{chance.choice(COMMUNITIES)}社区" if kind is OrganisationKind.COMMUNITY else ""
    return f"{area}{community}{chance.choice(FIELDS[category].stems)}{chance.choice(ENDINGS[kind])}（示例）"
