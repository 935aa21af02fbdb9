"""Settings from the environment, read when a command starts and never at import."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ledger.database import data_folder


class Settings(BaseSettings):
    """`MINSHENG_DATA`: the data folder; `DATABASE_URL`: a PostgreSQL of your own instead of the embedded one."""

    model_config = SettingsConfigDict(frozen=True)

    database_url: str | None = None
    minsheng_data: Path = Field(default_factory=data_folder)

    @property
    def master_key_file(self) -> Path:
        return self.minsheng_data / "keys" / "master.key"
