"""The same command elsewhere: pack recordings, keep them in object storage, run jobs there, bring policies back."""
