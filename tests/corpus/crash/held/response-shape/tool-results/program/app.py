from agent import Agent


def main() -> None:
    print(Agent().run(["calc:12*12"]))
    print(Agent().run(["calc:6*7", "lookup:lamp", "lookup:chair"]))


if __name__ == "__main__":
    main()
