"""What the fields of forms are called: Chinese as the forms say, English where the field's own name does not."""

from api.openapi.fields import field_of
from api.pages.reader import Reader

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
}
_CHINESE: dict[str, str] = {
    "VoidBody.target": "要作废的记录",
    "ObjectionBody.target": "异议对象",
    "Service.target": "送达的决定",
    "ServiceOf.target": "送达的决定",
    "ReviewRequest.target": "申请复核的决定",
    "PhotographWithdrawal.target": "照片",
}


def label_of(reader: Reader, owner: str, name: str) -> str:
    field = field_of(owner, name)
    if reader.language == "zh":
        return _CHINESE.get(f"{owner}.{name}") or (field.zh if field else name)
    found = ENGLISH.get(f"{owner}.{name}") or ENGLISH.get(name)
    return found or name.replace("_", " ").capitalize()


def hint_of(reader: Reader, owner: str, name: str) -> str:
    """In English alone: the Chinese names are those of the forms that the notice prescribes."""
    field = field_of(owner, name)
    return field.description if field and reader.language == "en" else ""
