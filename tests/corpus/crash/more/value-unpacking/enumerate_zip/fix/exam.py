def sheet(questions, answers):
    lines = []
    for number, (question, answer) in enumerate(zip(questions, answers), 1):
        lines.append(f"{number}. {question} = {answer}")
    return lines
