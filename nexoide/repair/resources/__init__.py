"""What is opened and closed: files, databases, locks, temporary folders."""
