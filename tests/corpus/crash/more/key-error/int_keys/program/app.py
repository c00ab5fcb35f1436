import io

from seats import Plan


def main():
    plan = Plan()
    plan.take(4, "ann")
    plan.take(9, "bob")
    store = io.StringIO()
    plan.save(store)
    store.seek(0)
    again = Plan.load(store)
    print(again.who(4))
    print(again.free(9), again.free(5))


if __name__ == "__main__":
    main()
