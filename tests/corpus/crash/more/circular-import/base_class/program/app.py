import shapes


def main():
    for plugin in shapes.all_plugins():
        print(plugin.name, plugin.run(6))


main()
