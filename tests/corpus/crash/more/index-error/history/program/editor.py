class Editor:
    """A text with undo and redo; both do nothing where nothing is left."""

    def __init__(self):
        self.text = ""
        self._undo = []
        self._redo = []

    def type(self, more):
        self._undo.append(self.text)
        self._redo.clear()
        self.text += more

    def undo(self):
        self._redo.append(self.text)
        self.text = self._undo.pop()

    def redo(self):
        if not self._redo:
            return
        self._undo.append(self.text)
        self.text = self._redo.pop()
