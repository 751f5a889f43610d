"""The server's settings, from the environment, with safe defaults."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from posyandu.server.erasures import A_DAY

_BADGE_KEY = re.compile("[A-Za-z0-9]{32,64}")


@dataclass(frozen=True)
class Settings:
    """`DATABASE_URL` any PostgreSQL >= 15; the others are prefixed POSYANDU_.

    `page_bytes` how much feed one reply carries, `per_minute` and `burst` how many requests one device may make,
    `enrol_per_minute` how many wrong codes one address may try, `at_once` how many exchanges may be under way: with
    more the server tells laptops when to come again; `erasures_a_day` how many people's data one device may have erased
    in 24 hours before an administrator looks; `badge_key` what badges are sealed with (server/badges.py), ASCII letters
    and digits: without it only this server can check them, not a proxy before it. `counts_url` the database of counts a
    province fills and the nation follows, `nation_url` where the nation gathers them (server/national.py).
    """

    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8077
    pool: int = 8
    page_bytes: int = 192 * 1024
    per_minute: int = 240
    burst: int = 120
    enrol_per_minute: int = 10
    at_once: int = 16
    erasures_a_day: int = A_DAY
    log_level: str = "INFO"
    proxy: str = ""
    badge_key: str = ""
    counts_url: str = ""
    nation_url: str = ""


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings named in the environment; what is not named keeps its default.

    Raises ValueError naming the variable that cannot be so.
    """
    given = os.environ if environment is None else environment
    default = Settings()

    def number(name: str, usual: int) -> int:
        text = given.get(f"POSYANDU_{name}", str(usual))
        if not text.isdecimal() or not 0 < int(text) < 10**9:
            raise ValueError(f"POSYANDU_{name} harus angka di atas nol, bukan {text!r}")
        return int(text)

    badge_key = given.get("POSYANDU_BADGE_KEY", default.badge_key)
    if badge_key and not _BADGE_KEY.fullmatch(badge_key):
        raise ValueError("POSYANDU_BADGE_KEY harus 32 sampai 64 huruf dan angka: openssl rand -hex 16")

    return Settings(
        database_url=given.get("DATABASE_URL", ""),
        host=given.get("POSYANDU_HOST", default.host),
        port=number("PORT", default.port),
        pool=number("POOL", default.pool),
        page_bytes=number("PAGE_BYTES", default.page_bytes),
        per_minute=number("PER_MINUTE", default.per_minute),
        burst=number("BURST", default.burst),
        enrol_per_minute=number("ENROL_PER_MINUTE", default.enrol_per_minute),
        at_once=number("AT_ONCE", default.at_once),
        erasures_a_day=number("ERASURES_A_DAY", default.erasures_a_day),
        log_level=given.get("POSYANDU_LOG_LEVEL", default.log_level).upper(),
        proxy=given.get("POSYANDU_PROXY", default.proxy),
        badge_key=badge_key,
        counts_url=given.get("POSYANDU_COUNTS_URL", default.counts_url),
        nation_url=given.get("POSYANDU_NATION_URL", default.nation_url),
    )
