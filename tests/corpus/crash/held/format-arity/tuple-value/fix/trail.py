def show(value):
    if value is None or value == "":
        return "(empty)"
    return "<%s>" % (value,)


class Trail:
    def __init__(self):
        self.lines = []

    def record(self, change):
        self.lines.append("%s: %s -> %s" % (change.field, show(change.old), show(change.new)))
