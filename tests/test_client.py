"""Who is asking: address, browser and system, from a request that may say anything."""

import pytest
from django.test import RequestFactory

from jwt_signin.models import MAX_USER_AGENT
from jwt_signin.services.client import Client, address_of, client_of, describe, printable

MOZILLA = "Mozilla/5.0 "
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) "
WINDOWS = MOZILLA + "(Windows NT 10.0; Win64; x64) "
MAC = MOZILLA + "(Macintosh; Intel Mac OS X 10_15_7) "
LINUX = MOZILLA + "(X11; Linux x86_64) "
ANDROID = MOZILLA + "(Linux; Android 14; SM-S918B) "
IPHONE = MOZILLA + "(iPhone; CPU iPhone OS 17_5 like Mac OS X) "
IPAD = MOZILLA + "(iPad; CPU OS 16_6 like Mac OS X) "
CHROMEBOOK = MOZILLA + "(X11; CrOS x86_64 14541.0.0) "
CHROME = WEBKIT + "Chrome/126.0.0.0 Safari/537.36"
MOBILE = "AppleWebKit/605.1.15 (KHTML, like Gecko) {}Mobile/15E148 Safari/604.1"


def asked(address="192.0.2.1", forwarded=None, **meta):
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", REMOTE_ADDR=address, **meta)


