"""The request form: what it takes, what it lets through, and that only a yes to what was shown submits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from actions.answers import AnswerAction
from actions.calculations.run import AdjustLastAction
from actions.cancel import CancelAction
from actions.colleagues import Colleagues
from actions.progress import BeginProgressAction, ProgressAction
from actions.requests.complaining import ComplaintAction
from actions.requests.form import AskRequestInput, ValidateRequestForm
from actions.requests.submit import ContinueRequestAction, SubmitRequestAction
from bot.messages import Card, File, Handoff
from bot.servicing.model import LoanKind
from bot.servicing.requests import (
    Draft,
    DraftOutdated,
    NumbersUsedUp,
    Reason,
    RequestKind,
    RequestRefused,
    RequestState,
    ServiceRequest,
)
from tests.actions.conftest import NOON, ScriptedComplaints, ScriptedRequests, ScriptedServicing
from tests.actions.said import Message, Said, entity, ran, run

FORM = "request_form"
DRAFT = Draft(
    kind=RequestKind.DAY_CHANGE,
    application_no="FX2024010001",
    loan_kind=LoanKind.COMMERCIAL,
    account_tail="4321",
    wish={"new_day": 20},
    figures={
        "old_day": "5",
        "last_due": "2026-11-05",
        "next_due": "2026-12-20",
        "days": "45",
        "period_interest": "4050.00",
        "usual_interest": "2700.00",
        "difference": "1350.00",
        "is_longer": "1",
        "changes_left": "1",
    },
    promised_at=datetime(2026, 11, 23, 15, 59, tzinfo=UTC),
)


def slot_of(form: str = "day_change", draft: Draft | None = None, **values: Any) -> dict[str, Any]:
    return {"form": form, "values": values, "draft": draft.to_wire() if draft else None, "begun_by": "turn-0"}


def in_form(text: str, *, intent: str = "inform", kept: dict[str, Any] | None = None, **more: Any) -> Message:
    slots = {"request": kept or slot_of(), "requested_slot": "request_input"}
    return Message(intent, text, slots=slots, loop=FORM, **more)


def pressed(*entities: dict[str, Any], kept: dict[str, Any]) -> Message:
    return in_form("/inform{}", kept=kept, entities=list(entities))


async def test_a_wish_begins_the_identity_check_first(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    said = await run(
        AnswerAction(colleagues),
        Message("change_repayment_date", "帮我把还款日改到20号", entities=[entity("day_of_month", 20, "to")]),
    )
    assert said.next_action == "progress_form"
    assert said.slots["verification_purpose"] == "request"
    assert said.slots["request"]["values"] == {"new_day": 20}
    assert requests.prepared == []


async def test_who_is_verified_is_asked_nothing_more(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    requests.is_known = True
    said = await run(AnswerAction(colleagues), Message("change_repayment_date", "我想改还款日"))
    assert (said.next_action, said.parts) == (FORM, [])


@pytest.mark.parametrize(
    ("topic", "text", "form"),
    [
        ("change_repayment_date", "我要把还款日改到15号", "day_change"),
        ("change_repayment_date", "能不能帮我把还款日改到15号？", "day_change"),
        ("prepay_process", "帮我预约提前还款20万", "prepayment"),
        ("calc_payment", "帮我预约提前还款20万", "prepayment"),
        ("certificate", "给我开个结清证明", "certificate"),
        ("repayment_account", "我想换还款卡", "account_change"),
        ("repayment_method", "我要申请改成等额本金", "method_change"),
        ("extension_hardship", "我想申请展期", "hardship"),
        ("change_repayment_date", "还款日能改吗", None),
        ("change_repayment_date", "我想问一下怎么改还款日", None),
        ("prepay_process", "我想提前还款，要什么手续", None),
        ("prepay_process", "帮我算算提前还20万能省多少", None),
        ("certificate", "结清证明怎么开", None),
        ("certificate", "结清证明", None),
        ("repayment_account", "还款卡可以换吗", None),
        ("rate_change", "我要把还款日改到15号", None),
        ("prepay_process", "帮我取消提前还款", None),
        ("prepay_process", "申请了提前还款但是余额没扣走", None),
        ("prepay_process", "提前还款预约不上", None),
    ],
)
def test_a_wish_is_told_from_a_question(
    colleagues: Colleagues, topic: str, text: str, form: str | None
) -> None:
    assert colleagues.markers.wished(text, frozenset({topic})) == form


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("我提交的业务办到哪了", True),
        ("改还款日办得怎么样了", True),
        ("FW2611240042怎么还没好", True),
        ("撤回我的申请", True),
        ("取消预约", True),
        ("变更还款方式要多久办好", False),
        ("不想贷了怎么取消申请", False),
        ("我的贷款申请到哪一步了", False),
        ("FX2026110001到哪了", False),
    ],
)
def test_asking_for_the_state_is_told_from_other_questions(
    colleagues: Colleagues, text: str, asks: bool
) -> None:
    assert colleagues.markers.asks_for_status(text) == asks


async def test_an_answer_offers_to_do_it(colleagues: Colleagues) -> None:
    markers = colleagues.markers
    assert markers.offered_under("change_repayment_date/how_to") == "day_change"
    assert markers.offered_under("overdue/grace") is None
    assert markers.offered_after("settlement") == "prepayment"


async def test_the_figures_are_those_of_the_draft(colleagues: Colleagues, requests: ScriptedRequests) -> None:
    requests.is_known, requests.draft = True, DRAFT
    taken = await run(ValidateRequestForm(colleagues), in_form("20号", entities=[entity("day_of_month", 20)]))
    assert requests.prepared == [("day_change", {"new_day": 20})]
    assert taken.slots["requested_slot"] == "request_input"
    assert taken.slots["request"]["wants"] == "confirmation"
    asked = await run(AskRequestInput(colleagues), in_form("20号", kept=taken.slots["request"]))
    [card] = [part for part in asked.parts if isinstance(part, Card)]
    assert [(row.label, row.value) for row in card.rows] == [
        ("现在的还款日", "每月5号"),
        ("新还款日", "每月20号"),
        ("改后首次还款", "2026年12月20日"),
        ("这一期天数", "45天"),
        ("这一期利息", "4,050.00元"),
        ("平常一个月利息", "2,700.00元"),
        ("答复时间", "11月23日 23:59前"),
    ]


async def test_a_yes_ends_the_form_and_submits_once(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    requests.is_known, requests.draft = True, DRAFT
    kept = slot_of(draft=DRAFT, new_day=20)
    yes = await run(
        ValidateRequestForm(colleagues),
        pressed(entity("request_step", "confirm"), entity("draft", DRAFT.digest), kept=kept),
    )
    assert (yes.slots["requested_slot"], yes.slots["request"]["is_confirmed"]) == (None, True)
    done = await run(
        SubmitRequestAction(colleagues), Message("inform", slots={"request": yes.slots["request"]})
    )
    assert requests.submitted == [(DRAFT.digest, "turn-1")]
    assert "FW2611220001" in done.texts[0]
    assert done.slots["request"] is None
    again = await run(
        AdjustLastAction(colleagues),
        Message(
            "inform",
            "/inform{}",
            entities=[entity("request_step", "confirm"), entity("draft", DRAFT.digest)],
            slots={"last_request": done.slots["last_request"]},
        ),
    )
    assert "已经提交过了，编号FW2611220001" in again.texts[0]
    assert len(requests.submitted) == 1


async def test_who_asks_for_relief_is_told_when_the_plan_comes(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    draft = replace(
        DRAFT,
        kind=RequestKind.RELIEF,
        wish={"months": 12, "cause": "illness"},
        figures={"balance": "900000.00"},
    )
    requests.is_known, requests.draft = True, draft
    kept = {**slot_of("hardship", draft, way="relief"), "is_confirmed": True}
    done = await run(SubmitRequestAction(colleagues), Message("inform", slots={"request": kept}))
    assert "客服会在人工时间3小时内把书面方案发给您，最迟11月23日 23:59前给您审批结果" in done.texts[0]


@pytest.mark.parametrize("told", ["确认", "好的", "确认提交", "没问题，提交吧", "是的", "行"])
async def test_a_yes_may_be_said(colleagues: Colleagues, requests: ScriptedRequests, told: str) -> None:
    requests.is_known, requests.draft = True, DRAFT
    said = await run(
        ValidateRequestForm(colleagues),
        in_form(told, intent="thanks", kept=slot_of(draft=DRAFT, new_day=20)),
    )
    assert said.slots["request"]["is_confirmed"]


@pytest.mark.parametrize("told", ["好贵", "不好", "确认一下利息多少", "可以改吗", "对了提前还款要违约金吗"])
async def test_what_is_no_yes_submits_nothing(
    colleagues: Colleagues, requests: ScriptedRequests, told: str
) -> None:
    requests.is_known, requests.draft = True, DRAFT
    said = await run(
        ValidateRequestForm(colleagues),
        in_form(told, intent="prepay_penalty", kept=slot_of(draft=DRAFT, new_day=20)),
    )
    assert said.rejected == FORM


async def test_the_button_of_an_earlier_summary_shows_the_new_one(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    """The day was corrected after that summary: its button must not confirm what stands now."""
    requests.is_known, requests.draft = True, DRAFT
    earlier = replace(DRAFT, wish={"new_day": 15})
    said = await run(
        ValidateRequestForm(colleagues),
        pressed(
            entity("request_step", "confirm"),
            entity("draft", earlier.digest),
            kept=slot_of(draft=DRAFT, new_day=20),
        ),
    )
    assert said.slots["requested_slot"] == "request_input"
    assert not said.slots["request"]["is_confirmed"]


async def test_a_correction_is_prepared_anew(colleagues: Colleagues, requests: ScriptedRequests) -> None:
    requests.is_known, requests.draft = True, DRAFT
    await run(
        ValidateRequestForm(colleagues),
        in_form(
            "不是15号是20号",
            entities=[entity("day_of_month", 20)],
            kept=slot_of(draft=replace(DRAFT, wish={"new_day": 15}), new_day=15),
        ),
    )
    assert requests.prepared == [("day_change", {"new_day": 20})]


async def test_a_question_in_between_is_let_through(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    requests.is_known = True
    said = await run(
        ValidateRequestForm(colleagues),
        in_form("改到20号利息多少", intent="change_repayment_date", entities=[entity("day_of_month", 20)]),
    )
    assert said.rejected == FORM


async def test_back_from_a_question_only_the_open_request_is_named(colleagues: Colleagues) -> None:
    said = await run(
        AskRequestInput(colleagues),
        in_form("违约金", kept=slot_of(draft=DRAFT, new_day=20), after=[ran("action_answer")]),
    )
    assert said.texts == ["改还款日还没提交，确认的话点下面的按钮。"]


@pytest.mark.parametrize("dropped", ["算了", "取消", "不办了", "算了，先不办了"])
async def test_it_can_be_dropped_by_a_word(colleagues: Colleagues, dropped: str) -> None:
    said = await run(ValidateRequestForm(colleagues), in_form(dropped, intent="cancel"))
    assert (said.slots["requested_slot"], said.slots["request"]) == (None, None)
    assert said.texts == ["好的，改还款日不办了，什么都没有提交。"]


async def test_a_refusal_with_a_choice_asks_for_it_again(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    requests.is_known = True
    requests.refusal = RequestRefused(Reason.DAY_NOT_ALLOWED, "new_day", said=31, low=1, high=28)
    said = await run(ValidateRequestForm(colleagues), in_form("31号", entities=[entity("day_of_month", 31)]))
    assert said.texts == ["还款日只能选每月 1 号到 28 号，31 号选不了，换一天吧。"]
    assert said.slots["request"]["values"] == {}
    assert said.slots["requested_slot"] == "request_input"


async def test_a_refusal_without_one_ends_it(colleagues: Colleagues, requests: ScriptedRequests) -> None:
    requests.is_known = True
    requests.refusal = RequestRefused(Reason.ARREARS, amount=Decimal("4321.00"))
    said = await run(ValidateRequestForm(colleagues), in_form("20号", entities=[entity("day_of_month", 20)]))
    assert (said.slots["requested_slot"], said.slots["request"]) == (None, None)
    assert "4,321.00元 逾期未还" in said.texts[0]


@pytest.mark.parametrize("reason", list(Reason))
async def test_every_refusal_has_its_words(
    colleagues: Colleagues, requests: ScriptedRequests, reason: Reason
) -> None:
    values: dict[str, Any] = {
        "amount": Decimal(1),
        "balance": Decimal(1),
        "said": {Reason.TOO_SOON: date(2026, 12, 1), Reason.NOT_A_WORKING_DAY: date(2026, 12, 1)}.get(
            reason, Decimal(12)
        ),
        "low": 1,
        "high": 28,
        "day": 5,
        "times": 2,
        "again_on": date(2027, 1, 1),
        "method": "equal_principal",
        "other": "equal_instalment",
        "least": Decimal(10000),
        "notice": 10,
        "earliest": date(2026, 12, 4),
        "on": date(2026, 12, 4),
        "years": 40,
        "longest": 120,
        "following": date(2026, 12, 2),
        "year": 2025,
        "first": date(2026, 1, 5),
        "missing": 2,
        "request_no": "FW2611220001",
        "promised_at": NOON,
        "is_submitted": True,
    }
    if reason is Reason.ALREADY_OPEN:
        values["kind"] = "settlement"
    requests.is_known = True
    requests.refusal = RequestRefused(reason, None, **values)
    said = await run(ValidateRequestForm(colleagues), in_form("20号", entities=[entity("day_of_month", 20)]))
    assert len(said.texts[0]) > 8


async def test_a_check_grown_old_is_made_again_and_goes_on(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    kept = slot_of(draft=DRAFT, new_day=20)
    late = await run(ValidateRequestForm(colleagues), in_form("确认", kept={**kept, "draft": None}))
    assert late.slots["request"]["is_unverified"]
    asked = await run(
        SubmitRequestAction(colleagues), Message("inform", slots={"request": late.slots["request"]})
    )
    assert (asked.next_action, asked.slots["verification_purpose"]) == ("progress_form", "request")
    on = await run(
        ContinueRequestAction(colleagues), Message("inform", slots={"request": asked.slots["request"]})
    )
    assert (on.next_action, on.slots["request"]["values"]) == (FORM, {"new_day": 20})
    assert requests.submitted == []


async def test_figures_that_moved_on_are_shown_again(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    requests.is_known, requests.on_submit = True, DraftOutdated(DRAFT)
    kept = {**slot_of(draft=DRAFT, new_day=20), "is_confirmed": True}
    said = await run(SubmitRequestAction(colleagues), Message("inform", slots={"request": kept}))
    assert (said.next_action, said.slots["request"]["is_confirmed"]) == (FORM, False)
    assert said.texts == ["刚才的数字已经有变化，我重新算了一遍，请再核对。"]


async def test_a_certificate_comes_as_a_file(colleagues: Colleagues, requests: ScriptedRequests) -> None:
    requests.is_known = True
    draft = Draft(
        kind=RequestKind.SETTLEMENT_CERTIFICATE,
        application_no="FX2024010001",
        loan_kind=LoanKind.COMMERCIAL,
        account_tail="4321",
        wish={},
        figures={"principal": "1000000.00"},
        promised_at=None,
    )
    kept = {**slot_of("certificate", draft, paper="settlement_certificate"), "is_confirmed": True}
    said = await run(SubmitRequestAction(colleagues), Message("inform", slots={"request": kept}))
    assert [part.url for part in said.parts if isinstance(part, File)] == ["/certificates/FW2611220001"]
    assert "30分钟内" in said.texts[1]


async def test_a_card_number_is_not_taken(colleagues: Colleagues, requests: ScriptedRequests) -> None:
    requests.is_known = True
    said = await run(
        ValidateRequestForm(colleagues),
        in_form("6222 0212 3456 7890 123", intent="not_understood", kept=slot_of("account_change")),
    )
    assert "不要在聊天里发完整的卡号" in said.texts[0]
    assert said.slots["request"]["values"] == {}


async def test_once_verified_the_request_goes_on(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    from tests.actions.test_progress import NO

    servicing.verified.add(NO)
    servicing.told = object()  # type: ignore[assignment]
    said = await run(
        ProgressAction(colleagues),
        Message("inform", slots={"application_no": NO, "verification_purpose": "request"}),
    )
    assert (said.next_action, said.slots["verification_purpose"]) == ("action_continue_request", None)


def own(state: RequestState) -> ServiceRequest:
    return ServiceRequest(
        request_no="FW2611220001",
        kind=RequestKind.DAY_CHANGE,
        state=state,
        application_no="FX2024010001",
        wish={},
        figures={},
        created_at=NOON,
        promised_at=NOON,
        ended_at=None if state.is_open else NOON,
        note="扣款处理中" if state is RequestState.REFUSED else None,
    )


@pytest.mark.parametrize("state", list(RequestState))
async def test_the_state_of_a_request_is_told(
    colleagues: Colleagues, requests: ScriptedRequests, state: RequestState
) -> None:
    requests.is_known, requests.own = True, (own(state),)
    said = await run(BeginProgressAction(colleagues), Message("application_status", "我的申请办得怎么样了"))
    [card] = [part for part in said.parts if isinstance(part, Card)]
    assert card.rows[0].label == "改还款日 FW2611220001"
    can_withdraw = any("withdraw" in payload for payload in said.payloads)
    assert can_withdraw == (state is RequestState.SUBMITTED)


async def test_a_request_is_taken_back_after_a_second_yes(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    requests.is_known, requests.own = True, (own(RequestState.SUBMITTED),)
    number = entity("withdraw", "FW2611220001")
    first = await run(BeginProgressAction(colleagues), Message("application_status", "/x", entities=[number]))
    assert requests.withdrawn == []
    assert "确定要撤回FW2611220001吗" in first.texts[0]
    await run(
        BeginProgressAction(colleagues),
        Message("application_status", "/x", entities=[number, entity("sure", True)]),
    )
    assert requests.withdrawn == ["FW2611220001"]


async def test_who_is_not_verified_is_told_nothing_of_requests(
    colleagues: Colleagues, requests: ScriptedRequests
) -> None:
    requests.own = (own(RequestState.SUBMITTED),)
    said = await run(AnswerAction(colleagues), Message("other_mortgage", "FW2611220001办好了没"))
    assert (said.next_action, said.slots["verification_purpose"]) == ("progress_form", "requests")
    assert "FW2611220001" not in "".join(said.texts)


async def test_cancelling_forgets_the_request(colleagues: Colleagues) -> None:
    said = await run(CancelAction(colleagues), Message("cancel", "算了", loop="progress_form"))
    assert (said.slots["request"], said.slots["verification_purpose"]) == (None, None)


def handed_over(said: Said) -> Handoff:
    return next(part for part in said.parts if isinstance(part, Handoff))


async def test_a_complaint_that_is_told_is_registered_and_handed_over_at_once(
    colleagues: Colleagues, complaints: ScriptedComplaints
) -> None:
    said = await run(ComplaintAction(colleagues), Message("complaint", "我要投诉你们，放款拖了一个月没人管"))
    assert complaints.registered == [("我要投诉你们，放款拖了一个月没人管", "delay", "turn-1", False)]
    assert "编号TS2611220001" in said.texts[0]
    assert handed_over(said).skill == "complaint"
    assert "TS2611220001" in handed_over(said).summary


async def test_who_is_angry_is_asked_nothing(colleagues: Colleagues, complaints: ScriptedComplaints) -> None:
    said = await run(ComplaintAction(colleagues), Message("complaint", "投诉！", feeling=("angry", 2)))
    assert [row[3] for row in complaints.registered] == [True]
    assert handed_over(said).is_urgent


async def test_a_calm_complaint_without_a_story_is_asked_for_it(
    colleagues: Colleagues, complaints: ScriptedComplaints
) -> None:
    said = await run(ComplaintAction(colleagues), Message("complaint", "我要投诉"))
    assert (said.next_action, complaints.registered) == (FORM, [])


async def test_a_complaint_that_cannot_be_stored_is_handed_over_all_the_same(
    colleagues: Colleagues, complaints: ScriptedComplaints
) -> None:
    complaints.failure = NumbersUsedUp("TS")
    said = await run(ComplaintAction(colleagues), Message("complaint", "放款拖了一个月没人管，我要投诉"))
    assert handed_over(said).reason == "complaint"
    assert "编号" not in said.texts[0]


async def test_complaining_again_while_asked_registers_at_once(
    colleagues: Colleagues, complaints: ScriptedComplaints
) -> None:
    said = await run(
        ComplaintAction(colleagues),
        in_form("别问了，我就是要投诉", intent="complaint", kept=slot_of("complaint", story="等了三个小时")),
    )
    assert complaints.registered[0][0] == "等了三个小时；别问了，我就是要投诉"
    assert said.ends_form
