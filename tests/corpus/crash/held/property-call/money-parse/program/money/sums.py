from money.amount import Amount


def total(amounts):
    result = Amount.zero(amounts[0].currency)
    for amount in amounts:
        result = result + amount
    return result


def total_of_text(texts):
    return total([Amount.parse(text) for text in texts])
