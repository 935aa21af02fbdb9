"""Examples of the main answers, by the name of their schema. A test reads each by its model."""

from typing import Any

PROJECT = "0192f0c1-6f3a-7c3e-9d5b-2f1a4e8b7c60"
ORGANISATION = "f164d2a2-7b0d-57c7-898b-3f12286c9f50"
_ELDERLY = {"zh": "扶老助残", "en": "Elderly and disabled people"}
_PROGRAMME = {"zh": "2010年社会组织服务民生行动", "en": "Social Organisations Serving People's Livelihood 2010"}
_AMOUNT = {"amount": "30000.00", "currency": "CNY"}
_BASIS: dict[str, Any] = {
    "known": 402,
    "size": 403,
    "effective_on": None,
    "time_zone": "Asia/Shanghai",
    "fold_version": 6,
    "redacted": [],
}
_FIGURES = {
    "projects": 1,
    "planned": 100,
    "served": 86,
    "steps": [{"step": "applied", "number": 1}, {"step": "approved", "number": 1}],
    "amounts": [{"figure": "approved", "amount": _AMOUNT}],
    "money": [
        {
            "stage": "granted",
            "amount": _AMOUNT,
            "by_source": [{"source": "support", "amount": _AMOUNT}],
            "events": None,
        }
    ],
    "reports": {"in_time": 2, "late": 0, "overdue": 0},
    "satisfaction": {"asked": 0, "answered": 0, "rated": 0, "satisfied": None},
}
_GROUP = {"key": "elderly-disabled", "name": _ELDERLY, "figures": _FIGURES}
ANSWERS: dict[str, dict[str, Any]] = {
    "ReceiptBody": {
        "id": PROJECT,
        "version": 7,
        "position": 402,
        "recorded_at": "2010-03-15T02:14:07.120394Z",
        "origin": "ledger.example/log",
    },
    "PlanReceipts": {
        "receipts": [
            {
                "id": PROJECT,
                "version": 1,
                "position": 402,
                "recorded_at": "2010-02-15T02:14:07.120394Z",
                "origin": "ledger.example/log",
            }
        ]
    },
    "Problem": {
        "type": "urn:minsheng:problem:milestone_out_of_order",
        "title": "下一个进度阶段是启动，不是中期。",
        "status": 409,
        "code": "milestone_out_of_order",
        "details": {"expected": "start", "got": "middle"},
    },
    "HeldRoles": {
        "on": "2010-06-30",
        "known": 402,
        "appointments": [
            {
                "seat": "b1d0c5a4-3c39-5a0e-8f0f-0e6f7a0f6f21",
                "position": 9,
                "version": 1,
                "role": "committee",
                "body": None,
                "programme": "beijing-2010",
                "name": None,
                "since": "2010-01-18",
                "until": "2010-12-31",
                "ended_by": None,
                "document_number": "示例任〔2010〕1号",
                "reason": "组建评估监督委员会。",
                "deputies": [],
            }
        ],
    },
    "ProjectFacets": {
        "total": 96,
        "known": 402,
        "people_planned": 41200,
        "people_served": 23700,
        "amounts": [{"figure": "paid", "amount": _AMOUNT}],
        "category": [{"value": "elderly-disabled", "projects": 14}],
        "served_district_now": [{"value": "110105", "projects": 19}, {"value": "whole_city", "projects": 3}],
        "status": [{"value": "in_delivery", "projects": 61}, {"value": "terminated", "projects": 2}],
        "marked": [{"value": "late", "projects": 7}],
        "year": [{"value": "2010", "projects": 96}],
        "amount": [
            {"at_least": None, "at_most": "19999.99", "projects": 20},
            {"at_least": "20000", "at_most": "49999.99", "projects": 40},
            {"at_least": "50000", "at_most": "99999.99", "projects": 30},
            {"at_least": "100000", "at_most": None, "projects": 6},
        ],
    },
    "ProjectPage": {
        "projects": [
            {
                "id": PROJECT,
                "position": 402,
                "programme": "beijing-2010",
                "title": "示例：为独居老人送午餐",
                "organisation": ORGANISATION,
                "organisation_name": "示例朝阳助老服务中心",
                "category": "elderly-disabled",
                "district": "110105",
                "place": "朝阳区劲松街道",
                "districts_served": ["110105"],
                "status": "published",
                "requested": _AMOUNT,
                "approved": _AMOUNT,
                "contracted": _AMOUNT,
                "purchased": None,
                "paid": None,
                "spent": None,
                "returned": None,
                "people_planned": 100,
                "people_served": None,
                "milestones": 0,
                "honours": 0,
                "terminated": False,
                "suspended": False,
                "since": "2010-03-15",
                "published": True,
            }
        ],
        "total": 1,
        "known": 402,
        "next_cursor": None,
    },
    "MoneyAnswer": {
        "project": PROJECT,
        "known": 402,
        "figures": [
            {"stage": "requested", "amount": _AMOUNT, "versions": [1]},
            {"stage": "granted", "amount": _AMOUNT, "versions": [7]},
        ],
        "on": "2010-06-01",
        "instalments": [
            {
                "number": 1,
                "amount": _AMOUNT,
                "due_on": "2010-04-01",
                "condition": None,
                "paid": _AMOUNT,
                "left": {"amount": "0.00", "currency": "CNY"},
                "due": {"amount": "0", "currency": "CNY"},
                "under": "support",
            }
        ],
    },
    "Certificate": {
        "project": PROJECT,
        "version": 31,
        "position": 402,
        "code": "K5QX2M7RTB4D",
        "leaf_hash": "577b2b53f1987a3c0e6f5b1d2a4c8e90f1a2b3c4d5e6f708192a3b4c5d6e7f80",
        "standing": "valid",
        "withdrawal": None,
        "programme": "beijing-2010",
        "programme_name": _PROGRAMME,
        "synthetic": False,
        "authority": {"zh": "示例市民政局", "en": "Example civil affairs bureau"},
        "decided_by": "leading_group",
        "honour": "advanced-organisation",
        "honour_name": {"zh": "先进社会组织", "en": "Advanced organisation"},
        "recipient": "organisation",
        "name": "示例朝阳助老服务中心",
        "organisation_name": "示例朝阳助老服务中心",
        "project_title": "示例：为独居老人送午餐",
        "deed": "全年为独居老人送餐。",
        "document_number": "示例发〔2010〕31号",
        "awarded_on": "2010-12-20",
        "place": 1,
        "places": 100,
        "known": 402,
    },
    "StatisticsAnswer": {
        "basis": _BASIS,
        "programme": "beijing-2010",
        "by": "category",
        "on": "2010-07-01",
        "since": None,
        "until": None,
        "groups": [_GROUP],
        "total": _FIGURES,
    },
    "Briefing": {
        "basis": _BASIS,
        "recorded_at": "2010-06-30T02:14:07.120394Z",
        "programme": "beijing-2010",
        "name": _PROGRAMME,
        "synthetic": False,
        "district": None,
        "districts": [{"code": "110105", "name": {"zh": "朝阳区", "en": "Chaoyang"}}],
        "on": "2010-07-01",
        "since": None,
        "until": None,
        "minimum_group": 5,
        "period": _FIGURES,
        "whole": _FIGURES,
        "sections": [{"by": "category", "groups": [_GROUP]}],
    },
}
