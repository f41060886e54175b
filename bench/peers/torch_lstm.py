"""lstm.dense: torch_lstm.py BATCH STEPS INPUTS HIDDEN; one layer, forward and backward."""
import sys

import torch_net as net
from worker import serve

torch = net.torch
batch, steps, inputs, hidden = (int(n) for n in sys.argv[1:5])
layer = torch.nn.LSTM(inputs, hidden)
x = torch.randn(steps, batch, inputs, requires_grad=True)  # time-major, PyTorch's faster order
dy = torch.randn(steps, batch, hidden)


def run():
    layer.zero_grad(set_to_none=True)
    x.grad = None
    y, _ = layer(x)
    y.backward(dy)


serve(net.about(), run)
