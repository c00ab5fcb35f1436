import sys

sys.path.insert(0, "")
import bot

answers, registry = bot.run(["!tea", "!coffee", "!water", "!tea", "!nothing"])
assert answers == ["tea no. 1", "coffee no. 1", "water no. 1", "tea no. 2", "what?"], answers
assert registry.counts == {"tea": 2, "coffee": 1, "water": 1}
assert bot.run(["!help"])[0] == ["coffee hello tea water"]
