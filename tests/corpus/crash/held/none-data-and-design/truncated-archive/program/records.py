def apply(state, record):
    """Apply one change of the journal."""
    if record["op"] == "put":
        state[record["key"]] = record["value"]
    elif record["op"] == "delete":
        del state[record["key"]]
    else:
        raise ValueError(record["op"])
