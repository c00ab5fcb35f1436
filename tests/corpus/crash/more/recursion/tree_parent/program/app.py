from tree import Node


def main():
    root = Node("root")
    Node("leaf", root)
    print(root)
    print(root.children[0].path())


main()
