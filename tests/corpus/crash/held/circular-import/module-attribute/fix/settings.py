DEFAULT_LEVEL = "info"

import plugins

ENABLED = [name for name in plugins.NAMES if not name.startswith("_")]
