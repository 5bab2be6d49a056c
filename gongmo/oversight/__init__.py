"""The overview of a call for those who oversee it: the ministry, and the officers who run it. It only reads."""
