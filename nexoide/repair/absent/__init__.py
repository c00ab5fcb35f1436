"""Values that are None though something was meant: who returned nothing, and what the project does where something is absent."""
