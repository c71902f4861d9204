"""The terminal as an application: it holds the desk, the stack of places, the language and the look; screens hold none of these."""

import asyncio
import gc
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.driver import Driver
from textual.filter import LineFilter

from casewright.answers import Myself
from casewright.clock import Clock, SystemClock
from casewright.commands import Command
from casewright.errors import CasewrightError, Message, NotAllowed, NotSignedIn
from casewright.front_door import CameIn, Sitting
from casewright.queries import Query, WhoAmI
from casewright.texts import Texts, text
from casewright_tui import controls, frame, probe
from casewright_tui.cover import Cover
from casewright_tui.desk_link import DeskLink, LaneName, Work
from casewright_tui.drafts import Drafts
from casewright_tui.everywhere import Everywhere
from casewright_tui.habits import Habits
from casewright_tui.keyboard import Keyboard
from casewright_tui.letting_go import let_go_of_lines
from casewright_tui.lines import Line
from casewright_tui.look import Look
from casewright_tui.macros import Player, Recorder
from casewright_tui.messages import FrameChanged, GoBack, GoTo, Run, Stepped, Told
from casewright_tui.narrow_lines import write_narrowly
from casewright_tui.news import News
from casewright_tui.panels import Claim, Panel
from casewright_tui.places import PLACES
from casewright_tui.preferences import Preferences
from casewright_tui.registry import Registry
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.site import Site
from casewright_tui.speech import Speech
from casewright_tui.themes import DARK
from casewright_tui.undo import Undo
from casewright_tui.unseen import UNSEEN
from casewright_tui.widgets.hint_bar import Hint

SUMMARY_EVERY = 10.0


