class Shell:
    def run(self, line):
        word, *rest = line.split()
        numbers = [int(r) for r in rest]
        if word == "add":
            return sum(numbers)
        elif word == "neg":
            return -numbers[0]
        return None
