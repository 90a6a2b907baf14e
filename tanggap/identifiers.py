"""What identifies a person looks like in an Indonesian text: pattern, then validator, then words of context."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

#: First two digits of every NIK: the province that issued it.
PROVINCES = frozenset(
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 "
    "71 72 73 74 75 76 81 82 91 92 93 94 95 96 97".split()
)
#: First letters of a number plate: the region that issued it.
REGIONS = (
    "A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNPRST]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[ABGST]?|R|S|T|W|Z"
)  # fmt: skip
#: Short words and units that follow a number and are no end of a plate.
NO_PLATE = frozenset(
    "ada aja cc cm dan dg dgn di dr dri ga gak gw ha hp ini itu jam jt juta ke kg kk km kv kva kw kwh lg lt m mdl "
    "mm mw no org pcs per pm rb rpm rt rw sy tdk thn ton tp unt utk va wib wit ya yah yg".split()
)
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
DATE = re.compile(r"\d{1,2}[ .\-]\d{1,2}[ .\-](?:19|20)\d{2}(?!\d)")
MONEY = re.compile(r"(?:rp|idr|usd|\$)\.?\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one kind of identifier looks like, and what must hold before it is masked.

    Where the pattern has a group `secret`, that alone is masked and the rest stays.
    """

    label: str
    pattern: re.Pattern[str]
    valid: Callable[[re.Match[str]], bool] = lambda _: True
    #: Words of which one must stand near; None where the pattern says enough.
    context: re.Pattern[str] | None = None
    #: Fewest digits of what it finds, and signs of which it holds one, in lower case: a text with fewer digits or
    #: without any of the signs is not searched for it.
    least: int = 0
    signs: tuple[str, ...] = ()


