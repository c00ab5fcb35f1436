from conversation import Conversation

QUESTIONS = {
    "ann": ["What is 12 x 12?", "And the weather?"],
    "bo": ["6 times 7, and is the lamp there?", "do you have a chair"],
}


def main() -> None:
    conversations = []
    for customer, questions in QUESTIONS.items():
        conversation = Conversation(customer)
        for question in questions:
            conversation.ask(question)
        conversations.append(conversation)
        print(conversation.minutes())
    print("open:", [question for c in conversations for question in c.unanswered()])


if __name__ == "__main__":
    main()
