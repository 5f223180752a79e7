"""The progress form's identity check, and what a verified customer is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions.cancel import CancelAction
from actions.colleagues import Colleagues
from actions.progress import ProgressAction
from actions.progress_form import AskProgressSlot, ValidateProgressForm
from bot.messages import Handoff, Stages
from bot.servicing import errors
from bot.servicing.model import (
    ApplicationBrief,
    ApplicationState,
    DateRange,
    DocumentKind,
    Lack,
    Party,
    Product,
    Progress,
    Refusal,
    Stage,
    StageProgress,
    StageState,
    WantedDocument,
)
from tests.actions.conftest import ScriptedServicing
from tests.actions.said import CONVERSATION, TURN, Message, Said, entity, ran, run, slot

FORM = "progress_form"
NO = "FX2026110001"
BEGUN = [ran("action_begin_progress"), ran(FORM)]


async def test_without_a_number_the_number_is_asked_for(colleagues: Colleagues) -> None:
    said = await run(ValidateProgressForm(colleagues), Message("application_status", loop=FORM, after=BEGUN))
    assert said.slots["requested_slot"] == "application_no"


async def test_number_and_digits_in_one_message_send_the_code(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    message = Message(
        "application_status", loop=FORM, after=[*BEGUN, slot("application_no", NO), slot("id_last4", "123X")]
    )
    said = await run(ValidateProgressForm(colleagues), message)
    assert servicing.asked == [("begin", CONVERSATION, NO, "123X", TURN)]
    assert (said.slots["requested_slot"], said.slots["application_no"]) == ("code", NO)


async def test_digits_and_code_are_emptied_once_used(colleagues: Colleagues) -> None:
    message = Message(
        "inform", loop=FORM, slots={"application_no": NO}, after=[ran(FORM), slot("id_last4", "123X")]
    )
    said = await run(ValidateProgressForm(colleagues), message)
    assert (said.slots["id_last4"], said.slots["code"]) == (None, None)


async def test_wrong_digits_are_refused_alike_and_both_are_asked_again(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.refuse_digits = errors.IdentityRefused()
    message = Message(
        "inform", loop=FORM, slots={"application_no": NO}, after=[ran(FORM), slot("id_last4", "9999")]
    )
    said = await run(ValidateProgressForm(colleagues), message)
    assert said.texts == ["申请编号（或手机号）和身份证后四位没有对上，请核对后两项一起再发一次。"]
    assert (said.slots["requested_slot"], said.slots["application_no"]) == ("application_no", None)


WAITING = {"application_no": NO, "requested_slot": "code"}


def with_code(code: str) -> Message:
    return Message("inform", loop=FORM, slots=WAITING, after=[ran(FORM), slot("code", code)])


async def test_the_right_code_ends_the_form(colleagues: Colleagues, servicing: ScriptedServicing) -> None:
    said = await run(ValidateProgressForm(colleagues), with_code("123456"))
    assert servicing.asked == [("confirm", CONVERSATION, NO, "123456", TURN)]
    assert (said.slots["requested_slot"], said.slots["application_no"]) == (None, NO)


async def test_a_wrong_code_says_how_often_it_may_be_tried(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.refuse_code = errors.WrongCode(left=3)
    said = await run(ValidateProgressForm(colleagues), with_code("000000"))
    assert said.texts == ["验证码不对，请再看一下短信。还可以试 3 次。"]
    assert said.slots["requested_slot"] == "code"


async def test_an_expired_code_asks_for_the_digits_anew(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.refuse_code = errors.CodeExpired()
    said = await run(ValidateProgressForm(colleagues), with_code("000000"))
    assert said.slots["requested_slot"] == "id_last4"


async def test_a_lock_says_until_when_ends_the_form_and_offers_a_person(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.refuse_code = errors.VerificationLocked(datetime(2026, 11, 22, 4, 15, tzinfo=UTC))
    said = await run(ValidateProgressForm(colleagues), with_code("000000"))
    assert "11月22日 12:15" in said.texts[0]
    assert said.payloads == ["/human_agent"]
    assert (said.slots["requested_slot"], said.slots["application_no"]) == (None, None)


async def test_a_code_that_cannot_be_sent_goes_to_a_person(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.refuse_digits = errors.CodeNotSent()
    message = Message(
        "inform", "123X", loop=FORM, slots={"application_no": NO}, after=[ran(FORM), slot("id_last4", "123X")]
    )
    said = await run(ValidateProgressForm(colleagues), message)
    assert [part.reason for part in said.parts if isinstance(part, Handoff)] == ["always_human"]
    assert said.ends_form


async def test_a_verified_customer_is_asked_nothing(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(NO)
    message = Message("application_status", loop=FORM, slots={"application_no": NO}, after=BEGUN)
    said = await run(ValidateProgressForm(colleagues), message)
    assert (said.slots["requested_slot"], servicing.asked) == (None, [])


async def test_another_number_starts_the_check_again(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    message = Message(
        "inform",
        loop=FORM,
        slots=WAITING,
        before=[slot("application_no", NO)],
        after=[slot("application_no", "FX2026110002"), ran(FORM), slot("application_no", "FX2026110002")],
    )
    said = await run(ValidateProgressForm(colleagues), message)
    assert (said.slots["requested_slot"], servicing.asked) == ("id_last4", [])


async def test_another_question_is_let_through_and_the_step_is_kept(colleagues: Colleagues) -> None:
    validate = ValidateProgressForm(colleagues)
    said = await run(validate, Message("rate_change", loop=FORM, slots=WAITING, after=[ran(FORM)]))
    assert (said.rejected, said.slots["application_no"]) == (FORM, NO)
    back = await run(
        validate,
        Message("rate_change", loop=FORM, slots=WAITING, after=[ran("action_answer"), ran(FORM)]),
    )
    assert (back.rejected, back.slots["requested_slot"], back.slots["application_no"]) == (None, "code", NO)


@pytest.mark.parametrize("name", ["application_no", "id_last4", "code"])
async def test_each_question_is_asked_in_its_own_words(colleagues: Colleagues, name: str) -> None:
    said = await run(AskProgressSlot(colleagues, name), Message("inform", loop=FORM))
    assert len(said.texts) == 1


@pytest.mark.parametrize(("name", "given"), [("code", "code"), ("application_no", "id_last4")])
async def test_what_was_just_refused_is_not_asked_for_twice(
    colleagues: Colleagues, name: str, given: str
) -> None:
    message = Message(
        "inform",
        loop=FORM,
        entities=[entity(given, "000000")],
        before=[slot("application_no", NO)],
        after=[ran(FORM), slot("application_no", None)],
    )
    assert (await run(AskProgressSlot(colleagues, name), message)).parts == []


async def test_digits_and_number_refused_in_the_first_message_are_not_asked_for_twice(
    colleagues: Colleagues,
) -> None:
    message = Message(
        "application_status",
        loop=FORM,
        entities=[entity("application_no", NO), entity("id_last4", "9999")],
        after=[ran("action_begin_progress"), ran(FORM)],
    )
    assert (await run(AskProgressSlot(colleagues, "application_no"), message)).parts == []


async def test_digits_without_a_number_are_answered_by_asking_for_the_number(colleagues: Colleagues) -> None:
    message = Message("inform", loop=FORM, entities=[entity("id_last4", "1234")], after=[ran(FORM)])
    assert len((await run(AskProgressSlot(colleagues, "application_no"), message)).texts) == 1


def approval(**changes: object) -> Progress:
    values: dict[str, object] = {
        "application_no": NO,
        "product": Product.COMMERCIAL,
        "state": ApplicationState.IN_PROGRESS,
        "submitted_on": date(2026, 11, 9),
        "as_of": date(2026, 11, 22),
        "stages": (
            StageProgress(stage=Stage.VALUATION, state=StageState.DONE, on=date(2026, 11, 18)),
            StageProgress(
                stage=Stage.APPROVAL,
                state=StageState.CURRENT,
                on=date(2026, 11, 18),
                expected=DateRange(date(2026, 11, 24), date(2026, 11, 30)),
            ),
            StageProgress(stage=Stage.NOTICE, state=StageState.AHEAD, on=None),
        ),
        "current": Stage.APPROVAL,
        "since": date(2026, 11, 18),
        "next": Stage.NOTICE,
        "ended_on": None,
        "step_expected": DateRange(date(2026, 11, 24), date(2026, 11, 30)),
        "decision_expected": DateRange(date(2026, 11, 25), date(2026, 12, 1)),
        "disbursement_expected": None,
        "is_late": False,
        "beyond_known_years": True,
    }
    return Progress(**{**values, **changes})  # type: ignore[arg-type]


async def test_a_verified_customer_sees_the_stages_and_what_comes_next(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(NO)
    servicing.told = approval()
    said = await run(ProgressAction(colleagues), Message("inform", slots={"application_no": NO}))
    assert said.texts == [
        "您的申请现在在“贷款审批”这一步（11月18日开始），预计2026年11月24日至2026年11月30日完成。"
        "接下来是“结果通知”。预计2026年11月25日至2026年12月1日出审批结果。"
    ]
    stages = next(part for part in said.parts if isinstance(part, Stages))
    assert [(stage.name, stage.state, stage.note) for stage in stages.stages] == [
        ("房屋评估", "done", "11月18日完成"),
        ("贷款审批", "current", "预计2026年11月24日至2026年11月30日"),
        ("结果通知", "ahead", ""),
    ]
    assert "放假安排还没公布" in stages.notes[-1]


@pytest.mark.parametrize(
    ("state", "phrase"),
    [
        (ApplicationState.DISBURSED, "已经在2026年11月20日放款"),
        (ApplicationState.REJECTED, "没有通过"),
        (ApplicationState.WITHDRAWN, "撤回"),
    ],
)
async def test_an_ended_application_is_said_to_have_ended(
    colleagues: Colleagues, servicing: ScriptedServicing, state: ApplicationState, phrase: str
) -> None:
    servicing.verified.add(NO)
    servicing.told = approval(
        state=state, current=None, since=None, next=None, ended_on=date(2026, 11, 20), step_expected=None
    )
    said = await run(ProgressAction(colleagues), Message("inform", slots={"application_no": NO}))
    assert phrase in said.texts[0]


async def test_proof_that_has_grown_old_leads_back_to_the_check(colleagues: Colleagues) -> None:
    said = await run(ProgressAction(colleagues), Message("inform", slots={"application_no": NO}))
    assert said.next_action == FORM


async def test_a_form_that_was_locked_shows_nothing(colleagues: Colleagues) -> None:
    said = await run(ProgressAction(colleagues), Message("inform", slots={"application_no": None}))
    assert (said.parts, said.slots) == ([], {"completed_turn": TURN})


PHONE = "10000006377"


async def test_a_phone_stands_for_the_number_and_is_never_remembered(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    message = Message(
        "inform",
        loop=FORM,
        entities=[entity("phone", PHONE)],
        slots={"requested_slot": "application_no"},
        after=[slot("application_no", PHONE), ran(FORM), slot("application_no", PHONE)],
    )
    said = await run(ValidateProgressForm(colleagues), message)
    assert (said.slots["requested_slot"], said.slots["application_no"]) == ("id_last4", "phone:6377")
    assert servicing.asked == []


async def test_a_code_after_a_phone_opens_the_newest_application(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.own = (NO, "FX2026110009")
    waiting = {"application_no": "phone:6377", "requested_slot": "code"}
    message = Message("inform", loop=FORM, slots=waiting, after=[ran(FORM), slot("code", "123456")])
    said = await run(ValidateProgressForm(colleagues), message)
    assert servicing.asked == [("confirm", CONVERSATION, "phone:6377", "123456", TURN)]
    assert (said.slots["requested_slot"], said.slots["application_no"]) == (None, NO)


async def test_a_verified_customer_without_an_application_is_told_so(colleagues: Colleagues) -> None:
    waiting = {"application_no": "phone:6377", "requested_slot": "code"}
    message = Message("inform", loop=FORM, slots=waiting, after=[ran(FORM), slot("code", "123456")])
    said = await run(ValidateProgressForm(colleagues), message)
    assert said.texts == ["已经核对好您的身份。目前没有查到您名下的贷款申请，需要帮忙可以转人工。"]
    assert said.slots["requested_slot"] is None


async def test_somebody_whom_the_bank_signed_in_is_asked_nothing(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(NO)
    said = await run(ValidateProgressForm(colleagues), Message("application_status", loop=FORM, after=BEGUN))
    assert (said.slots["requested_slot"], said.slots["application_no"]) == (None, NO)


@pytest.mark.parametrize("reason", ["too_many", "no_answer"])
async def test_a_gateway_that_will_do_later_is_no_case_for_a_person(
    colleagues: Colleagues, servicing: ScriptedServicing, reason: str
) -> None:
    servicing.refuse_digits = errors.CodeNotSent(errors.NotSentReason(reason))
    message = Message(
        "inform", loop=FORM, slots={"application_no": NO}, after=[ran(FORM), slot("id_last4", "123X")]
    )
    said = await run(ValidateProgressForm(colleagues), message)
    assert said.texts == ["抱歉，验证码暂时发不出去，请过几分钟再试，或者转人工。"]
    assert (said.slots["requested_slot"], said.payloads) == (None, ["/human_agent"])


@pytest.mark.parametrize(
    "message",
    [
        Message("cancel", "", entities=[entity("forget_me", "yes")]),
        Message("cancel", "退出验证"),
        Message("cancel", "帮我退出身份验证"),
    ],
)
async def test_who_was_verified_can_be_forgotten(
    colleagues: Colleagues, servicing: ScriptedServicing, message: Message
) -> None:
    servicing.verified.add(NO)
    said = await run(CancelAction(colleagues), message)
    assert servicing.verified == set()
    assert said.texts == ["好的，已经退出身份验证。之后再查个人信息，需要重新核对身份。"]
    assert (said.slots["application_no"], said.slots["last_calculation"]) == (None, None)


async def test_an_ordinary_cancel_forgets_nobody(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(NO)
    said = await run(CancelAction(colleagues), Message("cancel", "算了"))
    assert servicing.verified == {NO}
    assert "application_no" not in said.slots


OTHER = ApplicationBrief(
    application_no="FX2026110009",
    product=Product.COMBINED,
    state=ApplicationState.IN_PROGRESS,
    stage=Stage.CONTRACT,
    submitted_on=date(2026, 11, 2),
)


async def told(
    colleagues: Colleagues, servicing: ScriptedServicing, text: str = "问", **changes: object
) -> Said:
    servicing.verified.add(NO)
    servicing.told = approval(**changes)
    return await run(
        ProgressAction(colleagues), Message("application_status", text, slots={"application_no": NO})
    )


async def test_wanted_documents_are_named_with_what_is_wrong(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    said = await told(
        colleagues,
        servicing,
        waits_for=Party.CUSTOMER,
        wanted=(
            WantedDocument(DocumentKind.STATEMENT, Lack.MISSING),
            WantedDocument(DocumentKind.MARRIAGE, Lack.MISSING),
            WantedDocument(DocumentKind.PROOF, Lack.REFUSED, "没有盖章"),
            WantedDocument(DocumentKind.IDENTITY, Lack.EXPIRED, expired_on=date(2026, 11, 1)),
        ),
        is_late=True,
    )
    assert (
        "还缺银行流水、婚姻证明；收入证明（没有盖章）、身份证（2026年11月1日已过期）要重新交" in said.texts[0]
    )
    assert "比平时慢" not in said.texts[0]


@pytest.mark.parametrize(
    ("party", "stage", "phrase"),
    [
        (Party.BANK, Stage.APPROVAL, "由银行办理"),
        (Party.CUSTOMER, Stage.CONTRACT, "去签合同"),
        (Party.CUSTOMER, Stage.NOTICE, "请和经办人员联系"),
    ],
)
async def test_who_has_to_act_is_said(
    colleagues: Colleagues, servicing: ScriptedServicing, party: Party, stage: Stage, phrase: str
) -> None:
    assert phrase in (await told(colleagues, servicing, waits_for=party, current=stage)).texts[0]


@pytest.mark.parametrize("refusal", [*Refusal, None])
async def test_every_refusal_says_why_and_what_can_be_done(
    colleagues: Colleagues, servicing: ScriptedServicing, refusal: Refusal | None
) -> None:
    said = await told(
        colleagues,
        servicing,
        state=ApplicationState.REJECTED,
        current=None,
        ended_on=date(2026, 11, 20),
        refusal=refusal,
    )
    assert "原因" in said.texts[0]
    assert len(said.payloads) >= 2
    assert "/human_agent" in said.payloads


async def test_following_is_offered_until_it_is_on(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    offered = (await told(colleagues, servicing)).payloads[0]
    assert offered == f'/application_status{{"application_no": "{NO}", "verify_for": "follow"}}'
    assert offered not in (await told(colleagues, servicing, is_followed=True)).payloads


async def test_other_applications_are_offered_or_told_at_once(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.briefs = (OTHER, replace(OTHER, application_no=NO, stage=Stage.APPROVAL))
    said = await told(colleagues, servicing, others=(OTHER,))
    assert "名下还有 1 笔申请" in said.texts[0]
    assert said.payloads[-1] == '/application_status{"application_no": "FX2026110009"}'
    said = await told(colleagues, servicing, "我的申请都到哪了", others=(OTHER,))
    assert said.texts == [
        "您名下有 2 笔申请：\n· 组合贷款（尾号0009）：签订合同\n· 组合贷款（尾号0001）：贷款审批"
    ]


async def test_impatience_is_no_wish_for_all_applications(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    for text in ("都一个月了还没批", "几个月了都没消息"):
        assert "贷款审批" in (await told(colleagues, servicing, text, others=(OTHER,))).texts[0]


async def test_without_a_number_the_only_application_is_told(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    """Somebody verified by other means than a number."""
    servicing.verified.add(NO)
    servicing.told = approval()
    servicing.briefs = (replace(OTHER, application_no=NO),)
    said = await run(ProgressAction(colleagues), Message("application_status"))
    assert "贷款审批" in said.texts[0]
    assert said.slots["application_no"] == NO
    servicing.briefs = (OTHER, replace(OTHER, application_no=NO))
    assert (
        "名下有 2 笔申请" in (await run(ProgressAction(colleagues), Message("application_status"))).texts[0]
    )
