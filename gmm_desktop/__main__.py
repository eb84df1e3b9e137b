"""python -m gmm_desktop."""

from __future__ import annotations

import sys

from gmm_desktop.command_line import main

if __name__ == "__main__":
    sys.exit(main())
