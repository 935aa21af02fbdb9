"""Runs in the environment of the generator: calls the service by a generated client, and prints what it read.

Arguments: the folder of the client, the address of the service, then calls as `module.function=keyword:value,…`."""

import importlib
import json
import sys
from pathlib import Path
from uuid import UUID


def value_of(text: str) -> object:
    if text.isdigit():
        return int(text)
    try:
        return UUID(text)
    except ValueError:
        return text


def main(folder: str, base: str, *calls: str) -> None:
    where = Path(folder)
    sys.path.insert(0, str(where.parent))
    client = importlib.import_module(where.name).Client(base_url=base, timeout=60)
    read = {}
    for call in calls:
        name, _, given = call.partition("=")
        arguments = dict(one.split(":", 1) for one in given.split(",") if one)
        operation = importlib.import_module(f"{where.name}.api.{name}")
        parsed = operation.sync(client=client, **{key: value_of(text) for key, text in arguments.items()})
        read[name] = {"type": type(parsed).__name__, "answer": parsed.to_dict()}
    print(json.dumps(read))


if __name__ == "__main__":
    main(*sys.argv[1:])
