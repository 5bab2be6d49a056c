"""What people are told: notices on the site and by mail, read off the record."""
