"""F9: the network parts between some clients and the server; others are not parted, and must go on."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Final

from tests.faults.harness import Figures, Say, forked, opened
from tests.faults.server import clients, deposits, ended, lost_and_doubled, new_log
from tests.servers.fixtures import server_of_its_own
from tests.servers.proxy import proxy

_NUMBERS: Final = count(1)

CAN_PART = os.geteuid() == 0 and shutil.which("ip") is not None
"""Whether network namespaces can be made here; else a proxy swallows what is sent, and then cuts."""


class Network:
    """A network with one cable between this machine and a namespace, which can be pulled."""

    def __init__(self, number: int) -> None:
        self.name = f"dk{os.getpid()}x{number}"
        self._cable = f"dk{os.getpid() % 100_000}h{number}"
        self.address = f"10.{200 + number % 50}.{os.getpid() % 250}.1"

    def make(self) -> None:
        far, peer = self.address[:-1] + "2", f"{self._cable}c"
        _ip("netns", "add", self.name)
        _ip("link", "add", self._cable, "type", "veth", "peer", "name", peer, "netns", self.name)
        _ip("addr", "add", f"{self.address}/30", "dev", self._cable)
        _ip("link", "set", self._cable, "up")
        _ip("-n", self.name, "addr", "add", f"{far}/30", "dev", peer)
        _ip("-n", self.name, "link", "set", peer, "up")

    def pull(self) -> None:
        _ip("link", "set", self._cable, "down")

    def plug(self) -> None:
        _ip("link", "set", self._cable, "up")

    def remove(self) -> None:
        subprocess.run(["ip", "link", "del", self._cable], check=False)
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def enter(self) -> None:
        """Be in the namespace: for a process that ends there."""
        with open(f"/run/netns/{self.name}") as namespace:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.setns(namespace.fileno(), 0x40000000):
                raise OSError(ctypes.get_errno(), "no way into the namespace")


def _ip(*what: str) -> None:
    subprocess.run(["ip", *what], check=True, capture_output=True)


@contextmanager
def network() -> Iterator[Network]:
    made = Network(next(_NUMBERS))
    try:
        made.make()
        yield made
    finally:
        made.remove()


def partitioned(times: int, seconds: float, *, fresh_id: bool = False) -> Figures:
    """Some clients are parted from the server, again and again, while others are not and must go on."""
    if not CAN_PART:
        return _swallowed(times, seconds, fresh_id=fresh_id)
    with (
        network() as far,
        server_of_its_own({"listen_addresses": f"127.0.0.1,{far.address}"}, far.address) as server,
    ):
        url = new_log(server)
        there = url.replace("127.0.0.1", far.address)

        def parted(account: int, say: Say) -> None:
            far.enter()
            deposits(there, account, say, patience=1 + account % 2, fresh_id=fresh_id)

        children = [forked(partial(parted, each)) for each in (10, 11)]
        near = clients(url, 2)
        stood_still = _part(url, times, seconds, far.pull, far.plug)
        told = lost_and_doubled(url, ended(children + near))
    return Figures(told.tried, told.wrong + stood_still)


def _swallowed(times: int, seconds: float, *, fresh_id: bool) -> Figures:
    with server_of_its_own() as server, proxy(server.port) as between:
        url = new_log(server)

        def part() -> None:
            between.swallows = between.refuses = True

        def mend() -> None:
            between.cut()
            between.swallows = between.refuses = False

        children = clients(between.through(url), 2, patience=1, fresh_id=fresh_id, first=10)
        near = clients(url, 2)
        stood_still = _part(url, times, seconds, part, mend)
        told = lost_and_doubled(url, ended(children + near))
    return Figures(told.tried, told.wrong + stood_still)


def _part(
    url: str, times: int, seconds: float, part: Callable[[], None], mend: Callable[[], None]
) -> int:
    """How often the log stood still for those who were not parted."""
    still = 0
    with opened(url) as store:
        for _ in range(times):
            time.sleep(0.4)
            part()
            before = store.head().unwrap()
            time.sleep(seconds)
            still += before == store.head().unwrap()
            mend()
        time.sleep(2)
    return still
