"""All routes of open data."""

from fastapi import APIRouter

from api.open_data import catalogue, ocds, tables, threesixtygiving

router = APIRouter()
for part in (ocds, threesixtygiving, tables, catalogue):
    router.routes.extend(part.router.routes)
