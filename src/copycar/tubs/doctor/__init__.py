"""The data doctor says in plain words what is wrong with a recording and how to mend it. Knows nothing of learning."""
