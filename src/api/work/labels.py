"""What the fields of forms are called: Chinese as the forms say, English where the field's own name does not."""

from api.openapi.fields import field_of
from api.pages.field_view import field_name
from api.pages.reader import Reader
from api.work.hints import HINTS
from api.work.known import is_known

# By the field, or by its model and itself; elsewhere the field's name in plain words is good English.
ENGLISH: dict[str, str] = {
    "again_by": "Report again by",
    "amend_by": "Amend by",
    "announced_on": "Random value announced on",
    "application_version": "Application",
    "amendment": "Amendment of the contract",
    "appointments": "Who judges",
    "asked": "Asked for in",
    "below_floor": "Why it is approved below the floor",
    "broadcast_on": "Broadcast on",
    "consent": "The person has consented",
    "cost": "What it is spent on",
    "count": "How many people",
    "dated_on": "Dated",
    "deed": "What was achieved",
    "departure": "Why not by rank",
    "district": "District (none for the city)",
    "done": "What was done",
    "due": "Milestones",
    "due_on": "Due on",
    "ends_on": "Last day",
    "entries": "Entries",
    "entry": "Who was drawn",
    "expected": "Attendance expected",
    "filed_on": "Filed on",
    "fit": "How it fits the organisation's purpose",
    "former": "District",
    "given": "What is given",
    "granted": "Is the request granted?",
    "group": "Who benefits",
    "held_on": "Held on",
    "holder": "Account holder",
    "into": "Merged into",
    "improved": "What was improved",
    "inspected_on": "Inspected on",
    "last_day": "Last day",
    "lot": "Draw by lot",
    "means": "How",
    "nature": "What the interest is",
    "no_identifiable": "Can nobody be identified?",
    "nobody_recognisable": "Nobody can be recognised, and no minor is shown",
    "note": "Remark",
    "off": "Holidays on Monday to Friday",
    "on": "Day",
    "order": "Order",
    "original_sha256": "Scan of the signed original",
    "paid_on": "Paid on",
    "passed": "Does it pass?",
    "people": "People planned",
    "place_freed_because": "Why its place becomes free",
    "presented_on": "Presented on",
    "public_benefit": "Public benefit",
    "published_on": "Appeared on",
    "received_on": "Received on",
    "record": "Recorded decision",
    "reminded_on": "Reminded on",
    "replaces": "In place of",
    "respondent": "Who answers",
    "same_as": "The same person as",
    "satisfactory": "Was it satisfactory?",
    "scheme": "Kind of number",
    "served_on": "Served on",
    "sha256": "Scan",
    "signed_on": "Signed on",
    "size": "Entries that are enough",
    "spent": "Spent so far",
    "statement": "Settlement",
    "under": "Under which contract",
    "valid_from": "Valid from",
    "valid_until": "Valid until",
    "what": "What has to be put right",
    "Identifier.id": "Number",
    "WorkingYear.on": "Weekends that are worked",
    "MilestoneDecision.accepted": "Is the report accepted?",
    "RectificationCheck.accepted": "Is the order fulfilled?",
    "ResolutionBody.accepted": "Is the objection upheld?",
    "Service.target": "Decision",
    "ServiceOf.target": "Decision",
    "ReviewRequest.target": "Decision",
    "VoidBody.target": "Event",
    "ObjectionBody.target": "What you object to",
    "PhotographWithdrawal.target": "Photograph",
    "DistrictSucceeded.to": "Succeeded by",
    "FurtherIdentifier.replaces": "The number it replaces",
    "Confirmation.record": "What was prepared",
    "LateEntry.effective_on": "So since, or from, this day",
    "FormEntry.effective_on": "The paper came on",
    "LateEntry.reason": "Why it is entered for another day",
    "FormEntry.reason": "Why it is entered for another day",
    "RestateBody.changes": "What it should say",
    "RestateBody.effective_on": "In effect since",
    "PositionRedaction.texts": "Words to take out",
    "PositionRedaction.passages": "Only these passages",
    "PositionRedaction.authority": "Rule or decision that asks for it",
}
_CHINESE: dict[str, str] = {
    "application_version": "申报表",
    "appointments": "评审人员",
    "nominee": "推荐对象",
    "original_sha256": "合同原件扫描件",
    "sha256": "扫描件",
    "statement": "结算",
    "VoidBody.target": "要作废的记录",
    "ObjectionBody.target": "异议对象",
    "Service.target": "送达的决定",
    "ServiceOf.target": "送达的决定",
    "ReviewRequest.target": "申请复核的决定",
    "PhotographWithdrawal.target": "照片",
    "RestateBody.changes": "应为",
    "RestateBody.effective_on": "生效日期",
    "PositionRedaction.passages": "只删其中几处",
    "PositionRedaction.authority": "依据",
}


def label_of(reader: Reader, owner: str, name: str) -> str:
    field = field_of(owner, name)
    if reader.language == "zh":
        found = _CHINESE.get(f"{owner}.{name}") or _CHINESE.get(name)
        return found or (field.zh if field else field_name(reader, name))
    found = ENGLISH.get(f"{owner}.{name}") or ENGLISH.get(name)
    return found or name.replace("_", " ").capitalize()


def hint_of(reader: Reader, owner: str, name: str) -> str:
    """In English what the API's reference says of the field, but for what programs give by an identifier or a digest
    and people choose or upload."""
    if reader.language == "zh":
        return HINTS.get(f"{owner}.{name}") or HINTS.get(name, "")
    if is_known(owner, name):
        return "Choose from what the ledger knows."
    if name in ("sha256", "original_sha256"):
        return "Upload the scan; the ledger keeps its digest."
    field = field_of(owner, name)
    return field.description if field else ""
