"""epoch.acoustic: torch_acoustic.py DATA.npz BATCH; one epoch of Nadam steps, reshuffled."""
import sys

import torch_net as net
from worker import serve

torch, nn = net.torch, net.nn
data = net.numpy.load(sys.argv[1])
x, y = torch.tensor(data["x"]), torch.tensor(data["y"])
batch = int(sys.argv[2])

model = nn.Sequential(net.Acoustic(), nn.Linear(64, 3))
optimizer = torch.optim.NAdam(model.parameters(), lr=0.002, eps=1e-7, momentum_decay=0.004, foreach=True)
step = net.trainer(model, optimizer, [0.1, 0.4, 0.5])


def epoch():
    rows = torch.randperm(len(x))
    for first in range(0, len(x), batch):
        picked = rows[first:first + batch]
        step(y[picked], x[picked])


serve(net.about(), epoch)
