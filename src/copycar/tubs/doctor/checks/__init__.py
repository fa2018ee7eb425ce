"""One check per file: each looks at the evidence of one tub and gives one verdict."""
