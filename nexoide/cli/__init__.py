"""The command line: typer commands, one file per group; what a command needs it imports when it runs."""
