"""The product joined to a lab PBX: `Product`, operators, and the web door where it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from ami.lab import LabPbx
from callcenter.accounts.passwords import hash_password
from callcenter.accounts.user import UserDraft
from callcenter.settings import BindAddress
from callcenter.settings_forms import parse_ami_urls, parse_hands
from tests.support.product import Product
from tests.support.waiting import wait_until
from tests.support.web import PASSWORD
from web.catalogs import ensure_compiled
from web.service import WebService


class WholeProduct(Product):
    """`web_url` is set once `serve_pages` was called."""

    web_url = ""
    pbx: LabPbx

    def mappings(self, query: str) -> list[dict[str, Any]]:
        with self.runtime.reader() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]

    def add_operators(self, extensions: Sequence[str]) -> dict[str, int]:
        """Users operator1001… with the desk phones of these extensions and `PASSWORD`."""
        ids: dict[str, int] = {}
        secret = hash_password(PASSWORD)
        with self.runtime.unit_of_work() as uow:
            for extension in extensions:
                draft = UserDraft(
                    username=f"operator{extension}",
                    display_name=f"Operator {extension}",
                    role="operator",
                    endpoint=f"PJSIP/{extension}",
                    extension=extension,
                )
                ids[extension] = uow.users.add(draft, secret, self.runtime.clock.now())
            uow.commit()
        return ids

    def add_user(self, username: str, role: str) -> int:
        """Somebody without a phone, with `PASSWORD`."""
        draft = UserDraft(username=username, display_name=username.title(), role=role)
        with self.runtime.unit_of_work() as uow:
            user_id = uow.users.add(draft, hash_password(PASSWORD), self.runtime.clock.now())
            uow.commit()
        return user_id

    def serve_pages(self) -> None:
        ensure_compiled()
        service = WebService(self.runtime)
        service.start()
        self._stack.callback(service.stop, 10)
        self.web_url = f"http://127.0.0.1:{service.port}"

    def wait_until_over(self, calls: int) -> None:
        """Until that many calls are written and none of them is under way."""
        query = (
            "SELECT count(*) AS calls, coalesce(sum(CASE WHEN live THEN 1 ELSE 0 END), 0) AS live "
            "FROM calls WHERE merged_into IS NULL"
        )

        def over() -> bool:
            (row,) = self.mappings(query)
            return bool(row["calls"] >= calls and row["live"] == 0)

        wait_until(over, timeout=60.0, words=f"{calls} calls over; it is {self.mappings(query)}")


@contextmanager
def joined(
    database_url: str, pbx: LabPbx, folder: Path, **settings_of: Any
) -> Iterator[WholeProduct]:
    """The product listening to `pbx`, at the FastAGI address that the PBX was planned with."""
    with WholeProduct(database_url, folder) as product:
        product.agi = (pbx.plan.agi_host, pbx.plan.agi_port)
        product.pbx = pbx
        product.web_bind = BindAddress("127.0.0.1", 0)
        known = parse_ami_urls("", pbx.ami_url)
        product.listen(
            pbx.ami_url,
            ami_originate=parse_hands("", pbx.plan.ami_originate_url, known),
            phone_url=pbx.ws_url,
            phone_key=pbx.plan.phone_key,
            recordings=(("", pbx.recordings),),
            **settings_of,
        )
        yield product
