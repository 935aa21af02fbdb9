"""Nomination, proposal, grant and revocation of honours (N20, N21) over HTTP."""

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.problems import PROBLEM_RESPONSES

router = APIRouter(prefix="/v1", tags=["programmes"], responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", tags=["programmes"], responses=PROBLEM_RESPONSES, route_class=CommandRoute)
