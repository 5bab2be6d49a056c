"""What this floor's acts are called in the record."""

from gongmo.kernel.acts import name_acts

NAMES = {
    "applications.start": ("신청을 시작함", "Application started"),
    "applications.update_overview": ("개요를 고침", "Overview changed"),
    "applications.save_fields": ("작성 내용을 저장함", "Fields saved"),
    "applications.add_kpi": ("성과지표 칸을 더함", "Indicator added"),
    "applications.remove_kpi": ("성과지표를 뺌", "Indicator taken out"),
    "applications.restore_version": ("앞선 저장본으로 되돌림", "Earlier version restored"),
    "applications.restore_field": ("한 칸을 앞선 내용으로 되돌림", "A field's earlier content restored"),
    "applications.invite": ("기관을 초대함", "Organisation invited"),
    "applications.answer_invitation": ("초대에 답함", "Invitation answered"),
    "applications.take_up_link": ("초대 링크로 들어옴", "Invitation link followed"),
    "applications.import_members": ("기관 목록을 가져와 초대함", "Organisations invited from a file"),
    "applications.set_role": ("기관의 역할을 바꿈", "Organisation's role changed"),
    "applications.remind": ("남은 할 일을 알림", "Organisations reminded"),
    "applications.remove_member": ("기관을 뺌", "Organisation taken out"),
    "applications.set_buys_assets": ("자산 취득 여부를 표시함", "Purchase of assets marked"),
    "applications.set_cells": ("사업비를 고침", "Budget changed"),
    "applications.declare": ("자가점검에 답함", "Self-check answered"),
    "applications.withdraw_consent": ("선택 동의를 거둠", "Optional consent taken back"),
    "applications.consent": ("동의 여부를 표시함", "Consent given or taken back"),
    "applications.attach": ("문서를 올림", "Document added"),
    "applications.detach": ("문서를 내림", "Document taken down"),
    "applications.submit": ("제출함", "Submitted"),
    "applications.withdraw": ("철회함", "Withdrawn"),
    "applications.register_arrival": ("도착을 등록함", "Arrival registered"),
    "applications.undo_arrival": ("도착 등록을 거둠", "Arrival taken back"),
    "applications.sign": ("문서에 서명함", "Documents signed"),
    "applications.withdraw_signature": ("서명을 거둠", "Signature withdrawn"),
    "applications.renew_paper": ("서명한 문서를 다시 만듦", "Signed document made again"),
    "applications.reinstate": ("내린 문서를 되살림", "Document brought back"),
}
OWN_ACTS = frozenset(NAMES)

name_acts(NAMES)
