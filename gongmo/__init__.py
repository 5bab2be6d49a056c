"""Gongmo (공모) runs public calls for proposals: a call is data, every verdict names its clause."""

__version__ = "0.1.0"
