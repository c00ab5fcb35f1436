import sys

sys.path.insert(0, ".")

import gateway
from bot import Bot

bot = Bot(gateway.start(), "PERSONA")
for n in range(30):
    question = f"Q{n} " + "x" * 190
    assert bot.ask(question) == "re: " + question[:20], n
    sent = gateway.SEEN[-1]
    assert sent[0] == {"role": "system", "content": "PERSONA"}, sent[0]
    assert sent[-1] == {"role": "user", "content": question}
    if n >= 1:
        assert any(m["content"].startswith(f"Q{n - 1} ") for m in sent), "the turn before should still be there"
assert len(gateway.SEEN) == 30
