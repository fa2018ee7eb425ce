"""Why a policy answers as it does, from the policy file alone: no torch, and no gradient. Trains nothing."""
