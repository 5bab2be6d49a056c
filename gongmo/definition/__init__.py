"""What a call says, and what an application says: typed values read from files. No Django, no clock, no database."""
