from ids import identifier, slug


def main():
    for name in ("Ann Lee", "Zoë Ångström"):
        print(len(identifier(name)), slug(name))


if __name__ == "__main__":
    main()
