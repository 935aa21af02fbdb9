"""Where messages may go: no machine of the operator's own network, whatever a name says; TLS by the name."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.api.client import Town, check_problem, open_town
from tests.api.webhooks.conftest import PATH, Post, sender_of
from tests.api.webhooks.receivers import Receiver, open_receiver

from api.webhooks.addresses import PUBLIC_ONLY, Addresses, PortsWrong, ports_of
from api.webhooks.special_purpose import is_public
from ledger.clock import utc_now
from ledger.database import Database
from ledger.refusals.webhooks import WebhookAddressRefused

HOST = "hooks.example"

REFUSED = [
    "http://hooks.example/", "ftp://hooks.example/", "hooks.example/", "", "https://", "https:///hook", "https://:443/",
    "https://user@hooks.example/", "https://user:word@hooks.example/", "https://@hooks.example/", "https://:@hooks.example/",
    "https://hooks.example/#part", "https://hooks.example/#", "https://hooks.example:0/", "https://hooks.example:99999/",
    "https://hooks.example:x/", "https://[::1/", "https://hooks.example/a b", "https://hooks.example/\n",
    "https://hooks.example/\t", "https://hooks.example\\@other.example/", "https://例子.example/",
    "https://hooks.example/\u0000", "https://hooks.example/\u200b", "https://hooks.example:22/", "https://hooks.example:80/",
    "https://hooks.example:8443/", "https://hooks..example/", "https://.hooks.example/", "https://hooks.example./",
    "https://-hooks.example/", "https://hooks/", "https://hooks%2eexample/", "https://%31%32%37.0.0.1/",
    "https://hooks.example%00.other.example/", "https://hooks.example&@127.0.0.1/", "https://ho*oks.example/",
    "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://[v1.a]/", "https://[1.1.1.1]/",
    "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0x7f.1/", "https://0177.0.0.1/", "https://127.0.0.01/", "https://1.1.1.1.1/", "https://8.8.2056/",
    "https://hooks.0x7f/", "https://256.1.1.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
    "https://10.1.2.3/", "https://192.168.1.1/", "https://172.16.0.1/", "https://169.254.169.254/latest/",
    "https://[fe80::1]/", "https://[fd00::1]/", "https://100.64.0.1/", "https://224.0.0.1/", "https://localhost/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
async def test_invalid_and_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(WebhookAddressRefused):
        await PUBLIC_ONLY.check(url)


async def test_a_refused_address_is_a_problem_document(town: Town) -> None:
    for url in ("https://127.0.0.1/", "https://hooks.example:22/"):
        answer = await town.office.post(PATH, {"content": "feed", "url": url, "label": "示例"})
        check_problem(answer, 422, "webhook_address_refused")


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://hooks.example", "hooks.example", "/"),
        ("https://HOOKS.example:443/a?b=c%20d", "hooks.example", "/a?b=c%20d"),
        ("https://hooks.example?b", "hooks.example", "/?b"),
        ("https://1.1.1.1/", "1.1.1.1", "/"),
        ("https://[2606:4700::1111]:8443/", "[2606:4700::1111]:8443", "/"),
        ("https://xn--fsqu00a.xn--0zwm56d/", "xn--fsqu00a.xn--0zwm56d", "/"),
    ],
)
def test_usual_addresses_are_accepted(url: str, authority: str, path: str) -> None:
    target = Addresses(ports=ports_of("443 8443")).target(url)
    assert (target.authority, target.path) == (authority, path)


@pytest.mark.parametrize("text", ["", "0", "65536", "https", "443;8443", "-1", "４４３"])
def test_a_setting_that_lists_no_ports_is_refused(text: str) -> None:
    with pytest.raises(PortsWrong):
        ports_of(text)


# All rows of https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, and multicast.
REGISTERED = [
    "0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/32",
    "192.0.0.171/32", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.88.99.2/32",
    "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
    "255.255.255.255/32", "224.0.0.0/4", "::1/128", "::/128", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64",
    "100:0:0:1::/64", "2001::/23", "2001::/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:2::/48",
    "2001:3::/32", "2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16",
    "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "ff00::/8",
]  # fmt: skip


@pytest.mark.parametrize("network", REGISTERED)
def test_special_purpose_ranges_are_refused_to_both_ends(network: str) -> None:
    found = ip_network(network)
    inside = {found[0], found[found.num_addresses // 2], found[-1]}
    assert not any(map(is_public, inside))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True), ("2606:4700::1111", True), ("9.255.255.255", True), ("11.0.0.0", True),
        ("100.128.0.0", True),
        ("172.32.0.0", True), ("192.0.1.0", True), ("198.20.0.0", True), ("223.255.255.255", True),
        ("2001:200::1", True),
        ("2400::1", True), ("3fff:1000::1", True), ("::ffff:1.1.1.1", False), ("::1.1.1.1", False), ("4000::1", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::a9fe:a9fe", False), ("64:ff9b::101:101", True),
        ("64:ff9b::e000:1", False),
        ("2002:101:101::", False), ("fec0::1", False), ("::ffff:0:1.1.1.1", False),
    ],
)  # fmt: skip
def test_an_address_is_public_only_as_global_unicast(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


async def test_a_rebound_name_is_sent_nothing(database: Database, anyio_backend: str) -> None:
    leads_to = ["1.1.1.1"]

    async def resolve(host: str, port: int) -> list[str]:
        assert (host, port) == (HOST, 443)
        return leads_to

    async with open_town(database, addresses=Addresses(resolve=resolve)) as town:
        town.clock.now = utc_now()
        post = Post(town, sender_of(town))
        made = await post.made(f"https://{HOST}/hook", "credit")
        for addresses in (["127.0.0.1"], ["1.1.1.1", "10.0.0.1"]):
            leads_to[:] = addresses
            await post.graded(town.local_id)
            await post.sent()
            town.clock.forward(days=1)
        attempts = [one for delivery in await post.deliveries(made) for one in delivery["attempts"]]
        assert len(attempts) >= 2
        assert {one["status"] for one in attempts} == {None}
        assert all("webhook_address_refused" in one["said"] for one in attempts)
        await post.sender.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ssl.SSLContext, ssl.SSLContext]]:
    """Of a server named hooks.example, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = utc_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder: Path = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    yield serving, ssl.create_default_context(cafile=str(folder / "cert.pem"))


