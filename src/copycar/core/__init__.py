"""The words that every room uses. numpy only; knows nothing of files in the field, devices or networks."""
