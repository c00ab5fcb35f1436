from tree import Folder


def usage(root: Folder, paths: list[str]) -> dict[str, int]:
    return {path: root.find(*path.split("/")).total() for path in paths}
