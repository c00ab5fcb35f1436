from commands import Registry, install_counters

SCRIPT = ["!hello", "!tea", "!coffee", "!tea", "!help"]


def run(script):
    registry = Registry()
    install_counters(registry, ["tea", "coffee", "water"])
    return [registry.handle(line) for line in script], registry


def main():
    answers, registry = run(SCRIPT)
    for line, answer in zip(SCRIPT, answers):
        print(f"{line:<10} {answer}")
    assert registry.counts == {"tea": 2, "coffee": 1, "water": 0}, registry.counts


if __name__ == "__main__":
    main()
