from cluster import Ring


def simulate():
    ring = Ring(["n1", "n2", "n3"])
    for number in range(30):
        ring.put(f"user:{number}")
    joined = ring.join("n4")
    left = ring.leave("n2")
    return ring, joined, left


if __name__ == "__main__":
    ring, joined, left = simulate()
    print(f"{joined} keys moved in, {left} keys moved out, nodes {sorted(set(ring.keys.values()))}")
