"""What the platform allows, in one place, so that a limit that changes is corrected once.

Read on the platform's own pages: developers.weixin.qq.com, "客服消息" (quotas since June 2023), "获取稳定版接口调用凭据",
"接收普通消息", "自定义菜单" and "全局返回码".
"""

from __future__ import annotations

from datetime import timedelta

PLATFORM_SECONDS = 5.0  #: how long the platform waits for an answer in its own request
PLATFORM_TRIES = 3  #: how often it asks in all
PASSIVE_BYTES = 2048  #: of a text message

MESSAGE_WINDOW = timedelta(hours=48)  #: in which one may write after a customer's message
MESSAGE_QUOTA = 5  #: messages in it
ACTION_WINDOW = timedelta(minutes=1)  #: after a menu's button, a subscription or a scanned code
ACTION_QUOTA = 3

TOKEN_EARLY = timedelta(minutes=5)  #: before its end a token is renewed; old and new hold side by side then
FORCED_APART = timedelta(seconds=30)  #: between two forced renewals; the platform takes twenty of them a day

IMAGE_BYTES = 10 * 1024 * 1024  #: of a picture that is uploaded
MENU_BUTTONS, MENU_SUB_BUTTONS = 3, 5
MENU_NAME_BYTES, MENU_SUB_NAME_BYTES, MENU_KEY_BYTES, MENU_URL_BYTES = 16, 60, 128, 1024

AUTHORIZE_URL = "https://open.weixin.qq.com/connect/oauth2/authorize"  #: "网页授权"

#: ``errcode`` of the platform.
BUSY = frozenset({-1})
TOKEN_INVALID = frozenset({40001, 40014, 42001})
THROTTLED = frozenset({45009, 45011})  #: the day's calls, the minute's calls
WINDOW_CLOSED = frozenset(
    {45015, 45047, 48001, 48002}
)  #: too late, too many, no right to call, nothing wanted
CODE_SPENT = frozenset({40029, 40163, 41008, 42003})  #: wrong, used, missing, too old: of OAuth
THROTTLED_FOR = {45009: timedelta(minutes=30), 45011: timedelta(minutes=1)}
