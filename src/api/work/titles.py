"""What the forms are called: in English by their summary, in Chinese by their action or, of several, by their own."""

from api.pages.reader import Reader
from api.work.offers import Offer, Target
from api.work.work_codes import WAYS
from ledger.accounts import Account
from ledger.core.words import Words

CHINESE: dict[str, str] = {
    "sign_contract": "签订合同",
    "sign_contracts": "批量签订合同",
    "record_service": "登记送达",
    "record_services": "批量登记送达",
    "arrange_support": "答复扶持请求",
    "defer_support": "登记扶持统筹",
    "rectify": "整改",
    "record_inspection": "登记检查",
    "decide_milestone": "验收进度",
    "accept_reports": "批量验收",
    "rename_organisation": "变更名称",
    "add_identifier": "增加或更换登记证号",
    "set_supervisor": "变更业务主管单位",
    "relocate_organisation": "变更登记区县",
    "merge_organisation": "登记合并",
    "deregister_organisation": "登记注销或撤销",
    "approve_project": "批准",
    "approve_projects": "批量批准",
    "reject_project": "不予批准",
    "reject_projects": "批量不予批准",
    "record_decision": "录入领导小组决定",
    "record_decisions": "批量录入领导小组决定",
    "confirm_decision": "复核录入的决定",
    "confirm_decisions": "批量复核录入的决定",
    "tell_story": "讲述项目故事",
    "add_media_report": "登记媒体报道",
    "show_photograph": "上传照片",
    "give_feedback": "录入受益人答复",
    "record_attendance": "登记到场人数",
    "register_sample_frame": "登记抽样名册",
    "register_occasions": "登记场次表",
    "accept_frame_gap": "接受名册缺口",
    "draw_samples": "抽样",
    "correct": "作废一条记录",
    "request_correction": "请求作废一条记录",
    "evaluate_project": "评价",
}


def title_of(reader: Reader, offer: Offer, who: Account) -> str:
    if reader.language == "en":
        return offer.summary
    return CHINESE.get(offer.operation) or reader.say(offer.ways_of(who)[0].action.named)


def form_link(reader: Reader, offer: Offer, target: object = None, **given: str) -> str:
    at = f"/{offer.target.value}/{target}" if offer.target is not Target.NOTHING else ""
    return reader.link(f"{at}/do/{offer.name}", **given)


def way_words(code: str, action_named: Words) -> Words:
    return WAYS.get(code, action_named)
