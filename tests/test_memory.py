"""What the thresholds of the C library are set against."""

import asyncio.selector_events
import subprocess
import sys

from app.memory import LARGE_BYTES

RECEIVE = """
import asyncio, resource
from app.memory import give_back_large_blocks
give_back_large_blocks()

async def main():
    async def echo(reader, writer):
        while received := await reader.read(100):
            writer.write(received)
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    async def ask(times):
        for _ in range(times):
            writer.write(b"x")
            await reader.read(1)
    await ask(200)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    await ask(1000)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    writer.close()

asyncio.run(main())
"""


def test_what_asyncio_receives_into_stays_in_the_heap() -> None:
    transport = asyncio.selector_events._SelectorSocketTransport  # type: ignore[attr-defined]
    assert transport.max_size + sys.getsizeof(b"") < LARGE_BYTES


def test_a_message_takes_no_new_page_from_the_kernel() -> None:
    told = subprocess.run(
        [sys.executable, "-c", RECEIVE], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(told.stdout) < 200
