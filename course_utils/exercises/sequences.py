"""Oracles of chapter 6: texts of different lengths in one batch."""
import torch

from course_utils.exercises import ask, compare, oracle


@oracle
def max_over_words(answer):
    generator = torch.Generator().manual_seed(6)
    lengths = torch.tensor([5, 3, 1])

    def largest(vectors, lengths):
        return torch.stack([vector[:length].amax(0) for vector, length in zip(vectors, lengths)])

    def batch(padding):
        """Negative numbers only, and `padding` behind each text's words."""
        vectors = -0.5 - torch.rand(3, 5, 4, generator=generator)
        for vector, length in zip(vectors, lengths):
            vector[length:] = padding
        return vectors

    vectors = batch(0.0)
    shorter = (lengths - 1).clamp(min=1)
    compare(ask(answer, vectors, lengths), largest(vectors, lengths), mistakes={
        "the padding takes part: its zeros win against negative numbers; set it to minus infinity before the maximum": vectors.amax(1),
        "that is the mean of the words, not their maximum":
            torch.stack([vector[:length].mean(0) for vector, length in zip(vectors, lengths)]),
        "that is the last word's vector: take the maximum over all words of the text": vectors[torch.arange(3), lengths - 1],
        "the maximum runs over the features: it belongs over the words, dimension 1": vectors.amax(2),
        "the last word of each text is left out: a text of 3 words has rows 0, 1 and 2": largest(vectors, shorter),
        "max returns values and their places: take .values": vectors.max(1).indices},
        hint="per text and feature, the largest number among its first `length` rows")
    yield "negative numbers before zeros of padding"

    vectors = batch(9.0)
    compare(ask(answer, vectors, lengths), largest(vectors, lengths), mistakes={
        "the padding takes part: its rows hold 9 here, and 9 came back; mask by the lengths": vectors.amax(1)},
        hint="what stands in the padded rows must not matter")
    yield "whatever stands in the padded rows"

    vectors, lengths = torch.randn(2, 3, 4, generator=generator), torch.tensor([3, 3])
    compare(ask(answer, vectors, lengths), vectors.amax(1), hint="without padding it is the maximum over dimension 1")
    yield "texts without padding, of both signs"
