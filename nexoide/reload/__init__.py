"""Hot reload, seen from the supervisor: one transaction over all processes of a target."""
