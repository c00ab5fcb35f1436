"""`python -m nexoide.cli` is `nexoide`."""

import sys

from nexoide.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
