"""Addresses that are no machine on the public internet, by the registries of IANA.

The tables are those of the IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190; as of 2025), every row
of them, whatever is said to be globally reachable: relays and sinks take no messages. Python's `is_global` has other
answers in other versions.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPV4 = {
    "0.0.0.0/8": "This network (RFC 791)",
    "10.0.0.0/8": "Private-Use (RFC 1918)",
    "100.64.0.0/10": "Shared Address Space (RFC 6598)",
    "127.0.0.0/8": "Loopback (RFC 1122)",
    "169.254.0.0/16": "Link Local (RFC 3927)",
    "172.16.0.0/12": "Private-Use (RFC 1918)",
    "192.0.0.0/24": "IETF Protocol Assignments (RFC 6890)",
    "192.0.2.0/24": "Documentation, TEST-NET-1 (RFC 5737)",
    "192.31.196.0/24": "AS112-v4 (RFC 7535)",
    "192.52.193.0/24": "AMT (RFC 7450)",
    "192.88.99.0/24": "Deprecated, 6to4 Relay Anycast (RFC 7526)",
    "192.168.0.0/16": "Private-Use (RFC 1918)",
    "192.175.48.0/24": "Direct Delegation AS112 Service (RFC 7534)",
    "198.18.0.0/15": "Benchmarking (RFC 2544)",
    "198.51.100.0/24": "Documentation, TEST-NET-2 (RFC 5737)",
    "203.0.113.0/24": "Documentation, TEST-NET-3 (RFC 5737)",
    "240.0.0.0/4": "Reserved, with Limited Broadcast (RFC 1112)",
    # Of the registry of multicast addresses.
    "224.0.0.0/4": "Multicast (RFC 5771)",
}
# Within 2000::/3; nothing beyond it is global unicast (RFC 4291), which rules out all other rows.
IPV6 = {
    "2001::/23": "IETF Protocol Assignments, with Teredo, ORCHID, benchmarking and anycast (RFC 2928)",
    "2001:db8::/32": "Documentation (RFC 3849)",
    "2002::/16": "6to4 (RFC 3056)",
    "2620:4f:8000::/48": "Direct Delegation AS112 Service (RFC 7534)",
    "3fff::/20": "Documentation (RFC 9637)",
}
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# A translator hands on to the IPv4 address in the last 32 bits; networks without IPv4 reach everybody so (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")
_IPV4 = [IPv4Network(network) for network in IPV4]
_IPV6 = [IPv6Network(network) for network in IPV6]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _IPV4)
    if address in _TRANSLATED:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_UNICAST and not any(address in network for network in _IPV6)
