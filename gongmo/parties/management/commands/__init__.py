"""Commands of `gongmo manage`."""
