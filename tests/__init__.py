"""The tests mirror the tree of gongmo/."""
