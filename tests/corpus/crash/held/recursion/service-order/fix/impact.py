def walk(services, name, found=None):
    """Everything that stops when a service stops, nearest first; each service counts once."""
    found = [] if found is None else found
    for user in services[name]:
        if user not in found:
            found.append(user)
            walk(services, user, found)
    return found


def affected(services, name):
    return sorted(member for member in walk(services, name) if member != name)
