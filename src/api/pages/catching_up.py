"""While the read models are far behind, as after the first start, pages say that they do not show all of it yet."""

from api.pages.home_texts import HOME
from api.pages.reader import Reader
from api.service import Service

# Writing goes on, so a few behind is the rule.
FEW = 100


async def catching_up(service: Service, reader: Reader) -> str | None:
    seen, size = await service.followed("listing") + 1, (await service.store.head()).size
    return behind(reader, seen, size)


def behind(reader: Reader, seen: int, size: int) -> str | None:
    if size - seen <= FEW and (seen or not size):
        return None
    return reader.say(HOME["catching_up"], seen=reader.number(seen), size=reader.number(size))
