"""Where the ledger's own files lie."""

import os
import sys
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """The folder named by MINSHENG_DATA, else the customary one for the system and user.

    For root on Linux that is /var/lib/minsheng-ledger: the home folder of root is closed to the
    user that PostgreSQL runs as.
    """
    if (chosen := os.environ.get("MINSHENG_DATA")) and chosen.strip():
        return Path(chosen)
    if sys.platform == "linux" and os.geteuid() == 0:
        return Path("/var/lib/minsheng-ledger")
    return Path(platformdirs.user_data_dir("minsheng-ledger", appauthor=False))
