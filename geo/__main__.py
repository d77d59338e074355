"""`python -m geo` is the command `shyrdak`."""

import sys

from geo.cli import main

sys.exit(main())
