from users import User


def may_open(user: User, document: dict) -> bool:
    """Suspended people see nothing; others what is public, theirs, or open to one of their roles."""
    if user.is_suspended():
        return False
    if document.get("public") or document.get("owner") == user.name:
        return True
    return any(user.has_role(role) for role in document.get("roles", ()))


def visible(user, documents):
    return [document["title"] for document in documents if may_open(user, document)]
