"""step.paper and step.masked: torch_step.py padded|packed BATCH.npz"""
import sys

import torch_net as net
from worker import serve

torch = net.torch
kind = sys.argv[1]
data = net.numpy.load(sys.argv[2])
hsf, labels = torch.tensor(data["hsf"]), torch.tensor(data["labels"])
ids = torch.tensor(data["ids"], dtype=torch.long)
vocabulary, length = (int(n) for n in data["sizes"])

model = net.Fusion(vocabulary)
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7, foreach=True)
step = net.trainer(model, optimizer, [0.7, 0.2, 0.1])
if kind == "padded":
    whole = net.padded(ids, length)
    short = whole[:, length - max(1, length // 20):]  # enough to tell the thread settings apart
    serve(net.about(), lambda: step(labels, hsf, whole), lambda: step(labels, hsf, short))
else:
    words = net.packed(ids, torch.tensor(data["lengths"], dtype=torch.long))
    serve(net.about(), lambda: step(labels, hsf, words))
