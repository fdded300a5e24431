"""What everybody sees of the desk: published questions and answers, and its figures."""
