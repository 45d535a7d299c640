"""Chapter 4's saliency maps against captum's."""
import pytest
import torch
from answers import define, solutions
from torch import nn

captum = pytest.importorskip("captum.attr", reason="captum is a development requirement")


def test_the_notebooks_saliency_equals_captums():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 49, 10)).eval()
    image = torch.randn(3, 16, 16)
    theirs = captum.Saliency(model).attribute(image[None].clone().requires_grad_(), target=6)[0].amax(0)
    ours = define("saliency", solutions("04_*")["saliency"])(model, image, 6)
    torch.testing.assert_close(ours, theirs / theirs.max())
