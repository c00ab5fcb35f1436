import settings
import plugins


def main() -> None:
    for name in settings.ENABLED:
        print(plugins.describe(name))


if __name__ == "__main__":
    main()
