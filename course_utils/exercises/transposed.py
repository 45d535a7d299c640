"""Chapter 5's exercises on transposed convolution: the size of what comes out, and the layer by loops."""
from numbers import Integral

import torch
from torch.nn import functional as F

from course_utils.exercises import Mistake, ask, compare, oracle


@oracle
def transposed_size(answer):
    """The function's (H, W) against the shape of torch's conv_transpose2d, with output padding and dilation."""
    def size(h, w, k, s, p, op, d):
        return tuple(F.conv_transpose2d(torch.zeros(1, 1, h, w), torch.zeros(1, 1, k, k), stride=s, padding=p,
                                        output_padding=op, dilation=d).shape[-2:])

    def compared(settings, sentence, mistakes=None):
        h, w, k, s, p, op, d = settings
        got = answer((h, w), k, stride=s, padding=p, output_padding=op, dilation=d)
        if got is Ellipsis:
            raise NotImplementedError
        if got is None:
            raise Mistake("it returned None: does the function end with `return`?")
        if not isinstance(got, tuple) or len(got) != 2:
            raise Mistake(f"return the pair (H, W), not {type(got).__name__ if not isinstance(got, tuple) else f'{len(got)} numbers'}")
        odd = next((type(side).__name__ for side in got if not isinstance(side, Integral)), None)
        if odd:
            raise Mistake(f"H and W are whole numbers, not {odd}: divide with // if at all")
        expected, got = size(*settings), tuple(int(side) for side in got)
        about = f"size {(h, w)}, kernel {k}, stride {s}, padding {p}, output padding {op}, dilation {d}: got {got}, expected {expected}: "
        known = {**(mistakes or {}), "go through the terms one by one": got}  # the last is for any other wrong pair
        compare(got, expected, mistakes={about + text: wrong for text, wrong in known.items()})
        return sentence

    yield compared((4, 6, 3, 1, 0, 0, 1), "stride 1: each side grows by k - 1", {
        "this is the size after an ordinary convolution: a transposed one enlarges": (2, 4), "H and W are swapped": (8, 6),
        "the first piece alone has k pixels: + 1 is missing": (5, 7), "one too many: count the pixels of one piece": (7, 9)})
    yield compared((4, 6, 3, 2, 0, 0, 1), "stride: neighbouring pieces stand s apart", {
        "between 4 pixels there are 3 steps, not 4": (10, 14), "the stride makes the output larger, not smaller": (4, 5)})
    yield compared((4, 6, 3, 2, 1, 0, 1), "padding cuts both sides off", {
        "padding is cut off both sides: 2 p": (8, 12), "padding makes the output smaller here, not larger": (11, 15),
        "padding is ignored": (9, 13)})
    yield compared((4, 6, 3, 3, 1, 2, 1), "output padding is added once, on one side", {
        "output padding is added on one side only": (14, 20), "output padding is ignored": (10, 16)})
    yield compared((4, 6, 3, 1, 0, 0, 2), "dilation", {
        "dilation is ignored": (6, 8), "three numbers 2 apart cover 5 pixels, not 6: dilation * (k - 1) + 1": (9, 11)})
    generator = torch.Generator().manual_seed(0)
    for _ in range(50):
        h, w, k, s, p, d = (int(torch.randint(low, high, (), generator=generator))
                            for low, high in ((5, 20), (5, 20), (1, 6), (1, 5), (0, 3), (1, 4)))
        op = int(torch.randint(0, max(s, d), (), generator=generator))
        compared((h, w, k, s, p, op, d), "")
    yield "fifty random settings, as torch says"


@oracle
def transposed_convolution(answer):
    """The function's output against torch's conv_transpose2d, on images that are not square."""
    generator = torch.Generator().manual_seed(0)
    x, kernel = torch.randn(4, 6, generator=generator), torch.randn(3, 3, generator=generator)

    def layer(x, kernel, stride=1, padding=0):
        return F.conv_transpose2d(x[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]

    def without_sums(stride):
        k, output = len(kernel), torch.zeros_like(layer(x, kernel, stride))
        for row in range(len(x)):
            for column in range(x.shape[1]):
                output[row * stride:row * stride + k, column * stride:column * stride + k] = x[row, column] * kernel
        return output

    compare(ask(answer, x, kernel), layer(x, kernel), mistakes={
        "overlapping pieces overwrite each other: add them, with +=": without_sums(1),
        "this is an ordinary convolution: here each pixel spreads a whole kernel": F.conv2d(x[None, None], kernel[None, None])[0, 0],
        "the kernel is flipped: put it down as it is": layer(x, kernel.flip(0, 1)),
        "rows and columns of the kernel are swapped": layer(x, kernel.T)},
        hint="where does the piece of the pixel in row i, column j begin?")
    yield "stride 1: as conv_transpose2d"
    wide = layer(x, kernel, 2)
    compare(ask(answer, x, kernel, stride=2), wide, mistakes={
        "overlapping pieces overwrite each other: add them, with +=": without_sums(2),
        "the stride is ignored: the piece of pixel (i, j) begins at row i * stride": layer(x, kernel),
        "one stride too large: between H pixels there are H - 1 steps": F.pad(wide, (0, 1, 0, 1))},
        hint="the piece of pixel (i, j) begins at row i * stride, column j * stride")
    yield "stride 2: pieces two apart"
    compare(ask(answer, x, kernel, stride=4), layer(x, kernel, 4), hint="with a stride above the kernel, gaps of zeros stay")
    yield "stride 4: gaps between the pieces"
    compare(ask(answer, x, kernel, stride=2, padding=1), layer(x, kernel, 2, 1), mistakes={
        "padding is ignored: cut `padding` rows and columns off each side": wide,
        "padding cuts off here, it adds nothing": F.pad(wide, (1,) * 4),
        "padding the input comes from the convolution: here the border of the output is cut off": layer(F.pad(x, (1,) * 4), kernel, 2),
        "only the top and left are cut off": wide[1:, 1:], "only the bottom and right are cut off": wide[:-1, :-1]},
        hint="cut `padding` rows and columns off each side, at the end")
    yield "padding 1: the border is cut off"
    for stride, padding in (1, 2), (3, 2), (3, 0):
        compare(ask(answer, x, kernel, stride=stride, padding=padding), layer(x, kernel, stride, padding),
                hint="stride and padding together; padding 0 cuts nothing")
    for k in 2, 5:
        other = torch.randn(k, k, generator=generator)
        expected, size = layer(x, other, 2), f"a kernel of {k} x {k}: take k from the kernel"
        try:
            got = ask(answer, x, other, stride=2)
        except (IndexError, RuntimeError) as error:  # pieces of 3 x 3 do not fit
            raise Mistake(f"{size} ({type(error).__name__}: {error})") from None
        compare(got, expected, mistakes={f"{size}, also for the output's size": F.pad(expected, (0, 3 - k, 0, 3 - k))}, hint=size)
    yield "both together, and kernels of 2 x 2 and 5 x 5"
