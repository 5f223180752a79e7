"""Errors of this room.

NluError
├── ModelMissing        no trained model where one was expected
├── SettingsMissing     a file under data/nlu or an environment variable is absent
├── EngineUnfit         the fast sentence engine cannot be used here
├── BadRequest          the service sent something the channel cannot read
└── TurnFailed          Rasa ended a turn without an answer
    ├── ActionFailed    an action did not report its completion
    └── NoReply         nothing was said
"""


class NluError(Exception):
    """Understanding or the turn failed."""


class ModelMissing(NluError):
    """No trained model; run ``make train``."""


class SettingsMissing(NluError):
    """A file or an environment variable that the 3.10 side needs is absent."""


class EngineUnfit(NluError):
    """The converted sentence model is not there, or its vectors are not what they should be on this machine."""


class BadRequest(NluError):
    """The request lacks a field or carries one that cannot be read."""


class TurnFailed(NluError):
    """Rasa ended the turn without a usable answer."""

    code = "turn_failed"


class ActionFailed(TurnFailed):
    """An action ended without reporting its completion."""

    code = "action_failed"


class NoReply(TurnFailed):
    """The turn ended and nothing was said."""

    code = "no_reply"
