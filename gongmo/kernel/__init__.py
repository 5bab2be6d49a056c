"""What every floor stands on: clock, actor, refusal, canonical JSON, Korean formats, policies, invariants. No Django."""
