"""What may go wrong between the service and WeChat.

WechatError
├── NotFromWechat        the request did not prove where it comes from
├── Malformed            it did, and cannot be read
├── SetupError           settings, menu or templates that do not hold together
└── ApiError             a call to the platform
    ├── ApiUnavailable   not now: another try may succeed
    ├── ApiThrottled     too many calls: later
    ├── WindowClosed     this customer cannot be written to until they write again
    └── ApiRefused       not this, now or later
"""

from __future__ import annotations

from bot.channels import ports


class WechatError(Exception):
    """Parent of them all."""


class NotFromWechat(WechatError, ports.NotVerified):
    """The request did not prove where it comes from; the reason is for the log alone."""


class Malformed(WechatError, ports.Malformed):
    """A body that is no message of the platform."""


class SetupError(WechatError):
    """Settings, a menu or templates that do not hold together."""


class ApiError(WechatError):
    """A call that the platform did not carry out."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code  #: the platform's ``errcode``; 0 where it did not get so far


class ApiUnavailable(ApiError):
    """The platform could not be reached, or was busy."""


class ApiThrottled(ApiError):
    """The account has called too often."""


class WindowClosed(ApiError):
    """The platform lets nothing through to this customer before they write again."""


class ApiRefused(ApiError):
    """The platform will not do this."""
