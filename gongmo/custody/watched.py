"""Which pages show personal data of others: the table by which accesses are noted. A page that is in neither list fails a test.

Whoever holds an office is noted wherever an address stands here, and everybody's refused attempts are. An applicant is noted where a page shows people
of other organisations (`everyone`): what it is shown of its own is its own data.
"""

from dataclasses import dataclass

from gongmo.privacy.models import Kind


@dataclass(frozen=True, slots=True)
class Watch:
    """What a page does with whose data. `subject` is the kind of thing that the address's part `key` numbers.

    `everyone`: also applicants are noted, for the page shows people of other organisations. `reason`: an officer who downloads it says why.
    """

    kind: Kind
    subject: str = ""
    key: str = "pk"
    everyone: bool = False
    reason: bool = False


def _pages(kind: Kind, subject: str, names: str, key: str = "pk", **more: bool) -> dict[str, Watch]:
    return {name: Watch(kind, subject, key, **more) for name in names.split()}


WATCHED: dict[str, Watch] = {
    # --- applications ---
    **_pages(
        Kind.SHOW,
        "application",
        "applications:application applications:content applications:findings"
        " applications:money applications:statements applications:documents"
        " applications:receipt applications:versions applications:sign applications:submit applications:paper"
        " applications:invite applications:changes"
        " similarity:application similarity:one screening:review screening:own screening:registers_of screening:fact"
        " evaluation:presenter",
    ),
    # People of the consortium's other organisations.
    **_pages(
        Kind.SHOW,
        "application",
        "applications:members applications:member applications:overview",
        everyone=True,
    ),
    **_pages(Kind.SHOW, "application", "similarity:pair", "left"),
    **_pages(Kind.SHOW, "application", "evaluation:challenge evaluation:result", everyone=True),
    **_pages(
        Kind.FILE,
        "application",
        "applications:receipt_json applications:receipt_pdf applications:cover applications:members_template",
    ),
    **_pages(Kind.FILE, "application", "applications:paper_file", everyone=True),
    **_pages(
        Kind.EXPORT,
        "application",
        "applications:members_xlsx applications:members_csv",
        everyone=True,
        reason=True,
    ),
    **_pages(Kind.EXPORT, "application", "applications:money_xlsx applications:money_csv"),
    **_pages(Kind.FILE, "application_document", "applications:document", everyone=True),
    **_pages(
        Kind.CHANGE,
        "application",
        "applications:remind applications:members_import applications:members_accept"
        " applications:restore applications:restore_field applications:withdraw applications:renew_paper"
        " applications:consents similarity:look similarity:judge similarity:conclude screening:act"
        # Refused, they show the page again from which they were sent.
        " applications:attach applications:money_import applications:money_fit applications:statements_verdict",
    ),
    **_pages(Kind.CHANGE, "call", "screening:save_view", "slug"),
    **_pages(Kind.CHANGE, "application_document", "applications:detach applications:reinstate"),
    **_pages(Kind.CHANGE, "member", "applications:remove applications:role applications:assets"),
    # --- lists of a call ---
    **_pages(
        Kind.LIST,
        "call",
        "applications:arrivals screening:queue screening:requests screening:handover screening:registers"
        " similarity:overview evaluation:stages evaluation:committee evaluation:new_committee"
        " evaluation:presentations evaluation:plan_presentations evaluation:spread evaluation:bonus"
        " evaluation:disclosure evaluation:objections evaluation:ranking awards:board awards:negotiations"
        " awards:allocate oversight:call oversight:region calls:questions",
        "slug",
    ),
    **_pages(
        Kind.SHOW, "call", "evaluation:proposal evaluation:live evaluation:blind evaluation:entry", "slug"
    ),
    **_pages(Kind.FILE, "call", "evaluation:ranking_document", "slug"),
    **_pages(
        Kind.EXPORT,
        "call",
        "applications:arrivals_csv applications:arrivals_xlsx screening:export",
        "slug",
        reason=True,
    ),
    **_pages(Kind.EXPORT, "call", "oversight:export", "slug"),
    **_pages(
        Kind.CHANGE,
        "call",
        "applications:undo_arrival screening:open_reviews screening:decide screening:many screening:expire"
        " similarity:look_all evaluation:act_on_proposal evaluation:act_on_committee evaluation:act_on_bonus"
        " evaluation:act_on_objection evaluation:act awards:open_negotiations screening:remind",
        "slug",
    ),
    # --- files handed in during screening, evaluation, awards ---
    **_pages(Kind.FILE, "screening_fact", "screening:evidence"),
    **_pages(Kind.FILE, "screening_supplement", "screening:supplement_file"),
    **_pages(Kind.FILE, "screening_proof", "screening:proof_file"),
    **_pages(Kind.FILE, "screening_item", "screening:item_file"),
    **_pages(Kind.FILE, "screening_objection", "screening:objection_file"),
    **_pages(Kind.FILE, "similarity_judgement", "similarity:evidence"),
    **_pages(Kind.FILE, "evaluation_objection", "evaluation:objection_file"),
    **_pages(Kind.FILE, "evaluation_bonus", "evaluation:bonus_file"),
    **_pages(Kind.FILE, "termination_case", "awards:case_file"),
    # --- the evaluators' work ---
    **_pages(Kind.SHOW, "seat", "evaluation:seat evaluation:chair_challenges"),
    **_pages(Kind.SHOW, "sheet", "evaluation:sheet"),
    **_pages(Kind.FILE, "sheet", "evaluation:document evaluation:supplement"),
    **_pages(Kind.CHANGE, "sheet", "evaluation:lock_sheet evaluation:want_visit"),
    **_pages(Kind.SHOW, "presentation_day", "evaluation:day"),
    **_pages(Kind.CHANGE, "presentation_day", "evaluation:change_day"),
    **_pages(Kind.CHANGE, "presentation_turn", "evaluation:act_on_turn"),
    **_pages(Kind.SHOW, "visit", "evaluation:visit"),
    **_pages(Kind.FILE, "visit", "evaluation:visit_photo evaluation:visit_file"),
    **_pages(Kind.CHANGE, "visit", "evaluation:act_on_visit"),
    # --- the pool of experts ---
    **_pages(Kind.LIST, "pool", "evaluation:pool", ""),
    **_pages(Kind.EXPORT, "pool", "evaluation:pool_export", "", reason=True),
    **_pages(Kind.CHANGE, "pool", "evaluation:pool_import", ""),
    **_pages(Kind.SHOW, "evaluator", "evaluation:expert"),
    **_pages(Kind.CHANGE, "evaluator", "evaluation:act_on_expert"),
    # --- negotiations and agreements ---
    **_pages(Kind.SHOW, "negotiation", "awards:table awards:offer"),
    **_pages(Kind.CHANGE, "negotiation", "awards:accept awards:act_on_negotiation"),
    **_pages(
        Kind.SHOW,
        "agreement",
        "awards:agreement awards:regional_call awards:text awards:text_version awards:case awards:changes awards:letters",
    ),
    **_pages(Kind.FILE, "agreement", "awards:print"),
    **_pages(
        Kind.CHANGE,
        "agreement",
        "awards:upload_own awards:sign awards:revise awards:open_case awards:ask_amendment awards:ask_party_change awards:yearly awards:re_agree awards:finish",
    ),
    **_pages(Kind.CHANGE, "amendment", "awards:answer_amendment"),
    # The heads of the other parties are in the text.
    **_pages(Kind.SHOW, "amendment", "awards:join", everyone=True),
    **_pages(Kind.FILE, "amendment", "awards:amendment_file"),
    **_pages(Kind.CHANGE, "termination_case", "awards:act_on_case"),
    # --- people and organisations ---
    **_pages(
        Kind.SHOW,
        "organisation",
        "parties:organisation parties:edit_organisation parties:certificates parties:history parties:people"
        " parties:hand_over registers:organisation",
    ),
    **_pages(
        Kind.CHANGE, "organisation", "parties:add_person parties:invite parties:change_role parties:end_place"
    ),
    **_pages(Kind.CHANGE, "invitation", "parties:resend_invitation"),
    **_pages(Kind.FILE, "certificate", "parties:certificate_file"),
    **_pages(Kind.LIST, "people", "parties:operator_people", ""),
    **_pages(Kind.LIST, "organisations", "parties:operator_organisations", ""),
    **_pages(Kind.SHOW, "person", "parties:operator_person"),
    **_pages(
        Kind.CHANGE,
        "person",
        "parties:operator_revoke parties:operator_reset_second_factor parties:operator_sign_out parties:operator_close",
    ),
    **_pages(Kind.CHANGE, "people", "parties:operator_person_new", ""),
    **_pages(Kind.LIST, "question", "calls:question"),
    **_pages(Kind.LIST, "mailbox", "notices:mailbox", ""),
    **_pages(Kind.SHOW, "mail", "notices:mail"),
    # --- the log itself ---
    **_pages(Kind.LIST, "access_log", "custody:reviews", ""),
    **_pages(Kind.LIST, "access_log", "custody:month custody:person", "month"),
    **_pages(Kind.EXPORT, "access_log", "custody:export", "month", reason=True),
}

