"""One job: the cells of one notebook run in the sandbox, its functions are judged here."""
