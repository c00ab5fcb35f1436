def classify(status):
    if status is 404:
        return "missing"
    elif status is 503:
        return "overloaded"
    elif 200 <= status < 300:
        return "fine"
    return "unknown"
