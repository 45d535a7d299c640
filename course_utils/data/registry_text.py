"""The real data sets of text that the course knows, as `registry` has those of images."""
from course_utils.data.files import Checked
from course_utils.data.registry import DataSet, Edition

PROSE, PLACES, DATES = "prose of Python's own documentation", "names of places in the time-zone database", "dates written in many ways"
MULTI30K = ("none stated by its authors; from Flickr30k, whose images are for non-commercial research and education",
            "Elliott, Frank, Sima'an, Specia: Multi30K: multilingual English-German image descriptions. VL 2016; Elliott et al., WMT 2017")


def _files(folder, *rows, note="", packed=None):
    return Edition(folder, ((tuple(Checked(*row) for row in rows), packed),), note)


def _text(*about, editions, mirrors=()):
    return DataSet(*about, editions, "text", mirrors)


TEXTS = {entry.name: entry for entry in (
    _text(
        "Sentiment140", "tweets, positive or negative, 1,600,000 labelled by their emoticons", "sentences from a grammar",
        "none stated by its authors",
        "Go, Bhayani, Huang: Twitter sentiment classification using distant supervision. Stanford, 2009",
        mirrors=("https://cs.stanford.edu/people/alecmgo/",), editions=(
            _files("sentiment140", ("trainingandtestdata.zip", 81363704,
                                    "004a3772c8a7ff9bbfeb875880f47f0679d93fc63e5cf9cff72d54a8a6162e57")),
            _files(
                "sentiment140",
                ("sentiment140_sample_20000.csv", 2575913, "41d78f63d6ff74fef8d6e710b76b925fb96d922c05f9dba7ba01147172fb81ef"),
                ("testdata.manual.2009.06.14.csv", 70808, "bbb07eaf4574bb0fbc51dd4493d2ff4ae536720384995a96d11dbb1ff028291e"),
                note="a 20,000-tweet sample"))),
    _text(
        "GloVe", "vectors of 400,000 words, 50 numbers each, from 6 billion words", "vectors that the notebook trains itself",
        "Public Domain Dedication and License 1.0",
        "Pennington, Socher, Manning: GloVe: global vectors for word representation. EMNLP 2014",
        mirrors=("https://nlp.stanford.edu/data/", "https://downloads.cs.stanford.edu/nlp/data/"), editions=(
            _files(
                "glove", ("glove.6B.50d.txt", 171350079, "d8f717f8dd4b545cb7f418ef9f3d0c3e6e68a6f48b97d32f8b7aae40cb31f96f"),
                packed=Checked("glove.6B.zip", 862182613, "617afb2fe6cbd085c235baf7a465b96f4112bd7f7ccb2b2cbd649fed9cbcf2fb")),
            _files(
                "glove",
                ("glove.6B.50d.txt.gz", 1550420, "84acb09e000723d00c1c749ec8f2e6b9ad650f2428fb1aea286f60f6b5864c95"),
                note="a 9,163-word part"))),
    _text(
        "Books", "seven novels in English, 1.9 million words", PROSE, "public domain",
        "Austen, Dickens (two), Doyle, Eliot, Melville, Tolstoy (tr. L. and A. Maude): texts of Project Gutenberg", editions=(_files(
            "books",
            ("david_copperfield.txt", 1975094, "91b1a66d366c0a2629fe7f780a1c6b09c322032a9077f0659bef000d8cdda62e"),
            ("great_expectations.txt", 1009598, "99f080f099c7498383df6e1f9456b8ec58ae2b30c74a72ff18cd93d58cd03039"),
            ("middlemarch.txt", 1794750, "24fee01e298e854cfefff4155f3fe1aa1531372cd2b1ab8ba9936233a12c7ab8"),
            ("moby_dick.txt", 1234088, "40c37841babbf72d63bfdfd4b53cec80bb111744fe4af7a36ad94e584619650f"),
            ("pride_and_prejudice.txt", 691843, "d02c06ecdee0120842aa1274288a07fe68d5316d1e8285853eaf4fc65a0b39a0"),
            ("sherlock_holmes.txt", 562346, "efc28bcd78eb3e5a903117fb117819208c6745849ea4862ad7e6ed6b216aa69d"),
            ("war_and_peace.txt", 3274088, "1ce58d5e322b309fd68e5ca0434530ccedd69bf0e2d12cd5094097b62a5e89a8")),)),
    _text(
        "WikiText2", "Wikipedia articles in words, rare ones as <unk>; the validation and test parts", PROSE, "CC BY-SA",
        "Merity, Xiong, Bradbury, Socher: Pointer sentinel mixture models. arXiv:1609.07843, 2016", editions=(_files(
            "wikitext-2",
            ("test.txt", 1256449, "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0"),
            ("valid.txt", 1121681, "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8")),)),
    _text(
        "Shakespeare", "plays of Shakespeare, 1.1 million characters", PROSE, "public domain; the compilation: MIT",
        "Karpathy: char-rnn, 2015 (tinyshakespeare)",
        mirrors=("https://raw.githubusercontent.com/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/",),
        editions=(_files(
            "tinyshakespeare",
            ("input.txt", 1115394, "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed")),)),
    _text(
        "GivenNames", "32,033 given names", PLACES, "MIT (repository)",
        "US Social Security Administration, baby names 2018; Karpathy: makemore, 2022", editions=(_files(
            "makemore",
            ("names.txt", 228145, "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d")),)),
    _text(
        "Surnames", "20,050 surnames of 18 languages", PLACES, "MIT (repository)",
        "Robertson: Practical PyTorch, classifying names with a character-level RNN, 2017", editions=(_files(
            "names",
            ("Arabic.txt", 13190, "6f424a8dbe51cbbbabab7a57d38b617210125e4e3991f3c657cb79b8f104bafc"),
            ("Chinese.txt", 1246, "09ba8f1f7e38dbc99372d461b26ad4433b811fc6bfa6a3ecca6fe11a9a777465"),
            ("Czech.txt", 3916, "e17ab0ec47616a72c39cb85c783f70c3663ab64488721e5d8378f146d2226be7"),
            ("Dutch.txt", 2351, "924f32b635170eae561f84538632138fc07d4c8bbd70ba3fb980de1ecc4d2af3"),
            ("English.txt", 27125, "9cca037066d3d5989e24bc01801416162de506b5e28e15b7c092a47905d29bf2"),
            ("French.txt", 2178, "81e65b36c60ed5b89a17422f6edcadbb89546f38ad69e960e64e7ba682012a95"),
            ("German.txt", 5610, "7449cd590b97a733e18d613a4155decd77ec35dc5f8aadd7a82204dce4f051db"),
            ("Greek.txt", 1981, "3555b5186de7f401e6d991b088e9e644ca3099116477818c25ab5793801389e6"),
            ("Irish.txt", 1858, "cf8c7013256252a88d2503127b87282a11f21b2ff6db1bded68834c19a1ec058"),
            ("Italian.txt", 5657, "f88414c27d0606a11a678b4859277828c2565d6cc4d9ee932deef6e94f3b35e4"),
            ("Japanese.txt", 7622, "e0e717e114fec3e7eade4d9dabe0067c475f43147e36a22b47902ee76ad9e67f"),
            ("Korean.txt", 423, "cd54221ccb362a6cba4c78828838cf3268a0e59744767a37cf6ec4b74036b136"),
            ("Polish.txt", 1165, "45bab898af2f60ed3a728bbf6980e28821011a7caa53227553b5785903a40826"),
            ("Portuguese.txt", 554, "50a8735f41f4f73757c8ce5b16cb0275cd86b2b214bcbc8c9805f508cb131c53"),
            ("Russian.txt", 85168, "0cfe53ac18041e8f63666aa77313e0a3ff378facb132abee052d8ebdc8c3d62c"),
            ("Scottish.txt", 752, "78d0252711d87d948ea86fe34826c51d2d794a8e52d15b5d6f7b6244d45d62dd"),
            ("Spanish.txt", 2284, "1bcb462ed3316756a85781d68232bddae04498fdddd5d9219c53fd1fbdeba7a7"),
            ("Vietnamese.txt", 339, "f3f9e4164ab47601178a6e45b216464a64122f49d05541f24bf18a757253281d")),)),
    _text(
        "Multi30k-fr", "captions of 31,014 photographs in English and French", DATES, *MULTI30K, editions=(_files(
            "multi30k",
            ("train.en.gz", 568929, "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f"),
            ("train.fr.gz", 604242, "622e75069e9f4c577425c4f277116ce66e63a2401c0a2312d90073cb12379a3c"),
            ("val.en.gz", 21650, "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28"),
            ("val.fr.gz", 23001, "ca3106f1a72390591d25f6c45cb4cd39dec4cd3f123e099748a3ce5256c160e9"),
            ("test_2016_flickr.en.gz", 21077, "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9"),
            ("test_2016_flickr.fr.gz", 22310, "6d326e188d259fb1d04ac19eae3af956559b3a0b93d7635e56c90987c40c8b90")),)),
    _text(
        "Multi30k-de", "captions of 31,014 photographs in English and German", DATES, *MULTI30K, editions=(_files(
            "multi30k",
            ("train.en.gz", 568929, "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f"),
            ("train.de.gz", 637044, "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6"),
            ("val.en.gz", 21650, "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28"),
            ("val.de.gz", 24681, "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a"),
            ("test_2016_flickr.en.gz", 21077, "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9"),
            ("test_2016_flickr.de.gz", 22890, "9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8")),)),
    _text(
        "Analogies", "19,544 questions such as Athens : Greece = Oslo : ?", "", "Apache 2.0 (repository)",
        "Mikolov, Chen, Corrado, Dean: Efficient estimation of word representations in vector space. arXiv:1301.3781, 2013",
        editions=(_files(
            "word_similarity",
            ("questions-words.txt", 603955, "8c29b3332afc46f3fb8be04cb5297bf96f39aa7131272dff57869b4485b22a36")),)),
    _text(
        "WordSim353", "353 pairs of words and how alike people found them", "", "CC BY 4.0 (collection)",
        "Finkelstein et al.: Placing search in context: the concept revisited. ACM TOIS 20(1), 2002", editions=(_files(
            "word_similarity",
            ("EN-WS-353-ALL.txt", 7405, "ce12919b240af45bdf46d243601eaca2b6212b159b5e7e9b435ee7ee40c5619c")),)))}
