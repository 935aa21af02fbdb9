"""Settings from the environment, read when a command starts and never at import."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ledger.database import data_folder


class Settings(BaseSettings):
    """`MINSHENG_DATA`: the data folder; `DATABASE_URL`: a PostgreSQL of your own instead of the embedded one;
    `MINSHENG_FILES`: the address of an S3-compatible store for files instead of a folder in the data folder;
    `MINSHENG_REMIND`: the channels of reminders, by URL."""

    model_config = SettingsConfigDict(frozen=True)

    database_url: str | None = None
    minsheng_data: Path = Field(default_factory=data_folder)
    minsheng_files: str | None = None
    minsheng_remind: str = ""

    @property
    def master_key_file(self) -> Path:
        return self.minsheng_data / "keys" / "master.key"

    @property
    def files(self) -> Path | str:
        return self.minsheng_files or self.minsheng_data / "attachments"