class TestAddress:
    @pytest.mark.parametrize(
        ("given", "address"),
        [
            ("192.0.2.1", "192.0.2.1"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("", None),
            ("unix:", None),
            ("192.0.2.256", None),
            ("192.0.2.1\x00", None),
            ("localhost", None),
        ],
        ids=["IPv4", "IPv6", "Unix socket", "unix:", "out of range", "NUL", "a name"],
    )
    def test_is_that_of_the_connection(self, given, address):
        assert address_of(asked(given)) == address

    def test_of_a_connection_that_has_none_at_all(self):
        request = asked()
        del request.META["REMOTE_ADDR"]

        assert address_of(request) is None

    def test_of_a_link_has_no_zone(self):
        """A zone names an interface of this host; no column of an address takes one."""
        assert address_of(asked("fe80::1%eth0")) == "fe80::1"

    def test_of_ipv4_on_a_dual_stack_socket_is_ipv4(self):
        assert address_of(asked("::ffff:192.0.2.1")) == "192.0.2.1"

    @pytest.mark.parametrize(
        ("proxies", "address"),
        [(0, "192.0.2.1"), (1, "198.51.100.3"), (2, "198.51.100.2"), (3, "203.0.113.9")],
    )
    def test_is_what_the_outermost_proxy_wrote(self, settings, proxies, address):
        settings.JWT_SIGNIN = {"NUM_PROXIES": proxies}
        request = asked(forwarded="203.0.113.9, 198.51.100.2 ,198.51.100.3")

        assert address_of(request) == address

    @pytest.mark.parametrize("forwarded", [None, "", " "], ids=["absent", "empty", "blank"])
    @pytest.mark.parametrize("proxies", [1, 2])
    def test_is_that_of_the_connection_where_no_proxy_wrote(self, settings, proxies, forwarded):
        settings.JWT_SIGNIN = {"NUM_PROXIES": proxies}

        assert address_of(asked(forwarded=forwarded)) == "192.0.2.1"

    def test_is_the_only_entry_behind_fewer_proxies_than_said(self, settings):
        settings.JWT_SIGNIN = {"NUM_PROXIES": 2}

        assert address_of(asked(forwarded="198.51.100.3")) == "198.51.100.3"

    def test_of_a_unix_socket_is_the_proxys_word(self, settings):
        settings.JWT_SIGNIN = {"NUM_PROXIES": 1}

        assert address_of(asked("", forwarded="2001:db8::2")) == "2001:db8::2"

    @pytest.mark.parametrize(
        ("forwarded", "address"),
        [
            ("198.51.100.3:4711", "198.51.100.3"),
            ("[2001:db8::2]:4711", "2001:db8::2"),
            ("[2001:db8::2]", "2001:db8::2"),
            ("2001:db8::2:4711", "2001:db8::2:4711"),
        ],
    )
    def test_has_no_port(self, settings, forwarded, address):
        """Some proxies write it (RFC 7239 section 6)."""
        settings.JWT_SIGNIN = {"NUM_PROXIES": 1}

        assert address_of(asked(forwarded=forwarded)) == address

    @pytest.mark.parametrize(
        "forwarded",
        [
            "unknown",
            "198.51.100.3;x",
            "198.51.100.3:x",
            "198.51.100.3:1:2",
            "[2001:db8::2",
            "[2001:db8::2]x",
            "198.51.100.3,-",
            "x" * 9000,
        ],
        ids=lambda forwarded: forwarded[:20],
    )
    def test_of_a_malformed_entry_is_none(self, settings, forwarded):
        settings.JWT_SIGNIN = {"NUM_PROXIES": 1}

        assert address_of(asked(forwarded=forwarded)) is None

    @pytest.mark.parametrize(("length", "address"), [(100, "fe80::1"), (101, None)])
    def test_is_not_read_beyond_its_bound(self, settings, length, address):
        settings.JWT_SIGNIN = {"NUM_PROXIES": 1}

        assert address_of(asked(forwarded="fe80::1%".ljust(length, "x"))) == address


class TestLabel:
    @pytest.mark.parametrize(
        ("user_agent", "label"),
        [
            (WINDOWS + CHROME, "Chrome on Windows"),
            (WINDOWS + CHROME + " Edg/126.0.2592.87", "Edge on Windows"),
            (WINDOWS + CHROME + " OPR/111.0.0.0", "Opera on Windows"),
            (WINDOWS + "Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
            (MAC + "AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15", "Safari on macOS"),
            (MAC + CHROME, "Chrome on macOS"),
            (LINUX + "Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
            (CHROMEBOOK + CHROME, "Chrome on ChromeOS"),
            (ANDROID + CHROME, "Chrome on Android"),
            (ANDROID + CHROME + " EdgA/126.0.2592.80", "Edge on Android"),
            (ANDROID + WEBKIT + "SamsungBrowser/25.0 Chrome/121.0", "Samsung Internet on Android"),
            (IPHONE + MOBILE.format("Version/17.5 "), "Safari on iPhone"),
            (IPHONE + MOBILE.format("CriOS/126.0.6478.54 "), "Chrome on iPhone"),
            (IPHONE + MOBILE.format("FxiOS/128.0 "), "Firefox on iPhone"),
            (IPHONE + MOBILE.format("EdgiOS/126.0.2592.86 "), "Edge on iPhone"),
            (IPAD + MOBILE.format("Version/16.6 "), "Safari on iPad"),
        ],
        ids=lambda value: value if " on " in value else "",
    )
    def test_names_browser_and_system(self, user_agent, label):
        assert describe(user_agent) == label

    @pytest.mark.parametrize(
        ("user_agent", "label"),
        [
            (LINUX + "Gecko/20100101", "Linux"),
            ("Firefox/128.0", "Firefox"),
            ("curl/8.5.0", "curl"),
            ("okhttp/4.12.0 (Linux)", "okhttp on Linux"),
            ("", ""),
        ],
        ids=["system alone", "browser alone", "script", "app", "nothing"],
    )
    def test_names_what_there_is(self, user_agent, label):
        assert describe(user_agent) == label


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Firefox on Linux", "Firefox on Linux"),
        ("브라우저 é", "브라우저 é"),
        ("a\r\nb\tc", "abc"),
        ("a\0b", "ab"),
        ("a\x1b[31mb", "a[31mb"),
        ("a\u2028b\u202eb", "abb"),
        ("a\ud800b", "ab"),
    ],
    ids=["plain", "letters", "line break", "NUL", "escape", "direction", "surrogate"],
)
def test_what_is_not_printable_is_dropped(text, kept):
    assert printable(text) == kept


class TestClient:
    def test_is_described_by_its_request(self):
        request = asked(HTTP_USER_AGENT=WINDOWS + CHROME)

        client = client_of(request)

        assert client == Client("192.0.2.1", WINDOWS + CHROME, "Chrome on Windows")

    @pytest.mark.parametrize("request_", [None, asked("")], ids=["no request", "silent request"])
    def test_may_be_nobody(self, request_):
        assert client_of(request_) == Client(None, "", "")

    def test_fits_its_columns(self):
        long = "x" * MAX_USER_AGENT + " Chrome on Linux"

        client = client_of(asked(HTTP_USER_AGENT=f"\0{long}\n"))

        assert client.user_agent == "x" * MAX_USER_AGENT
        assert client.label == "Chrome on Linux"
