"""The page on which known floor points are clicked, to calibrate where cameras stand."""
