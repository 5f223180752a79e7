"""One-time codes by SMS: which sender the settings name, and Aliyun's ``SendSms`` over plain HTTPS.

A message that may have gone out is never sent again by itself: the customer asks for another code, which counts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

import httpx
import structlog

from bot.clock import Clock, SystemClock
from bot.servicing.errors import CodeNotSent, NotSentReason, ServicingError
from bot.servicing.ports import CodeSender, LogCodeSender, NoCodeSender
from bot.settings import Settings

log = structlog.get_logger(__name__)

ALGORITHM = "ACS3-HMAC-SHA256"
ACTION, VERSION = "SendSms", "2017-05-25"
EMPTY_BODY = hashlib.sha256(b"").hexdigest()

#: Aliyun's error codes by what they mean to us; a code is looked up whole, then by its first word.
REASONS = {
    "isv.BUSINESS_LIMIT_CONTROL": NotSentReason.TOO_MANY,
    "isv.DAY_LIMIT_CONTROL": NotSentReason.TOO_MANY,
    "isv.MONTH_LIMIT_CONTROL": NotSentReason.TOO_MANY,
    "Throttling": NotSentReason.TOO_MANY,
    "isv.MOBILE_NUMBER_ILLEGAL": NotSentReason.BAD_NUMBER,
    "isv.MOBILE_COUNT_OVER_LIMIT": NotSentReason.BAD_NUMBER,
    "isv.BLACK_KEY_CONTROL_LIMIT": NotSentReason.REFUSED,
    "isv.AMOUNT_NOT_ENOUGH": NotSentReason.NO_BALANCE,
    "isv.OUT_OF_SERVICE": NotSentReason.NO_BALANCE,
    "isv.ACCOUNT_ABNORMAL": NotSentReason.NO_BALANCE,
}


class SmsNotConfigured(ServicingError):
    """The settings name a provider that cannot work like this."""


@dataclass(frozen=True)
class AliyunKeys:
    """What Aliyun knows us by. ``secret`` never leaves this process: it only signs."""

    key_id: str
    secret: str
    sign_name: str
    template_code: str


class AliyunCodeSender:
    """Sends through Aliyun's SMS service."""

    def __init__(
        self,
        keys: AliyunKeys,
        *,
        endpoint: str,
        timeout_seconds: float,
        clock: Clock | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._keys = keys
        self._endpoint = endpoint.rstrip("/")
        self._timeout = timeout_seconds
        self._clock = clock or SystemClock()  # the provider compares with the real time, also in development
        self._transport = transport

    async def send(self, *, application_no: str, phone: str, phone_masked: str, code: str) -> None:
        query = canonical_query(
            {
                "PhoneNumbers": phone,
                "SignName": self._keys.sign_name,
                "TemplateCode": self._keys.template_code,
                "TemplateParam": json.dumps({"code": code}, separators=(",", ":")),
            }
        )
        headers = signed_headers(
            self._keys,
            host=urlsplit(self._endpoint).netloc,
            query=query,
            action=ACTION,
            version=VERSION,
            at=self._clock.now(),
            nonce=secrets.token_hex(16),
        )
        answer = await self._post(f"{self._endpoint}/?{query}", headers)
        if answer.get("Code") != "OK":
            refused = str(answer.get("Code"))
            log.warning("sms.refused", code=refused, request=answer.get("RequestId"), phone=phone_masked)
            raise CodeNotSent(reason_of(refused), refused)
        log.info("sms.sent", request=answer.get("RequestId"), phone=phone_masked)

    async def _post(self, url: str, headers: Mapping[str, str]) -> Mapping[str, object]:
        """The provider's answer; whatever keeps it away becomes ``CodeNotSent``."""
        try:
            async with httpx.AsyncClient(timeout=self._timeout, transport=self._transport) as http:
                response = await http.post(url, headers=dict(headers))
        except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
            log.warning("sms.unreachable", error=type(exc).__name__)
            raise CodeNotSent(NotSentReason.UNREACHABLE, type(exc).__name__) from exc
        except httpx.HTTPError as exc:
            log.warning("sms.no_answer", error=type(exc).__name__)
            raise CodeNotSent(NotSentReason.NO_ANSWER, type(exc).__name__) from exc
        try:
            answer = response.json()
        except ValueError as exc:
            log.warning("sms.no_answer", status=response.status_code)
            raise CodeNotSent(NotSentReason.NO_ANSWER, f"status {response.status_code}") from exc
        if not isinstance(answer, dict):
            raise CodeNotSent(NotSentReason.NO_ANSWER, f"status {response.status_code}")
        return answer


def reason_of(code: str) -> NotSentReason:
    """What one of Aliyun's error codes means.

    >>> reason_of("Throttling.User").value
    'too_many'
    """
    return REASONS.get(code) or REASONS.get(code.partition(".")[0]) or NotSentReason.REFUSED


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Parameters sorted by name and escaped as RFC 3986 has it.

    >>> canonical_query({"b": "a b*~", "a": "房"})
    'a=%E6%88%BF&b=a%20b%2A~'
    """
    return "&".join(
        f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(parameters.items())
    )


def signed_headers(
    keys: AliyunKeys, *, host: str, query: str, action: str, version: str, at: datetime, nonce: str
) -> dict[str, str]:
    """The headers of a POST without a body, signed by Aliyun's third scheme.

    The string to sign is the hash of method, path, query, headers and body hash, a line each.
    """
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": EMPTY_BODY,
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(("POST", "/", query, lines, names, EMPTY_BODY))
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(keys.secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = f"{ALGORITHM} Credential={keys.key_id},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": authorization}


def code_sender(settings: Settings) -> CodeSender:
    """The sender that the settings name; ``SmsNotConfigured`` when it cannot work."""
    provider = settings.sms_provider or ("log" if settings.is_development else "none")
    match provider:
        case "log" if settings.is_development:
            return LogCodeSender()
        case "log":
            raise SmsNotConfigured("codes go to the log in development only")
        case "none":
            return NoCodeSender()
        case "aliyun":
            return AliyunCodeSender(
                _aliyun_keys(settings),
                endpoint=settings.sms_endpoint,
                timeout_seconds=settings.sms_timeout_seconds,
            )
        case _:
            raise SmsNotConfigured(f"FANGXIN_SMS_PROVIDER names no provider: {provider}")


def _aliyun_keys(settings: Settings) -> AliyunKeys:
    given = {
        "FANGXIN_SMS_ACCESS_KEY_ID": settings.sms_access_key_id,
        "FANGXIN_SMS_ACCESS_KEY_SECRET": settings.sms_access_key_secret.get_secret_value(),
        "FANGXIN_SMS_SIGN_NAME": settings.sms_sign_name,
        "FANGXIN_SMS_TEMPLATE_CODE": settings.sms_template_code,
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise SmsNotConfigured(f"aliyun needs {', '.join(missing)}")
    if not settings.sms_endpoint.startswith("https://"):
        raise SmsNotConfigured("FANGXIN_SMS_ENDPOINT must be https")
    return AliyunKeys(*given.values())
