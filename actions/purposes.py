"""What the identity check is made for: the action that goes on once the customer is verified.

An action that needs a verified customer sets the slot and runs the progress form; a button says ``FOR_PURPOSE``.
"""

from __future__ import annotations

PURPOSE = "verification_purpose"
FOR_PURPOSE = "verify_for"  #: the button's entity that names a purpose
FOR_REQUEST, FOR_REQUESTS = "request", "requests"  #: to make one; to hear how one's own are getting on
#: A purpose and the action that goes on with it; without one the application's progress is told.
GOES_ON: dict[str, str] = {
    "loan": "action_my_loan",
    "follow": "action_follow_progress",
    "documents": "action_document_sent",
    "document_list": "action_documents",
    FOR_REQUEST: "action_continue_request",
    FOR_REQUESTS: "action_requests",
}
