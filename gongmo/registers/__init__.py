"""Outside registers: asked in batches through real adapters, answered into a cache with as-of times, held off by a circuit breaker."""
