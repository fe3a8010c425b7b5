"""The stored plan from the command line: adopted, rendered again, compared with a folder."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from ami.config.commands import apply, drift
from callcenter.commands.pbx_stored import adopt
from callcenter.pbx.commands import render
from callcenter.pbx.plan import ManagerSecrets, PbxPlan, PlanError, new_secret
from callcenter.pbx.render import render as render_plan

OPTIONS = ["--did", "+48221000009=queue:vip", "--operator", "1004:Anna Nowak", "--sip-port", "5070"]
AMI = "ami://callcenter:a-secret-of-ours@127.0.0.1:5038/office"


@pytest.fixture
def shell(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CALLCENTER_DATA", str(tmp_path))
    monkeypatch.setenv("AMI_URL", AMI)
    monkeypatch.setenv("PBX_CONFIG_PATH", str(tmp_path / "etc"))
    for name in ("PHONE_KEY", "AMI_CONFIG_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(command, *arguments: str):
        return CliRunner().invoke(command, arguments)

    return run


def test_what_was_rendered_is_adopted_and_rendered_again_alike(shell, tmp_path):
    first, again = str(tmp_path / "etc"), str(tmp_path / "again")
    assert shell(render, first, *OPTIONS).exit_code == 0
    assert "1 numbers, 1 phones" in shell(adopt, first).output
    assert "the plan has it" in shell(drift).output
    assert "stored plan" in shell(render, again).output
    for path in (tmp_path / "etc").glob("*.conf"):
        assert (tmp_path / "again" / path.name).read_text() == path.read_text(), path.name
    assert "there is a plan already" in shell(adopt, first).output
    assert "can only be exported" in shell(apply).output


def test_drift_tells_which_file_and_hides_what_is_secret(shell, tmp_path):
    shell(render, str(tmp_path / "etc"), *OPTIONS)
    shell(adopt, str(tmp_path / "etc"))
    path = tmp_path / "etc/manager.conf"
    secret = path.read_text().partition("secret = ")[2].split()[0]
    path.write_text(path.read_text().replace("enabled = yes", "enabled = no"))
    told = shell(drift, "--diff")
    assert told.exit_code == 1
    assert "manager.conf: changed by somebody else (+1 -1)" in told.output
    assert "+enabled = yes" in told.output
    assert secret not in told.output


def test_who_may_reload_is_there_only_where_the_plan_says_so_and_at_home_only():
    without = render_plan(PbxPlan())["manager.conf"]
    plan = PbxPlan(manager=ManagerSecrets(config=new_secret()), manager_bind="0.0.0.0")
    user = render_plan(plan)["manager.conf"].partition("[callcenter-config]")[2]
    assert "callcenter-config" not in without
    assert user.count("permit = ") == 1
    assert "permit = 127.0.0.1\n" in user
    assert "write = system,reporting\n" in user
    assert "@127.0.0.1:" in plan.ami_config_url
    with pytest.raises(PlanError, match=r"127\.0\.0\.1"):
        PbxPlan(manager=ManagerSecrets(config=new_secret()), manager_bind="10.0.0.9")
