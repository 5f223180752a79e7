"""Aliyun's SMS service as a fake sees it: who signed, what was asked, and what its answers become."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, quote

import httpx
import pytest

from bot.clock import FixedClock
from bot.servicing.errors import CodeNotSent, NotSentReason
from bot.servicing.ports import LogCodeSender, NoCodeSender
from bot.servicing.sms import AliyunCodeSender, AliyunKeys, SmsNotConfigured, code_sender, signed_headers
from bot.settings import Settings

KEYS = AliyunKeys("LTAI-key-id", "the-key-secret", "安居示范银行", "SMS_100001")
OK = {"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "r-1"}
FULL = {
    "sms_provider": "aliyun",
    "sms_access_key_id": "id",
    "sms_access_key_secret": "secret",
    "sms_sign_name": "安居示范银行",
    "sms_template_code": "SMS_1",
}


def signature_over(request: httpx.Request, secret: str) -> str:
    """Aliyun's description of its third scheme, followed step by step from the request that arrived."""
    authorization = request.headers["authorization"]
    named = authorization.split("SignedHeaders=")[1].split(",")[0]
    pairs = sorted(parse_qsl(request.url.query.decode(), keep_blank_values=True))
    query = "&".join(quote(key, safe="-_.~") + "=" + quote(value, safe="-_.~") for key, value in pairs)
    canonical = request.method + "\n" + request.url.path + "\n" + query + "\n"
    for name in named.split(";"):
        canonical += name.lower() + ":" + request.headers[name].strip() + "\n"
    canonical += "\n" + named + "\n" + hashlib.sha256(request.content).hexdigest()
    digest = hashlib.sha256(canonical.encode("utf-8")).hexdigest()
    return hmac.new(secret.encode(), f"ACS3-HMAC-SHA256\n{digest}".encode(), hashlib.sha256).hexdigest()


@dataclass
class FakeAliyun:
    """Refuses what is not signed with its secret; otherwise answers as told."""

    secret: str = KEYS.secret
    answer: Callable[[httpx.Request], httpx.Response] = lambda request: httpx.Response(200, json=OK)
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        said = request.headers["authorization"]
        wanted = signature_over(request, self.secret)
        signs_all = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-version"}
        names = set(said.split("SignedHeaders=")[1].split(",")[0].split(";"))
        if not said.endswith(f"Signature={wanted}") or not signs_all <= names:
            return httpx.Response(400, json={"Code": "SignatureDoesNotMatch", "RequestId": "r-0"})
        return self.answer(request)


def sender(fake: FakeAliyun) -> AliyunCodeSender:
    return AliyunCodeSender(
        KEYS,
        endpoint="https://dysmsapi.aliyuncs.com",
        timeout_seconds=1,
        clock=FixedClock(datetime(2026, 11, 24, 4, 5, 6, tzinfo=UTC)),
        transport=httpx.MockTransport(fake),
    )


async def send(fake: FakeAliyun) -> None:
    await sender(fake).send(
        application_no="FX2026110001", phone="13812345678", phone_masked="138****5678", code="012345"
    )


async def failure(fake: FakeAliyun) -> CodeNotSent:
    with pytest.raises(CodeNotSent) as caught:
        await send(fake)
    return caught.value


