from labels import Label


def paper(texts, size):
    """Square millimetres that the labels of these texts need."""
    return sum(Label(text, size).area() for text in texts)
