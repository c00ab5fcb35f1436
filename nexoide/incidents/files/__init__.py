"""Log files, followed: which are meant, how they are opened, read through every rotation, and watched without polling."""
