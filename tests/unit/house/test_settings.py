"""Settings: every wrong one names itself, what is wrong, and what would be accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.settings import PbxAddress, Settings, SettingsError
from callcenter.settings_names import KNOWN


def test_an_empty_environment_is_the_embedded_product() -> None:
    settings = Settings.from_env({})
    assert settings == Settings()
    assert settings.database_url == "sqlite:///var/callcenter.db"
    assert settings.redis_url is None
    assert settings.ami == ()
    assert settings.web_bind == ("127.0.0.1", 8000)
    assert settings.agi_bind == ("127.0.0.1", 4573)


def test_an_empty_value_means_the_default() -> None:
    assert Settings.from_env(dict.fromkeys(KNOWN, " ")) == Settings()


def test_several_pbxs_each_with_a_name_of_its_own() -> None:
    url = "ami://a:b@pbx1,ami://c:p%40ss,x@10.0.0.2:6038, ami://e:f@[::1]:5039/warsaw"
    assert Settings.from_env({"AMI_URL": url}).ami == (
        PbxAddress("pbx1", "pbx1", 5038, "a", "b"),
        PbxAddress("10.0.0.2:6038", "10.0.0.2", 6038, "c", "p@ss,x"),
        PbxAddress("warsaw", "::1", 5039, "e", "f"),
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_always_reached_by_psycopg(scheme: str) -> None:
    settings = Settings.from_env({"DATABASE_URL": f"{scheme}://u:p@db:5433/crm"})
    assert settings.database_url == "postgresql+psycopg://u:p@db:5433/crm"
    assert not settings.is_sqlite
    assert settings.sqlite_path is None


def test_the_database_lives_in_the_data_folder() -> None:
    settings = Settings.from_env({"CALLCENTER_DATA": "/srv/crm"})
    assert settings.sqlite_path == Path("/srv/crm/callcenter.db")


def test_secrets_do_not_show() -> None:
    settings = Settings.from_env(
        {
            "AMI_URL": "ami://listener:amihidden@pbx",
            "DATABASE_URL": "postgresql://u:dbhidden@h/d",
            "REDIS_URL": "redis://:redishidden@h",
            "SECRET_KEY": "keyhidden-0123456789",
        }
    )
    assert "hidden" not in repr(settings)
    assert "hidden" not in str(settings.ami)


def test_a_trunk_may_write_numbers_as_in_another_country() -> None:
    settings = Settings.from_env({"TRUNKS": "PJSIP/ru-*=RU, PJSIP/trunk*"})
    assert settings.trunks == ("PJSIP/ru-*", "PJSIP/trunk*")
    assert settings.number_plan_for("PJSIP/ru-1").region == "RU"
    assert settings.number_plan_for("PJSIP/trunk").region == "PL"


def test_a_value_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file-0123456789\n")
    settings = Settings.from_env({"SECRET_KEY_FILE": str(tmp_path / "key")})
    assert settings.secret_key == "from-a-file-0123456789"


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY_FILE names /nowhere/key, which cannot be"):
        Settings.from_env({"SECRET_KEY_FILE": "/nowhere/key"})


def test_a_value_and_a_file_contradict_each_other() -> None:
    with pytest.raises(SettingsError, match="are both set"):
        Settings.from_env({"REDIS_URL": "redis://h", "REDIS_URL_FILE": "/x"})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("AMI_ULR", "AMI_URL"),
        ("SECERT_KEY", "SECRET_KEY"),
        ("WEB_BND", "WEB_BIND"),
        ("default_region", "DEFAULT_REGION"),
        ("SECRETKEY_FILE", "SECRET_KEY"),
    ],
)
def test_a_misspelt_name_is_told_apart_from_a_strange_one(name: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not a setting. Did you mean {meant}"):
        Settings.from_env({name: "x"})


def test_an_unknown_name_of_our_own_is_refused_with_the_list() -> None:
    with pytest.raises(SettingsError, match=r"CALLCENTER_FOO is not a setting.*REDIS_URL"):
        Settings.from_env({"CALLCENTER_FOO": "1"})


def test_the_rest_of_the_environment_is_nobody_s_business() -> None:
    usual = {"PATH": "/bin", "HOME": "/", "LANG": "C", "REDIS_HOST": "x", "API_BIND": "x"}
    usual |= {"DATABASE_HOST": "x", "CALLCENTER_CACHE": "/c", "CALLCENTER_REQUIRE": "all"}
    assert Settings.from_env(usual) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://u:p@h/d", "Accepted: sqlite:///PATH or postgresql://"),
        ("DATABASE_URL", "postgresql://u:p@h", "lacks a host or a database"),
        ("DATABASE_URL", "postgresql://u:p@h:port/d", "is not a URL"),
        ("DATABASE_URL", "sqlite://", "Accepted: sqlite:///PATH"),
        ("REDIS_URL", "localhost:6379", "Accepted: redis://"),
        ("AMI_URL", "ami://user@host", "Accepted: ami://USER:SECRET@HOST"),
        ("AMI_URL", "http://u:s@host", "Accepted: ami://USER:SECRET@HOST"),
        ("AMI_URL", "ami://u:s%0d%0aAction@host", "has a line break"),
        ("AMI_URL", "ami://u:s@h,ami://x:y@h", "names the PBX 'h' twice"),
        ("WEB_BIND", "8000", "Accepted: HOST:PORT"),
        ("AGI_BIND", "0.0.0.0:99999", "Accepted: HOST:PORT"),
        ("METRICS_BIND", "no port", "Accepted: HOST:PORT"),
        ("SECRET_KEY", "short", "at least 16 random"),
        ("SECRET_KEY", "aaaaaaaaaaaaaaaaaaaa", "too plain"),
        ("DEFAULT_REGION", "Poland", "ISO 3166"),
        ("DEFAULT_REGION", "pl", "ISO 3166"),
        ("LOG_LEVEL", "loud", "Accepted: debug, info, warning, error"),
        ("LOG_FORMAT", "xml", "Accepted: auto, json, console"),
        ("WEB_ASYNC", "eventlet", "Accepted: threading, gevent"),
        ("INTERNAL_NUMBERS", "[1-", "is not a regular expression"),
        ("TRUNKS", "trunk one", "which is not a trunk"),
        ("TRUNKS", "PJSIP/t=XX", "ISO 3166"),
        ("WEB_ORIGINS", "crm.example.org", "not a web origin"),
        ("WEB_ORIGINS", "https://crm.example.org/path", "no path"),
        ("RETENTION_DAYS", "0", "Accepted: 1 to 99999"),
    ],
)
def test_a_malformed_value_names_itself_and_the_accepted_form(
    name: str, value: str, words: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})
    assert name in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:hidden@h/d"),
        ("REDIS_URL", "http://:hidden@h"),
        ("AMI_URL", "ami://hidden@h"),
        ("SECRET_KEY", "hidden"),
    ],
)
def test_an_error_repeats_no_secret(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})
    assert "hidden" not in str(caught.value)


def test_the_user_that_places_calls_belongs_to_a_pbx_that_is_listened_to() -> None:
    ear, hand = "ami://callcenter:s@h/hq", "ami://callcenter-originate:hidden@h/hq"
    settings = Settings.from_env({"AMI_URL": ear, "AMI_ORIGINATE_URL": hand})
    assert [(one.name, one.user) for one in settings.ami_originate] == [
        ("hq", "callcenter-originate")
    ]
    assert Settings.from_env({"AMI_URL": ear}).ami_originate == ()
    with pytest.raises(SettingsError, match="names the PBX 'branch', which AMI_URL does not"):
        Settings.from_env({"AMI_URL": ear, "AMI_ORIGINATE_URL": hand.replace("hq", "branch")})
