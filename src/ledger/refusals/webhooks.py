"""Refusals to who sets up webhooks, or asks what became of what was sent."""

from ledger.core.refusal import Kind, Refusal


class WebhookUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有推送订阅 {webhook}。", "There is no webhook {webhook}."


class WebhookEnded(Refusal):
    kind = Kind.CONFLICT
    zh, en = "推送订阅 {webhook} 已终止；请另建一个。", "The webhook {webhook} has ended; set up another."


class WebhookAddressRefused(Refusal):
    kind = Kind.INVALID
    zh, en = "不能向此地址推送：{why_zh}", "Nothing is sent to this address: {why_en}"


class TooManyWebhooks(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "一个账号至多有 {most} 个推送订阅；请先终止不用的。",
        "An account has at most {most} webhooks; end one that is not needed.",
    )


class WebhookSecretNotRepeated(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "推送订阅 {webhook} 已建立；其密钥只在一日之内、更换之前可重复取得，请更换密钥。",
        "The webhook {webhook} exists; its secret is repeated within a day and until it is replaced. Rotate it.",
    )


class DeliveryUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "此订阅没有推送过消息 {message}。", "This webhook has no message {message}."


class DeliveryNotDead(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "消息 {message} 的状态为 {state}；只有死信可以重发。",
        "The message {message} is {state}; only a dead letter is sent again.",
    )
