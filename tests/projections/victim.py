"""A runner that waits inside its transactions, for tests that kill it there:
`python -m tests.projections.victim LOGIN (follow|rebuild)[-many] BATCH`. It says "written" when a batch's rows are
written and not yet committed, and goes on when it is told anything. `-many`: three read models."""

import sys

import psycopg

from ledger.database import Database
from projections import runner
from projections.due import DueItems
from projections.listing import Listing
from projections.projection import Projection


def wait() -> None:
    print("written", flush=True)
    sys.stdin.readline()


class Waiting(Listing):
    def write(self, connection: psycopg.Connection) -> None:
        super().write(connection)
        wait()


class WaitingTwin(Waiting):
    name = "twin"


class WaitingDue(DueItems):
    def write(self, connection: psycopg.Connection) -> None:
        super().write(connection)
        wait()


if __name__ == "__main__":
    login, what, batch = sys.argv[1:]
    runner.BATCH = int(batch)
    others: list[Projection] = [WaitingDue(), WaitingTwin()] if what.endswith("-many") else []
    follower = runner.Runner(Database(login), Waiting(), *others)
    if what.startswith("follow"):
        follower.prepare()
        while follower.follow(int(batch)):
            pass
    else:
        follower.rebuild()
    follower.close()
