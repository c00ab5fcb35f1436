import registry
from versions import latest

if __name__ == "__main__":
    base = registry.start()
    for package in ("billing-client", "shop-theme"):
        print(package, latest(base, package))
