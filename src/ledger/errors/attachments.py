"""Refusals of files."""

from ledger.errors.base import Kind, Refusal


class AttachmentEmpty(Refusal):
    kind = Kind.INVALID
    zh, en = "文件是空的。", "The file is empty."


class AttachmentTooLarge(Refusal):
    kind = Kind.TOO_LARGE
    zh, en = "文件超过 {megabytes} MB。", "The file is larger than {megabytes} MB."


class AttachmentTypeForbidden(Refusal):
    kind = Kind.UNSUPPORTED
    zh, en = "不收此类文件。Content-Type 可为：{choices}。", "Such files are not taken. Content-Type may be: {choices}."


class AttachmentContentWrong(Refusal):
    kind = Kind.INVALID
    zh, en = "文件内容不是 {media_type}。", "The content of the file is not {media_type}."


class AttachmentDigestWrong(Refusal):
    kind = Kind.INVALID
    zh = "收到的文件摘要为 {found}，与所给的不同。"
    en = "What arrived has the digest {found}, which is not the one given."


class AttachmentUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有文件 {sha256}。", "There is no file {sha256}."


class AttachmentNotUploaded(Refusal):
    kind = Kind.INVALID
    zh = "“{name}”（{sha256}）未由本账号上传，此前也未见于此项目；请先上传。"
    en = "{name} ({sha256}) was not uploaded by this account, nor is it in this project already; upload it first."


class AttachmentNotCited(Refusal):
    kind = Kind.CONFLICT
    zh = "“{name}”（{sha256}）尚未附于此项目，不能公开。"
    en = "{name} ({sha256}) is not attached to this project and cannot be disclosed."


class AttachmentOutOfReach(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = "文件库暂时无法使用。", "The file store cannot be used at the moment."
