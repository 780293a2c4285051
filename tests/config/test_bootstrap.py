"""When `.venv` counts as made, and what is said when it cannot be."""

import pytest

import bootstrap


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working copy of its own, with two locks and nothing installed."""
    locks = {name: tmp_path / f"{name}.txt" for name in ("run", "test")}
    for name, lock in locks.items():
        lock.write_text(f"{name}==1\n")
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "HERE", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "UNFINISHED", venv / "parley-unfinished")
    monkeypatch.setattr(bootstrap, "LOCKS", locks)
    monkeypatch.setattr(bootstrap, "venv_version", lambda: "3.11")
    return tmp_path


@pytest.fixture
def made(place, monkeypatch):
    """The same with `.venv` filled for running."""

    def fill(lock: str) -> None:
        bootstrap.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        bootstrap.PYTHON.touch()

    monkeypatch.setattr(bootstrap, "make_venv", lambda: fill(""))
    monkeypatch.setattr(bootstrap, "fill_venv", fill)
    bootstrap.install("run")
    return place


def test_nothing_stands_before_the_first_start(place):
    assert not bootstrap.stands("run")


def test_what_was_installed_stands(made):
    assert bootstrap.stands("run")
    assert not bootstrap.stands("test")


def test_the_lock_for_tests_holds_what_running_needs(made):
    bootstrap.install("test")
    assert bootstrap.stands("run")
    assert bootstrap.stands("test")


def test_a_changed_lock_is_installed_again(made):
    bootstrap.LOCKS["run"].write_text("run==2\n")
    assert not bootstrap.stands("run")
    bootstrap.install("run")
    assert bootstrap.stands("run")


def test_an_interrupted_start_is_not_taken_for_a_whole_one(made):
    bootstrap.UNFINISHED.touch()
    assert not bootstrap.stands("run")
    assert not bootstrap.sound_venv()


def test_another_python_version_is_not_served_by_the_old_packages(made, monkeypatch):
    monkeypatch.setattr(bootstrap, "venv_version", lambda: "3.12")
    assert not bootstrap.stands("run")
    assert not bootstrap.sound_venv()


def test_a_failed_installation_ends_in_its_own_words(place, capsys):
    with pytest.raises(SystemExit) as ended:
        bootstrap.run_saying("installing", ["python3", "-c", "print('no network'); exit(2)"])
    assert "no network" in str(ended.value)
    assert "run the same command again" in str(ended.value)


@pytest.mark.parametrize(("user", "said"), [(0, "run   apt-get"), (1000, "run   sudo apt-get")])
def test_a_python_without_venv_is_told_what_to_install(monkeypatch, user, said):
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: user)
    assert said in bootstrap.no_venv_sentence()
    assert "-venv" in bootstrap.no_venv_sentence()
