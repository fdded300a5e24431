"""What can be done with a case: the part of each action that the law speaks of."""
