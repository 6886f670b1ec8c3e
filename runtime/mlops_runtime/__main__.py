"""`python -m mlops_runtime …`; commands/table.py lists the commands."""

import os
import sys

from mlops_runtime.commands.main import main

if __name__ == "__main__":
    status = main(sys.argv[1:])
    os.dup2(2, 1)  # threads and exit handlers may still print, and the evidence must stay the last line
    sys.exit(status)
