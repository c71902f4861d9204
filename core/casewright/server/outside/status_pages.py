"""`/s/{token}`: how a matter stands, behind a link that only its customer has; and what the customer does about it there."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from casewright.answers import StatusPage
from casewright.clock import Clock
from casewright.commands import Command, RecordContact, WithdrawTicket
from casewright.config import Config
from casewright.desk import Desk
from casewright.desk.door import Door
from casewright.errors import CasewrightError, CommandReused, Message, NotFound, message
from casewright.model import INTAKE
from casewright.pages.form_page import KEY
from casewright.pages.links import Sealer, fresh
from casewright.pages.said import Pages
from casewright.pages.spec import StatusSettings
from casewright.pages.status_links import Link, opened_link
from casewright.pages.status_page import ACTION, DONE, SURE, WORDS, status_page, words_fault
from casewright.queries import GetStatusPage
from casewright.server.callers import group_of
from casewright.server.credentials import caller_of
from casewright.server.gate import too_many
from casewright.server.origins import must_be_of_our_pages
from casewright.server.outside import answering
from casewright.server.outside.form_body import Sent, sent_with
from casewright.server.outside.published import pages_of
from casewright.server.rates import Rates
from casewright.server.readers import Readers
from casewright.server.writer import Writer
from casewright.texts import Texts

DOOR = Door(name="status page", actor=INTAKE)
ACT = "act"
"""What a sealed text is for: to do one thing on a status page, once."""
_KEY_VALID = timedelta(hours=12)
_WEB = "web"
_PREFETCH = ("purpose", "sec-purpose", "x-purpose", "x-moz")


class StatusPages:
    """Shows how matters stand, and passes on what their customers say."""

    def __init__(
        self, writer: Writer, readers: Readers, *, config: Config, sealer: Sealer, clock: Clock
    ) -> None:
        self._writer, self._readers = writer, readers
        self._config, self._sealer, self._clock = config, sealer, clock
        rate = config.pages.looks_a_minute
        self._rates = Rates(a_second=rate / 60, at_once=rate)
        self._one_by_one = asyncio.Lock()

    def routes(self) -> Sequence[BaseRoute]:
        """Return the one path."""
        return (
            Route("/s/{token}", self._get, methods=["GET"]),
            Route("/s/{token}", self._post, methods=["POST"]),
        )

    async def _get(self, request: Request) -> Response:
        texts = self._texts(request)
        try:
            link = self._link(request)
            if link is None:
                return answering.link_over(texts)
            settings, status = await self._status(link)
            done = request.query_params.get("done", "")
            opened = request.method == "GET" and not done
            if opened and not any(name in request.headers for name in _PREFETCH):
                await self._note_the_query(settings, status)
        except NotFound:
            return answering.link_over(texts)
        except CasewrightError as refused:
            return answering.not_now(texts, refused)
        return self._page(request, texts, settings, status, done=done)

    async def _post(self, request: Request) -> Response:
        texts = self._texts(request)
        try:
            must_be_of_our_pages(request.method, request.headers, self._config.server)
            link = self._link(request)
            if link is None:
                return answering.link_over(texts)
            async with sent_with(request, largest_file=0, most_files=0) as sent:
                return await self._acted(request, texts, link, sent)
        except NotFound:
            return answering.link_over(texts)
        except CasewrightError as refused:
            return answering.not_now(texts, refused)

    async def _acted(self, request: Request, texts: Texts, link: Link, sent: Sent) -> Response:
        """Do one thing; one after the other, so that the count of a day holds."""
        action = sent.first(ACTION)
        words = sent.first(WORDS).replace("\r\n", "\n").strip()
        async with self._one_by_one:
            settings, status = await self._status(link)
            faults = self._faults(request, sent, settings, status, action, words)
            if not faults:
                command = _command(
                    status.ticket, action, words, self._once(request, sent, action)
                )
                faults = await self._refusal(command)
        if faults:
            return self._page(
                request, texts, settings, status, entered=words, faults=faults, http_status=422
            )
        return answering.elsewhere(f"{request.url.path}?lang={texts.lang}&done={action}")

    async def _refusal(self, command: Command) -> Mapping[str, Message]:
        try:
            await self._writer.execute_as_system(command)
        except CommandReused:
            return {
                "": message(
                    "what was sent with this page before is on record; nothing else was"
                )
            }
        except CasewrightError as refused:
            return {"": Message(refused.sentence.rstrip("."), refused.details())}
        return {}

    def _faults(
        self,
        request: Request,
        sent: Sent,
        settings: StatusSettings,
        status: StatusPage,
        action: str,
        words: str,
    ) -> Mapping[str, Message]:
        """Return what is wrong with what somebody wants to do."""
        if not self._once(request, sent, action):
            return {"": message("this page was open for too long: please send it once more")}
        if action not in _offered(settings, status):
            return {"": message("this cannot be done here any more")}
        if status.acted >= settings.per_day:
            return {"": _ENOUGH}
        fault = words_fault(action, words)
        if fault is not None:
            return {f"{action}-{WORDS}": fault}
        if action == "withdraw" and not sent.first(SURE):
            return {f"{action}-{SURE}": message("tick the box to confirm it")}
        return {}

    def _page(
        self,
        request: Request,
        texts: Texts,
        settings: StatusSettings,
        status: StatusPage,
        *,
        done: str = "",
        entered: str = "",
        faults: Mapping[str, Message] | None = None,
        http_status: int = 200,
    ) -> Response:
        now = self._clock.now()
        offered = _offered(settings, status) if status.acted < settings.per_day else ()
        keys = {name: self._key(request, name, now) for name in offered}
        shown = status_page(
            status,
            texts,
            path=request.url.path,
            keys=keys,
            done=done,
            entered=entered,
            faults=faults,
        )
        return answering.shown(shown, http_status)

    async def _note_the_query(self, settings: StatusSettings, status: StatusPage) -> None:
        """Put on record that the customer asked how it stands, once a day."""
        if "query" not in settings.may or not status.ticket:
            return
        day = self._clock.now().date().isoformat()
        command = RecordContact(
            actor=INTAKE,
            command_id=f"status-query:{status.ticket}:{day}",
            ticket=status.ticket,
            kind="query",
            channel=_WEB,
            identity_checked=True,
        )
        await self._writer.execute_as_system(command)

    async def _status(self, link: Link) -> tuple[StatusSettings, StatusPage]:
        def look(desk: Desk) -> tuple[Pages, StatusPage]:
            pages = pages_of(desk)
            query = GetStatusPage(actor=INTAKE, asks=pages.status.asks, **link.named)
            return pages, desk.ask_as_system(query)

        pages, status = await self._readers.at_a_desk(DOOR, look)
        return pages.status, status

    def _link(self, request: Request) -> Link | None:
        """Return what the link of a request is about; ServerRefused for an address that tries too many."""
        wait = self._rates.take(group_of(caller_of(request)))
        if wait:
            raise too_many(wait)
        return opened_link(self._sealer, request.path_params["token"], now=self._clock.now())

    def _key(self, request: Request, action: str, now: datetime) -> str:
        about = {"l": _digest(request), "a": action, "k": fresh()}
        return self._sealer.sealed(ACT, about, now=now, valid=_KEY_VALID)

    def _once(self, request: Request, sent: Sent, action: str) -> str:
        """Return the id under which an action happens once, or "" where its key is none for it."""
        opened = self._sealer.opened(ACT, sent.first(KEY), now=self._clock.now())
        if opened is None or opened.over:
            return ""
        about = opened.about
        fits = about.get("l") == _digest(request) and about.get("a") == action
        return f"status-page:{about['k']}" if fits else ""

    def _texts(self, request: Request) -> Texts:
        return Texts(answering.language_of(request), self._config.zone)


_ENOUGH = message("that was enough for one day: please call us if it is urgent")


def _offered(settings: StatusSettings, status: StatusPage) -> tuple[str, ...]:
    return tuple(one for one in DONE if one in settings.may and one in status.may)


def _command(ticket: str, action: str, words: str, once: str) -> Command:
    if action == "withdraw":
        return WithdrawTicket(
            actor=INTAKE, command_id=once, ticket=ticket, reason=words, identity_checked=True
        )
    return RecordContact(
        actor=INTAKE,
        command_id=once,
        ticket=ticket,
        kind=action,
        text=words,
        channel=_WEB,
        identity_checked=True,
    )


def _digest(request: Request) -> str:
    return hashlib.sha256(request.path_params["token"].encode()).hexdigest()[:16]
