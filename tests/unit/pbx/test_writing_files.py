"""Rendering into a folder: what was somebody else's stays theirs."""

import stat

import pytest
from click.testing import CliRunner

from callcenter.pbx import files
from callcenter.pbx.commands import render

ONE = {"manager.conf": "secret = a\n", "http.conf": "port\n"}


def test_secret_files_are_not_readable_by_everyone(tmp_path):
    files.write(tmp_path, ONE, {}, force=False)
    assert stat.S_IMODE((tmp_path / "manager.conf").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / files.MANIFEST).stat().st_mode) == 0o600


def test_only_changed_files_are_written_again(tmp_path):
    assert files.write(tmp_path, ONE, {}, force=False) == ["manager.conf", "http.conf"]
    assert files.write(tmp_path, ONE, {}, force=False) == []
    assert files.write(tmp_path, {**ONE, "http.conf": "x\n"}, {}, force=False) == ["http.conf"]


@pytest.mark.parametrize("edited_since", [True, False])
def test_a_file_of_someone_else_stops_everything_and_nothing_changes(tmp_path, edited_since):
    if edited_since:
        files.write(tmp_path, ONE, {}, force=False)
    (tmp_path / "http.conf").write_text("mine\n")
    changed = {"manager.conf": "secret = b\n", "http.conf": "port 2\n"}
    with pytest.raises(files.NotOursError) as raised:
        files.write(tmp_path, changed, {}, force=False)
    assert raised.value.names == ["http.conf"]
    assert (tmp_path / "http.conf").read_text() == "mine\n"
    assert "secret = b" not in "".join(p.read_text() for p in tmp_path.iterdir())


def test_force_replaces_what_was_someone_elses(tmp_path):
    (tmp_path / "http.conf").write_text("mine\n")
    files.write(tmp_path, ONE, {}, force=True)
    assert (tmp_path / "http.conf").read_text() == "port\n"


def test_a_broken_manifest_makes_every_file_someone_elses(tmp_path):
    files.write(tmp_path, ONE, {"callcenter": "s"}, force=False)
    (tmp_path / files.MANIFEST).write_text('{"hashes": 3')
    with pytest.raises(files.NotOursError):
        files.write(tmp_path, {**ONE, "http.conf": "x\n"}, {}, force=False)


def run(*arguments):
    return CliRunner().invoke(render, [str(argument) for argument in arguments])


def test_the_command_keeps_its_secrets_when_run_again(tmp_path):
    assert run(tmp_path).exit_code == 0
    before = (tmp_path / "manager.conf").read_text()
    again = run(tmp_path)
    assert "nothing to change" in again.output
    assert (tmp_path / "manager.conf").read_text() == before


def test_the_command_prints_no_secret(tmp_path):
    output = run(tmp_path).output
    secret = files.Manifest.read(tmp_path).secrets["callcenter"]
    assert secret not in output


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--operator", "1001:Anna; Nowak"], "operator.name"),
        (["--did", "+48221000001=nowhere"], "--did"),
        (["--agi", "4573"], "--agi"),
        (["--trunk", "sip.example"], "--trunk"),
        (["--outbound", "0"], "outbound_prefixes"),
        (["--permit", "all"], "manager_permit"),
        (["--group", "610="], "group 610"),
        (["--mailbox", "1009"], "1009"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_written(tmp_path, arguments, named):
    folder = tmp_path / "etc"
    result = run(folder, *arguments)
    assert result.exit_code == 1
    assert named in result.output
    assert not folder.exists()


def test_options_reach_the_files(tmp_path):
    arguments = ["--operator", "1001:Anna Nowak", "--did", "+48229990001=operator:1001"]
    result = run(tmp_path, *arguments, "--agi", "10.0.0.5:4574", "--trunk", "198.51.100.7:5060")
    assert result.exit_code == 0, result.output
    assert "agi://10.0.0.5:4574/route" in (tmp_path / "extensions.conf").read_text()
    pjsip = (tmp_path / "pjsip.conf").read_text()
    assert 'callerid = "Anna Nowak" <1001>' in pjsip
    assert "match = 198.51.100.7" in pjsip


def test_groups_mailboxes_and_supervisors_reach_the_files(tmp_path):
    group = ["--group", "610=1001,1002", "--group", "611=1001>1002"]
    result = run(tmp_path, *group, "--mailbox", "1001", "--supervisor", "1003")
    assert result.exit_code == 0, result.output
    assert "exten => 610,1,Goto(crm-group,610,1)" in (tmp_path / "extensions.conf").read_text()
    mailboxes = (tmp_path / "voicemail.conf").read_text()
    assert "1001 => " in mailboxes
    assert "context = from-supervisors" in (tmp_path / "pjsip.conf").read_text()
    assert run(tmp_path, *group, "--mailbox", "1001", "--supervisor", "1003").exit_code == 0
    assert (tmp_path / "voicemail.conf").read_text() == mailboxes
