"""The formats that a policy can be exported to, one file each."""
