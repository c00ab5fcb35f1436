"""What names mean and where they come from: scopes, imports, packages, the standard library, what shadows what."""
