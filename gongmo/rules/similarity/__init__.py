"""Whether two texts tell of the same project: words without particles, rare features, passages laid beside each other.

Pure functions of texts and numbers; what is looked up and kept is the work of gongmo.similarity.
"""
