import plugins

DEFAULT_LEVEL = "info"
ENABLED = [name for name in plugins.NAMES if not name.startswith("_")]
