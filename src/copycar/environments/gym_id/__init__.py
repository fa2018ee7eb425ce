"""Any gymnasium id as a place to drive: a mapping says how. Knows no particular game but those it ships a guide for."""
