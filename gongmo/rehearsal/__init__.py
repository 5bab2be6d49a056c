"""The whole programme played on a simulated clock, through the commands only, with made-up people and organisations."""
