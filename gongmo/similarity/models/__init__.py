"""What is stored of the corpus, its index, the searches and the judgements."""

from gongmo.similarity.models.corpus import CorpusImport, EarlierProject
from gongmo.similarity.models.index import Posting, Segment
from gongmo.similarity.models.judging import Conclusion, Judgement
from gongmo.similarity.models.looks import Look, Match, Pair, PairLook

__all__ = [
    "Conclusion",
    "CorpusImport",
    "EarlierProject",
    "Judgement",
    "Look",
    "Match",
    "Pair",
    "PairLook",
    "Posting",
    "Segment",
]
