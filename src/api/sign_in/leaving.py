"""Leaving for the identity provider.

By a page that goes on by itself, not by a redirect: browsers hold the redirects after a form to `form-action`, which
names this site alone, and a provider may send people on to yet others."""

from fastapi import Request, Response

from api.pages.frame import frame, render
from api.pages.reader import reader_for
from api.pages.sign_in_texts import SIGN_IN
from api.sign_in.visits import set_turn


def leave(request: Request, address: str, cookie: str) -> Response:
    """`cookie`: by which the browser is known when it comes back."""
    reader = reader_for(request).now
    around = frame(reader, "/sign-in", {}, title=reader.say(SIGN_IN["leaving"]))
    answer = render("leaving.html", reader, around, address)
    answer.headers["Cache-Control"] = "no-store"
    set_turn(request, answer, cookie)
    return answer
