"""The master key: changing it."""

from typing import Annotated

import typer
from rich.console import Console

from api.cli.opening import master_key, opened_database
from api.settings import Settings
from ledger.clock import utc_now
from ledger.database import Role
from ledger.key_rotation import drop_former, rewrap
from ledger.master_key import MasterKeyError, replace_keys

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()


@app.command()
def rotate(
    only_print: Annotated[
        bool, typer.Option("--print", help="Print the next keys and change nothing; for a secret store of your own.")
    ] = False,
) -> None:
    """Make a new master key and wrap everything under it, while the service runs. The former one still opens until
    `drop-former`. After an interruption run it again. Example: minsheng keys rotate"""
    with opened_database() as (settings, database):
        master = master_key(settings, database)
        if only_print:
            print(master.keys.with_new().text, end="")
            return
        if len(master.keys.keys) == 1:
            if not _is_a_file(settings):
                raise MasterKeyError(
                    "store what `minsheng keys rotate --print` prints, restart the service, run this again"
                )
            replace_keys(settings.master_key_file, master.keys.with_new())
        with database.connect(Role.OWNER, autocommit=True) as connection:
            done = rewrap(connection, master)
    for table, count in done.items():
        console.print(f"{table}: {count} wrapped again", highlight=False)
    console.print("next, an hour from now: minsheng keys drop-former", highlight=False)


@app.command("drop-former")
def drop_former_command() -> None:
    """Forget former master keys: from then on no backup made before the change can be opened with the keys that you
    have. Refused within an hour of the change. Example: minsheng keys drop-former"""
    with opened_database() as (settings, database):
        master = master_key(settings, database)
        if not _is_a_file(settings):
            raise MasterKeyError(
                "run `minsheng keys rotate` once more, then take the former key out of your secret store"
            )
        with database.connect(Role.OWNER, autocommit=True) as connection:
            dropped = drop_former(connection, master, settings.master_key_file, utc_now())
    console.print(f"{dropped} dropped", highlight=False)


def _is_a_file(settings: Settings) -> bool:
    return settings.minsheng_master_key is None and not settings.minsheng_master_key_command
