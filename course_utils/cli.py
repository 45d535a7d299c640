"""The command `course`: parses what was asked for and calls what does it."""
import argparse
import os
import sys

from course_utils.running import UsageError, commands

EPILOG = {
    "run": "examples: course run; course run 01 02 --seeds 0-4 --data real; course run 3 --profile full -p epochs=20",
    "data": "examples: course data list; course data fetch MNIST; course data verify",
}


def parser():
    """The argparse parser of `course`."""
    top = argparse.ArgumentParser(prog="course", description="Run the notebooks of the course and see what held.", allow_abbrev=False)
    verbs = top.add_subparsers(dest="verb", metavar="COMMAND", required=True)

    def add(verbs, name, function, text, **more):
        verb = verbs.add_parser(name, help=text, description=text, allow_abbrev=False, **more)
        verb.set_defaults(function=function)
        return verb

    add(verbs, "list", commands.list_chapters, "list the chapters with their budgets, profiles and parameters")

    run = add(verbs, "run", commands.run, "execute notebooks and write a report on what held", epilog=EPILOG["run"])
    run.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="number, name or path of a notebook; without any: all of them")
    run.add_argument("--profile", metavar="P", help="set of parameters from notebooks/profiles.yaml, such as smoke or full")
    seeds = run.add_mutually_exclusive_group()
    seeds.add_argument("--seed", type=int, metavar="N", help="run with this seed")
    seeds.add_argument("--seeds", metavar="LIST", help="run once for each seed: 0-9 or 0,3,5")
    run.add_argument("--data", choices=["auto", "real", "bundled"], help="the real data sets, their bundled stand-ins, or what there is")
    run.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="set a parameter; may be repeated")
    run.add_argument("--jobs", type=int, metavar="N", help="notebooks to run at a time (default: 2 where there are cores for it)")
    run.add_argument("--store", action="store_true", help="put what passed into the notebooks themselves, as their stored outputs")
    run.add_argument("--out", metavar="FOLDER", help="where the report and the executed copies go (default: build)")

    data = verbs.add_parser("data", help="list, fetch and check the data sets", description="List, fetch and check the data sets.",
                            epilog=EPILOG["data"], allow_abbrev=False)
    data_verbs = data.add_subparsers(dest="data_verb", metavar="COMMAND", required=True)
    add(data_verbs, "list", list_data, "list the data sets: size, terms, and whether they are here")
    fetch = add(data_verbs, "fetch", fetch_data, "download data sets, checked against their known hashes")
    fetch.add_argument("names", nargs="+", metavar="NAME", help="name of a data set, as `course data list` gives it")
    verify = add(data_verbs, "verify", verify_data, "check the files of data sets against their known hashes")
    verify.add_argument("names", nargs="*", metavar="NAME", help="name of a data set; without any: all that are here")

    add(verbs, "doctor", doctor, "look at the installation, the device and the data, and say what to do about problems")
    return top


def main(arguments=None):
    """Run the command line; returns the exit code: 0 good, 1 something failed, 2 a wrong call, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without ✓ shows a question mark instead
    options = parser().parse_args(arguments)
    try:
        code = options.function(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read the output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UsageError as error:
        print(f"course: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ncourse: interrupted", file=sys.stderr)
        return 130


def list_data(options):
    """Print the catalogue of the data sets."""
    from course_utils.data import sources
    for entry in sources.catalogue():
        size = f"{entry['bytes'] / 1e6:.0f} MB" if entry["bytes"] else "by hand"
        print(f"{entry['name']:14} {size:>8}  {entry['state']:10} {entry['title']}; terms: {entry['terms']}")
    return 0


def fetch_data(options):
    """Download data sets by name, with a progress bar."""
    from tqdm import tqdm

    def fetch(sources, name):
        with tqdm(unit="B", unit_scale=True, desc=name, leave=False) as bar:
            def progress(done, total, label):
                bar.total = total
                bar.set_description(label, refresh=False)
                bar.update(done - bar.n)
            place = sources.fetch(name, progress)
        print(f"✓ {name}: in {place}")
    return _each(options, fetch)


def verify_data(options):
    """Check the files of data sets."""
    def verify(sources, name):
        findings = sources.verify(name)
        for file, finding in findings:
            print(f"{'✓' if finding == 'ok' else '✗'} {file}: {finding}")
        return all(finding == "ok" for _, finding in findings)
    return _each(options, verify)


def doctor(options):
    """Look at everything a run needs."""
    from course_utils.running.doctor import examine
    return examine(_check_data)


def _check_data():
    try:
        from course_utils.data import sources
    except (ImportError, OSError) as error:  # a broken torch says it in either
        return [("✗", f"the data sets cannot be looked at ({error}): delete .venv and run `make setup`")]
    advice = {"damaged": ("✗", "repairs it"), "incomplete": ("✗", "completes it"),
              "not here": ("·", "gets it; until then, its stand-in is used")}
    findings = []
    for entry in sources.catalogue():
        mark, what = advice.get(entry["state"], ("✓", ""))
        how = f"`course data fetch {entry['name']}`" if entry["bytes"] else "data/README.md says what"
        remedy = f", {how} {what}" if what else ""
        findings.append((mark, f"data {entry['name']}: {entry['state']}{remedy}"))
    return findings


def _each(options, action):
    """Call action(sources, name) for the data sets asked for, or those that are here; False, or a DataError, makes the exit code 1."""
    from course_utils.data import sources
    states = {entry["name"]: entry["state"] for entry in sources.catalogue()}
    for name in options.names:
        if name not in states:
            raise UsageError(f'there is no data set "{name}": use one of {", ".join(states)}')
    code = 0
    here = [name for name, state in states.items() if state != "not here"]
    if not options.names and not here:
        print("no real data set is on this machine: there is nothing to check")
    for name in options.names or here:
        try:
            code = code if action(sources, name) is not False else 1
        except sources.DataError as error:
            print(f"✗ {name}: {error}", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
