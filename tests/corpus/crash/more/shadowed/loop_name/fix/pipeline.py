def clean(text):
    return " ".join(text.lower().split())


def drop_empty(texts):
    return [t for t in texts if t]


def process(texts):
    log = []
    for raw in texts:
        log.append(len(raw))
    cleaned = drop_empty([clean(t) for t in texts])
    return {"lengths": log, "texts": cleaned}
