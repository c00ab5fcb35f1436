"""What names are bound to: whether it may be bound anew, what follows from it, who else holds it."""
