"""The door for assistants: the Model Context Protocol, so that machines answer with figures that can be cited."""
