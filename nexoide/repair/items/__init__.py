"""Items and keys: what is looked up, what is there, and where an index runs past the end."""
