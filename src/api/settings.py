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
from ledger.backup.last import NAME as LAST_BACKUP
from ledger.daily_limits import DailyLimits
from ledger.database import data_folder
from ledger.erasure_list import NAME as ERASURES
from ledger.transparency.keys import KeyFile
from ledger.transparency.signed_file import SignedFile
from ledger.transparency.watch import HistoryWatch


class Settings(BaseSettings):
    """What each is for stands below it; docs/configuration.md is made of that."""

    # A variable that is set to nothing is not set: so compose files and unit files leave one out.
    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, use_attribute_docstrings=True)

    database_url: str | None = None
    """A PostgreSQL of yours, 15 or later, as a libpq address; without it the embedded PostgreSQL 18 is used. The
    master key stays in the data folder."""
    minsheng_data: Path = Field(default_factory=data_folder)
    """The data folder: embedded PostgreSQL, its log, files, the keys. Without it the user's data folder; for root on
    Linux `/var/lib/minsheng-ledger`."""
    minsheng_files: str | None = None
    """The address of an S3-compatible store for uploaded files, such as `s3://bucket/prefix`; its credentials and
    endpoint come from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`. Without it the
    folder `attachments` in the data folder."""
    minsheng_master_key: SecretStr | None = None
    """The [master key](operator.md#master-key), instead of the file `keys/master.key`."""
    minsheng_master_key_command: str = ""
    """A command that prints the master key, such as that of a key management service; run without a shell at each
    start."""
    minsheng_backup_passphrase: SecretStr | None = None
    """The passphrase of [backups](operator.md#backups)' keys; without it the command asks."""
    minsheng_backup_new_passphrase: SecretStr | None = None
    """The next one, for `backup --new-passphrase`; without it the command asks."""
    minsheng_remind: str = ""
    """The [channels of reminders](operator.md#reminders), by URL with spaces or commas between them; without it
    `log:`."""
    minsheng_sms: str = ""
    """Where [codes](sampling.md#answers-by-real-name) to telephones go: `log:`, `https://…`, or `smtp://…?from=…`;
    without it no telephone is verified."""
    minsheng_sms_mail_domain: str = ""
    """The domain behind the number, where codes go by mail."""
    minsheng_log_key: SecretStr | None = None
    """The [log's keys](operator.md#the-transparency-log), instead of the file `keys/log.key`."""
    minsheng_log_origin: str | None = None
    """The name of the log, given to its first key: the address under which it is served, without scheme, such as
    `ledger.example.org/log`. Without it `minsheng-ledger/` and random digits."""
    minsheng_witnesses: Path | None = None
    """A file that names the [witnesses](operator.md#witnesses); without it nobody cosigns."""
    minsheng_tsa: str | None = None
    """The address of a time-stamping authority (RFC 3161); without it `log timestamp` refuses."""
    minsheng_publisher: str = UNREGISTERED.name
    """Who publishes [open data](open-data.md#for-the-operator)."""
    minsheng_ocid_prefix: str = UNREGISTERED_OCID
    """The prefix given out for OCDS; this one is marked as unregistered."""
    minsheng_grant_prefix: str = UNREGISTERED_GRANT
    """The prefix given out for 360Giving; this one is marked as unregistered."""
    minsheng_webhooks_local: bool = False
    """`1`: [webhooks](operator.md#webhooks) may also go to `http://` and into the own network; for trying out."""
    minsheng_webhook_ports: str = str(HTTPS)
    """The ports that webhooks may go to, such as `443 8443`."""
    minsheng_public_url: str | None = None
    """The address under which a [proxy](operator.md#behind-a-proxy) publishes the service, such as
    `https://example.org` or `https://example.org/ledger`. Without it absolute links name the socket's own address."""
    minsheng_trusted_proxies: str = ""
    """Addresses and networks of the proxies whose `X-Forwarded-For` is believed, such as `127.0.0.1, 10.0.0.0/8`;
    without it nobody's is."""
    minsheng_access_log: str = ""
    """A file, or `-` for the standard output, to which each request adds a line of JSON: when, its id (`X-Request-Id`
    of the answer), method, pattern of the path, status, milliseconds; nothing about who asked. The file may be
    rotated."""
    minsheng_oidc_issuer: str | None = None
    """The issuer of an [identity provider](operator.md#signing-in-on-pages), an `https://` address."""
    minsheng_oidc_client_id: str = ""
    """As the provider registered this service."""
    minsheng_oidc_client_secret: SecretStr | None = None
    """As the provider registered this service; without it PKCE alone protects the code."""
    minsheng_oidc_claim: str = "sub"
    """The claim of the ID token that tells people apart."""
    minsheng_oidc_name: str = "统一身份认证登录"
    """What the button on the page says."""
    minsheng_oidc_identity_claim: str | None = None
    """The claim that holds a verified identity number, by which people answer [by real
    name](sampling.md#answers-by-real-name)."""
    minsheng_security_contact: str = ""
    """Whom `/.well-known/security.txt` (RFC 9116) names for reports of weaknesses, as `mailto:`, `https:` or `tel:`.
    Without it `mailto:security@` and the host of the public address, the mailbox that RFC 2142 reserves."""
    minsheng_security_expires: str = ""
    """The last day on which that holds; without it 180 days from today."""

    minsheng_daily_uploads: int = Field(default=DailyLimits().uploads, ge=0)
    """How many files one account may upload on a day; beyond that 429 `daily_limit_reached` with `Retry-After` until
    midnight in Beijing."""
    minsheng_daily_applications: int = Field(default=DailyLimits().applications, ge=0)
    """How many applications one account may send on a day."""
    minsheng_daily_reports: int = Field(default=DailyLimits().reports, ge=0)
    """How many progress reports one account may send on a day."""
    minsheng_daily_answers: int = Field(default=DailyLimits().answers, ge=0)
    """How many answers of beneficiaries one account may send on a day."""

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
    def erasure_list(self) -> Path:
        return self.minsheng_data / "keys" / ERASURES

    @property
    def last_backup(self) -> Path:
        return self.minsheng_data / "keys" / LAST_BACKUP

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