def words(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words in any case."""
    return re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])", re.IGNORECASE)


def digits(found: re.Match[str]) -> str:
    """The digits of what was found."""
    return re.sub(r"\D", "", found[0])


def is_nik(found: re.Match[str]) -> bool:
    """Province, day (women: plus 40), month and serial number of a NIK or KK number fit."""
    number = digits(found)
    day, month = int(number[6:8]), int(number[8:10])
    born = (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12
    area = number[:2] in PROVINCES and number[2:4] != "00" and number[4:6] != "00"
    return area and born and number[12:] != "0000" and not is_amount(found)


def luhn(number: str) -> bool:
    """Whether the last of some digits is their check digit (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def is_card(found: re.Match[str]) -> bool:
    """The check digit of a bank card fits."""
    return luhn(digits(found))


def is_amount(found: re.Match[str]) -> bool:
    """It is money or a number with thousands marked, not an identifier."""
    before = found.string[max(0, found.start() - 5) : found.start()]
    return bool(THOUSANDS.fullmatch(found[0]) or MONEY.search(before))


def is_phone(found: re.Match[str]) -> bool:
    """Neither an amount nor a date with a time."""
    return not (is_amount(found) or DATE.match(found[0]))


def is_fixed_line(found: re.Match[str]) -> bool:
    """Area code and number have 8 to 10 digits together, and it is no 1500 service line."""
    national = digits(found).removeprefix("62").removeprefix("0")
    return is_phone(found) and 8 <= len(national) <= 10 and not national.startswith("211500")


def is_account(found: re.Match[str]) -> bool:
    """10 to 16 digits that are neither an amount, a date nor a row of years."""
    groups = re.split(r"\D", found[0])
    years = len(groups) > 1 and all(len(group) == 4 and group[:2] in ("19", "20") for group in groups)
    return 10 <= len(digits(found)) <= 16 and is_phone(found) and not years


def is_plate(found: re.Match[str]) -> bool:
    """Long enough to be no house number, and what follows the digits is no unit or little word."""
    return sum(map(str.isalnum, found[0])) >= 5 and found["end"].lower() not in NO_PLATE


def is_sure_plate(found: re.Match[str]) -> bool:
    """A plate written as one, in capitals, that needs no vehicle beside it."""
    number = found["number"]
    long = len(number) == 4 and number[:2] not in ("19", "20")
    return found[0].isupper() and is_plate(found) and (long or (len(number) >= 3 and len(found["end"]) > 1))


#: An opening bracket that is closed within the number.
OPENING = r"(?:\((?=[^()]{1,8}\)))?"
PREFIX = rf"(?:{OPENING}\+?{OPENING}62\)?[ .\-]{{0,3}}(?:\(0\))?|{OPENING}0)[ .\-]{{0,3}}"
PLATE = re.compile(
    rf"(?<![a-z0-9])(?:{REGIONS})[ .\-]{{0,2}}(?P<number>\d{{1,4}})[ .\-]{{0,2}}(?P<end>[a-z]{{1,3}})(?![a-z0-9])",
    re.IGNORECASE,
)
SIXTEEN = r"(?<!\d)\d(?:[ .\-]{0,2}\d){15}(?!\d)"
CARD = re.compile(r"(?<!\d)(?:[3-6]\d{3}([ \-]?)\d{4}\1\d{4}\1\d{4}|3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5})(?!\d)")

#: Words between a street and "no" that say the number belongs to something else.
NO_ADDRESS = (
    "uu|pp|perda|pergub|perpres|pasal|sk|surat|koridor|bus|rute|halte|pintu|gate|tiang|loket|antrean|antrian|urut|"
    "peringkat|laporan|tiket|aduan|telp|telepon|hp|wa|kontak|plat|nopol|rusak|macet|berlubang|kaki|tol|yang|yg|adalah|jadi|di|ke|dan|kasus|juara"
)
#: What follows the number of a rank or a rule, not of a house.
NO_HOUSE = (
    r"(?! ?(?:%|se|ter|paling|tahun|th|thn|di (?:dunia|asia|indonesia|jakarta|jabodetabek))(?![b-df-hj-np-tv-z]))"
)
HOUSE = rf"(?P<secret>\d{{1,4}}(?:[a-z](?![a-z]))?(?:[/\-]\d{{1,3}}[a-z]?)?)(?![\w]|[.,:]\d){NO_HOUSE}"
NUMBER = r"(?:no|nomor|nomer|nmr)(?![a-z])[ .:]{0,2}"

#: The first rule that fits wins. Every repetition is bounded or possessive, so no text makes them slow.
RULES = (
    Rule(
        label="",
        signs=("://", "="),
        pattern=re.compile(r"(?<=://)[^\s/?#@]{1,200}@(?=[\w\-]{1,63}\.)|(?<=[\w/])[?#][\w\-]{1,100}=[^\s<>\"')\]]*+"),
    ),
    Rule(label="[surel]", signs=("@",), pattern=re.compile(r"(?<![\w.+%\-])[\w.+%\-]++@[\w\-]++(?:\.[\w\-]++)+")),
    Rule(
        label="[surel]",
        signs=(" @ ",),
        pattern=re.compile(
            r"(?<![\w.+%\-])[\w.+%\-]{2,64} @ [a-z0-9\-]{2,63}(?:\.[a-z0-9\-]{2,20}){0,2}\.(?:com|id|net|org)(?!\w)",
            re.IGNORECASE,
        ),
    ),
    Rule(
        label="[surel]",
        signs=("(", "[", "{", " at "),
        pattern=re.compile(
            r"(?<![\w.+%\-])[\w.+%\-]{2,64} ?(?:[(\[{] ?(?:at|et) ?[)\]}]|(?<= )at(?= )) ?[a-z0-9\-]{2,63}"
            r"(?: ?(?:\.|[(\[{] ?(?:dot|titik) ?[)\]}]|(?<= )(?:dot|titik)(?= )) ?"
            r"(?:com|co|id|net|org|go|ac|gov)){1,3}(?!\w)",
            re.IGNORECASE,
        ),
    ),
    Rule(label="[NPWP]", least=15, pattern=re.compile(r"(?<!\d)\d{2}\.\d{3}\.\d{3}\.\d[.\-]\d{3}\.\d{3}(?!\d)")),
    Rule(
        label="[NPWP]",
        least=15,
        pattern=re.compile(r"(?<![\da-zA-Z])\d(?:[ .\-]?\d){14,15}(?!\d)"),
        context=words("npwp"),
    ),
    Rule(
        label="[kartu]",
        least=15,
        pattern=CARD,
        valid=is_card,
        context=words(r"kartu (?!keluarga|tanda)(?:kredit|debit|atm)?|visa|mastercard|cc"),
    ),
    Rule(label="[NIK]", least=15, pattern=re.compile(SIXTEEN), valid=is_nik),
    Rule(
        label="[NIK]",
        least=15,
        pattern=re.compile(r"(?<![\da-zA-Z])\d(?:[ .\-]{0,2}\d){14,15}(?!\d)"),
        valid=lambda found: not is_amount(found),
        context=words(r"nik|e?-?ktp|kk|kartu keluarga|kartu tanda penduduk|no\.? induk|nomor induk"),
    ),
    Rule(label="[kartu]", least=15, pattern=CARD, valid=is_card),
    Rule(
        label="[telepon]",
        least=9,
        pattern=re.compile(
            rf"(?<!\d)(?<!\d[.\-]){PREFIX}8[ .\-]{{0,2}}[1-9]"
            r"(?:\d{1,2}\)?(?:[ .\-]{1,3}\d{3,6}){2,3}|(?:[ .\-()]{0,2}\d){7,11})(?!\d)"
        ),
        valid=is_phone,
    ),
    Rule(
        label="[telepon]",
        least=9,
        pattern=re.compile(
            rf"(?<!\d)(?<!\d[.\-])(?<!\d\d\d )(?:{OPENING}\+?{OPENING}62\)?[ .\-]{{0,3}}\(?|{OPENING}0)"
            r"[2-79]\d{1,2}\)?[ .\-]{0,3}\d{3,4}[ .\-]{0,3}\d{3,4}(?!\d)"
        ),
        valid=is_fixed_line,
    ),
    Rule(
        label="[telepon]", least=9, pattern=re.compile(r"\+(?!62)[1-9](?:[ .\-()]{0,2}\d){8,14}(?!\d)"), valid=is_phone
    ),
    Rule(
        label="[telepon]",
        least=9,
        pattern=re.compile(r"(?<![\d.,])8[1-9]\d[ .\-]?\d{3,4}[ .\-]?\d{3,5}(?!\d)"),
        valid=is_phone,
        context=words(r"wa|whatsapp|whatsap|hp|no hp|telp|telepon|tlp|telfon|hub|hubungi|kontak|call|sms|cp"),
    ),
    Rule(
        label="[BPJS]",
        least=13,
        pattern=re.compile(r"(?<!\d)\d(?:[ .\-]?\d){12}(?!\d)"),
        valid=is_account,
        context=words("bpjs|jkn|kis"),
    ),
    Rule(
        label="[paspor]",
        least=6,
        pattern=re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2} ?\d{6,7}(?!\d)"),
        context=words("paspor|passport"),
    ),
    Rule(
        label="[rekening]",
        least=10,
        pattern=re.compile(r"(?<![\d.,])\d{3,16}(?:[.\-]\d{1,13}| \d{2,13}){0,5}(?!\d|[.,]\d)"),
        valid=is_account,
        context=words(
            r"bca|bri|bni|bsi|btn|mandiri|cimb|danamon|permata|bank|rekening|rek|norek|a/n|a\.n|atas nama|transfer|tf|"
            r"va|virtual account|gopay|ovo|shopeepay"
        ),
    ),
    Rule(label="[plat]", least=1, pattern=PLATE, valid=is_sure_plate),
    Rule(
        label="[plat]",
        least=1,
        pattern=PLATE,
        valid=is_plate,
        context=words(r"plat|pelat|nopol|no\.? ?pol|nomor polisi|mobil|motor|kendaraan|taksi|truk|pikap|pengendara"),
    ),
    Rule(
        label="[rumah]",
        least=1,
        signs=("jl", "jalan", "gg", "gang", "kompl", "perum"),
        pattern=re.compile(
            r"(?<![a-z])(?:jl|jln|jalan|gg|gang|komplek|kompleks|perum|perumahan)(?![a-z])\.? ?"
            rf"(?:(?!(?:{NO_ADDRESS}|no|nomor|nomer|nmr)(?![a-z]))[\w'’./]{{1,25}}[ ,]{{1,2}}){{1,8}}{NUMBER}{HOUSE}",
            re.IGNORECASE,
        ),
    ),
    Rule(
        label="[rumah]",
        least=1,
        signs=("rumah ",),
        pattern=re.compile(rf"(?<![a-z])rumah (?:[a-z]{{2,10}} ){{0,2}}{NUMBER}{HOUSE}", re.IGNORECASE),
    ),
    Rule(
        label="[rumah]",
        least=1,
        signs=("rw",),
        pattern=re.compile(rf"(?<![a-z])rw[ .:/]{{0,2}}\d{{1,3}},? ?{NUMBER}{HOUSE}", re.IGNORECASE),
    ),
    Rule(
        label="[rumah]",
        least=1,
        signs=("blok ",),
        pattern=re.compile(
            r"(?<![a-z])blok "
            rf"(?P<secret>[a-z]{{1,2}}\d{{0,3}}[a-z]?(?: ?/ ?|(?<=\d)-|,? {NUMBER})\d{{1,3}}[a-z]?)(?!\w)",
            re.IGNORECASE,
        ),
    ),
)
