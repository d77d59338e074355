"""`python3 tests bench`: measure and print."""

from __future__ import annotations

import platform

from tests.bench.atlas import measure_atlas, print_rows
from tests.bench.regeneration import measure_regeneration

if __name__ == "__main__":
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    print_rows([*measure_atlas(), *measure_regeneration()])
