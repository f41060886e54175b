"""The paper's networks in PyTorch, written to be fast there.

The layers are PyTorch's own; gradients are dropped rather than zeroed, the
optimisers run over all tensors at once (foreach), which is faster than one by
one on every shape here, and denormal numbers are flushed to zero, as in tenor.
"""
import os

from worker import load

torch = load("torch")
numpy = load("numpy")
nn = torch.nn
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
torch.set_flush_denormal(True)
torch.manual_seed(1)


def about():
    with open("/proc/self/maps") as maps:
        blas = {line.split("/")[-1].strip() for line in maps if "openblas" in line and ".so" in line and "r-xp" in line}
    names = sorted(name for name in blas if name.startswith("libopenblas"))
    return "PyTorch %s, BLAS %s, kernels %s" % (
        torch.__version__, names[0] if names else "its own", os.environ.get("OPENBLAS_CORETYPE", "its choice"))


def ccc_loss(pred, gold, weights):
    """Sum of w (1 - CCC), population moments, 1e-7 in the denominator."""
    mean_p, mean_g = pred.mean(0), gold.mean(0)
    p, g = pred - mean_p, gold - mean_g
    ccc = 2 * (p * g).mean(0) / (p.square().mean(0) + g.square().mean(0) + (mean_p - mean_g).square() + 1e-7)
    return (weights * (1 - ccc)).sum()


class Acoustic(nn.Module):
    """BatchNorm, three LSTMs over one step, Dense(64)."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(68, eps=1e-3, momentum=0.01)
        self.first = nn.LSTM(68, 68, batch_first=True)
        self.rest = nn.LSTM(68, 256, num_layers=2, batch_first=True)
        self.dense = nn.Linear(256, 64)

    def forward(self, hsf):
        y, _ = self.first(self.norm(hsf).unsqueeze(1))
        y, _ = self.rest(y)
        return self.dense(y[:, -1])


class Text(nn.Module):
    """Embedding(300), three LSTMs, Dense(64), Dropout; over a padded batch or a packed one."""

    def __init__(self, vocabulary):
        super().__init__()
        self.table = nn.Embedding(vocabulary, 300)
        self.first = nn.LSTM(300, 300, batch_first=True)
        self.rest = nn.LSTM(300, 256, batch_first=True)
        self.last = nn.LSTM(256, 256, batch_first=True)
        self.dense = nn.Sequential(nn.Linear(256, 64), nn.Dropout(0.4))

    def forward(self, ids):
        if isinstance(ids, nn.utils.rnn.PackedSequence):
            x = ids._replace(data=self.table(ids.data))
        else:
            x = self.table(ids)
        x, _ = self.first(x)
        x, _ = self.rest(x)
        _, (h, _) = self.last(x)
        return self.dense(h[-1])


class Fusion(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.acoustic, self.text = Acoustic(), Text(vocabulary)
        self.head = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.4),
                                  nn.Linear(32, 3))

    def forward(self, hsf, ids):
        return self.head(torch.cat([self.acoustic(hsf), self.text(ids)], 1))


def padded(ids, length):
    """(N, T) with zeros in front -> (N, length)."""
    out = torch.zeros(ids.shape[0], length, dtype=torch.long)
    kept = min(length, ids.shape[1])
    out[:, length - kept:] = ids[:, ids.shape[1] - kept:]
    return out


def packed(ids, lengths):
    """The real words alone, each sentence from its first."""
    rows = torch.zeros_like(ids)
    for i, n in enumerate(lengths):
        rows[i, :n] = ids[i, ids.shape[1] - n:]
    return nn.utils.rnn.pack_padded_sequence(rows, lengths, batch_first=True, enforce_sorted=False)


def trainer(model, optimizer, loss_weights):
    """A function of inputs and labels that does one step."""
    weights = torch.tensor(loss_weights)
    model.train()

    def step(labels, *inputs):
        optimizer.zero_grad(set_to_none=True)
        loss = ccc_loss(model(*inputs), labels, weights)
        loss.backward()
        optimizer.step()

    return step
