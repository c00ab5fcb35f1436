DEFAULTS = {"http": {"port": 8080, "hosts": [], "tls": False}, "debug": False}
