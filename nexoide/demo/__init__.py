"""The demo: a small order service with defects, traffic for it, and the story of its healing."""
