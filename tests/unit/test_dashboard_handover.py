"""A file's address lives for one click."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from dashboards.handover import FETCHES, FilesAtOnce, Tickets


def status(tickets: Tickets, path: str, method: str = "GET") -> int:
    app = FilesAtOnce(PlainTextResponse("figures"), tickets)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": []}
    asyncio.run(app(scope, receive, send))
    return int(sent[0]["status"])


def test_a_file_is_served_for_the_click_that_made_it_and_not_afterwards() -> None:
    tickets = Tickets()
    tickets.issue("/media/a.csv")
    assert status(tickets, "/media/a.csv", "HEAD") == 200
    found = [status(tickets, "/media/a.csv") for _ in range(FETCHES + 1)]
    assert found == [200] * FETCHES + [404]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_nobody_made_does_not_exist(method: str) -> None:
    assert status(Tickets(), "/media/a.csv", method) == 404


def test_a_new_click_gives_the_same_file_a_new_life() -> None:
    tickets = Tickets()
    for _ in range(2):
        tickets.issue("/media/a.csv")
        found = [status(tickets, "/media/a.csv") for _ in range(FETCHES)]
        assert found == [200] * FETCHES


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_dies_of_age(method: str) -> None:
    tickets = Tickets(lifetime_s=0.0)
    tickets.issue("/media/a.csv")
    assert status(tickets, "/media/a.csv", method) == 404


def test_nothing_else_needs_a_ticket() -> None:
    assert status(Tickets(), "/static/media/font.woff2") == 200
