"""What a recorded pass could do to autograd's state, and what it copies."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.plugins.test_graphs_trace import Net, containers, writes
from torch import Tensor, nn

from cupola.plugins.graphs.recorder import record


def test_autocast_around_the_call_caches_nothing_of_the_pass() -> None:
    def steps(logs: bool) -> Tensor:
        torch.manual_seed(0)
        net, batch = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4)), torch.ones(3, 4)
        with torch.autocast("cpu", torch.bfloat16):
            first = net(batch).sum()
            if logs:
                record(net, batch)
            loss = first + net(batch).square().sum()
        loss.backward()
        return torch.stack([item.grad.sum() for item in net.parameters()])

    assert torch.equal(steps(True), steps(False))


@pytest.mark.parametrize("around", [torch.no_grad, torch.inference_mode, torch.enable_grad])
@pytest.mark.parametrize("looks", [False, True], ids=["blind", "looks"])
def test_it_may_be_called_in_any_grad_mode(around: Any, looks: bool) -> None:
    net = Net(containers, looks)
    with around():
        enabled = torch.is_grad_enabled()
        assert len(record(net, torch.rand(3, 4))) > 4
        assert torch.is_grad_enabled() == enabled
    assert (net.history, net.calls) == ([], 0)
    assert not torch.is_inference_mode_enabled()


def test_an_earlier_graph_can_still_be_differentiated() -> None:
    net, batch = Net(writes, True), torch.rand(3, 4)
    loss = net.layer(batch).square().sum() + (net.plain * net.layer(batch)).sum()
    record(net, batch)
    loss.backward()  # raises if a version has changed
    assert net.layer.weight.grad is not None


def test_a_state_with_history_keeps_it() -> None:
    def recurs(net: Net, x: Tensor) -> Tensor:
        made = x + net.state
        net.state.mul_(0.5)
        return made

    for looks in (False, True):
        net, root = Net(recurs, looks), torch.ones(4, requires_grad=True)
        net.state = root * 3
        record(net, torch.rand(3, 4))
        assert torch.equal(net.state, torch.full((4,), 3.0))
        net.state.sum().backward()
        assert torch.equal(root.grad, torch.full((4,), 3.0))


def test_one_write_in_a_large_buffer_copies_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    from cupola.plugins.graphs.recorder import guards

    copies: list[int] = []
    restore = guards.CopyOnWrite.restore

    def spy(self: Any) -> None:
        copies.extend(copy.numel() for _, copy in self._copies)
        restore(self)

    monkeypatch.setattr(guards.CopyOnWrite, "restore", spy)

    def fills(net: Net, x: Tensor) -> None:
        net.store[net.calls % 1000, :4] = x[0].detach()

    net = Net(fills, True)
    net.store = torch.zeros(1000, 1000)
    record(net, torch.rand(3, 4))
    assert not net.store.any()
    assert sum(copies) == 4


def test_a_mode_that_an_interrupt_left_is_taken_away() -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    from cupola.plugins.graphs.recorder.process_state import process_state

    with pytest.raises(KeyboardInterrupt), process_state():
        FakeTensorMode().__enter__()
        raise KeyboardInterrupt
    assert torch._C._len_torch_dispatch_stack() == 0
    assert type(torch.ones(1)) is torch.Tensor
