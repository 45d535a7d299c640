"""Chapter 3's exercises on methods: plausible wrong answers get a message that helps."""
import pytest
from answers import assert_told_why, changed


@pytest.mark.parametrize("name, changes, says", [
    ("terminal_velocity", [("-rate", "rate")], "sign"),
    ("terminal_velocity", [(" / (1 - momentum)", "")], "first step"),
    ("terminal_velocity", [("(1 - momentum)", "momentum")], "1 - momentum, not by momentum"),
    ("batch_norm_images", [("correction=0", "correction=1")], "correction=0"),
    ("batch_norm_images", [("(0, 2, 3)", "0")], "average over height and width"),
    ("batch_norm_images", [("(0, 2, 3)", "(2, 3)")], "over the batch, too"),
    ("batch_norm_images", [("(var + eps).sqrt()", "var.sqrt()")], "eps"),
    ("batch_norm_images", [("gain[:, None, None] * ", ""), (" + shift[:, None, None]", "")], "gain and shift"),
    ("inverted_dropout", [(" / (1 - p)", "")], "not scaled"),
    ("inverted_dropout", [(">= p", "< p")], "dropped, not of staying"),
    ("inverted_dropout", [("/ (1 - p)", "/ p")], "not by p"),
    ("inverted_dropout", [("if not training:", "if False:")], "evaluation"),
    ("inverted_dropout", [("rand_like(x)", "rand_like(x[:1])")], "rows or columns"),
    ("adamw_step", [("    m = beta1", "    g = g + decay * w\n    m = beta1"), ("(1 - rate * decay) * w", "w")], "in the gradient"),
    ("adamw_step", [("(1 - rate * decay) * w", "w")], "without decay"),
    ("adamw_step", [("(1 - rate * decay)", "(1 - decay)")], "not multiplied by the learning rate"),
    ("adamw_step", [("m / (1 - beta1**t), v / (1 - beta2**t)", "m, v")], "bias correction"),
    ("adamw_step", [(", m, v\n    ###", "\n    ###")], "three things"),
    ("stopping_epoch", [("            count += 1", "            best, count = loss, count + 1")], "epoch before"),
    ("stopping_epoch", [("count == patience", "count > patience")], "as soon as"),
    ("stopping_epoch", [("start=1", "start=0")], "from 1"),
    ("stopping_epoch", [("            count += 1", "            best, count = min(best, loss), count + 1")], "real gain"),
])
def test_a_wrong_answer_is_told_why(name, changes, says):
    assert_told_why(name, changed(name, *changes), says)
