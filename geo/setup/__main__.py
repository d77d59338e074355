"""`python3 -m geo.setup`, for developers and CI: sets up all tools, and prints the Python that has them."""

from __future__ import annotations

import sys

from geo.setup.interpreter import prepare

if __name__ == "__main__":
    prepare("test", "dev")
    print(sys.executable)
