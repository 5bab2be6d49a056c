"""Personal data in custody: which pages show it, the monthly review of who saw it, the own data, how long it is kept."""
