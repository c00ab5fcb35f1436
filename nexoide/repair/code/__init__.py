"""Reading the project's code and editing it: files, trees, names, calls, values, and the spans that are replaced."""
