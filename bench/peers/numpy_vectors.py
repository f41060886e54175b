"""vectors.glove: the wanted rows of GloVe's text, by Python's lines and NumPy's parser.

    numpy_vectors.py TEXT WORDS          answers requests: one run reads the whole text
    numpy_vectors.py --sums TEXT WORDS   prints each word's sum

Like tenor it parses the lines of wanted words alone; the scripts that go about
split and parse every line and keep all of it, which takes far longer.
"""
import sys

from worker import load, serve

np = load("numpy")


def read(path, words):
    place = {word: i for i, word in enumerate(words)}
    rows = None
    with open(path, "rb") as file:
        for line in file:
            word, numbers = line.split(b" ", 1)
            i = place.get(word)
            if i is not None:
                row = np.array(numbers.split(), dtype=np.float32)
                if rows is None:
                    rows = np.zeros((len(words) + 1, len(row)), dtype=np.float32)
                rows[i + 1] = row
    return rows


def wanted(path):
    with open(path, "rb") as file:
        return file.read().split()


if __name__ == "__main__":
    if sys.argv[1] == "--sums":
        for row in read(sys.argv[2], wanted(sys.argv[3]))[1:]:
            print("%.17g" % row.astype(np.float64).sum())
    else:
        words = wanted(sys.argv[2])
        serve("NumPy %s" % np.__version__, lambda: read(sys.argv[1], words))
