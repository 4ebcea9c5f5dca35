"""The best phrases of texts by YAKE's package: phrases.py FOLDER

Reads FOLDER/captions.json, lists of captions by name, and writes FOLDER/phrases.json: the package's English stop list,
and by name and number of words the best phrases with their scores: of all captions as one text, and of each caption as
a text of its own.
"""

import json
import sys
from pathlib import Path

from segtok.segmenter import split_multi
from yake import KeywordExtractor, datarepresentation

TOP = 60

folder = Path(sys.argv[1])
captions = json.loads((folder / "captions.json").read_text())


def best(text, words):
    return KeywordExtractor(lan="en", n=words, dedupLim=0.9, dedupFunc="seqm", windowsSize=1, top=TOP).extract_keywords(text)


def best_of_each(texts, words):
    """The package reads one text: here its sentences are those of every caption."""
    original = datarepresentation.split_multi
    datarepresentation.split_multi = lambda _: [s for text in texts for s in split_multi(text)]
    try:
        return best("x", words)
    finally:
        datarepresentation.split_multi = original


phrases = {
    name: {
        str(words): {"text": best("\n".join(texts), words), "captions": best_of_each(texts, words)}
        for words in (1, 2, 3)
    }
    for name, texts in captions.items()
}
document = {"stopWords": sorted(KeywordExtractor(lan="en").stopword_set), "phrases": phrases}
(folder / "phrases.json").write_text(json.dumps(document))
