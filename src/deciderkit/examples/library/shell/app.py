"""The library as a web app: ``uvicorn deciderkit.examples.library.shell.app:app``.

FastAPI calls these functions from several threads; they share one dispatcher. A client that does not
hear an answer sends its command again under the same id, and nothing is done twice. That is why the
client says when it asks: a command with a new time in it would be another command.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from deciderkit.extras import from_extra

with from_extra("web", "the library's web app needs fastapi"):
    from fastapi import FastAPI, Header, HTTPException
    from pydantic import AwareDatetime

from deciderkit.examples.library.commands import AddCopy, Borrow, Join, Return
from deciderkit.examples.library.projections import fines, lent_out
from deciderkit.examples.library.shell.program import program
from deciderkit.shell import Dispatcher, open_store


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """The store is open for as long as the app runs."""
    with open_store(os.environ.get("LIBRARY_STORE", "library.db"), program.codec) as store:
        app.state.library = program.on(store)
        yield


app = FastAPI(title="Lending library", lifespan=running)


def carry_out(command: Any, request: str | None) -> dict[str, str]:
    """Carry out one command; a refusal is a 409, a failure a 503."""
    library: Dispatcher = app.state.library
    done = library.dispatch([command], command_id=request)
    report = done.value_or(None)
    if report is None:
        raise HTTPException(503, str(done.failure()))
    if report.refusal:
        raise HTTPException(409, report.refusal.reason)
    return {"status": "done"}


@app.post("/copies/{copy}")
def add_copy(copy: str, title: str, request: str | None = Header(None)) -> dict[str, str]:
    """Put a copy on the shelf."""
    return carry_out(AddCopy(copy, title), request)


@app.post("/members/{member}")
def join(member: str, email: str, request: str | None = Header(None)) -> dict[str, str]:
    """Become a member."""
    return carry_out(Join(member, email), request)


@app.post("/members/{member}/loans/{copy}")
def borrow(
    member: str, copy: str, at: AwareDatetime, request: str | None = Header(None)
) -> dict[str, str]:
    """Ask for a copy."""
    return carry_out(Borrow(member, copy, at), request)


@app.delete("/loans/{copy}")
def give_back(copy: str, at: AwareDatetime, request: str | None = Header(None)) -> dict[str, str]:
    """Bring a copy back."""
    return carry_out(Return(copy, at), request)


@app.get("/loans")
def loans() -> dict[str, str]:
    """Who has what."""
    library: Dispatcher = app.state.library
    return dict(library.view(lent_out).unwrap())


@app.get("/members/{member}/fines")
def fines_of(member: str) -> Decimal:
    """What a member owes."""
    library: Dispatcher = app.state.library
    return library.view(fines, member).unwrap()
