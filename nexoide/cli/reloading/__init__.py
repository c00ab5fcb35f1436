"""`nexoide run --reload`: a program in the foreground that takes over what is saved; no configuration, no supervisor."""