_PLAIN = (
    # What everybody may read, the own account, own tasks and settings, and sign-in.
    "web:home web:clock web:language web:contrast web:act_as web:design web:verify ledger:record ledger:checkpoints"
    " ledger:consistency tasks:list tasks:again parties:profile parties:own_data parties:close parties:leave"
    " parties:end_session parties:new_organisation parties:join parties:policies notices:list notices:read_all"
    " notices:settings notices:renew_calendar notices:open notices:calendar calls:list calls:feed calls:calendars"
    " calls:bizinfo calls:publish calls:call calls:pdf calls:hwpx calls:definition calls:calendar calls:correction"
    " calls:ask calls:manage calls:extend calls:correct calls:close calls:cancel calls:finish calls:answer"
    # Own or empty lists and templates.
    " applications:list applications:start applications:register similarity:template evaluation:pool_template"
    " evaluation:own_profile evaluation:desk evaluation:own_scores evaluation:turns_calendar evaluation:turn_calendar"
    " awards:boards awards:agreements oversight:calls registers:health registers:try registers:address"
    # Earlier projects hold organisations' names only.
    " similarity:corpus similarity:begin similarity:find similarity:import similarity:confirm similarity:drop"
    " similarity:project"
    # Uploads belong to who began them.
    " files:uploads files:upload files:finish"
    # Saving within a page that was noted when it was shown; the record names who wrote.
    " applications:save applications:member_link applications:money_verdict applications:money_accept applications:unsign"
    " applications:answer screening:save screening:changes screening:objection screening:attach screening:answer"
    " screening:hand_in screening:withdraw_objection screening:forget_view evaluation:answer_seat evaluation:declare evaluation:save_sheet evaluation:sheet_changes"
    " evaluation:add_note evaluation:drop_note parties:withdraw_invitation"
    " parties:end_certificate"
    # This floor's own.
    " custody:give_reason custody:own custody:own_file custody:retention custody:destruction custody:certificate"
    " custody:person_destruction custody:person_certificate"
    # The operator's figures: counts and times, nobody's data.
    " operation:status operation:status_json operation:metrics operation:overview operation:announce operation:withdraw"
)
PLAIN = frozenset(_PLAIN.split())