class Terminal(Everywhere):
    """Holds the desk and the stack of places."""

    CSS_PATH = "style.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "casewright"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("everywhere", letters=False)]

    def __init__(self, sitting: Sitting, *, clock: Clock | None = None) -> None:
        let_go_of_lines()
        write_narrowly()
        super().__init__()
        self.sitting = sitting
        self.clock = clock or SystemClock()
        self.texts: Texts = sitting.texts(sitting.language)
        self.look: Look = DARK
        self.link = DeskLink(sitting.come_in)
        self.site = Site(self.answer)
        self.actor = sitting.name
        self.registry = Registry(self.answer, self._tell_fault)
        self.myself: Myself | None = None
        self.last_words = ""
        """What is said where the terminal was left, after it has been left."""
        self.speech = Speech(self.clock.now, self.set_timer)
        self.preferences = Preferences(self.answer, lambda command: self.say([command]))
        self.habits = Habits(self)
        self.cover = Cover(self)
        self.recorder, self.player = Recorder(), Player(self)
        self.drafts = Drafts(self)
        self.undoing = Undo(self)
        self.news = News(self)

    # --- beginning and end -----------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Find out who sits here, and go where they work; what is typed meanwhile waits for it."""
        self.hold_keys()
        self.set_interval(1.0, self._tick)
        self.set_interval(SUMMARY_EVERY, self.news.summarise)
        if not self.is_headless and not self.is_web:
            self.write_raw(probe.QUESTION)
        try:
            await self._begin()
        except NotSignedIn:
            await self.went(GoTo("login"))
            self.keys_may_come()
            self.call_after_refresh(_settle_memory)

    async def _begin(self) -> None:
        since = await self.at_the_desk(self._came)
        self.myself = await self.answer(WhoAmI(actor=self.actor))
        await self.habits.learn()
        await self.went(GoTo("queue"))
        self.keys_may_come()
        self.call_after_refresh(self._settle, since)

    def _came(self, came: CameIn) -> int:
        """Take who sits here; return after which change they have all to hear, as it may happen while they are shown the first."""
        self.actor = came.actor
        try:
            return came.changes(None).until
        except NotAllowed:
            return 0  # Whoever may see no ticket hears of none.

    async def _settle(self, since: int) -> None:
        """Begin what can wait until the first rows are there."""
        self.news.start(since)
        await self.news.summarise()
        await self.drafts.offer()
        self.call_after_refresh(_settle_memory)

    def _handle_exception(self, error: Exception) -> None:
        """End with a bug; whoever began the terminal tells of it calmly. Textual would print what every variable held."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def ended_by(self, error: Exception) -> None:
        """End with what nobody foresaw, where it happened beside all screens."""
        self._handle_exception(error)

    @property
    def bug(self) -> Exception | None:
        """What the terminal has ended with, where it was no person who left."""
        return self._exception

    async def on_unmount(self) -> None:
        """Let the desk go."""
        self.news.stop()
        self.link.close()

    def get_driver_class(self) -> type[Driver]:
        """Return the driver, on a real terminal the one that keeps an Esc apart from the key after it."""
        found = super().get_driver_class()
        return Keyboard if issubclass(Keyboard, found) else found

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line passes through last: no control character reaches the terminal, wherever it came from."""
        return [*super().get_line_filters(), UNSEEN]

    # --- what screens ask for --------------------------------------------------------------------

    # Questions are no messages: a screen that waits for an answer while it is being mounted would wait for the application,
    # which waits for the screen.

    def ask(self, query: Query, *, lane: LaneName = "hands") -> "asyncio.Future[Any]":
        """Have the desk asked; the answer, or the refusal, comes to whoever awaits what is returned."""
        hands = lane == "hands"
        answer = self._under_way() if hands else asyncio.get_running_loop().create_future()
        self.link.ask(query, answer, lane=lane)
        return answer

    def say(
        self, commands: Sequence[Command], *, trial: bool = False, together: bool = False
    ) -> "asyncio.Future[Any]":
        """Have commands carried out; the receipts, or the refusal, come to whoever awaits what is returned."""
        outcome = self._under_way()
        self.link.say(commands, outcome, trial=trial, together=together)
        return outcome

    async def panels(self, at: str) -> Sequence[Panel]:
        """Return the panels that plugins bring for a place, as far as whoever sits here may see them."""
        await self.registry.learn(self.myself)
        return self.registry.panels(at, self.myself)

    async def claim(self) -> Claim | None:
        """Return how the next ticket is taken, where a plugin says it."""
        await self.registry.learn(self.myself)
        return self.registry.claim(self.myself)

    def _tell_fault(self, fault: Message) -> None:
        self.post_message(Told(self.texts.render(fault), bad=True))

    async def undo(self) -> None:
        """Take back what was done last, as long as that is offered."""
        await self.undoing.take_back()

    async def on_go_to(self, message: GoTo) -> None:
        """Go to a place."""
        if not self.cover.holds_back(message):
            await self.went(message)

    async def on_go_back(self, message: GoBack) -> None:
        """Go one step back; the first place is never left this way."""
        if not self.cover.holds_back(message) and len(self.screen_stack) > 2:
            self.screen.dismiss(message.result)

    async def on_run(self, message: Run) -> None:
        """Do what was chosen in the palette or the help, at the place beneath it."""
        await self.pop_screen()
        self.at_work += 1
        self.screen.call_later(self._ran, message)

    async def _ran(self, message: Run) -> None:
        try:
            doing = message.run()
            if doing is not None:
                await doing
        except CasewrightError as error:
            self.on_told(Told(self.texts.error(error), bad=True, error=error))
        finally:
            self.recorder.left_menu()
            self.at_work -= 1

    def beneath(self, screen: DeskScreen) -> DeskScreen:
        """Return the place beneath a screen that lies over one."""
        places = [one for one in self.screen_stack if isinstance(one, DeskScreen)]
        index = places.index(screen) if screen in places else len(places)
        return places[max(0, index - 1)]

    async def on_stepped(self, message: Stepped) -> None:
        """Go to the next ticket of the queue, or to the one before, instead of the one somebody is at."""
        queues = (one for one in reversed(self.screen_stack) if hasattr(one, "step"))
        queue: Any = next(queues, None)
        key = None
        if queue is not None:
            done = message.done
            key = await (queue.next_after(done) if done else queue.step(message.direction))
        if key is not None:
            await self.went(GoTo("ticket", instead=True, ticket=key))
        else:
            self.on_told(Told(self.texts.text("The queue ends here.")))

    def on_told(self, message: Told) -> None:
        """Keep what was said, and show it; a fault stops a macro."""
        self.speech.say(message, self.framed)
        if message.bad:
            self.player.stop(message.sentence)
        self.framed()

    def tell(self, sentence: str, **values: object) -> None:
        """Say something in the status line; the sentence is an English template."""
        self.on_told(Told(self.texts.say(sentence, **values)))

    def copy(self, said: str) -> None:
        """Give a text to whoever's terminal this is, for its clipboard."""
        self.copy_to_clipboard(said)
        self.tell("Copied: {text}", text=said)

    async def sign_in(self, name: str, password: str, code: str) -> None:
        """Let somebody in; SignInRefused, SecondFactorNeeded. Somebody else than before begins anew."""
        sign_in = self.sitting.sign_in
        if sign_in is None:
            return
        self.at_work += 1
        try:
            await asyncio.to_thread(sign_in, name, password, code)
        finally:
            self.at_work -= 1
        if self.myself is not None and name == self.actor:
            await self.cover.lift()
            self.news.gather(None)
            return
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        await self._begin()

    # --- keys ------------------------------------------------------------------------------------

    def taken_note_of(self, key: events.Key | events.Paste) -> bool:
        """Take that somebody is there; a key that is pressed while a macro is played stops it, and does nothing else."""
        self.cover.typed()
        playing = self.player.runs
        self.player.stop(text("a key was pressed"))
        return playing

    def typed(self, key: events.Key | events.Paste) -> None:
        """Let a fault that was read go from the status line; record the key where that is wanted."""
        if self.speech.typed(key.time):
            self.framed()
        if not self.cover.lies:
            self.recorder.take(key)

    def write_raw(self, sequence: str) -> None:
        """Write a control sequence of our own to the terminal."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    async def on_cursor_position(self, event: events.CursorPosition) -> None:
        """Draw with ASCII where the terminal has said that it draws other characters wider."""
        if probe.is_wide(event):
            self.habits.draw_plainly()
            await self.redrawn()
            self.tell(
                "This terminal draws some characters wider than others do: plain ones are drawn instead."
            )

    async def went(self, where: GoTo) -> None:
        """Go to a place at once; what is beneath a cover waits."""
        screen = PLACES[where.place].made(where.about)
        if where.instead and len(self.screen_stack) > 2:
            await self.switch_screen(screen)
        else:
            await self.push_screen(screen)

    def _under_way(self) -> "asyncio.Future[Any]":
        """Return what is to be fulfilled; keys that were typed ahead wait until it is."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.at_work += 1
        answer.add_done_callback(self._done)
        return answer

    def _done(self, answer: "asyncio.Future[Any]") -> None:
        self.at_work -= 1

    # --- what the desk tells ---------------------------------------------------------------------

    async def answer(self, query: Query, lane: LaneName = "hands") -> Any:
        """Ask by oneself: no key waits for it."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.link.ask(query, answer, lane=lane)
        return await answer

    async def at_the_desk(self, work: Work) -> Any:
        """Return what comes of something else that is done with the desk; what it raises is raised."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.link.work(work, answer)
        return await answer

    def let_out(self, error: NotSignedIn) -> None:
        """Have somebody whose session is over prove again who they are, or leave where only the door lets people in."""
        if self.sitting.sign_in is None:
            self.last_words = self.texts.error(error)
            self.exit(1)
        elif not any(getattr(one, "PLACE", "") == "login" for one in self.screen_stack):
            self.post_message(GoTo("login"))

    # --- the frame -------------------------------------------------------------------------------

    def frame(self, title: str) -> tuple[Line, Line]:
        """Return what the status line shows, left and right."""
        return frame.status(self, title, self.size.width)

    def hints(self, place: str) -> Sequence[Hint]:
        """Return what the hint bar of a place may name."""
        return frame.hints(self, place)

    def framed(self) -> None:
        """Have every place draw its frame anew."""
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.post_message(FrameChanged())

    def framed_here(self) -> None:
        """Have the place one is at draw its frame anew, as with each second: only what is another now is drawn."""
        for screen in self.screen_stack[-1:]:  # While the terminal ends there is none any more.
            if isinstance(screen, DeskScreen) and screen.is_mounted:
                screen.framed()

    async def redrawn(self) -> None:
        """Have every place draw itself anew, in the language and the look of now."""
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen) and screen.is_mounted:
                screen.post_message(FrameChanged())
                screen.call_later(screen.action_refresh)

    async def _tick(self) -> None:
        if self.cover.is_due:
            self.player.stop(text("the terminal was locked"))
            self.forget_typed()
            await self.went(GoTo("lock"))
        else:
            self.framed_here()


def _settle_memory() -> None:
    """Keep the collector from going through what stays: it costs a key its time otherwise.

    What comes later is little, and gone through whole quite often: each drawing leaves rings behind, and a queue that
    changes all day would pile them up.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000, 5, 3)
