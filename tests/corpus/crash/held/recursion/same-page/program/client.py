def all_items(service, cursor=0):
    """All items of the service, page by page; the last page has no next cursor."""
    page = service.list(cursor)
    items = list(page["items"])
    if page["next"] is None:
        return items
    return items + all_items(service, cursor)
