"""Chapter 4's exercises on convolution: by loops with padding and stride, and the size of what comes out."""
import torch
from torch.nn import functional as F

from course_utils.exercises import Mistake, compare, oracle


@oracle
def conv2d_by_loops(answer):
    """The function's output against torch's conv2d, on images that are not square."""
    generator = torch.Generator().manual_seed(0)
    image, kernel = torch.randn(7, 9, generator=generator), torch.randn(3, 3, generator=generator)

    def layer(image, kernel, padding=0, stride=1):
        return F.conv2d(image[None, None], kernel[None, None], padding=padding, stride=stride)[0, 0]

    before = image.clone()
    expected = layer(image, kernel)
    compare(answer(image, kernel), expected, mistakes={
        "the kernel is flipped: layers multiply without flipping": layer(image, kernel.flip(0, 1)),
        "rows and columns of the kernel are swapped": layer(image, kernel.T)}, hint="which pixels lie under the kernel at row i, column j?")
    yield "padding 0, stride 1: as conv2d"
    wider = layer(image, kernel, padding=2)
    edge = layer(F.pad(image[None, None], (2,) * 4, mode="replicate")[0, 0], kernel)
    compare(answer(image, kernel, padding=2), wider, mistakes={
        "the frame repeats the border: padding means zeros": edge}, hint="add a frame of zeros on all four sides first")
    yield "padding 2: a frame of zeros"
    strided = layer(image, kernel, stride=2)
    compare(answer(image, kernel, stride=2), strided, mistakes={
        "these are the first places at stride 1: the window of place i begins at row i * stride": expected[:3, :4]},
        hint="the window of place (i, j) begins at row i * stride, column j * stride")
    yield "stride 2: every second place"
    for padding, stride in (1, 2), (2, 3):
        compare(answer(image, kernel, padding, stride), layer(image, kernel, padding, stride), hint="padding and stride together")
    yield "both together"
    if not torch.equal(image, before):
        raise Mistake("your function changed the image it was given: work on a copy")
    yield "the image is left as it was"


@oracle
def output_size(answer):
    """The function's (H, W) against the shape of torch's conv2d, with dilation."""
    def size(h, w, k, p, s, d):
        return tuple(F.conv2d(torch.zeros(1, 1, h, w), torch.zeros(1, 1, k, k), padding=p, stride=s, dilation=d).shape[-2:])

    def compared(settings, sentence, mistakes=None):
        h, w, k, p, s, d = settings
        got = answer((h, w), k, padding=p, stride=s, dilation=d)
        if not isinstance(got, tuple) or len(got) != 2:
            raise Mistake(f"return the pair (H, W), not {type(got).__name__ if not isinstance(got, tuple) else f'{len(got)} numbers'}")
        expected = size(*settings)
        if tuple(got) != expected:
            said = next((text for text, wrong in (mistakes or {}).items() if tuple(got) == wrong), "is the division rounded down?")
            raise Mistake(f"size {(h, w)}, kernel {k}, padding {p}, stride {s}, dilation {d}: got {tuple(got)}, expected {expected}: {said}")
        return sentence

    yield compared((9, 12, 3, 0, 1, 1), "no padding, stride 1", {
        "H and W are swapped": (10, 7), "count the first position, too: + 1": (6, 9)})
    yield compared((9, 12, 3, 2, 1, 1), "padding on both sides", {"padding is added on both sides: 2 p": (9, 12)})
    yield compared((11, 14, 3, 1, 3, 1), "stride, rounded down", {"round down, not to the nearest or up": (5, 6)})
    yield compared((11, 14, 3, 0, 1, 2), "dilation", {
        "dilation is ignored": (9, 12), "three numbers 2 apart cover 5 pixels, not 6: dilation * (k - 1) + 1": (6, 9)})
    generator = torch.Generator().manual_seed(0)
    for _ in range(50):
        h, w, k, p, s, d = (int(torch.randint(low, high, (), generator=generator))
                            for low, high in ((15, 40), (15, 40), (1, 6), (0, 4), (1, 5), (1, 4)))
        compared((h, w, k, p, s, d), "")
    yield "fifty random settings, as torch says"
