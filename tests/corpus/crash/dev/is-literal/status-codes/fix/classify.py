def classify(status):
    if status == 404:
        return "missing"
    elif status == 503:
        return "overloaded"
    elif 200 <= status < 300:
        return "fine"
    return "unknown"
