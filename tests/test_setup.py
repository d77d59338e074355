"""The set-up, piece by piece: no network, no installation."""

import ast
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import pytest
import xdist.plugin

from geo.pipeline import manifest
from geo.setup import environment, interpreter, venv

ROOT = Path(__file__).parent.parent
PYTHON_LINE = "python {}.{}".format(*sys.version_info)
COMMANDS = [ROOT / "build_maps.py", ROOT / "tests" / "__main__.py"]


def read_pins(lock: str) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """(name, marker) -> version and hashes of each package in a lock file."""
    text = (ROOT / lock).read_text("utf-8")
    entries = re.findall(r"^(\S+)==(\S+)(?: ; (.+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M)
    assert len(entries) == len(re.findall(r"^\w", text, re.M))
    return {(name, marker): (version, sorted(hashes.split())) for name, version, marker, hashes in entries}


# What the interpreter has


def test_reads_the_requirements_as_a_toml_parser_does() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert interpreter.read_requirements() == project["dependencies"]
    assert interpreter.read_requirements("test", "dev") == project["dependencies"] + extras["test"] + extras["dev"]


def test_a_new_version_of_any_package_builds_the_pages_again() -> None:
    names = {re.match(r"[\w-]+", requirement)[0] for requirement in interpreter.read_requirements()}  # type: ignore[index]
    # Pages are written by jinja2 through branca; pyarrow reads GeoParquet where it is installed.
    assert set(manifest.PACKAGES) == names | {"jinja2", "markupsafe", "pyarrow"}


def test_every_requirement_has_the_form_that_the_set_up_understands() -> None:
    for requirement in interpreter.read_requirements("serve", "parquet", "scale", "test", "dev"):
        assert re.fullmatch(r"[a-z0-9-]+((>=|<|==)[0-9.]+)(,(>=|<|==)[0-9.]+)*", requirement)


@pytest.mark.parametrize(
    ("requirement", "version", "is_met"),
    [
        ("pandas>=3.0", "3.0.0", True),
        ("pandas>=3.0", "2.9.9", False),
        ("pandas>=3.9", "3.10", True),
        ("pandas>=3.0", "4.0.0rc1", True),
        ("playwright>=1.50,<1.65", "1.64.1", True),
        ("playwright>=1.50,<1.65", "1.65.0", False),
        ("pandas==1.9.4.1", "1.9.4.1", True),
        ("pandas==1.9.4.1", "1.9.4.2", False),
        ("pandas==3", "3.0.0", True),
        ("pandas>=2.0", "2.1.0+local", True),
    ],
)
def test_compares_versions(requirement: str, version: str, is_met: bool) -> None:
    versions = {"pandas": version, "playwright": version}
    assert interpreter.find_missing([requirement], versions) == ([] if is_met else [requirement])


def test_a_package_that_is_not_there_is_missing() -> None:
    assert interpreter.find_missing(["pandas>=3.0", "shapely>=2.1"], {"shapely": "2.2.0"}) == ["pandas>=3.0"]


def test_reads_versions_off_metadata_folders_and_the_first_on_the_path_counts(tmp_path: Path) -> None:
    for place in ("a/pandas-3.1.1.dist-info", "b/pandas-1.5.dist-info", "b/Django_JS.lib-1.9.4.1.egg-info", "b/geo"):
        (tmp_path / place).mkdir(parents=True)
    path = [str(tmp_path / "nowhere"), str(tmp_path / "a"), str(tmp_path / "b")]
    assert interpreter.read_versions(path) == {"pandas": "3.1.1", "django-js-lib": "1.9.4.1"}


def test_reads_the_versions_that_importlib_reads() -> None:
    versions = interpreter.read_versions(sys.path)
    assert all(versions[name] == metadata.version(name) for name in ("geopandas", "playwright", "pytest"))


# The lock files


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_pins_with_hashes_and_names_no_index(lock: str) -> None:
    assert all(hashes for _, hashes in read_pins(lock).values())
    assert not re.search(r"https?:|--index|--find-links", (ROOT / lock).read_text("utf-8"))


def test_the_locks_meet_the_requirements_and_agree() -> None:
    for_builds, for_tests = read_pins("requirements.lock"), read_pins("requirements-test.lock")
    assert for_builds.items() <= for_tests.items()
    for pins, extras in ((for_builds, ()), (for_tests, ("test", "dev"))):
        versions = {name: version for (name, _), (version, _) in pins.items()}
        assert interpreter.find_missing(interpreter.read_requirements(*extras), versions) == []


# Where to go on


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder that has its two locks and nothing else."""
    (tmp_path / "requirements.lock").write_text("pandas==3.1.1\n")
    (tmp_path / "requirements-test.lock").write_text("pandas==3.1.1\npytest==9.2.0\n")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = [\n    "no-such-package>=1.0",\n]\n')
    monkeypatch.setattr(environment, "ROOT", str(tmp_path))
    monkeypatch.setattr(environment, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(environment, "VENV_PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(environment, "NOTE", str(tmp_path / ".venv" / "shyrdak.txt"))
    return tmp_path


def finish_venv(project: Path, locks: list[str]) -> None:
    (project / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    (project / ".venv" / "bin" / "python").touch()
    (project / ".venv" / "pyvenv.cfg").touch()
    (project / ".venv" / "shyrdak.txt").write_text("\n".join(environment.note_of(locks)))


@pytest.fixture
def steps(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `prepare` decides to do, instead of its doing it."""
    taken: list[str] = []

    def restart() -> None:
        taken.append("restart")
        sys.exit("restarted")

    monkeypatch.setattr(interpreter, "_restart", restart)
    monkeypatch.setattr(venv, "make_venv", lambda locks: taken.append(f"make {locks[0]}"))
    return taken


def test_goes_on_where_all_requirements_are_met(project: Path, steps: list[str]) -> None:
    (project / "pyproject.toml").write_text('[project]\ndependencies = [\n    "pytest>=8.0",\n]\n')
    interpreter.prepare()
    assert steps == []


def test_makes_an_environment_where_there_is_none_and_restarts_in_it(steps: list[str]) -> None:
    with pytest.raises(SystemExit, match="restarted"):
        interpreter.prepare()
    assert steps == ["make requirements.lock", "restart"]


def test_tests_need_the_longer_lock(steps: list[str]) -> None:
    with pytest.raises(SystemExit, match="restarted"):
        interpreter.prepare("test")
    assert steps == ["make requirements-test.lock", "restart"]


def test_restarts_at_once_in_a_finished_environment(project: Path, steps: list[str]) -> None:
    finish_venv(project, ["requirements.lock"])
    with pytest.raises(SystemExit, match="restarted"):
        interpreter.prepare()
    assert steps == ["restart"]


@pytest.mark.parametrize("missing", ["bin/python", "pyvenv.cfg"])
def test_makes_an_environment_again_that_has_no_python(project: Path, steps: list[str], missing: str) -> None:
    finish_venv(project, ["requirements.lock"])
    (project / ".venv" / missing).unlink()
    with pytest.raises(SystemExit, match="restarted"):
        interpreter.prepare()
    assert steps == ["make requirements.lock", "restart"]


def test_in_its_own_environment_goes_on_until_a_lock_changes(
    project: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_venv(project, ["requirements.lock"])
    monkeypatch.setattr(sys, "prefix", environment.VENV)
    interpreter.prepare()
    assert steps == []
    (project / "requirements.lock").write_text("pandas==3.1.2\n")
    with pytest.raises(SystemExit, match="restarted"):
        interpreter.prepare()
    assert steps == ["make requirements.lock", "restart"]


def test_a_restart_keeps_options_and_drops_what_leads_astray(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def execve(program: str, command: list[str], variables: dict[str, str]) -> None:
        assert program == command[0] == environment.VENV_PYTHON
        assert command[1:] == ["-P", "-X", "utf8", "build_maps.py", "check", "my atlas"]
        assert "PYTHONPATH" not in variables
        sys.exit("replaced")

    monkeypatch.setattr(sys, "orig_argv", ["python3", "-P", "-X", "utf8", "build_maps.py", "check", "my atlas"])
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setattr(os, "name", "posix")
    with pytest.raises(SystemExit, match="replaced"):
        interpreter._restart()


# Making .venv


@dataclass
class Installers:
    """Stands for the commands that make and fill `.venv`: some fail with the words given; it keeps which were run."""

    fails: dict[str, str]
    answer: str
    ran: list[str] = field(default_factory=list)

    def __call__(self, command: list[str]) -> tuple[int, str]:
        words = " ".join(command[1:])
        kinds = {
            "-m venv": "venv",
            "print(": "ask",
            "-m ensurepip": "ensurepip",
            "compileall": "compile",
            "pip --version": "base_has_pip",
            "-m pip --python": "base_pip",
            "-m pip": "pip",
            "pip install": "uv",
        }
        kind = next(kind for sign, kind in kinds.items() if sign in words)
        self.ran.append(kind)
        return (1, self.fails[kind]) if kind in self.fails else (0, self.answer)


LOCKS = ["requirements-test.lock", "requirements.lock"]
Make = Callable[..., Installers]


@pytest.fixture
def make(project: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Run `make_venv` with installers of which some fail, in a `.venv` whose Python answers what it is."""

    def make(*, uv: bool = False, fails: dict[str, str] | None = None, answer: str = PYTHON_LINE) -> Installers:
        installers = Installers(fails or {}, answer)
        monkeypatch.setattr(venv, "_run", installers)
        monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/uv" if uv else None)
        venv.make_venv(LOCKS)
        return installers

    return make


def test_makes_and_fills_and_notes_what_is_installed(project: Path, make: Make) -> None:
    assert make().ran == ["ask", "venv", "ensurepip", "pip", "compile"]
    assert environment.read_note() == environment.note_of(LOCKS)


def test_takes_uv_where_it_is_found(make: Make) -> None:
    assert make(uv=True).ran == ["ask", "venv", "uv", "compile"]


def test_takes_pip_where_uv_fails(make: Make) -> None:
    assert make(uv=True, fails={"uv": "tls"}).ran == ["ask", "venv", "uv", "ensurepip", "pip", "compile"]


def test_takes_the_pip_of_the_python_called_where_ensurepip_is_missing(make: Make) -> None:
    ran = make(fails={"ensurepip": "No module named ensurepip"}).ran
    assert ran == ["ask", "venv", "ensurepip", "base_has_pip", "base_pip", "compile"]


def test_leaves_a_finished_environment_as_it_is(project: Path, make: Make) -> None:
    finish_venv(project, LOCKS)
    assert make().ran == ["ask"]


def test_installs_into_the_same_environment_when_a_lock_changed(project: Path, make: Make) -> None:
    finish_venv(project, LOCKS)
    (project / "requirements.lock").write_text("pandas==3.1.2\n")
    assert make().ran == ["ask", "ensurepip", "pip", "compile"]
    assert environment.note_of(LOCKS) == environment.read_note()


@pytest.mark.parametrize("answer", ["python 3.1", "", "Exec format error"])
def test_makes_anew_what_has_another_python_or_none(project: Path, make: Make, answer: str) -> None:
    finish_venv(project, LOCKS)
    (project / ".venv" / "lib").mkdir()
    assert make(answer=answer).ran == ["ask", "ask", "venv", "ensurepip", "pip", "compile"]
    assert sorted(os.listdir(project / ".venv")) == ["shyrdak.txt"]


def test_clears_what_was_left_unfinished(project: Path, make: Make) -> None:
    finish_venv(project, LOCKS)
    (project / ".venv" / "shyrdak.txt").write_text("")
    (project / ".venv" / "half").symlink_to(ROOT)
    assert make().ran[:2] == ["ask", "venv"]
    assert sorted(os.listdir(project / ".venv")) == ["shyrdak.txt"]
    assert (ROOT / "pyproject.toml").exists()


def test_fills_an_empty_folder(project: Path, make: Make) -> None:
    (project / ".venv").mkdir()
    assert "pip" in make().ran


# What it says when it cannot


def read_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.splitlines()[-1]


def test_leaves_a_foreign_environment_alone(project: Path, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".venv").mkdir()
    (project / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    with pytest.raises(SystemExit, match="3"):
        make()
    assert read_line(capsys).startswith("Set-up stopped: the folder .venv was made by another tool and is left alone.")
    assert os.listdir(project / ".venv") == ["pyvenv.cfg"]


NO_NETWORK = "Failed to establish a new connection: [Errno -3]\nERROR: No matching distribution found for idna==3.20"


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            NO_NETWORK,
            "the package index cannot be reached. Connect to the network, this once, and run the command again.",
        ),
        (
            "ERROR: No matching distribution found for pyproj==3.8.0",
            "a package has no wheel for this Python and machine.",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
            "a package is not the one that the",
        ),
        ("OSError: [Errno 28] No space left on device", "the disk is full. Free 700 MB and run the command again."),
        ("Segmentation fault", "the packages could not be installed. What the installer said is in .venv/setup.log"),
    ],
)
def test_one_line_says_why_an_installation_failed_and_what_to_do(
    make: Make, capsys: pytest.CaptureFixture[str], output: str, sentence: str
) -> None:
    with pytest.raises(SystemExit, match="3"):
        make(fails={"pip": output})
    assert read_line(capsys).startswith(f"Set-up stopped: {sentence}")
    assert environment.read_note() == set()


@pytest.mark.parametrize(("output", "is_kept"), [(NO_NETWORK, True), ("Segmentation fault", False)])
def test_an_update_that_changed_nothing_keeps_the_environment(
    project: Path, make: Make, output: str, is_kept: bool
) -> None:
    finish_venv(project, LOCKS)
    before = environment.read_note()
    (project / "requirements.lock").write_text("pandas==3.1.2\n")
    with pytest.raises(SystemExit, match="3"):
        make(fails={"pip": output})
    assert environment.read_note() == (before if is_kept else set())


@pytest.mark.parametrize(
    "fails", [{"venv": "No module named venv"}, {"ensurepip": "No module named ensurepip", "base_has_pip": "No module"}]
)
def test_names_the_system_package_that_makes_environments(
    make: Make, capsys: pytest.CaptureFixture[str], fails: dict[str, str]
) -> None:
    with pytest.raises(SystemExit, match="3"):
        make(fails=fails)
    assert "apt install python3-venv" in read_line(capsys)


def test_says_that_the_folder_cannot_be_written(project: Path, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".venv").write_text("a file in the folder's place")
    with pytest.raises(SystemExit, match="3"):
        make()
    assert read_line(capsys).endswith("Shyrdak needs a folder that it can write to.")


def test_ctrl_c_ends_the_set_up_with_130(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(venv, "_install", interrupt)
    with pytest.raises(SystemExit, match="130"):
        make()
    assert read_line(capsys) == "Set-up interrupted. The next run starts it again."
    assert environment.read_note() == set()


def test_a_second_set_up_waits_for_the_first(project: Path, make: Make) -> None:
    finish_venv(project, [])
    code = (
        "import sys; from geo.setup.venv import _wait_for_turn; "
        "note = open(sys.argv[1], 'a'); _wait_for_turn(note); print(); input()"
    )
    command = [sys.executable, "-c", code, environment.NOTE]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        first.stdout.readline()  # it holds the note
        with ThreadPoolExecutor() as pool:
            second = pool.submit(make)
            assert not second.done()
            with pytest.raises(TimeoutError):
                second.result(timeout=0.2)
            first.communicate("\n")
            assert second.result(timeout=20).ran[0] == "ask"


# The two commands


@pytest.mark.parametrize("command", COMMANDS, ids=["build_maps.py", "tests"])
def test_an_old_python_gets_one_line(
    command: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ast.parse(command.read_text("utf-8"), feature_version=(3, 4))
    monkeypatch.setattr(sys, "version_info", (3, 8, 10, "final", 0))
    with pytest.raises(SystemExit, match="3"):
        runpy.run_path(str(command))
    assert capsys.readouterr().err == "Shyrdak needs Python 3.11 or newer, this is 3.8: use a newer one.\n"


@pytest.mark.parametrize(
    ("arguments", "in_parallel"),
    [
        ([], True),
        (["-m", "not browser", "-x"], True),
        (["-n", "0"], False),
        (["--pdb"], False),
        (["-s"], False),
        (["-k", "join"], False),
        (["tests/test_join.py"], False),
        (["--last-failed"], False),
    ],
)
def test_all_tests_run_in_parallel_and_those_that_are_named_in_one_process(
    arguments: list[str], in_parallel: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    options = runpy.run_path(str(ROOT / "tests" / "__main__.py"))["IN_PARALLEL"]
    config = pytest.Config.fromdictargs({}, [*options, *arguments])
    xdist.plugin.pytest_cmdline_main(config)
    config._ensure_unconfigure()  # it has opened files to keep output in
    assert bool(config.option.tx) == in_parallel
    assert len(config.option.tx) <= 4


def test_a_start_imports_nothing_slow() -> None:
    code = "import sys; sys.path.insert(0, '.'); import build_maps, geo.setup.interpreter; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    slow = {"argparse", "importlib.metadata", "json", "pandas", "pathlib", "subprocess", "tomllib"}
    assert set(done.stdout.split()) & slow == set()
