"""What the command `pytest` does, for an interpreter whose environment may lack the script: no folder is added to the path."""

import sys

import pytest

sys.argv[0] = "pytest"
sys.exit(pytest.console_main())
