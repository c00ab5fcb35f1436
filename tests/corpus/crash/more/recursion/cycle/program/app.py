from graph import Graph


def main():
    graph = Graph()
    graph.link("a", "b")
    graph.link("b", "c")
    graph.link("c", "a")
    graph.link("c", "d")
    print(sorted(graph.reachable("a")))
    print(sorted(graph.reachable("d")))


if __name__ == "__main__":
    main()
