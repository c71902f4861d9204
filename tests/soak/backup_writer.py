"""A client of one workspace that works until it is killed: `backup_writer.py WORKSPACE SEED FILE`.

What it began, and what was acknowledged, it adds to the file, a line each.
"""

import os
import sys
from pathlib import Path

from kill_worker import client

if __name__ == "__main__":
    root, seed, said = sys.argv[1:]
    told = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    client(Path(root), told, int(seed), "")
