"""What classes are made by: dataclasses, enums, named tuples, typed dicts, protocols, pydantic models.

Each module here makes anew what the maker of such a class derives from its body, on a hollow class that shares nothing with
the program, and plans to put that on the live class, which stays the class that it is.
"""
