from editor import Editor


def main():
    editor = Editor()
    editor.type("hello")
    editor.type(" world")
    editor.undo()
    editor.undo()
    editor.undo()
    print(repr(editor.text))
    editor.redo()
    print(repr(editor.text))


if __name__ == "__main__":
    main()
