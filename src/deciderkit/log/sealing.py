"""The seal of a saved fold: what says that it is as it was written, and of the log that it stands beside."""

from __future__ import annotations

from hashlib import blake2b

from deciderkit.log.answers import Saved


def seal(name: str, saved: Saved, log: int | str) -> str:
    """A digest of ``saved``, its name, and the log up to its position, which ``log`` stands for.

    ``log`` is a checksum that is chained to all events before it, so what another log led to, or this
    one before somebody rewrote it, has another seal. Like the checksums it is a guard against decay
    and mishaps, not against somebody who wants to forge.

    >>> saved = Saved(7, "v1", b"{}")
    >>> seal("todos", saved, 5) == seal("todos", saved, 6)
    False
    """
    said = "\0".join((name, str(saved.position), saved.version, str(log), ""))
    return blake2b(said.encode() + saved.content, digest_size=16).hexdigest()
