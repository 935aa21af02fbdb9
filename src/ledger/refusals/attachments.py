"""Refusals of files."""

from collections.abc import Mapping
from typing import Any

from ledger.core.refusal import Kind, Refusal


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


class AttachmentExecutable(Refusal):
    """`found`: what in it could be run, such as `elf` or `macros`."""

    kind = Kind.INVALID
    zh = "文件含有可执行内容（{found}），不予接收；请另存为不含程序、宏和脚本的文件。"
    en = "The file holds something that can be run ({found}). Save it without programs, macros and scripts."


class AttachmentNameCharacter(Refusal):
    """`character`: the first of those that may not stand in a name."""

    kind = Kind.INVALID
    zh = "文件名“{name}”含有不允许的字符 {character}（不可见、控制或路径字符）。"
    en = "The file name {name} holds {character}, which is invisible, a control character or part of a path."

    def sentence(self, language: str, said: Mapping[str, Any] | None = None) -> str:
        """With what cannot be seen written out, or the sentence would deceive as the name does."""
        name = "".join(one if one.isprintable() else f"[U+{ord(one):04X}]" for one in self.details["name"])
        return (self.en if language == "en" else self.zh).format_map({**(said or self.details), "name": name})


class AttachmentNameNotNormal(Refusal):
    kind = Kind.INVALID
    zh, en = "文件名“{name}”不是 Unicode NFC 形式。", "The file name {name} is not in Unicode normal form NFC."


class AttachmentNameTooLong(Refusal):
    kind = Kind.INVALID
    zh = "文件名“{name}”有 {bytes} 字节（UTF-8），至多 {most} 字节。"
    en = "The file name {name} has {bytes} bytes in UTF-8; the most is {most}."


class AttachmentNameDots(Refusal):
    kind = Kind.INVALID
    zh = "文件名“{name}”不得以点或空格开头、结尾，也不得含“..”。"
    en = "The file name {name} may not begin or end with a dot or space, or hold two dots together."


class AttachmentNameReserved(Refusal):
    kind = Kind.INVALID
    zh, en = "文件名“{name}”是系统保留的设备名。", "The file name {name} is reserved for a device."


class AttachmentNameEnding(Refusal):
    kind = Kind.INVALID
    zh = "文件名“{name}”的扩展名与内容类型 {media_type} 不符，或另含扩展名；可用：{choices}。"
    en = "The file name {name} does not end as {media_type} does, or hides another ending. Endings: {choices}."


class AttachmentDigestWrong(Refusal):
    kind = Kind.INVALID
    zh = "收到的文件摘要为 {found}，与所给的不同。"
    en = "What arrived has the digest {found}, which is not the one given."


class AttachmentUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有文件 {sha256}。", "There is no file {sha256}."


class AttachmentErased(Refusal):
    kind = Kind.GONE
    zh = "文件 {sha256} 已依法删除，不再提供，也不得再次上传。"
    en = "The file {sha256} was erased; it is given no more, and not taken again."


class AttachmentNotUploaded(Refusal):
    kind = Kind.INVALID
    zh = "“{name}”（{sha256}）未由本账号上传，此前也未见于此项目；请先上传。"
    en = "{name} ({sha256}) was not uploaded by this account, nor is it in this project already; upload it first."


class AttachmentOutOfReach(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = "文件库暂时无法使用。", "The file store cannot be used at the moment."
