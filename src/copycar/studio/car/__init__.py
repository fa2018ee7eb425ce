"""A car somewhere in the network: what it answers to others, and the page that asks it.

| file | what it knows |
|---|---|
| `surface`, `files` | the car's side: `/api/car/…`, behind the same guard as every page |
| `link`, `pull`, `push` | the other side: one car by address and token |
| `known` | which cars were connected to, and the certificates that were trusted |
| `page`, `connect`, `health`, `calibrate`, `transfer` | what is drawn |
"""
