"""As many published grants as a log is to have events, invented, in a 360Giving file."""

from typing import Any


def grants(number: int) -> dict[str, Any]:
    return {
        "grants": [
            {
                "id": f"360G-example-{one}",
                "title": f"示例 {one}",
                "currency": "GBP",
                "amountAwarded": 1000 + one,
                "awardDate": "2019-04-10",
                "fundingOrganization": [{"id": "GB-CHC-0000000", "name": "Example Foundation"}],
                "recipientOrganization": [{"id": f"GB-CHC-{one:07}", "name": "Example Kitchen"}],
            }
            for one in range(number)
        ]
    }
