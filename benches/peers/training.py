"""SGD on the digits as one would write it without this project: NumPy, and PyTorch if it is installed. One core, doubles.

The network of the lab `network` at its default sizes: 64 tanh neurons, cross-entropy, no bias. Arguments: the file of the
digits, the batch size, epochs, numpy or torch. Prints samples per second and the last training loss.
"""

import sys
import time

import numpy as np

WIDTH, RATE = 64, 0.1


def digits(path):
    data = np.fromfile(path, dtype=np.uint8)
    pixels, labels = data[: 64 * 1797].reshape(64, 1797).T, data[64 * 1797 :]
    return pixels[:1500] / 16.0, labels[:1500].astype(int)


def numpy_training(x, labels, batch, epochs):
    rng = np.random.default_rng(1)
    targets = np.eye(10)[labels]
    w = rng.standard_normal((WIDTH, 64)) / 8
    u = rng.standard_normal((10, WIDTH)) / np.sqrt(WIDTH)
    start = time.perf_counter()
    for _ in range(epochs * (-(-1500 // batch))):
        chosen = rng.integers(0, 1500, batch)
        a, y = x[chosen], targets[chosen]
        h = np.tanh(a @ w.T)
        f = h @ u.T
        p = np.exp(f - f.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        d = (p - y) / batch
        back = (d @ u) * (1 - h * h)
        u -= RATE * (d.T @ h)
        w -= RATE * (back.T @ a)
    seconds = time.perf_counter() - start
    f = np.tanh(x @ w.T) @ u.T
    loss = np.mean(np.log(np.exp(f).sum(axis=1)) - f[np.arange(1500), labels])
    return epochs * 1500 / seconds, loss


def torch_training(x, labels, batch, epochs):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    x, labels = torch.tensor(x), torch.tensor(labels)
    w = (torch.randn(WIDTH, 64, dtype=torch.double) / 8).requires_grad_()
    u = (torch.randn(10, WIDTH, dtype=torch.double) / WIDTH**0.5).requires_grad_()
    step = torch.optim.SGD([w, u], lr=RATE)
    start = time.perf_counter()
    for _ in range(epochs * (-(-1500 // batch))):
        chosen = torch.randint(0, 1500, (batch,))
        step.zero_grad()
        output = torch.tanh(x[chosen] @ w.T) @ u.T
        torch.nn.functional.cross_entropy(output, labels[chosen]).backward()
        step.step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        loss = torch.nn.functional.cross_entropy(torch.tanh(x @ w.T) @ u.T, labels).item()
    return epochs * 1500 / seconds, loss


if __name__ == "__main__":
    x, labels = digits(sys.argv[1])
    train = {"numpy": numpy_training, "torch": torch_training}[sys.argv[4]]
    try:
        speed, loss = train(x, labels, int(sys.argv[2]), int(sys.argv[3]))
        print(f"{speed:.0f} {loss:.4f}")
    except ImportError:
        print("not installed")
