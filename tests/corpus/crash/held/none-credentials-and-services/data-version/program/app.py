from pathlib import Path

from saves import load

if __name__ == "__main__":
    game = load(Path(__file__).with_name("slot1.json"))
    print(game["hero"], len(game["inventory"]), game["mode"])
