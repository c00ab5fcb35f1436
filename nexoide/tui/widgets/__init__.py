"""The widgets, one a file: all draw by line, through the one door for text."""
