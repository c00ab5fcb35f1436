from pool import encode

if __name__ == "__main__":
    for clip in ("intro.mov", "match-4k.mov", "outro.mov"):
        print(clip, encode(clip))
