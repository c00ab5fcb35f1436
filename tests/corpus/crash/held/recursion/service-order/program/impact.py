def walk(services, name):
    """Everything that stops when a service stops, nearest first; each service counts once."""
    found = []
    for user in services[name]:
        if user not in found:
            found.append(user)
        for further in walk(services, user):
            if further not in found:
                found.append(further)
    return found


def affected(services, name):
    return sorted(member for member in walk(services, name) if member != name)
