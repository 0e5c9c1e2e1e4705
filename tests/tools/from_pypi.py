"""A Python with packages of PyPI, for tests of protocols: a virtual environment beside the built program, made once."""
import subprocess
import sys


def python_with(wanted, folder):
    """(its path, None), or (None, why it cannot be had). `folder`: where it is made; `wanted`: requirements."""
    python = folder / "bin/python"
    if (folder / "whole").exists():
        return python, None
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True).returncode != 0:
        return None, "this Python makes no virtual environment (python3-venv)"
    got = subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
                         capture_output=True, timeout=600)
    if got.returncode != 0:
        return None, f"{' '.join(wanted)} cannot be had from PyPI: {got.stderr.decode().strip().splitlines()[-1:]}"
    (folder / "whole").touch()
    return python, None
