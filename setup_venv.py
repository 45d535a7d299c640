"""Make .venv and install requirements.lock and this package into it; at once done when nothing has changed. Called by make.

Runs on the system's Python, whatever its age, so it uses the standard library and old syntax only.
"""
import hashlib
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed")  # written last: without it the environment counts as half-made
OLDEST = (3, 10)


def stop(sentence):
    sys.exit("setup: " + sentence)


def wanted():
    """What the environment is made from, as one checksum."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.lock", "pyproject.toml", "setup_venv.py"):
        with open(os.path.join(HERE, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def installed():
    """The checksum of the last finished setup, or None."""
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return None


def run(command, otherwise):
    """Run a command in the project's folder; if it fails, stop with one sentence."""
    try:
        status = subprocess.call(command, cwd=HERE)
    except OSError as error:
        stop("%s could not be started (%s)" % (command[0], error))
    except KeyboardInterrupt:
        stop("interrupted; run make again, it goes on from here")
    if status != 0:
        stop(otherwise)


def works(*command):
    """Whether a command runs and succeeds, silently."""
    with open(os.devnull, "w") as nowhere:
        try:
            return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
        except OSError:
            return False


def main():
    if sys.version_info < OLDEST:
        stop("this is Python %d.%d, the course needs 3.10 or newer: install one and run `make PYTHON=python3.12` (or its name)"
             % sys.version_info[:2])
    target = wanted()
    if installed() == target and works(PYTHON, "-c", ""):
        return
    fresh = not works(PYTHON, "-m", "pip", "--version")
    if fresh or installed() is not None and not works(PYTHON, "-c", "import sys; sys.exit(sys.version != %r)" % sys.version):
        if os.path.lexists(VENV):
            print("setup: the environment in .venv is half-made or of another Python; making it anew")
            shutil.rmtree(VENV)
        run([sys.executable, "-m", "venv", VENV],
            "python could not make a virtual environment (see above): on Debian and Ubuntu, install python3-venv")
    network = "(see above): is there a network, and room on the disk? Then run make again, it goes on from here"
    print("setup: installing the course's packages into .venv (a few minutes and 6 GB the first time)")
    sys.stdout.flush()
    run([PYTHON, "-m", "pip", "install", "--quiet", "--retries", "2", "--disable-pip-version-check", "uv>=0.5"],
        "the installer uv could not be fetched " + network)
    uv = [os.path.join(VENV, "bin", "uv"), "pip", "install", "--python", PYTHON, "--quiet"]
    run(uv + ["--require-hashes", "-r", "requirements.lock"], "the packages of requirements.lock could not be installed " + network)
    run(uv + ["--no-deps", "--no-build-isolation", "-e", "."], "the package course_utils could not be installed " + network)
    with open(STAMP + ".part", "w") as file:
        file.write(target)
    os.rename(STAMP + ".part", STAMP)


if __name__ == "__main__":
    main()
