import listing_server
from listing import items

if __name__ == "__main__":
    names = list(items(listing_server.start()))
    print(len(names), names[-1])
