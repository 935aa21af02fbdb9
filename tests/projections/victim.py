"""A runner that waits inside its transactions, for tests that kill it there:
`python -m tests.projections.victim LOGIN follow|rebuild BATCH`. It says "written" when a batch's rows are written and
not yet committed, and goes on when it is told anything."""

import sys

import psycopg

from ledger.database import Database
from projections import runner
from projections.listing import Listing


class Waiting(Listing):
    def write(self, connection: psycopg.Connection) -> None:
        super().write(connection)
        print("written", flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    login, what, batch = sys.argv[1:]
    runner.BATCH = int(batch)
    follower = runner.Runner(Database(login), Waiting())
    if what == "follow":
        follower.prepare()
        while follower.follow(int(batch)):
            pass
    else:
        follower.rebuild()
    follower.close()
