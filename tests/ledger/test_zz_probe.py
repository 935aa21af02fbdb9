import pytest
import tests.ledger.machine as m, tests.ledger.test_stateful as t
import ledger.commands.corrections as c, ledger.programme as p, ledger.quota as q, ledger.transaction as tr, ledger.project.delivery as d
async def noop(*a): pass
def test_a(database, monkeypatch):
    monkeypatch.setattr(c, "_move_places", noop)
    t.test_whatever_is_asked_in_a_year_the_promises_hold(database)
def test_b(database, monkeypatch):
    monkeypatch.setattr("ledger.commands.entry.check_phase", lambda *a: None)
    t.test_whatever_is_asked_in_a_year_the_promises_hold(database)
def test_c(database, monkeypatch):
    monkeypatch.setattr("ledger.history.Timeline._goes_on_with", lambda *a: True)
    t.test_whatever_is_asked_in_a_year_the_promises_hold(database)
def test_d(database, monkeypatch):
    import ledger.project.corrections as pc
    from ledger.history import live_corrections
    monkeypatch.setattr(pc, "live_corrections", lambda events: {})
    t.test_whatever_is_asked_in_a_year_the_promises_hold(database)
