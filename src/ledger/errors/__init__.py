# mypy: implicit-reexport
"""Refusals: every way the ledger says no, each with a stable code and words in both languages.

A refused command leaves no event. The code is the class name in snake case; clients rely on it.
"""

from ledger.errors.addresses import *
from ledger.errors.application import *
from ledger.errors.attachments import *
from ledger.errors.base import Kind, Refusal
from ledger.errors.clocks import *
from ledger.errors.contract import *
from ledger.errors.credit import *
from ledger.errors.delivery import *
from ledger.errors.evaluation import *
from ledger.errors.general import *
from ledger.errors.honours import *
from ledger.errors.log import *
from ledger.errors.organisation import *
from ledger.errors.purchase import *
from ledger.errors.tables import *
from ledger.errors.webhooks import *