async def by_tls(database: Database, receiver: Receiver, host: str, tls: ssl.SSLContext) -> list[str]:
    """What is noted of one message to that host, which leads to the receiver behind an address where nobody is."""

    async def resolve(_: str, port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async with open_town(database, addresses=Addresses(local=True, resolve=resolve)) as town:
        town.clock.now = utc_now()
        post = Post(town, sender_of(town, tls=tls))
        made = await post.made(f"https://{host}:{receiver.port}/hook")
        await post.graded(town.local_id)
        await post.sent()
        await post.sender.close()
        [delivery] = await post.deliveries(made)
        return [str(one["status"] or one["said"]) for one in delivery["attempts"]]


async def test_the_certificate_is_checked_against_the_name(
    database: Database, anyio_backend: str, certificates: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    serving, trusting = certificates
    with open_receiver(serving) as receiver:
        assert await by_tls(database, receiver, HOST, trusting) == ["204"]
        [message] = receiver.messages
        assert message.headers["host"] == f"{HOST}:{receiver.port}"


@pytest.mark.parametrize("wrong", ["another name", "nobody trusts it"])
async def test_a_wrong_or_untrusted_certificate_gets_nothing(
    database: Database, anyio_backend: str, certificates: tuple[ssl.SSLContext, ssl.SSLContext], wrong: str
) -> None:
    serving, trusting = certificates
    with open_receiver(serving) as receiver:
        host, tls = ("other.example", trusting) if wrong == "another name" else (HOST, ssl.create_default_context())
        assert await by_tls(database, receiver, host, tls) == ["ConnectError"]
        assert receiver.messages == []
