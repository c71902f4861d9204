"""`/f/{page}`: the forms that anybody may fill in, from the first look to the page with the reference number."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from casewright.clock import Clock
from casewright.commands import TakeIn
from casewright.config import Config
from casewright.desk import Desk
from casewright.desk.door import Door
from casewright.errors import CasewrightError, Message, NotFound, ServerRefused, message
from casewright.intake.arrival import Attached
from casewright.model import INTAKE
from casewright.pages.controls import Asked
from casewright.pages.done_page import done_page
from casewright.pages.form_page import FILES, form_page
from casewright.pages.links import Sealer, fresh
from casewright.pages.status_links import arrival_link, opened_link
from casewright.queries import GetStatusPage
from casewright.server.callers import group_of
from casewright.server.credentials import caller_of
from casewright.server.gate import too_many
from casewright.server.origins import must_be_of_our_pages
from casewright.server.outside import answering
from casewright.server.outside.form_body import Sent, SentFile, sent_with
from casewright.server.outside.published import Published, pages_of, published
from casewright.server.outside.submission import (
    Submission,
    arrival_of,
    file_fault,
    judged,
    new_key,
    sealed_files,
    tidy_name,
    waiting,
)
from casewright.server.rates import Rates
from casewright.server.readers import Readers
from casewright.server.writer import Writer
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts

DOOR = Door(name="web form", actor=INTAKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """Somebody at a form: which one, in which language, and what was sent."""

    shown: Published
    texts: Texts
    sent: Sent


class WebForms:
    """Shows forms and takes them in."""

    def __init__(
        self, writer: Writer, readers: Readers, *, config: Config, sealer: Sealer, clock: Clock
    ) -> None:
        self._writer, self._readers = writer, readers
        self._config, self._sealer, self._clock = config, sealer, clock
        hourly = config.pages.forms_an_hour
        self._rates = Rates(a_second=hourly / 3600, at_once=hourly)

    def routes(self) -> Sequence[BaseRoute]:
        """Return the paths of a form and of the page after it."""
        return (
            Route("/f/{page}", self._get, methods=["GET"]),
            Route("/f/{page}", self._post, methods=["POST"]),
            Route("/f/{page}/sent/{token}", self._sent, methods=["GET"]),
        )

    async def _get(self, request: Request) -> Response:
        texts = self._texts(request)
        try:
            found = await self._published(request)
        except CasewrightError as refused:
            return answering.not_now(texts, refused)
        if found is None:
            return answering.no_such_page(texts)
        return self._page(_Visit(shown=found, texts=texts, sent=Sent()), {}, (), (), 200)

    async def _post(self, request: Request) -> Response:
        texts = self._texts(request)
        caller = group_of(caller_of(request))
        try:
            must_be_of_our_pages(request.method, request.headers, self._config.server)
            found = await self._published(request)
            if found is None:
                return answering.no_such_page(texts)
            if wait := self._rates.take(caller):
                raise too_many(wait)
            allowed = found.page.files
            async with sent_with(
                request, largest_file=allowed.largest, most_files=allowed.most
            ) as sent:
                response = await self._dealt_with(request, found, sent)
                # What was filled in wrongly costs nothing; files are kept, and kept ones count.
                if response.status_code != 303 and not sent.files:
                    self._rates.give_back(caller)
        except CasewrightError as refused:
            return answering.not_now(texts, refused)
        return response

    async def _dealt_with(self, request: Request, found: Published, sent: Sent) -> Response:
        texts = self._texts(request, sent.first("switch_to"))
        visit, now = _Visit(shown=found, texts=texts, sent=sent), self._clock.now()
        least = timedelta(seconds=self._config.pages.least_seconds)
        files, fault = await self._files(visit, now)
        if sent.first("switch_to"):
            return self._page(visit, {}, (), files, 200)
        told = judged(
            found, sent, self._sealer, now=now, zone=self._zone(texts, now), least=least
        )
        faults = {**told.faults, FILES: fault} if fault else told.faults
        if fault or not told.sound:
            return self._page(visit, faults, told.wrong, files, 422)
        return await self._taken_in(visit, told, files, now)

    async def _taken_in(
        self, visit: _Visit, told: Submission, files: Sequence[Attached], now: datetime
    ) -> Response:
        arrival = arrival_of(visit.shown, told, files, language=visit.texts.lang, now=now)
        try:
            receipt = await self._writer.execute_as_system(
                TakeIn(actor=INTAKE, arrival=arrival)
            )
        except CasewrightError as refused:
            wrong = Message(refused.sentence.rstrip("."), refused.details())
            status = 503 if isinstance(refused, ServerRefused) else 422
            return self._page(visit, {}, (wrong,), files, status)
        answer = receipt.answer or {}
        if "differs" in answer:
            return self._page(visit, {}, (_SENT_BEFORE,), files, 422)
        pages = await self._readers.at_a_desk(DOOR, pages_of)
        token = arrival_link(
            self._sealer,
            int(answer["arrival"]),
            unproven=answer["outcome"] == "attached",
            now=now,
            valid=pages.status.valid,
        )
        page = visit.shown.page.name
        return answering.elsewhere(f"/f/{page}/sent/{token}?lang={visit.texts.lang}")

    async def _sent(self, request: Request) -> Response:
        texts, token = self._texts(request), request.path_params["token"]
        about = opened_link(self._sealer, token, now=self._clock.now())
        if about is None:
            return answering.link_over(texts)
        try:
            found = await self._published(request)
            promise = found.page.promise if found else ""
            query = GetStatusPage(actor=INTAKE, promise=promise, **about.named)
            status = await self._readers.at_a_desk(DOOR, lambda desk: desk.ask_as_system(query))
        except NotFound:
            return answering.link_over(texts)
        except CasewrightError as refused:
            return answering.not_now(texts, refused)
        link = f"/s/{token}?lang={texts.lang}"
        page = found.page if found else None
        return answering.shown(done_page(page, status, texts, link=link, path=request.url.path))

    def _page(
        self,
        visit: _Visit,
        faults: Mapping[str, Message],
        wrong: Sequence[Message],
        files: Sequence[Attached],
        status: int,
    ) -> Response:
        """Return the form as it was filled in, with what is wrong with it; each time it may be sent once."""
        page, now = visit.shown.page, self._clock.now()
        known = tuple(name for name in page.fields if name in visit.shown.form.fields)
        asked = Asked(
            form=visit.shown.form,
            texts=visit.texts,
            tables=visit.shown.tables,
            typed=visit.sent.texts,
            faults=faults,
            sender={name: kind for kind, name in page.sender.items()},
            fields=known,
        )
        key = new_key(self._sealer, page.name, fresh(), now)
        kept = sealed_files(self._sealer, files, page.name, now)
        return answering.shown(form_page(page, asked, key=key, kept=kept, wrong=wrong), status)

    async def _files(
        self, visit: _Visit, now: datetime
    ) -> tuple[list[Attached], Message | None]:
        """Return the files that are kept by now, and what is wrong with those that are not."""
        page, sent = visit.shown.page, visit.sent
        kept = waiting(self._sealer, sent, page.name, now)
        fault = file_fault(visit.shown, sent.files, len(kept))
        if fault is not None:
            return kept, fault
        for one in sent.files:
            digest = await self._readers.at_a_desk(DOOR, partial(_kept, one))
            kept.append(
                Attached(digest=digest, filename=tidy_name(one.filename), size=one.size)
            )
        return kept, None

    async def _published(self, request: Request) -> Published | None:
        name = request.path_params["page"]
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name):
            return None
        return await self._readers.at_a_desk(DOOR, lambda desk: published(desk, name))

    def _texts(self, request: Request, said: str = "") -> Texts:
        return Texts(answering.language_of(request, said), self._config.zone)

    def _zone(self, texts: Texts, now: datetime) -> tzinfo:
        """Return the site's zone, or the machine's."""
        local = now.astimezone().tzinfo
        assert local is not None
        return texts.timezone or local


_SENT_BEFORE = message(
    "this form was sent before, and what stood in it then is with us; send it once more if this is to come as well"
)


def _kept(file: SentFile, desk: Desk) -> str:
    """Keep a file at the desk; return its digest."""
    file.content.seek(0)
    return desk.keep(file.content.read())
