"""``python scripts/tied.py KILL command…``: runs the command and has the kernel end it when its parent is gone.

So that nothing stays behind even when make, the set-up or the supervisor is killed without a chance to tidy up.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> None:
    """Linux only; elsewhere the orderly ways of stopping have to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


if __name__ == "__main__":
    die_with_parent(signal.Signals[f"SIG{sys.argv[1]}"])
    os.execvp(sys.argv[2], sys.argv[2:])
