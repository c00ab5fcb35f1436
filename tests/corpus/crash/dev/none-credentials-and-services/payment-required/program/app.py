import geocoder
from places import Places

if __name__ == "__main__":
    places = Places(geocoder.start())
    for address in ("High Street 1", "Mill Lane 4"):
        print(address, places.locate(address))
