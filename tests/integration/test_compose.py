"""docker-compose.yml keeps its promises: secrets made and never shipped, nothing published but the
web and SIP, every part watched and hardened, and only the networks each part needs.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from callcenter.pbx.ledger_columns import CEL_FILE
from callcenter.settings_names import KNOWN
from tests.support.require import lacking

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PARTS = {"asterisk", "web", "ami", "agi", "worker", "postgres", "redis", "proxy"}
ONCE = {"setup"}


def environment(name: str) -> dict[str, str]:
    return {key: str(value) for key, value in SERVICES[name].get("environment", {}).items()}


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == PARTS | ONCE


def test_nothing_is_published_but_the_web_and_sip_with_its_sound() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "proxy": ["${HTTP_PORT:-8080}:8080", "${HTTPS_PORT:-8443}:8443"],
        "asterisk": ["${SIP_PORT:-5060}:5060/udp", "10000-10099:10000-10099/udp"],
    }
    assert not [name for name, service in SERVICES.items() if "network_mode" in service]


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_part_is_watched_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(PARTS | ONCE))
def test_every_part_has_few_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    assert not [one for one in service.get("volumes", []) if "docker.sock" in one]


def test_only_those_who_must_have_a_leg_outside() -> None:
    inner = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    assert inner == {"edge", "data", "pbx"}
    outside = {name for name, one in SERVICES.items() if set(one["networks"]) - inner}
    assert outside == {"proxy", "asterisk", "worker"}
    reach_data = {name for name, one in SERVICES.items() if "data" in one["networks"]}
    assert reach_data == {"setup", "web", "ami", "agi", "worker", "postgres", "redis"}


def test_the_manager_and_fastagi_are_between_asterisk_and_their_doors_alone() -> None:
    on_pbx = {name for name, one in SERVICES.items() if "pbx" in one["networks"]}
    assert on_pbx == {"asterisk", "ami", "agi"}
    address = SERVICES["agi"]["networks"]["pbx"]["ipv4_address"]
    assert (
        environment("agi")["AGI_BIND"] == environment("setup")["AGI_ADDRESS"] == f"{address}:4573"
    )


def test_no_secret_stands_in_the_file_or_is_shipped() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"(?i)(password|secret_key|_url)\s*[:=]\s*['\"]?[a-z0-9]+://", text)
    for name in SERVICES:
        for key, value in environment(name).items():
            if re.search(r"PASSWORD|SECRET|DATABASE_URL|REDIS_URL|AMI_URL|PHONE_KEY", key):
                assert key.endswith("_FILE"), f"{name}: {key}"
                assert value.startswith(("/run/secrets/", "/ami/")), f"{name}: {key}"
    tracked = subprocess.run(
        ["git", "ls-files", "docker/secrets"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert tracked.stdout == ""
    assert "docker/secrets" in (ROOT / ".gitignore").read_text()
    assert "docker/secrets" in (ROOT / ".dockerignore").read_text()


def test_every_setting_named_is_one_of_the_product_s() -> None:
    ours = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    for name in ("web", "ami", "agi", "worker"):
        names = {key.removesuffix("_FILE") for key in environment(name)}
        assert names - ours <= set(KNOWN), name


def test_the_listener_reads_the_ledger_that_asterisk_writes() -> None:
    assert environment("ami")["CEL_PATH"] == f"/pbx-log/cel-custom/{CEL_FILE}"
    assert "pbx-log:/pbx-log:ro" in SERVICES["ami"]["volumes"]
    assert "pbx-log:/var/log/asterisk" in SERVICES["asterisk"]["volumes"]


def test_the_web_plays_what_asterisk_records_and_its_phones_are_known() -> None:
    assert environment("web")["RECORDINGS_PATH"] == "/pbx-spool/monitor"
    assert "pbx-spool:/pbx-spool:ro" in SERVICES["web"]["volumes"]
    assert "pbx-spool:/var/spool/asterisk" in SERVICES["asterisk"]["volumes"]
    assert environment("web")["PHONE_KEY_FILE"] == environment("setup")["PHONE_KEY_FILE"]


def test_web_and_worker_share_the_files_and_know_the_same_key() -> None:
    for name in ("web", "worker"):
        assert "files:/var/lib/callcenter" in SERVICES[name]["volumes"]
        assert environment(name)["SECRET_KEY_FILE"] == "/run/secrets/secret_key"
    assert environment("worker")["RECORDINGS_PATH"] == environment("web")["RECORDINGS_PATH"]


def test_every_image_is_built_here_from_a_base_of_debian() -> None:
    for name, service in SERVICES.items():
        dockerfile = ROOT / service["build"]["dockerfile"]
        bases = re.findall(r"^FROM (\S+)", dockerfile.read_text(), re.MULTILINE)
        assert set(bases) == {"${BASE}"}, name
        assert re.search(r"^ARG BASE=debian:", dockerfile.read_text(), re.MULTILINE), name


def test_secrets_are_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.mkdir()
    shutil.copy(ROOT / "docker" / "generate-secrets", docker)
    subprocess.run([docker / "generate-secrets"], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (docker / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    for path in (docker / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((docker / "secrets").stat().st_mode) == 0o700
    for name in ("postgres_password", "redis_password", "secret_key", "phone_key"):
        assert re.fullmatch(r"[A-Za-z0-9]{43}\n", made[name])
    assert made["postgres_password"].strip() in made["database_url"]
    subprocess.run([docker / "generate-secrets"], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in (docker / "secrets").iterdir()} == made


def test_scripts_of_the_images_may_be_run() -> None:
    for path in (ROOT / "docker").glob("*/*"):
        if path.name in {"entrypoint", "alive", "setup"}:
            assert os.access(path, os.X_OK), path
            first = path.read_text().partition("\n")[0]
            if first == "#!/bin/sh":
                subprocess.run(["sh", "-n", path], check=True)


def test_compose_itself_agrees() -> None:
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) is None:
            continue
        probe = subprocess.run([*command, "version"], capture_output=True, check=False)
        if probe.returncode == 0:
            subprocess.run([*command, "config", "-q"], cwd=ROOT, check=True, capture_output=True)
            return
    lacking("docker compose", enable="apt-get install docker-compose")
