"""The kinds of stream and how each is folded."""

from ledger import organisation, programme, quota
from ledger.history import Aggregate
from ledger.project import state

PROGRAMME: Aggregate[programme.Programme] = Aggregate(programme.Programme, programme.evolve)
ORGANISATION: Aggregate[organisation.Organisation] = Aggregate(organisation.Organisation, organisation.evolve)
PROJECT: Aggregate[state.Project] = Aggregate(state.Project, state.evolve)
QUOTA: Aggregate[quota.Quota] = Aggregate(quota.Quota, quota.evolve)
