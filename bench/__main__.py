"""All measurements in one run: `python -m bench`, or `python -m bench append http` for some."""

import platform
import sys
from importlib import import_module

SECTIONS = (
    "append",
    "http",
    "rebuild",
    "lag",
    "import_grants",
    "listing_page",
    "due_list",
    "figures",
    "feed",
    "exports",
    "bulk_reads",
    "publication",
    "batches",
    "log",
    "time_machine",
)


def main() -> None:
    wanted = sys.argv[1:] or SECTIONS
    print(f"Python {platform.python_version()}, {platform.machine()}; PostgreSQL embedded, fsync on")
    for name in wanted:
        if name not in SECTIONS:
            sys.exit(f"there is no measurement {name}; choose from {', '.join(SECTIONS)}")
        for line in import_module(f"bench.{name}").measure():
            print(line, flush=True)


if __name__ == "__main__":
    main()
