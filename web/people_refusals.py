"""What the use cases around people refuse, in the user's language (see `web.service_words`)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

KNOWN: tuple[tuple[str, Any], ...] = (
    (r"must not be empty", _l("Write something here, or remove the row.")),
    (
        r"must be the address of a page, such as https://example\.org",
        _l("This is not the address of a page. Write it so: https://example.org"),
    ),
    (r"must be two letters, such as PL", _l("Write the country with two letters, such as PL.")),
    (r"must be three letters, such as PLN", _l("Write the currency with three letters: PLN.")),
    (r"a tag has 1 to (?P<limit>\d+) characters", _l("A tag has 1 to %(limit)s characters.")),
    (r"at most (?P<limit>\d+) tags", _l("At most %(limit)s tags.")),
    (r"at most (?P<limit>\d+) addresses", _l("At most %(limit)s addresses.")),
    (r"at most (?P<limit>\d+) organisations", _l("At most %(limit)s organisations.")),
    (r"at most (?P<limit>\d+) choices", _l("At most %(limit)s choices.")),
    (
        r"at most (?P<limit>\d+) mail addresses and messengers",
        _l("At most %(limit)s mail addresses and messengers."),
    ),
    (
        r"at most (?P<limit>\d+) fields of one kind of record",
        _l("At most %(limit)s fields of one kind of record."),
    ),
    (
        r"must be a time zone such as Europe/Warsaw",
        _l("This is not a time zone we know. Choose one such as Europe/Warsaw."),
    ),
    (r"must be a time of day, such as 09:30", _l("Write a time of day: 09:30.")),
    (r"must be a number, such as 1240\.50", _l("This is not a number. Write it so: 1240.50")),
    (
        r"must be an amount of (?P<currency>\S*), such as 1240\.50",
        _l("This is not an amount of %(currency)s. Write it so: 1240.50"),
    ),
    (
        r"has too many digits after the point; six are kept",
        _l("Too many digits after the point: six are kept."),
    ),
    (r"is too large", _l("This is too large.")),
    (
        r"must be a day, such as 2026-03-31 or 31\.03\.2026",
        _l("This is not a day. Write it so: 31.03.2026"),
    ),
    (r"there is no day (?P<day>.+)", _l("There is no day %(day)s.")),
    (r"must be one of: (?P<names>.+)", _l("Choose one of these: %(names)s.")),
    (r"(?P<field>.+) must be filled in", _l("%(field)s must be filled in.")),
    (r"needs at least one choice", _l("Write at least one choice.")),
    (
        r"needs a name of at most (?P<limit>\d+) characters",
        _l("A name of at most %(limit)s characters is needed."),
    ),
    (
        r"must be Latin letters, digits and _, beginning with a letter",
        _l("Latin letters, digits and _ only, and a letter first."),
    ),
    (
        r"the key '(?P<key>.+)' must be Latin letters, digits and _",
        _l("The key %(key)s may have Latin letters, digits and _ only."),
    ),
    (r"the key '(?P<key>.+)' stands there twice", _l("The key %(key)s stands there twice.")),
    (r"there is a field of that key already", _l("There is a field of that key already.")),
    (r"there is a tag of that name already", _l("There is a tag of that name already.")),
    (r"this field belongs to every customer", _l("This field belongs to every customer.")),
    (r"an organisation needs a name", _l("An organisation needs a name.")),
    (r"there is no (organisation|field|file|tag) .*", _l("It is not there any more.")),
    (r"the file is not there any more", _l("The file is not there any more.")),
    (r"there is no such (customer|file)", _l("It is not there any more.")),
    (
        r"somebody else changed this organisation meanwhile; look again",
        _l("Somebody else changed this meanwhile. Reload to see it, then make your change again."),
    ),
    (
        r"this card was confirmed meanwhile; join them instead",
        _l("Somebody confirmed this card meanwhile. Join the two cards instead."),
    ),
    (
        r"must be small Latin letters, digits and -, a letter first",
        _l("Small Latin letters, digits and - only, and a letter first."),
    ),
    (r"there is a (menu|prompt) of that key already", _l("This short name is taken already.")),
    (r"there is nothing to publish", _l("There is no draft to publish.")),
    (r"must have (?P<least>\d+) to (?P<most>\d+) digits", _l("From %(least)s to %(most)s digits.")),
    (r"is too easy to guess", _l("This is too easy to guess.")),
    (r"is not a sound file: upload a wav", _l("This is not a sound file. Upload a wav file.")),
    (
        r"is (?P<kind>MP3|Ogg|FLAC|AIFF|AU|WebM|M4A): save it as wav \(PCM\) and upload that",
        _l("This is a %(kind)s file. Save it as wav (PCM) and upload that."),
    ),
    (
        r"is a wav in a compressed form: save it as PCM with 16 bits",
        _l("This wav is in a compressed form. Save it as PCM with 16 bits."),
    ),
    (
        r"has (?P<rate>\d+) samples a second; taken are (?P<rates>.+)",
        _l("This file has %(rate)s samples a second. Taken are: %(rates)s."),
    ),
    (
        r"has (?P<count>\d+) channels: mono and stereo are taken",
        _l("This file has %(count)s channels. Mono and stereo are taken."),
    ),
    (r"holds no sound", _l("There is no sound in this file.")),
    (
        r"is longer than (?P<seconds>\d+) seconds",
        _l("This is longer than %(seconds)s seconds."),
    ),
    (
        r"the file is empty, or none was chosen",
        _l("The file is empty, or none was chosen."),
    ),
    (r"must have at most (?P<limit>\d+) MB", _l("At most %(limit)s MB, please.")),
    (r"the file cannot be kept: .*", _l("The file cannot be kept here at the moment.")),
    (
        r"say how we know: a form, a call, a contract",
        _l("Say how we know: a form, a call, a contract."),
    ),
    (r"lies in the future", _l("This day has not come yet.")),
)
