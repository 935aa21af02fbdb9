"""Sampling, feedback, evaluation, objections (N16 to N19) over HTTP."""

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.problems import PROBLEM_RESPONSES

router = APIRouter(prefix="/v1", tags=["projects"], responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", tags=["projects"], responses=PROBLEM_RESPONSES, route_class=CommandRoute)
