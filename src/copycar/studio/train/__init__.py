"""The page that trains: a form, running trainings beside one another, and what becomes of them. Trains nothing itself.

| file | what it knows |
|---|---|
| `page` | how the parts stand on the page |
| `form`, `augmentation` | what is asked for, and what frames would look like |
| `started` | from a form to a process of its own |
| `jobs`, `elsewhere` | the same on a cluster or in a cloud, and how that stands |
| `table`, `charts`, `detail` | the runs, several over one another, one in full |
"""
