import os

from entries import parse


class PlaylistStore:
    SUFFIX = ".m3u"

    def __init__(self, folder):
        self.folder = folder

    def names(self):
        files = sorted(os.listdir(self.folder))
        return [name[: -len(self.SUFFIX)] for name in files if name.endswith(self.SUFFIX)]

    def entries(self, name):
        with open(os.path.join(self.folder, name + self.SUFFIX), encoding="utf-8") as handle:
            return parse(handle)

    def minutes(self, name):
        return sum(seconds for _, seconds in self.entries(name)) // 60
