"""What an entry of the list of real data sets says, and the sets of images: their files as they must be, their terms, their stand-ins."""
from dataclasses import dataclass

from course_utils.data.files import Checked


@dataclass(frozen=True)
class Edition:
    """A form in which a data set lies on disk.

    folder  where, below one of the store's roots
    parts   pairs: files (a tuple of Checked) as the reader takes them, and the compressed file (Checked) that holds them, or None
    note    what it is, where it is not the whole set
    """
    folder: str
    parts: tuple
    note: str = ""

    @property
    def bytes(self):
        """Size of the download."""
        return sum(packed.bytes if packed else sum(file.bytes for file in files) for files, packed in self.parts)


@dataclass(frozen=True)
class DataSet:
    """A real data set and its stand-in.

    stand_in  what it is, or "" where there is none
    editions  the whole set, which can be downloaded if any can, then what may serve in its place
    kind      "images" or "text": which reader reads it
    mirrors   addresses of the folders to download from: none for a set that cannot be downloaded, torchvision's own for images
    """
    name: str
    title: str
    stand_in: str
    terms: str
    citation: str
    editions: tuple
    kind: str = "images"
    mirrors: tuple = ()

    @property
    def bytes(self):
        """Size of the download; 0 if it cannot be downloaded."""
        return self.editions[0].bytes if self.kind == "images" or self.mirrors else 0

    def remedy(self, what="the real one"):
        """What to do to get `what` of this set, in words."""
        return f"`course data fetch {self.name}` gets {what}" if self.bytes else f"data/README.md says which files make {what}"


def _each_compressed(folder, *rows):
    return Edition(folder, tuple(
        ((Checked(f"raw/{name}-ubyte", size, sha256),), Checked(f"raw/{name}-ubyte.gz", packed_size, packed_sha256))
        for name, size, sha256, packed_size, packed_sha256 in rows))


def _one_archive(folder, note, archive, *rows):
    files = tuple(Checked(f"cifar-10-batches-py/{name}", size, sha256) for name, size, sha256 in rows)
    return Edition(folder, ((files, archive),), note)


IMAGES = {entry.name: entry for entry in (
    DataSet("MNIST", "handwritten digits, 70,000 images of 28x28", "digits drawn from fonts", "CC BY-SA 3.0, (c) Y. LeCun and C. Cortes",
            "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition. Proc. IEEE 86(11), 1998",
            (_each_compressed(
                "MNIST",
                ("train-images-idx3", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                ("train-labels-idx1", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                ("t10k-images-idx3", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                ("t10k-labels-idx1", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),)),
    DataSet("FashionMNIST", "pictures of clothing, 70,000 images of 28x28", "letters drawn from fonts", "MIT, (c) 2017 Zalando SE",
            "Xiao, Rasul, Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms. arXiv:1708.07747, "
            "2017",
            (_each_compressed(
                "FashionMNIST",
                ("train-images-idx3", 47040016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                ("train-labels-idx1", 60008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                ("t10k-images-idx3", 7840016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                ("t10k-labels-idx1", 10008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),)),
    DataSet("CIFAR10", "colour photographs, 60,000 images of 32x32", "shapes drawn in colour", "none stated by its authors",
            "Krizhevsky: Learning multiple layers of features from tiny images. Technical report, University of Toronto, 2009", (
                _one_archive(
                    "", "",
                    Checked("cifar-10-python.tar.gz", 170498071, "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"),
                    ("data_batch_1", 31035704, "54636561a3ce25bd3e19253c6b0d8538147b0ae398331ac4a2d86c6d987368cd"),
                    ("data_batch_2", 31035320, "766b2cef9fbc745cf056b3152224f7cf77163b330ea9a15f9392beb8b89bc5a8"),
                    ("data_batch_3", 31035999, "0f00d98ebfb30b3ec0ad19f9756dc2630b89003e10525f5e148445e82aa6a1f9"),
                    ("data_batch_4", 31035696, "3f7bb240661948b8f4d53e36ec720d8306f5668bd0071dcb4e6c947f78e9682b"),
                    ("data_batch_5", 31035623, "d91802434d8376bbaeeadf58a737e3a1b12ac839077e931237e0dcd43adcb154"),
                    ("test_batch", 31035526, "f53d8d457504f7cff4ea9e021afcf0e0ad8e24a91f3fc42091b8adef61157831"),
                    ("batches.meta", 158, "f962466ef690d46b226450fb9aadc74ba4bc64a76aa526b5827fe4bc5c7125cb")),
                _one_archive(
                    "cifar-10-subset", "a 10,000-image subset", None,
                    ("data_batch_1", 6206788, "01709fd754b77cbdb2fee4f99c03c7a3b986a2f6b34de71ccf77926871728a15"),
                    ("data_batch_2", 6206875, "adc80c4379303c3db0aa712ce65063bd25c0d0467d3c154e8f5a2c005e0db61f"),
                    ("data_batch_3", 6206871, "091070cbfaa21ffbc5710141c4f0a0b246d87093e83d4544fd818d952b9151ba"),
                    ("data_batch_4", 6206605, "263a839b79b2c3127821502da4500d961e2565603481874ed2d7f6fc18df8471"),
                    ("data_batch_5", 6206663, "a73141dfdd43b30aadc4c23257944d9615ccfff04cbab7b87ac5e1df0256b8f1"),
                    ("test_batch", 6206666, "8ea03ba3f4527daf77a74cecc41b8856455f859b3f66509b562d8c36071a7f91"),
                    ("batches.meta", 158, "f962466ef690d46b226450fb9aadc74ba4bc64a76aa526b5827fe4bc5c7125cb")))))}
