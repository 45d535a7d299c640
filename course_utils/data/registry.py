"""The real data sets the course knows: their files as they must be, their terms, and what stands in for them."""
from dataclasses import dataclass

from course_utils.data.files import Checked


@dataclass(frozen=True)
class DataSet:
    """A real data set and its stand-in. files: pairs of Checked, the file as torchvision reads it and its compressed form."""
    name: str
    title: str
    stand_in: str
    terms: str
    citation: str
    files: tuple

    @property
    def bytes(self):
        """Size of the download."""
        return sum(packed.bytes for _, packed in self.files)


def _files(*rows):
    return tuple((Checked(f"{name}-ubyte", size, sha256), Checked(f"{name}-ubyte.gz", packed_size, packed_sha256))
                 for name, size, sha256, packed_size, packed_sha256 in rows)


SETS = {entry.name: entry for entry in (
    DataSet("MNIST", "handwritten digits, 70,000 images of 28x28", "digits", "CC BY-SA 3.0, (c) Y. LeCun and C. Cortes",
            "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition. Proc. IEEE 86(11), 1998", _files(
                ("train-images-idx3", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                ("train-labels-idx1", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                ("t10k-images-idx3", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                ("t10k-labels-idx1", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"))),
    DataSet("FashionMNIST", "pictures of clothing, 70,000 images of 28x28", "letters", "MIT, (c) 2017 Zalando SE",
            "Xiao, Rasul, Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms. arXiv:1708.07747, "
            "2017", _files(
                ("train-images-idx3", 47040016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                ("train-labels-idx1", 60008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                ("t10k-images-idx3", 7840016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                ("t10k-labels-idx1", 10008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"))))}
