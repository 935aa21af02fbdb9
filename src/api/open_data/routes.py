"""All routes of open data."""

from fastapi import APIRouter

from api.open_data import catalogue, ocds, threesixtygiving

router = APIRouter()
for part in (ocds, threesixtygiving, catalogue):
    router.routes.extend(part.router.routes)
