"""Oracle of chapter 5's autoencoders: a straight line between two codes."""
import torch

from course_utils.exercises import compare, oracle


@oracle
def interpolate(answer):
    first, second = torch.tensor([0.0, 4.0, -1.0]), torch.tensor([8.0, 0.0, -1.0])

    def line(a, b, t):
        return a + t[:, None] * (b - a)

    inner = torch.linspace(0, 1, 5)
    compare(answer(first.clone(), second.clone(), 5), line(first, second, inner), mistakes={
        "the ends are swapped: t = 0 gives the first code": line(second, first, inner),
        "the last code is missing: with both ends included, five codes have four gaps": line(first, second, torch.arange(5) / 5),
        "the first code is missing: t starts at 0": line(first, second, torch.arange(1, 6) / 5),
        "both ends are left out: t runs from 0 to 1, ends included": line(first, second, torch.arange(1, 6) / 6),
        "that is one code too many: `steps` counts both ends": line(first, second, torch.linspace(0, 1, 6)),
        "those are `steps` codes between the ends: `steps` counts both ends": line(first, second, torch.linspace(0, 1, 7)),
        "codes stand in columns: t needs the shape (steps, 1), so that the result is (steps, D)": line(first, second, inner).T,
        "t * second is added to the whole of first: the first code's share must fall to 0": first + inner[:, None] * second},
        hint="from (0, 4, -1) to (8, 0, -1) in five steps: the middle is (4, 2, -1)")
    yield "five codes at equal distances from (0, 4, -1) to (8, 0, -1)"

    compare(answer(first.clone(), second.clone(), 2), torch.stack([first, second]), hint="with two steps there are only the ends")
    yield "two steps are the two ends"

    compare(answer(first.clone(), second.clone(), 1), first[None], mistakes={
        "one step: return the first code, not the last": second[None],
        "one step: return the first code, not the middle": (first + second)[None] / 2,
        "one step: the shape stays (1, D)": first,
        "one step divides by steps - 1 = 0: torch.linspace(0, 1, 1) gives 0": torch.full((1, 3), torch.nan)},
        hint="one step: return first, in a tensor of shape (1, D)")
    yield "one step is the first code alone"

    generator = torch.Generator().manual_seed(1)
    first, second = torch.randn(2, 32, generator=generator)
    before = first.clone(), second.clone()
    compare(answer(first, second, 9), line(*before, torch.linspace(0, 1, 9)), hint="codes of 32 numbers, nine steps")
    compare(torch.stack([first, second]), torch.stack(before), hint="the codes that came in must not be changed")
    yield "nine steps between codes of 32 numbers, which stay as they were"
