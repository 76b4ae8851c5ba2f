"""`python -m chorok`."""

import sys

from chorok.cli import main

sys.exit(main())
