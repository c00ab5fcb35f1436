class Shell:
    def run(self, line):
        word, *rest = line.split()
        numbers = [int(r) for r in rest]
        if word is "add":
            return sum(numbers)
        elif word is "neg":
            return -numbers[0]
        return None
