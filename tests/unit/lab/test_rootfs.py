"""The root file system: what counts as finished, and what is said where none can be made."""

import json
import os
import sys

import pytest

from ami.lab import rootfs


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("CALLCENTER_CACHE", str(tmp_path))


def finished(version, release="22"):
    root = rootfs.rootfs_path(release)
    root.mkdir(parents=True)
    (root / rootfs.MARKER).write_text(json.dumps({"asterisk": f"Asterisk {version}+dfsg"}))


@pytest.mark.parametrize(
    ("version", "ready"),
    [("22.10.1", True), ("22.11.0", True), ("23.0.0", True), ("22.10.0", False), ("20.9.3", False)],
)
def test_only_an_asterisk_that_is_new_enough_counts(version, ready):
    finished(version)
    assert rootfs.is_ready() is ready


def test_a_half_made_tree_does_not_count():
    rootfs.rootfs_path().mkdir(parents=True)
    assert not rootfs.is_ready()


@pytest.mark.parametrize("marker", ["", "{}", "[]", '{"asterisk": "none"}'])
def test_a_broken_marker_does_not_count(marker):
    root = rootfs.rootfs_path()
    root.mkdir(parents=True)
    (root / rootfs.MARKER).write_text(marker)
    assert not rootfs.is_ready()


def test_without_root_it_says_so_before_it_touches_anything(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(rootfs.RootfsError, match="needs root"):
        rootfs.ensure()
    assert list(tmp_path.iterdir()) == []


def test_on_another_system_it_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "Linux" in rootfs.why_impossible()


def test_a_machine_without_debootstrap_and_apt_is_told_what_it_lacks(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tools = {tool: f"/usr/bin/{tool}" for tool in rootfs.TOOLS}
    monkeypatch.setattr(rootfs.shutil, "which", tools.get)
    assert "debootstrap" in rootfs.why_impossible()


def test_a_cache_folder_that_cannot_be_written_names_the_setting(monkeypatch, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setenv("CALLCENTER_CACHE", str(in_the_way / "cache"))
    monkeypatch.setattr(rootfs, "why_impossible", lambda _version: "")
    with pytest.raises(rootfs.RootfsError, match="CALLCENTER_CACHE"):
        rootfs.ensure()


def test_a_failed_making_leaves_no_tree_and_says_why(monkeypatch):
    def fails(suite, target, _mirror, _packages):
        target.mkdir(parents=True)
        return f"no {suite} today"

    monkeypatch.setattr(rootfs, "why_impossible", lambda _version: "")
    monkeypatch.setattr(rootfs, "_install_debootstrap", lambda: None)
    monkeypatch.setattr(rootfs, "_debootstrap", fails)
    with pytest.raises(rootfs.RootfsError, match=r"no forky today(?s:.*)no sid today"):
        rootfs.ensure()
    assert not rootfs.rootfs_path().exists()
    assert not list(rootfs.cache_folder().glob("*.partial"))


def test_it_runs_before_the_virtual_environment_exists():
    source = rootfs.__file__
    with open(source, encoding="utf-8") as text:  # noqa: PTH123
        imports = [line for line in text if line.startswith(("import ", "from "))]
    names = {line.split()[1].split(".")[0] for line in imports}
    assert names - {"__future__"} <= sys.stdlib_module_names


def test_an_old_asterisk_has_a_tree_of_its_own_and_is_never_taken_for_the_current_one():
    finished("16.28.0", "16")
    assert rootfs.is_ready("16")
    assert not rootfs.is_ready()


def test_a_version_that_the_lab_does_not_have_is_refused_in_words():
    with pytest.raises(rootfs.RootfsError, match="there are 22, 16"):
        rootfs.ensure("13")
