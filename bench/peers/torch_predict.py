"""predict.one: torch_predict.py BATCH.npz; the padded batch of one in inference mode, features not counted."""
import sys

import torch_net as net
from worker import serve

torch = net.torch
data = net.numpy.load(sys.argv[1])
hsf, ids = torch.tensor(data["hsf"]), torch.tensor(data["ids"], dtype=torch.long)
vocabulary, length = (int(n) for n in data["sizes"])
model = net.Fusion(vocabulary).eval()
whole = net.padded(ids, length)


@torch.inference_mode()
def run():
    model(hsf, whole).tolist()


serve(net.about(), run)
