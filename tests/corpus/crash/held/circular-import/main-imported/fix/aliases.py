ALIASES = {"ls": "list", "rm": "remove", "add": "create"}
