"""Settings: environment variables ``FANGXIN_*`` or a ``.env`` file, read once by the wiring."""

from __future__ import annotations

import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.clock import CHINA, SystemClock

ROOT = Path(__file__).resolve().parent.parent
#: Scheme, name (with ``*.`` for every name below it) and port of a site.
SITE = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?", re.IGNORECASE)


class Settings(BaseSettings):
    """Everything that differs between two running copies. ``docs/operations.md`` lists them all."""

    model_config = SettingsConfigDict(env_prefix="FANGXIN_", env_file=ROOT / ".env", extra="ignore")

    home: Path = ROOT / "var"  #: where state lives: database, keys, logs, model caches
    environment: str = "development"  #: "production" switches demo data, printed logins and `now` off
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    rasa_port: int = 5005
    action_port: int = 5055
    public_url: str = ""  #: under which customers' platforms reach the service; empty means `base_url`
    database_url: str = ""  #: SQLAlchemy URL; empty means SQLite under `home`
    redis_url: str = ""  #: empty means in-process fan-out and locks (one replica)
    now: datetime | None = None  #: development only: what time it is when the process starts
    clock_offset_seconds: float | None = (
        None  #: set by the supervisor so that a restarted process keeps `now`
    )
    merge_window_seconds: float = 0.8  #: messages this close together are one turn
    turn_deadline_seconds: float = 8.0  #: a turn that takes longer goes to a person
    log_level: str = "INFO"
    sms_provider: str = (
        ""  #: "aliyun", "log" (development only) or "none"; empty: log in development, else none
    )
    sms_access_key_id: str = ""
    sms_access_key_secret: SecretStr = SecretStr("")
    sms_sign_name: str = ""  #: the signature that the provider approved
    sms_template_code: str = ""  #: of a template with one variable, ``code``
    sms_endpoint: str = "https://dysmsapi.aliyuncs.com"
    sms_timeout_seconds: float = 4.0  #: within a turn's deadline
    wechat_token: SecretStr = SecretStr("")  #: of the account's server configuration; empty: no WeChat
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")  #: 43 characters, for sealed messages
    wechat_mode: str = "encrypted"  #: "plain", "compatible" or "encrypted", as set at the platform
    wechat_has_customer_api: bool = True  #: whether the account may send customer-service messages
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_hold_seconds: float = 4.2  #: of the platform's five, in which an answer is its own
    bank_identity_key: SecretStr = SecretStr(
        ""
    )  #: shared with the bank's own site; empty: no signed identities
    bank_identity_audience: str = "fangxin"  #: what a signed identity must name as its audience
    widget_sites: str = ""  #: origins whose pages may hold the chat, apart by blanks; `*` is every site

    telegram_token: SecretStr = SecretStr("")  #: from @BotFather; empty: no Telegram
    telegram_secret: SecretStr = SecretStr("")  #: shared with Telegram for the webhook; empty: one of our own
    telegram_mode: Literal["webhook", "polling"] = "webhook"
    telegram_url: str = "https://api.telegram.org"  #: or a Bot API server of one's own

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value

    @field_validator("widget_sites")
    @classmethod
    def _origins(cls, value: str) -> str:
        for site in value.split():
            if site != "*" and not SITE.fullmatch(site):
                raise ValueError(f"{site!r} is no origin such as https://www.bank.example")
        return value

    @property
    def is_development(self) -> bool:
        return self.environment != "production"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.home / 'fangxin.db'}"

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def action_url(self) -> str:
        return f"http://127.0.0.1:{self.action_port}"

    @property
    def base_url(self) -> str:
        return f"http://{self.http_host}:{self.http_port}"

    @property
    def embedding_sites(self) -> tuple[str, ...]:
        """The sites beside our own that may hold the chat page; where none is set, every site in development only."""
        return tuple(self.widget_sites.split()) or (("*",) if self.is_development else ())

    @property
    def public_base_url(self) -> str:
        return self.public_url.rstrip("/") or self.base_url

    @cached_property
    def clock(self) -> SystemClock:
        """The shared clock; `FANGXIN_NOW` shifts it in development only."""
        if not self.is_development:
            return SystemClock()
        if self.clock_offset_seconds is not None:
            return SystemClock(timedelta(seconds=self.clock_offset_seconds))
        if self.now is None:
            return SystemClock()
        wanted = self.now if self.now.tzinfo else self.now.replace(tzinfo=CHINA)
        return SystemClock(wanted - datetime.now(UTC))

    def secret(self, name: str) -> str:
        """The secret kept in ``home/secrets/<name>``, made on first use and readable by the owner alone.

        ``FANGXIN_SECRET_<NAME>`` goes first, so that replicas can share one.
        """
        given = os.environ.get(f"FANGXIN_SECRET_{name.upper()}")
        if given:
            return given
        path = self.home / "secrets" / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return path.read_text().strip()  # another process was first
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(32))
        return path.read_text().strip()
