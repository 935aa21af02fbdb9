"""Refusals of photographs."""

from ledger.core.refusal import Kind, Refusal


class PhotographStatementMissing(Refusal):
    kind = Kind.INVALID
    zh = "须声明照片中没有可辨认的受益人和未成年人；不能声明的，不得公开。"
    en = "State that no beneficiary can be recognised in the photograph and that it shows no minor."


class PhotographNotUploaded(Refusal):
    kind = Kind.INVALID
    zh = "此照片未由本账号上传，或已经展示；每次展示请重新上传。"
    en = "This account has not uploaded the photograph, or it is shown already; upload it for each showing."


class PhotographMetadata(Refusal):
    """`found`: what a camera or a program wrote into the file, such as `EXIF, GPS`."""

    kind = Kind.INVALID
    zh = "照片文件带有附加信息（{found}），可能泄露拍摄者、时间和地点；请清除后上传，或在上传时选择由系统清除。"
    en = (
        "The file holds more than the picture ({found}), which may tell who took it, when and where. Remove that "
        "first, or upload it with strip=true, which keeps the picture alone."
    )


class PhotographUnreadable(Refusal):
    kind = Kind.INVALID
    zh = "文件不能作为 {media_type} 图片读取。"
    en = "The file cannot be read as a picture of type {media_type}."


class PhotographTooLarge(Refusal):
    kind = Kind.INVALID
    zh = "图片尺寸过大，至多 {megapixels} 百万像素；请缩小后上传。"
    en = "The picture has too many pixels; the most is {megapixels} million. Make it smaller."


class PhotographsBusy(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "正在处理其他照片，请在 {retry_after} 秒后再试。"
    en = "Other photographs are being read; try again in {retry_after} seconds."


class PhotographUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "此项目没有照片 {photograph}。", "This project has no photograph {photograph}."


class PhotographRemoved(Refusal):
    kind = Kind.GONE
    zh = "照片 {photograph} 已于{day}撤下并删除：{reason}"
    en = "The photograph {photograph} was withdrawn and removed on {day}: {reason}"
