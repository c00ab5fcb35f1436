from flags import requires


@requires("search")
def search(words):
    return f"looking for {' '.join(words)}"


@requires("bulk-export")
def export(words):
    return f"exporting {' '.join(words)}"


def run(sentence):
    verb, *words = sentence.split("-")
    return {"search": search, "find": search, "export": export}[verb](words)
