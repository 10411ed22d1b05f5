"""Passes TCP connections on: what comes to LISTEN:PORT goes to TARGET:PORT, for each PORT.

    python tcp_relay.py LISTEN TARGET PORT...

Two of them, one at each end of a link, let a process in a network namespace of its own reach
servers that know only the loopback interface. When the link is cut nothing is closed: both ends
wait, as they do when a cable is pulled.
"""

import asyncio
import contextlib
import sys


async def copy(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


async def serve(listen, target, port):
    async def relay(reader, writer):
        try:
            onward = await asyncio.open_connection(target, port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(copy(reader, onward[1]), copy(onward[0], writer))

    server = await asyncio.start_server(relay, listen, port)
    await server.serve_forever()


async def main():
    listen, target = sys.argv[1:3]
    await asyncio.gather(*(serve(listen, target, int(port)) for port in sys.argv[3:]))


if __name__ == "__main__":
    asyncio.run(main())
