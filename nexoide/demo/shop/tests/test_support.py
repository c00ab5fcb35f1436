from shop.assistant import Assistant
from shop.store import Store
from shop.support import SupportDesk


def test_question_becomes_a_ticket():
    store = Store()
    answer = SupportDesk(store, Assistant()).answer("ada", "Is the mug hot?")
    assert answer == {"ticket": 1, "answer": "Dear Ada Lindqvist, The mug is stoneware and likes the dishwasher."}
    assert store.stats()["tickets"] == 1


def test_unknown_topics_go_to_a_colleague():
    reply = Assistant().ask("Do you sell coffee?")
    assert "colleague" in reply.content


def test_frequent_questions_are_known():
    assert "30 days" in Assistant().ask("How do I return an item?").text
