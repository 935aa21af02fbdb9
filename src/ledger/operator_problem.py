"""What ends a command although nobody was refused anything."""


class OperatorProblem(Exception):
    """The operator has to change something; the message says what."""
