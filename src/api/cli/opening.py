"""What commands open before they work."""

import shlex
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from typing import TypeVar

from api.service import Service, Signing, open_service
from api.settings import Settings
from api.transparency.witnesses import witnesses_of
from ledger import stopping
from ledger.attachments import open_files
from ledger.clock import Clock, utc_now
from ledger.database import Database, Role, migrate, open_database
from ledger.master_key import Keys, MasterKey, MasterKeyError
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.transparency.history import HistoryDiffers
from ledger.transparency.keys import LogKeyError
from ledger.vault import Vault

T = TypeVar("T")
# A command starts a follower of its own, which takes its time on a busy machine.
CATCH_UP_SECONDS = 120.0
COMMAND_LIMIT = 60.0
SEALED = "(SELECT 1 FROM ledger.vault_keys LIMIT 1) UNION (SELECT 1 FROM ledger.webhook_secrets LIMIT 1)"

SIGNED = "(SELECT 1 FROM ledger.checkpoints LIMIT 1) UNION (SELECT 1 FROM ledger.restarts LIMIT 1)"


@contextmanager
def opened_database() -> Iterator[tuple[Settings, Database]]:
    """The database of the settings, with its tables up to date."""
    settings = Settings()
    with opened_server(settings) as database:
        migrate(database)
        yield settings, database


@contextmanager
def opened_server(settings: Settings) -> Iterator[Database]:
    """The database of the settings as it is, closed whatever signal comes."""
    with ExitStack() as opened:
        with stopping.held():
            database = opened.enter_context(open_database(settings.database_url, settings.minsheng_data))
            opened.enter_context(stopping.last_resort(database.abandon))
        yield database


def master_key(settings: Settings, database: Database) -> MasterKey:
    """The master key of the settings, made on first use. Raises MasterKeyError when it is missing although the
    ledger has sealed values or webhooks: a new key could open none of them, and would recognise nobody."""
    if (given := given_keys(settings)) is not None:
        return MasterKey(given)
    if not settings.master_key_file.exists():
        with database.connect(Role.SERVICE) as connection:
            if connection.execute(SEALED).fetchone():
                raise MasterKeyError(
                    f"the ledger has sealed values, and their key is not at {settings.master_key_file}"
                )
    return MasterKey.of_file(settings.master_key_file)


def given_keys(settings: Settings) -> Keys | None:
    """Those of the environment or of a command, in the place of the file. Raises MasterKeyError."""
    if settings.minsheng_master_key is not None:
        return Keys.of_text(settings.minsheng_master_key.get_secret_value(), "MINSHENG_MASTER_KEY")
    if settings.minsheng_master_key_command:
        return _printed_by(settings.minsheng_master_key_command)
    return None


def _printed_by(command: str) -> Keys:
    """Its standard error goes where ours goes; what it prints is never shown. Raises MasterKeyError."""
    try:
        done = subprocess.run(  # the operator's own setting, without a shell
            shlex.split(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=COMMAND_LIMIT, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise MasterKeyError(f"MINSHENG_MASTER_KEY_COMMAND cannot be run: {type(error).__name__}") from error
    if done.returncode:
        raise MasterKeyError(f"MINSHENG_MASTER_KEY_COMMAND failed with exit code {done.returncode}")
    return Keys.of_text(done.stdout.decode("ascii", "replace"), "what MINSHENG_MASTER_KEY_COMMAND prints")


def signing(settings: Settings, database: Database) -> Signing:
    """The keys of the log, made on first use, and its witnesses. Raises LogKeyError when they are missing although
    the log was signed, or name another origin than the settings do; PolicyWrong."""
    keys = settings.log_keys
    origin = settings.minsheng_log_origin
    if not keys.exists:
        with database.connect(Role.SERVICE) as connection:
            if connection.execute(SIGNED).fetchone():
                raise LogKeyError(f"the log was signed, and its key is not at {keys.path}")
        keys.make(origin)
    if (found := keys.read().origin) != (origin or found):
        raise LogKeyError(f"the log's key is of the origin {found}; MINSHENG_LOG_ORIGIN says {origin}")
    return Signing(keys, settings.log_signed, witnesses_of(settings.minsheng_witnesses))


@asynccontextmanager
async def opened_ledger(database: Database, master: MasterKey, clock: Clock = utc_now) -> AsyncIterator[Ledger]:
    history = Settings().history
    async with open_store(database, history=history) as store:
        # The first write would find the same, but is not to wait for it.
        async with store.pool.connection() as connection:
            with suppress(HistoryDiffers, LogKeyError):
                await history.look(connection, leaves=True)
        yield Ledger(store, Vault(master, store), clock)


def public_base() -> str:
    """The address in printed codes, of the settings. Raises ProxySettingsWrong."""
    return str(Settings().proxies.public or "http://127.0.0.1:8000")


def served(work: Callable[[Service], Awaitable[T]], *, signs: bool = False) -> T:
    """What the work answers, done with read models that have seen everything, but for one that has stopped. `signs`:
    with the log signed from here if nobody else does."""
    with opened_database() as (settings, database):

        async def serve() -> T:
            signed = signing(settings, database) if signs else None
            files = open_files(settings.files)
            opened = open_service(
                database, master_key(settings, database), files=files, signing=signed, history=settings.history
            )
            async with opened as service:
                await service.settled((await service.store.head()).size - 1, CATCH_UP_SECONDS)
                return await work(service)

        return stopping.run(serve())
