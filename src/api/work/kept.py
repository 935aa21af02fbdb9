"""Drafts of forms, by the address of their page."""

from api.service import Service
from api.sign_in.visits import Visit
from api.work.form import WAY, Form
from ledger.drafts import Draft, erase_draft, find_draft, keep_draft


async def draft_of(visit: Visit, service: Service, address: str) -> Draft | None:
    ledger = service.ledger
    async with service.pool.connection() as connection:
        return await find_draft(connection, ledger.vault.master, visit.session.hat, address, ledger.clock())


async def keep(visit: Visit, form: Form) -> None:
    service = form.place.service
    ledger, typed = service.ledger, form.typed | {WAY: form.way.code}
    async with service.pool.connection() as connection:
        await keep_draft(connection, ledger.vault.master, visit.session.hat, form.address, typed, ledger.clock())


async def erase(visit: Visit, service: Service, address: str) -> None:
    async with service.pool.connection() as connection:
        await erase_draft(connection, visit.session.hat, address)
