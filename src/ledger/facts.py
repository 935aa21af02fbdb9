"""All facts of the ledger. Importing this module completes the models that hold any of them, such as `Event`."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter

from ledger import deputies, public_events, working_days
from ledger.aggregates import BY_FOUNDER
from ledger.core import envelope
from ledger.core.envelope import Event, Redacted, Replacement, Restated
from ledger.core.fact import REGISTERED, Fact
from ledger.organisation import ending, oversight, particulars, standing
from ledger.project import second_person, secretariat
from ledger.project.correction_requests import CorrectionRequested

# Facts register themselves when their modules are imported.
_REGISTERING = (
    BY_FOUNDER,
    deputies,
    ending,
    oversight,
    particulars,
    public_events,
    standing,
    second_person,
    secretariat,
    working_days,
)

if TYPE_CHECKING:
    AnyFact = Fact
else:
    AnyFact = envelope.AnyFact = Annotated[reduce(or_, REGISTERED.values()), Field(discriminator="type")]

for model in (Restated, CorrectionRequested, Replacement, Redacted, Event):
    model.model_rebuild(force=True)

# By their stored names.
FACTS: Mapping[str, type[Fact]] = MappingProxyType(REGISTERED)
FACT: TypeAdapter[Fact] = TypeAdapter(AnyFact)
