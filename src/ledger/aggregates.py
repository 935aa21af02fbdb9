"""The kinds of stream and how each is folded."""

from ledger import interests, organisation, programme, quota, register
from ledger.history import Aggregate
from ledger.project.fold import evolve
from ledger.project.state import Project

PROGRAMME: Aggregate[programme.Programme] = Aggregate(programme.Programme, programme.evolve)
ORGANISATION: Aggregate[organisation.Organisation] = Aggregate(organisation.Organisation, organisation.evolve)
PROJECT: Aggregate[Project] = Aggregate(Project, evolve)
QUOTA: Aggregate[quota.Quota] = Aggregate(quota.Quota, quota.evolve)
INTERESTS: Aggregate[interests.Interests] = Aggregate(interests.Interests, interests.evolve)
REGISTER: Aggregate[register.Register] = Aggregate(register.Register, register.evolve)
