"""extract.1 and extract.2: pyAudioAnalysis's procedure in NumPy, frame by frame.

    numpy_paa.py WAV...          answers requests: one run reads and extracts all files
    numpy_paa.py --hsf WAV       prints the 68 numbers

Written anew after the formulas in docs/features.md, in the manner of
pyAudioAnalysis: a Python loop over frames, NumPy within a frame, SciPy's FFT and
DCT. The filter bank and the chroma tables are made once a file, where
pyAudioAnalysis makes the latter anew for every frame.
"""
import sys

from worker import load, serve

np = load("numpy")
scipy = load("scipy")
from scipy.fft import dct, fft  # noqa: E402
from scipy.io import wavfile  # noqa: E402

EPS = np.finfo(float).eps


def read(path):
    rate, x = wavfile.read(path)
    if x.dtype.kind == "i":
        x = x / float(2 ** (8 * x.dtype.itemsize - 1))
    if x.ndim == 2:
        x = x.mean(axis=1)
    x = x - x.mean()
    return rate, x / (np.abs(x).max() + 1e-10)


def filter_bank(rate, bins):
    points = np.zeros(42)
    points[:13] = 133.33 + np.arange(13) * (200 / 3)
    points[13:] = points[12] * 1.0711703 ** np.arange(1, 30)
    bank = np.zeros((40, bins))
    hertz = np.arange(bins) / bins * rate
    for i in range(40):
        low, middle, high = points[i:i + 3]
        height = 2 / (high - low)
        rise = np.arange(int(low * bins / rate) + 1, min(int(middle * bins / rate) + 1, bins))
        fall = np.arange(int(middle * bins / rate) + 1, min(int(high * bins / rate) + 1, bins))
        bank[i, rise] = height / (middle - low) * (hertz[rise] - low)
        bank[i, fall] = height / (high - middle) * (high - hertz[fall])
    return bank


def chroma_tables(rate, bins):
    hertz = (np.arange(bins) + 1) * rate / (2 * bins)
    notes = np.round(12 * np.log2(hertz / 27.5)).astype(int)
    sharing = np.zeros(bins)
    for note in np.unique(notes):
        where = notes == note
        sharing[where] = where.sum()
    return notes, sharing


def entropy(values, blocks, total):
    size = len(values) // blocks
    parts = (values[:size * blocks].reshape(blocks, size) ** 2).sum(axis=1) / (total + EPS)
    return -np.sum(parts * np.log2(parts + EPS))


def descriptors(frame, spectrum, previous, rate, bank, notes, sharing):
    bins = len(spectrum)
    out = np.zeros(34)
    out[0] = np.sum(np.abs(np.diff(np.sign(frame)))) / 2 / (len(frame) - 1)
    energy = np.sum(frame ** 2)
    out[1] = energy / len(frame)
    out[2] = entropy(frame, 10, energy)
    hertz = np.arange(1, bins + 1) * (rate / (2 * bins))
    peak = spectrum.max()
    weights = spectrum / (peak if peak != 0 else EPS)
    total = np.sum(weights) + EPS
    centroid = np.sum(hertz * weights) / total
    out[3] = centroid / (rate / 2)
    out[4] = np.sqrt(np.sum((hertz - centroid) ** 2 * weights) / total) / (rate / 2)
    power = spectrum ** 2
    whole = np.sum(power)
    out[5] = entropy(spectrum, 10, whole)
    out[6] = np.sum((spectrum / np.sum(spectrum + EPS) - previous / np.sum(previous + EPS)) ** 2)
    above = np.nonzero(np.cumsum(power) + EPS > 0.9 * whole)[0]
    out[7] = above[0] / bins if len(above) else 0
    out[8:21] = dct(np.log10(np.dot(spectrum, bank.T) + EPS), type=2, norm="ortho")[:13]
    chroma = np.zeros(bins)
    chroma[notes] = power
    chroma /= sharing[notes]
    chroma = np.concatenate([chroma, np.zeros(-bins % 12)]).reshape(-1, 12).sum(axis=0)
    out[21:33] = chroma / (whole if whole != 0 else EPS)
    out[33] = out[21:33].std()
    return out


def extract(path, window=0.025, step=0.010):
    rate, x = read(path)
    size, hop = int(window * rate), int(step * rate)
    bins = size // 2
    bank = filter_bank(rate, bins)
    notes, sharing = chroma_tables(rate, bins)
    rows, previous, at = [], None, 0
    while at + size <= len(x):
        frame = x[at:at + size]
        spectrum = np.abs(fft(frame))[:bins] / bins
        rows.append(descriptors(frame, spectrum, spectrum if previous is None else previous, rate, bank, notes, sharing))
        previous = spectrum
        at += hop
    rows = np.array(rows)
    return np.concatenate([rows.mean(axis=0), rows.std(axis=0)])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--hsf"]:
        for value in extract(sys.argv[2]):
            print("%.17g" % value)
    else:
        serve("NumPy %s, SciPy %s" % (np.__version__, scipy.__version__), lambda: [extract(path) for path in sys.argv[1:]])