def test_the_signature_is_that_of_aliyuns_published_example():
    """The example of the description of ACS3-HMAC-SHA256: RunInstances, with a key that is nobody's."""
    headers = signed_headers(
        AliyunKeys("YourAccessKeyId", "YourAccessKeySecret", "", ""),
        host="ecs.cn-shanghai.aliyuncs.com",
        query="ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
        action="RunInstances",
        version="2014-05-26",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


async def test_a_code_goes_out_signed_once_and_to_one_phone():
    fake = FakeAliyun()
    await send(fake)
    (request,) = fake.requests
    assert request.method == "POST"
    assert dict(parse_qsl(request.url.query.decode())) == {
        "PhoneNumbers": "13812345678",
        "SignName": "安居示范银行",
        "TemplateCode": "SMS_100001",
        "TemplateParam": '{"code":"012345"}',
    }
    assert request.headers["x-acs-action"] == "SendSms"
    assert request.headers["x-acs-version"] == "2017-05-25"
    assert request.headers["x-acs-date"] == "2026-11-24T04:05:06Z"


async def test_two_messages_never_share_a_nonce():
    fake = FakeAliyun()
    await send(fake)
    await send(fake)
    assert len({request.headers["x-acs-signature-nonce"] for request in fake.requests}) == 2


async def test_the_secret_travels_nowhere():
    fake = FakeAliyun()
    await send(fake)
    (request,) = fake.requests
    assert KEYS.secret not in str(request.url) + str(request.headers.multi_items())
    assert KEYS.secret.encode() not in request.content


async def test_a_wrong_secret_is_refused():
    assert (await failure(FakeAliyun(secret="another"))).reason is NotSentReason.REFUSED


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (200, "isv.BUSINESS_LIMIT_CONTROL", NotSentReason.TOO_MANY),
        (200, "isv.DAY_LIMIT_CONTROL", NotSentReason.TOO_MANY),
        (503, "Throttling.User", NotSentReason.TOO_MANY),
        (200, "isv.MOBILE_NUMBER_ILLEGAL", NotSentReason.BAD_NUMBER),
        (200, "isv.AMOUNT_NOT_ENOUGH", NotSentReason.NO_BALANCE),
        (200, "isv.OUT_OF_SERVICE", NotSentReason.NO_BALANCE),
        (200, "isv.SMS_TEMPLATE_ILLEGAL", NotSentReason.REFUSED),
        (403, "isp.RAM_PERMISSION_DENY", NotSentReason.REFUSED),
        (400, "SomethingNew", NotSentReason.REFUSED),
    ],
)
async def test_what_aliyun_refuses_is_named_and_not_tried_again(
    status: int, code: str, reason: NotSentReason
):
    fake = FakeAliyun(answer=lambda _: httpx.Response(status, json={"Code": code, "RequestId": "r"}))
    assert (await failure(fake)).reason is reason
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ReadTimeout, NotSentReason.NO_ANSWER),
        (httpx.WriteTimeout, NotSentReason.NO_ANSWER),
        (httpx.RemoteProtocolError, NotSentReason.NO_ANSWER),
        (httpx.ConnectError, NotSentReason.UNREACHABLE),
        (httpx.ConnectTimeout, NotSentReason.UNREACHABLE),
    ],
)
async def test_silence_is_told_from_a_closed_door_and_neither_sends_twice(
    error: type[httpx.TransportError], reason: NotSentReason
):
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("", request=request)

    fake = FakeAliyun(answer=fail)
    assert (await failure(fake)).reason is reason
    assert len(fake.requests) == 1


@pytest.mark.parametrize("body", [b"<html>bad gateway</html>", b"[]", b""])
async def test_an_answer_that_is_none_may_hide_a_sent_message(body: bytes):
    fake = FakeAliyun(answer=lambda _: httpx.Response(502, content=body))
    assert (await failure(fake)).reason is NotSentReason.NO_ANSWER


def settings(tmp_path: Path, **given: str) -> Settings:
    return Settings(home=tmp_path, _env_file=None, **given)


def test_the_settings_choose_the_sender(tmp_path: Path):
    assert isinstance(code_sender(settings(tmp_path)), LogCodeSender)
    assert isinstance(code_sender(settings(tmp_path, sms_provider="none")), NoCodeSender)
    assert isinstance(code_sender(settings(tmp_path, environment="production")), NoCodeSender)
    assert isinstance(code_sender(settings(tmp_path, environment="production", **FULL)), AliyunCodeSender)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"sms_provider": "log", "environment": "production"}, "development only"),
        ({"sms_provider": "pigeon"}, "pigeon"),
        ({**FULL, "sms_access_key_secret": ""}, "FANGXIN_SMS_ACCESS_KEY_SECRET"),
        ({**FULL, "sms_endpoint": "http://dysmsapi.aliyuncs.com"}, "https"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(
    tmp_path: Path, given: dict[str, str], names: str
):
    with pytest.raises(SmsNotConfigured, match=names):
        code_sender(settings(tmp_path, **given))


def test_the_secrets_are_not_shown_with_the_settings(tmp_path: Path):
    given = {**FULL, "sms_access_key_secret": "sms-is-secret", "bank_identity_key": "k" * 40}
    shown = repr(settings(tmp_path, **given))
    assert "sms-is-secret" not in shown
    assert "k" * 40 not in shown
