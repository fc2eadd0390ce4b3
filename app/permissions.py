"""The permissions of what is written beside its place and then put there.

Lives here: one rule for files (:mod:`app.terminal`) and folders (:mod:`app.folder.writing`), since
temporary ones are made for their owner alone.
"""

import os
from pathlib import Path


def permissions_of(target: Path, usual: int) -> int:
    """The mode of what is replaced at ``target``; of something new ``usual``, less the umask."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return usual & ~umask
