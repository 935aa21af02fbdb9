"""Settings from the environment, read when a command starts and never at import."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.code_sender import CodeSender
from api.open_data.publisher import UNREGISTERED, UNREGISTERED_GRANT, UNREGISTERED_OCID, Publisher
from api.protocol.proxies import Proxies
from api.security_contact import SecurityContact
from api.sign_in.provider import ProviderSettings
from api.webhooks.addresses import HTTPS, Addresses, ports_of
from ledger.daily_limits import DailyLimits
from ledger.database import data_folder
from ledger.transparency.keys import KeyFile
from ledger.transparency.signed_file import SignedFile
from ledger.transparency.watch import HistoryWatch


class Settings(BaseSettings):
    """`MINSHENG_DATA`: the data folder; `DATABASE_URL`: a PostgreSQL of your own instead of the embedded one;
    `MINSHENG_FILES`: the address of an S3-compatible store for files instead of a folder in the data folder;
    `MINSHENG_MASTER_KEY`: the master key instead of the file in the data folder, or `MINSHENG_MASTER_KEY_COMMAND`: a
    command that prints it;
    `MINSHENG_REMIND`: the channels of reminders, by URL; `MINSHENG_SMS`: the channel of codes to telephones,
    by URL (a gateway on the web, or one by mail at `MINSHENG_SMS_MAIL_DOMAIN`);
    `MINSHENG_LOG_KEY`: the log's keys instead of those in the data folder; `MINSHENG_LOG_ORIGIN`: the name that the
    first key bears; `MINSHENG_WITNESSES`: a file that names the witnesses (C2SP tlog-policy); `MINSHENG_TSA`: the
    address of a time-stamping authority; `MINSHENG_PUBLISHER`: who publishes open data; `MINSHENG_OCID_PREFIX`,
    `MINSHENG_GRANT_PREFIX`: the prefixes given out for OCDS and for
    360Giving; `MINSHENG_WEBHOOKS_LOCAL`: whether webhooks may also go to http:// and into the own network;
    `MINSHENG_WEBHOOK_PORTS`: the ports that webhooks may go to;
    `MINSHENG_PUBLIC_URL`: the address under which a proxy publishes the service, with a path if there is one;
    `MINSHENG_TRUSTED_PROXIES`: the addresses and networks whose X-Forwarded-For is believed;
    `MINSHENG_ACCESS_LOG`: the file of the access log, or "-" for the standard output;
    `MINSHENG_DAILY_UPLOADS`, `MINSHENG_DAILY_APPLICATIONS`, `MINSHENG_DAILY_REPORTS`, `MINSHENG_DAILY_ANSWERS`: how
    many of each one account may send on a day;
    `MINSHENG_OIDC_ISSUER`, `MINSHENG_OIDC_CLIENT_ID`, `MINSHENG_OIDC_CLIENT_SECRET`: an identity provider by OpenID
    Connect; `MINSHENG_OIDC_CLAIM`: its claim that tells people apart; `MINSHENG_OIDC_NAME`: what the button says;
    `MINSHENG_OIDC_IDENTITY_CLAIM`: its claim that holds a verified identity number, by which people answer;
    `MINSHENG_SECURITY_CONTACT`, `MINSHENG_SECURITY_EXPIRES`: what security.txt says."""

    # A variable that is set to nothing is not set: so compose files and unit files leave one out.
    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    database_url: str | None = None
    minsheng_data: Path = Field(default_factory=data_folder)
    minsheng_files: str | None = None
    minsheng_master_key: SecretStr | None = None
    minsheng_master_key_command: str = ""
    minsheng_remind: str = ""
    minsheng_sms: str = ""
    minsheng_sms_mail_domain: str = ""
    minsheng_log_key: SecretStr | None = None
    minsheng_log_origin: str | None = None
    minsheng_witnesses: Path | None = None
    minsheng_tsa: str | None = None
    minsheng_publisher: str = UNREGISTERED.name
    minsheng_ocid_prefix: str = UNREGISTERED_OCID
    minsheng_grant_prefix: str = UNREGISTERED_GRANT
    minsheng_webhooks_local: bool = False
    minsheng_webhook_ports: str = str(HTTPS)
    minsheng_public_url: str | None = None
    minsheng_trusted_proxies: str = ""
    minsheng_access_log: str = ""
    minsheng_oidc_issuer: str | None = None
    minsheng_oidc_client_id: str = ""
    minsheng_oidc_client_secret: SecretStr | None = None
    minsheng_oidc_claim: str = "sub"
    minsheng_oidc_name: str = "统一身份认证登录"
    minsheng_oidc_identity_claim: str | None = None
    minsheng_security_contact: str = ""
    minsheng_security_expires: str = ""

    minsheng_daily_uploads: int = Field(default=DailyLimits().uploads, ge=0)
    minsheng_daily_applications: int = Field(default=DailyLimits().applications, ge=0)
    minsheng_daily_reports: int = Field(default=DailyLimits().reports, ge=0)
    minsheng_daily_answers: int = Field(default=DailyLimits().answers, ge=0)

    @field_validator("minsheng_data", mode="before")
    @classmethod
    def _blank_is_usual(cls, folder: object) -> object:
        return data_folder() if isinstance(folder, str) and not folder.strip() else folder

    @field_validator("database_url")
    @classmethod
    def _blank_is_none(cls, url: str | None) -> str | None:
        return url.strip() or None if url else None

    @property
    def daily_limits(self) -> DailyLimits:
        return DailyLimits(
            self.minsheng_daily_uploads,
            self.minsheng_daily_applications,
            self.minsheng_daily_reports,
            self.minsheng_daily_answers,
        )

    @property
    def publisher(self) -> Publisher:
        """Raises PrefixWrong."""
        return Publisher.of(self.minsheng_publisher, self.minsheng_ocid_prefix, self.minsheng_grant_prefix)

    @property
    def proxies(self) -> Proxies:
        """Raises ProxySettingsWrong."""
        return Proxies.of(self.minsheng_public_url, self.minsheng_trusted_proxies)

    @property
    def addresses(self) -> Addresses:
        """Where webhooks may go. Raises PortsWrong."""
        return Addresses(local=self.minsheng_webhooks_local, ports=ports_of(self.minsheng_webhook_ports))

    @property
    def provider(self) -> ProviderSettings | None:
        """Raises ProviderSettingsWrong."""
        if self.minsheng_oidc_issuer is None:
            return None
        return ProviderSettings.of(
            self.minsheng_oidc_issuer,
            self.minsheng_oidc_client_id,
            self.minsheng_oidc_client_secret,
            self.minsheng_oidc_claim,
            self.minsheng_oidc_name,
            self.minsheng_oidc_identity_claim,
        )

    @property
    def codes(self) -> CodeSender | None:
        """Raises ChannelsWrong."""
        return CodeSender.of(self.minsheng_sms, self.minsheng_sms_mail_domain)

    @property
    def security(self) -> SecurityContact:
        """Raises SecurityContactWrong."""
        return SecurityContact.of(self.minsheng_security_contact, self.minsheng_security_expires)

    @property
    def master_key_file(self) -> Path:
        return self.minsheng_data / "keys" / "master.key"

    @property
    def log_keys(self) -> KeyFile:
        given = self.minsheng_log_key
        return KeyFile(self.minsheng_data / "keys" / "log.key", given.get_secret_value() if given else None)

    @property
    def log_signed(self) -> SignedFile:
        return SignedFile(self.minsheng_data / "keys" / "log.checkpoint")

    @property
    def history(self) -> HistoryWatch:
        """For a process that writes."""
        return HistoryWatch(self.log_keys, self.log_signed)

    @property
    def files(self) -> Path | str:
        return self.minsheng_files or self.minsheng_data / "attachments"
