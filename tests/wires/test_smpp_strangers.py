"""The driver for message centres against an SMPP that somebody else wrote, so that no misreading is shared."""

import asyncio
import socket
import threading

import pytest

from casewright.delivery.channel import Accepted, Outgoing, ReceiptSeen, Rejected
from casewright.delivery.channels import open_channel

from .settings import channel

smpp34 = pytest.importorskip("smpp34", reason="the stranger's message centre is not installed")

LONG = Outgoing(key="delivery-2", address="+8613800138000", text="工单将于今日到期，" * 10)
REFUSED = Outgoing(key="delivery-3", address="+8613800130000", text="throttled")


@pytest.fixture
def stranger():
    """A running centre: its port, and what was submitted to it; numbers with 0000 are throttled."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    submitted, ready, loop = [], threading.Event(), asyncio.new_event_loop()

    async def serve():
        server = smpp34.Server(host="127.0.0.1", port=port, system_id="SIM")
        await server.start()
        ready.set()
        bound = {}
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                bound[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                await take(event, bound[event.session_id])

    async def take(event, esme):
        if event.destination_addr.endswith("0000"):
            event.reject(smpp34.ESME_RTHROTTLED)
            return
        submitted.append((event.data_coding, bytes(event.short_message)))
        id = f"m{len(submitted)}"
        event.accept(message_id=id)
        text = f"id:{id} sub:001 dlvrd:001 stat:DELIVRD err:000 text:".encode()
        if esme.can_receive:
            delivering.append(
                esme.deliver_sm(
                    source_addr=event.destination_addr,
                    destination_addr="10086",
                    esm_class=0x04,
                    short_message=text,
                )
            )

    def run():
        asyncio.set_event_loop(loop)
        task = loop.create_task(serve())
        tasks.append(task)
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass

    tasks, delivering = [], []
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield port, submitted
    loop.call_soon_threadsafe(tasks[0].cancel)
    thread.join(10)


def test_a_stranger_understands_us_and_we_understand_the_stranger(stranger):
    port, submitted = stranger
    settings = channel("smpp", host="127.0.0.1", port=port, system_id="desk", password="secret")
    sms = open_channel(settings, {})

    accepted, refused = sms.send(LONG), sms.send(REFUSED)
    seen: set[object] = set()
    while len(seen) < 2:
        seen.update(sms.receipts())
    sms.close()

    assert accepted == Accepted(provider_ids=("m1", "m2"))
    assert isinstance(refused, Rejected)
    assert not refused.permanent
    assert "".join(octets[6:].decode("utf-16-be") for _, octets in submitted) == LONG.text
    assert seen == {
        ReceiptSeen(channel="sms", provider_id=id, state="delivered", detail="DELIVRD 000")
        for id in ("m1", "m2")
    }
