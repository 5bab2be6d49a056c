"""Published calls and their versions, notices, questions and answers."""
